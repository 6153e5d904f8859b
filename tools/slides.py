"""Make a deck of slides for each lesson into ``build/slides``: ``make slides``.

A deck holds what a lesson asks and shows, in its order, and no prose around it: titles, questions,
exercises without their answers, figures, claims, demos and short code that trains. What the
teacher's page says of it becomes speaker notes (key S).
"""

import re
import shutil
from html import escape
from itertools import groupby
from pathlib import Path

from tools.lessons import cards
from tools.slide_deck import Deck, as_html
from tools.slide_notes import shared
from tools.slide_rules import EXERCISE

OUT = Path("build/slides")
PAGE = Path("site/slides.html")
PARTS = [
    Path("site", name)
    for name in (
        "node_modules/reveal.js/dist/reveal.js",
        "node_modules/reveal.js/dist/reveal.css",
        "node_modules/reveal.js/dist/plugin/notes.js",
        "node_modules/mathjax/es5/tex-svg.js",
        "slides.css",
    )
]
NO_PARTS = (
    "reveal.js or MathJax is missing, so no slides are made. Where npm is installed (it comes with "
    "Node.js), `make slides` fetches them."
)


def with_notes(deck, guide):
    """Give the slides of a deck what the teacher's page says of their exercise or section."""
    headings = [re.sub(r"^(?=\d+ · )", "section ", heading) for heading in deck.headings]
    exercises, places, rest = shared(guide, list(zip(headings, deck.texts, strict=True)))
    for slide in deck.slides:
        found = EXERCISE.search(slide.title) if slide.kind == "exercise" else None
        slide.notes += exercises.pop(found[0], []) if found else []
        slide.notes += places[slide.section]
    shown = {slide.section for slide in deck.slides}
    lost = [place for i, place in enumerate(places) if i not in shown]
    for notes in (rest, *lost, *exercises.values()):
        deck.slides[0].notes += notes


def page(deck):
    """Return the page of a deck."""
    stacks = []
    for _, several in groupby(deck.slides, lambda slide: slide.section):
        stacks.append(f"<section>{''.join(map(one, several))}</section>")
    text = PAGE.read_text(encoding="utf-8")
    for mark, words in [
        ("<!-- title -->", escape(re.sub("[`$]", "", deck.slides[0].title))),
        ("<!-- slides -->", "\n".join(stacks)),
    ]:
        text = text.replace(mark, words)
    return text


def one(slide):
    """Return a slide as HTML."""
    level = 1 if slide.kind == "title" else 2
    title = re.sub("</?p>", "", as_html([slide.title])).strip()
    notes = f'<aside class="notes">{as_html(slide.notes)}</aside>' if slide.notes else ""
    return (
        f'<section class="{slide.kind}"><h{level}>{title}</h{level}>{slide.body}{notes}</section>'
    )


def write(notebooks, out=OUT):
    """Write the decks into a folder; the old ones stand until the new ones are done.

    Parameters
    ----------
    notebooks : iterable of (Path, nbformat.NotebookNode)
        The path of each lesson, and the lesson as executed. Those without a card have no slides.
    out : Path, default=OUT

    Returns
    -------
    list of Deck
        Empty where parts from npm are missing, which is said.
    """
    if not all(part.exists() for part in PARTS):
        print(NO_PARTS)
        return []
    fresh = out.with_name(f"{out.name}-new")
    shutil.rmtree(fresh, ignore_errors=True)
    known = {card.notebook: card for card in cards()}
    given = [(path, notebook) for path, notebook in notebooks if path.stem in known]
    (fresh / "parts").mkdir(parents=True)
    for part in PARTS:
        shutil.copy(part, fresh / "parts")
    decks, following = [], [known[path.stem] for path, _ in given[1:]] + [None]
    for (path, notebook), after in zip(given, following, strict=True):
        deck = Deck(path, notebook, known[path.stem], fresh, after)
        guide = Path("instructor", f"{deck.path.stem}.md")
        if guide.exists():
            with_notes(deck, guide.read_text(encoding="utf-8"))
        (fresh / f"{deck.path.stem}.html").write_text(page(deck), encoding="utf-8")
        decks.append(deck)
    shutil.rmtree(out, ignore_errors=True)
    fresh.rename(out)
    return decks
