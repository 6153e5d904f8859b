"""The rules of the slides: what of a lesson goes on one, and at which size."""

import re
from itertools import zip_longest

SIZES = (42, 36, 32, 28, 24)  # of text, in pixels of a screen of 1280 × 720; tried in this order
WIDE, TALL = 1170, 540  # what it has to fit into
LETTER = 0.53  # mean width of a letter, as a share of the size: of a wide font
CODE_LINES, CLOSING_LINES, CODE_LETTERS = 12, 16, 100
CAPTION = 130  # letters
TRAINS = re.compile(r"(?<!Scaler\(\))\.(fit|partial_fit|compile)\(|\b(\w+) = \2 - |-= ")
APART = re.compile(r"\b(claim|hint|my_progress|quiz|show|plot_\w+)\(|\bplt\.|\bax\.")
ASKS = re.compile(r"\?[*_]*$|[*_](Your goal|Goal|Bet|Predict\b)")
SHOWS = re.compile(r"(?i)\b(here|below|pictures?|figures?|panels?|curves?|draws?|drawn|map|twin)\b")
SENTENCE = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][*_)])|(?<=[.!?]\*\*))\s+(?=[*_`$\"(]*[A-Z])")
BOLD = re.compile(r"\*\*(.+?)\*\*")
EXERCISE = re.compile(r"\d\d\.\d+")


def blocks(text):
    """Split Markdown into paragraphs, items of lists and pieces of code."""
    found = re.findall(r"(?s)```.*?```|(?:(?!\n\n|```).)+", text)
    items = (re.split(r"\n(?=- )", block.strip()) for block in found if block.strip())
    return [block for several in items for block in several]


def asks(block):
    """Tell whether a paragraph puts a question or sets a goal."""
    return bool(ASKS.search(block))


def points(block):
    """Return the sentences of a paragraph with at least five words in bold."""
    told = re.split(SENTENCE, block)
    return [each for each in told if any(len(bold.split()) > 4 for bold in BOLD.findall(each))]


def taught(source, closing=False):
    """Tell whether code is short and trains; in a closing section any short code is to be taken."""
    short = fits(source, CLOSING_LINES if closing else CODE_LINES) and not APART.search(source)
    return short and (closing or bool(TRAINS.search(source)))


def fits(code, most=CODE_LINES):
    """Tell whether code is short enough for a slide."""
    lines = code.splitlines()
    return 0 < len(lines) <= most and max(map(len, lines)) <= CODE_LETTERS


def code_size(code, size):
    """Return the size of code beside text of some size: its longest line fits."""
    widest = max(map(len, code.splitlines()))
    return max(20, min(size - 6, int((WIDE + 38) / 0.602 / widest)))


def wide(text, size):
    """Return about how many pixels a line of Markdown takes across the slide."""
    bare = re.sub(r"<[^>]+>|\*\*|[{}`]", "", text)
    return len(re.sub(r"\\[a-zA-Z]+ ?|\\.", "x", bare)) * LETTER * size


def tall(block, size):
    """Return about how many pixels a block takes down the slide."""
    if block.startswith("```"):
        return (len(block.splitlines()) - 2) * 1.5 * code_size(block, size) + 40
    if block.startswith("|"):
        rows = [row.strip("| ").split("|") for row in block.splitlines() if "---" not in row]
        needs = [[wide(cell, size) + 1.6 * size for cell in row] for row in rows]
        columns = [max(each) for each in zip_longest(*needs, fillvalue=0)]
        fewer = min(1, WIDE / sum(columns))  # a table that is too wide has each column narrower
        rows = [zip(row, columns, strict=False) for row in needs]
        lines = [max(-(-need // (fewer * column)) for need, column in row) for row in rows]
        return sum(1.4 * each + 0.6 for each in lines) * size
    lines = [wide(line, size) for line in block.split("<br>")]
    return sum(-(-line // WIDE) for line in lines) * 1.4 * size + 0.6 * size


def caption(told):
    """Return the sentence of a paragraph that speaks of the picture below it, if one is short."""
    told = [] if asks(told) else re.split(SENTENCE, told)
    return next((each for each in told if len(each) <= CAPTION and SHOWS.search(each)), "")


def fitted(found, title="", smallest=24):
    """Share blocks among slides, as few as can be, and give each its largest size.

    Parameters
    ----------
    found : list of str
    title : str
        What stands above them.
    smallest : int, default=24
        No text is smaller; a table or code that does not fit then is left out.

    Returns
    -------
    list of (int, list of str)
        The size and the blocks of each slide.
    """
    room = TALL - 48 * (len(title) // 50)

    def fit(several, size):
        return sum(tall(block, size) for block in several) <= room

    slides = [[]]
    for block in found:
        whole = fit([block], smallest)
        if not whole and block.startswith(("```", "|")):
            continue
        for part in [block] if whole else re.split(SENTENCE, block):
            if slides[-1] and not fit([*slides[-1], part], smallest):
                slides.append([])
            slides[-1].append(part)
    sizes = [next((size for size in SIZES if fit(each, size)), smallest) for each in slides]
    return [(size, each) for size, each in zip(sizes, slides, strict=True) if each]
