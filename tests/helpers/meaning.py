"""Compare two texts of a lesson by what they say: words exactly, figures as far as they hold.

- Words, signs, HTML tags and the order of lines are compared exactly; the width of columns is not.
- A number with a decimal point, an exponent or ``%`` is a computed figure: two agree within 20 %,
  or within one unit of the last digit printed. Print no more digits than every processor gives.
- What is below 1e-6 is about 0, and equals what else is.
- A number without them counts something, and is exact. In the evidence of a claim, the parenthesis
  at its end, it is a figure: there the claim itself judges. The m of "n of m" stays exact.
- The sentence of a claim is words, its numbers included.
- How many seeds a claim holds for, seconds and addresses in memory are not compared.
"""

import re
from dataclasses import dataclass
from itertools import zip_longest

RELATIVE = 0.2
ABOUT_ZERO = 1e-6

UNCOMPARED = [
    (re.compile(r"0x[0-9a-fA-F]{6,}"), "ADDRESS"),
    (re.compile(r"fits, about [\d.]+ (s|minutes|hours)"), "fits, about SO LONG"),
    (re.compile(r"(?<=\()\d+ of (?=\d+ \w+[;)])"), "SOME of "),  # the count that `claim` puts first
]
NUMBER = (
    r"(?<![\w.])(?:(?<![)\]])[-+−])?"
    r"(?:\d{1,3}(?:,\d{3})+|\d+)"
    r"(?:\.\d+|\.(?=\s*\]|\s+[-\d]))?"  # NumPy prints 1. in an array
    r"(?:[eE][-+]?\d+)?(?:\ ?%)?(?!\w|\.\d)"
)
TOKEN = re.compile(rf"(?P<number>{NUMBER})|\n|\w+|\S")
HTML_TOKEN = re.compile(rf"<[^>]*>|{TOKEN.pattern}")
NOTE = re.compile(r"(<div[^>]*><b[^>]*>)?[✓✗…?]")


@dataclass(frozen=True)
class Token:
    """A word, a sign, the end of a line, or a number, and where it stands."""

    text: str
    line: int
    number: bool = False
    sentence: bool = False
    evidence: bool = False

    @property
    def whole(self):
        return not re.search(r"[.eE%]", self.text)

    @property
    def value(self):
        return float(re.sub(r"[,%\s]", "", self.text).replace("−", "-"))

    @property
    def unit(self):
        """One unit of the last digit; 0 for a zero that does not tell, as 0e+00."""
        mantissa, exponent, power = re.sub(r"[,%\s]", "", self.text).lower().partition("e")
        if exponent and self.value == 0:
            return 0.0
        return 10.0 ** (int(power or 0) - len(mantissa.partition(".")[2]))


@dataclass(frozen=True)
class Difference:
    """The first place where two texts say different things."""

    what: str
    line: int
    stored: str
    computed: str

    def __str__(self):
        return (
            f"line {self.line}: {self.what}\n"
            f"    stored:   {self.stored}\n"
            f"    computed: {self.computed}"
        )


def difference(stored, computed, html=False):
    """Return where two texts differ in meaning, or None."""
    stored, computed = readable(stored), readable(computed)
    before = [None, None]
    for old, new in zip_longest(tokens(stored, html), tokens(computed, html)):
        n, of = before
        of_m = (
            of is not None and of.text == "of" and n is not None and (n.number or n.text == "SOME")
        )
        what = disagreement(old, new, of_m)
        if what is not None:
            line = (old or new).line
            return Difference(what, line + 1, line_of(stored, line), line_of(computed, line))
        before = [before[1], old]
    return None


def readable(text):
    """Return a text without what is not compared, without empty lines and outer spaces."""
    for pattern, word in UNCOMPARED:
        text = pattern.sub(word, text)
    return re.sub(r"\s*\n\s*", "\n", text.strip())


def line_of(text, line):
    lines = text.split("\n")
    return lines[line] if line < len(lines) else "(nothing)"


def tokens(text, html):
    """Yield the tokens of a text."""
    start = evidence_start(text, html) if NOTE.match(text) else None
    line = 0
    for match in (HTML_TOKEN if html else TOKEN).finditer(text):
        evidence = start is not None and match.start() >= start
        number = match["number"] is not None
        yield Token(match[0], line, number, start is not None and not evidence, evidence)
        line += match[0] == "\n"


def evidence_start(text, html):
    """Return where the parenthesis at the end of a claim opens, or where the claim ends."""
    end = len(re.sub(r"(</\w+>)+$", "", text))
    if text[:end].endswith(")"):
        depth = 0
        for place in range(end - 1, -1, -1):
            depth += (text[place] == ")") - (text[place] == "(")
            if depth == 0:
                return place if text[place - 1] == (">" if html else " ") else end
    return end


def disagreement(old, new, of_m):
    """Return what two tokens disagree in, or None; `of_m` tells that they follow "n of"."""
    if old is None or new is None:
        text = (old or new).text.replace("\n", "a line")
        return f"{text!r} is {'stored, not computed' if new is None else 'new'}"
    if old.text == new.text:
        return None
    said = f"{old.text!r} is stored, {new.text!r} computed"
    if not (old.number and new.number) or ("%" in old.text) != ("%" in new.text):
        return said
    if old.sentence:
        return f"{said}: a number in a claim's sentence is exact"
    if old.whole and new.whole and (of_m or not old.evidence):
        return f"{said}: a count is exact"
    a, b = old.value, new.value
    if max(abs(a), abs(b)) < ABOUT_ZERO:
        return None
    allowed = max(RELATIVE * max(abs(a), abs(b)), min(old.unit, new.unit))
    if abs(a - b) <= allowed * (1 + 1e-9):
        return None
    return f"{said}: {abs(a - b):.2g} apart, {allowed:.2g} allowed"
