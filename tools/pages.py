"""Execute the lessons and write them as pages to ``build/html``: ``make run``."""

import re
import shutil
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

import nbformat
from nbconvert import HTMLExporter

from tools.execute import LessonError, lessons, run_each
from tools.lessons import cards as lesson_cards
from tools.page_sliders import drawing, with_sliders

PAGES = Path("build/html")
INDEX = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Learning rates, by experiment</title>
<style>
body {{ font: 18px/1.5 sans-serif; max-width: 45em; margin: 2em auto; padding: 0 1em; }}
li {{ margin: 1em 0; }}
</style>
<h1>Learning rates, by experiment</h1>
<ul>
{items}
</ul>
</html>
"""


@dataclass
class Entry:
    """What the index says of a page."""

    page: str
    title: str
    question: str = ""
    minutes: str = ""


def entry(path, notebook):
    """Return the entry of a notebook: from its lesson's card, or else from its first heading."""
    name = f"{path.stem}.html"
    for card in lesson_cards():
        if card.notebook == path.stem:
            title = f"{card.number} · {card.title.replace('`', '')}"
            return Entry(name, title, card.question, f"{card.minutes} minutes")
    heading = re.search(r"^# (.+)$", notebook.cells[0].source, re.M)
    return Entry(name, heading[1].strip() if heading else path.stem)


def page(path, notebook, entries):
    """Return an executed lesson as HTML, with ways to its neighbours."""
    exporter = HTMLExporter(
        template_name="page",
        extra_template_basedirs=[str(Path(__file__).parent)],
        embed_images=True,
        language_code="en",
    )
    pages = [each.page for each in entries]
    here = pages.index(f"{path.stem}.html")
    resources = {
        "metadata": {"name": entries[here].title, "path": str(path.parent)},
        "previous": entries[here - 1] if here else None,
        "next": entries[here + 1] if here + 1 < len(entries) else None,
    }
    html, _ = exporter.from_notebook_node(notebook, resources=resources)
    for name in pages:
        stem = name.removesuffix(".html")
        html = re.sub(rf'href="(?:\./)?{re.escape(stem)}\.ipynb', f'href="{name}', html)
    return html


def index(entries):
    """Return the page that lists the lessons."""
    items = (
        f'<li><a href="{each.page}">{escape(each.title)}</a> {escape(each.minutes)}<br>\n'
        f"{escape(each.question)}</li>"
        for each in entries
    )
    return INDEX.format(items="\n".join(items))


def empty_folder():
    """Make the folder of the pages, empty, before any lesson runs."""
    try:
        shutil.rmtree(PAGES, ignore_errors=True)
        PAGES.mkdir(parents=True)
    except OSError as error:
        raise LessonError(
            f"The pages cannot be written to {PAGES}: {error.strerror}. Make the course's folder "
            "writable, or copy it to a disk that is, with some free space."
        ) from error


def main(names):
    """Execute the named notebooks, or all, and write a page of each and an index."""
    paths = lessons(names)
    entries = [entry(path, nbformat.read(path, as_version=4)) for path in paths]
    empty_folder()
    for path in paths:
        [(_, notebook)] = run_each([path], **drawing(path))
        with_sliders(path, notebook, PAGES, run=False)
        html = page(path, notebook, entries)
        (PAGES / f"{path.stem}.html").write_text(html, encoding="utf-8")
    (PAGES / "index.html").write_text(index(entries), encoding="utf-8")
    print(f"Pages: {PAGES}/index.html")


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LessonError as error:
        sys.exit(str(error))
