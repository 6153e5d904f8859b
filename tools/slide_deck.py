"""Make the slides of a lesson from its notebook: in its order, what it asks, shows and claims."""

import base64
import re
from copy import deepcopy
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from nbconvert.filters import markdown2html

from tools.site_lessons import NO_SLIDERS, claim_in, only_imports, page_sliders
from tools.slide_rules import (
    EXERCISE,
    SENTENCE,
    asks,
    blocks,
    caption,
    code_size,
    fits,
    fitted,
    points,
    taught,
)


@dataclass
class Slide:
    """One slide: what kind it is, in which section, its title and its HTML."""

    kind: str
    section: int
    title: str
    body: str
    notes: list = field(default_factory=list)  # as Markdown


def as_html(found, size=0):
    """Return blocks as HTML; links to lessons lead to their slides, and what code prints waits."""
    parts = []
    for code, several in groupby(found, lambda block: block.startswith("```")):
        if code:
            for block in several:
                kind, _, text = block.strip("`").rstrip("\n").partition("\n")
                waits = ' class="fragment"' if kind == "text" else ""
                code = escape(text, quote=False)
                style = f"font-size: {code_size(text, size)}px"
                parts.append(f'<pre{waits} style="{style}"><code>{code}</code></pre>')
        else:
            text = "\n\n".join(several).replace("\n\n- ", "\n- ")
            parts.append(re.sub(r'(href="\w+)\.ipynb', r"\1.html", markdown2html(text)))
    return "".join(parts)


class Deck:
    """The slides of one lesson.

    Parameters
    ----------
    path : Path
        Of its notebook.
    notebook : nbformat.NotebookNode
        As executed; it is not changed.
    card : tools.lessons.Card
    folder : Path
        Where its page lies, and the files that it needs.
    following : tools.lessons.Card, optional
        Of the next lesson that has slides.
    """

    def __init__(self, path, notebook, card, folder, following=None):
        self.path, self.card, self.folder, self.following = path, card, folder, following
        self.slides, self.headings, self.texts = [], [card.title], [""]
        self.gathered, self.pictures, self.told = [], 0, ""
        self.notebook = deepcopy(notebook)
        if page_sliders:
            page_sliders.with_sliders(path, self.notebook, folder, run=False)
        first, *rest = self.notebook.cells
        self.opening(*blocks(first.source))
        for cell in rest:
            (self.markdown if cell.cell_type == "markdown" else self.code)(cell)
        self.flush()

    @property
    def numbered(self):
        """Return whether the section has a number; in the closing ones all text is shown."""
        return bool(re.match(r"\d+ · ", self.headings[-1]))

    def add(self, kind, title, found):
        """Add a slide of blocks, or several where one is not enough."""
        self.flush()
        section = len(self.headings) - 1
        if self.numbered and all(slide.section != section for slide in self.slides):
            self.slides.append(Slide("section", section, self.headings[-1], ""))
        smallest = 28 if kind == "claims" else 24
        for size, each in fitted(found, title, smallest):
            body = f'<div class="text" style="font-size: {size}px">{as_html(each, size)}</div>'
            self.slides.append(Slide(kind, section, title, body))

    def flush(self):
        """Add the claims and points that have been gathered since the last slide."""
        found, self.gathered = self.gathered, []
        if found:
            self.add("claims", self.headings[-1], found)

    def put(self, kind, body):
        """Add a slide that is one piece of HTML."""
        self.add(kind, self.headings[-1], ["-"])
        self.slides[-1].body = body

    def opening(self, title, does="", *rest):
        """Add the title with the question, and what one will be able to do."""
        body = as_html([f"*{self.card.question}*", does])
        self.slides.append(Slide("title", 0, title.removeprefix("# "), body))
        items = [block for block in rest if block.startswith("- ")]
        if items:
            self.add("goals", rest[rest.index(items[0]) - 1].strip("*: "), items)

    def markdown(self, cell):
        """Add what a cell of text asks and stresses; exercises and closing sections whole."""
        for part in re.split(r"(?m)^(?=###? )", cell.source):
            if not part:
                continue
            mark, title, body = re.match(r"(?s)(?:(##+) +([^\n]*))?(.*)", part).groups()
            if mark == "##":
                self.flush()
                self.headings.append(title)
                self.texts.append("")
            self.texts[-1] += part
            found = [block for block in blocks(body) if not block.startswith("**References")]
            self.told = found[-1] if found else ""
            if number := EXERCISE.search(title or ""):
                self.told = ""
                self.add("exercise", title, found + self.stub(number[0]))
            elif self.numbered:
                self.prose(found)
            else:
                here = f"{self.following.notebook}.ipynb" if self.following else ""
                if here and cell is self.notebook.cells[-1] and f"]({here})" not in body:
                    found.append(f"[{self.following.number} · {self.following.title}]({here})")
                self.add("end", title or self.headings[-1], found)

    def prose(self, found):
        """Add the questions, tables and points among the paragraphs of a section."""
        for block in found:
            if re.match(r"[*_]*You will read", block):
                self.add("question", self.headings[-1], [re.split(SENTENCE, block)[0].strip("*_")])
            elif asks(block):
                self.add("question", self.headings[-1], [block])
            elif block.startswith("|"):
                self.add("table", self.headings[-1], [block])
            else:
                self.gathered += points(block)

    def stub(self, number):
        """Return the code that an exercise gives, as a list of one block or none."""
        for cell in self.notebook.cells:
            if cell.cell_type == "code" and f'check("{number}"' in cell.source:
                given = cell.source.partition("check(")[0].strip()
                if fits(given) and not given.startswith("answer = "):
                    return [f"```\n{given}\n```"]
        return []

    def code(self, cell):
        """Add what a cell of code shows, and the code itself where it is what is taught."""
        self.texts[-1] += f"\n{cell.source}\n"
        if "demo" in cell.metadata.get("tags", []):
            shown = "".join(output.get("data", {}).get("text/html", "") for output in cell.outputs)
            asked = self.slides[-1].kind == "question"
            self.put("demo asked" if asked else "demo", shown or as_html([NO_SLIDERS]))
        elif "check(" not in cell.source and not only_imports(cell.source):
            if taught(cell.source, closing=not self.numbered):
                said = "".join(output.get("text", "") for output in cell.outputs).strip("\n")
                found = [f"```\n{cell.source}\n```", *([f"```text\n{said}\n```"] * fits(said))]
                self.add("code", self.headings[-1], found)
            for output in cell.outputs:
                self.output(output)

    def output(self, output):
        """Add a figure, a claim or a quiz."""
        data = output.get("data", {})
        text = data.get("text/plain", "")
        for form, ending in (("image/svg+xml", "svg"), ("image/png", "png")):
            if form in data:
                return self.figure(data[form], output.metadata.get(form, {}).get("alt", ""), ending)
        if match := claim_in(output):
            evidence = f"<br><small>{escape(match[2])}</small>" if match[2] else ""
            self.gathered.append(f'<p class="held"><b>✓</b> {escape(match[1])}{evidence}</p>')
        elif text.startswith("Quiz "):
            plain = re.sub(r"(`[^`]*`)|([*_])", lambda m: m[1] or f"\\{m[2]}", text)
            for each in plain.split("\n\n")[1:]:
                question, *options = each.splitlines()
                options = [re.sub(r"^ *(\w)\) ", r"- **\1** ", option) for option in options]
                self.add("quiz", self.headings[-1], [re.sub(r"^\d+\. ", "", question), *options])

    def figure(self, data, alt, ending):
        """Add a picture with the sentence that leads to it."""
        self.pictures += 1
        name = f"{self.path.stem}_{self.pictures}.{ending}"
        data = data.encode() if ending == "svg" else base64.b64decode(data)
        (self.folder / "figures").mkdir(parents=True, exist_ok=True)
        (self.folder / "figures" / name).write_bytes(data)
        words = f"**Figure {self.card.number}.{self.pictures}** {caption(self.told)}"
        self.told = ""
        self.put(
            "figure",
            f'<figure><img src="figures/{name}" alt="{escape(alt)}">'
            f"<figcaption>{as_html([words])}</figcaption></figure>",
        )
