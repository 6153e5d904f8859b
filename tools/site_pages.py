"""Write the pages of the site that are no lessons: front page, cheat sheet, reference, guide."""

import html
import re
import shutil
import subprocess
from contextlib import suppress
from pathlib import Path

from course_utils.demos import __all__ as demo_names
from tools.binder_link import START, binder_link
from tools.lessons import cards
from tools.site_lessons import claim_id

PAGES = {  # from the repository, where they are there
    "EXPERIMENTS.md": "The experiments, told and measured",
    "BENCHMARKS.md": "What it costs",
    "docs/scaling_out.md": "Beyond one machine",
    "data/README.md": "Data sheets",
    "CONTRIBUTING.md": "Changing the course",
    "CHANGELOG.md": "What has changed",
}
LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)#\s]+)(#[^)\s]*)?\)")
IMAGE = re.compile(r"!\[[^]]*\]\(([^)\s]+)\)")
EDITIONS = {  # where they are built, and the form of a link to a lesson in them
    "lite": ("lite/site", "lab/index.html?path={}.ipynb"),
    "slides": ("slides", "{}.html"),
}


class ClaimError(Exception):
    """The cheat sheet names a claim that no lesson makes."""


def editions(extra):
    """Put other editions of the course that have been built into the site.

    Returns
    -------
    dict
        Of each edition its folder in the site and the form of a link to a lesson there; and the
        Binder link of the first lesson, where the repository has a public remote.
    """
    found = {}
    for name, (folder, link) in EDITIONS.items():
        if Path("build", folder).is_dir():
            shutil.copytree(Path("build", folder), extra / name)
            found[name] = (extra / name, f"../{name}/{link}")
    command = ["git", "remote", "get-url", "origin"]
    remote = subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    with suppress(ValueError):  # no remote, or one that Binder cannot reach
        found["binder"] = binder_link(remote)
    return found


def bar(name, found):
    """Return what stands below the title of a lesson: its minutes and the ways to take it along."""
    card = next((card for card in cards() if card.notebook == name), None)
    items = [f"{card.minutes} minutes"] if card else []
    items.append(f'<a href="{name}.ipynb" download>Download the notebook</a>')
    items.append('<a href="../learning-rates.zip" download>The whole course as a zip</a>')
    if "binder" in found:
        address = found["binder"].replace(START, f"notebooks/{name}.ipynb")
        items.append(f'<a href="{html.escape(address)}">Open on Binder</a>')
    for edition, words in (("lite", "Run it in the browser"), ("slides", "As slides")):
        folder, link = found.get(edition, (None, ""))
        if folder and any(folder.rglob(f"{name}.*")):
            items.append(f'<a href="{link.format(name)}">{words}</a>')
    return '<ul class="bar">' + "".join(f"<li>{item}</li>" for item in items) + "</ul>"


def lesson_links(name, source):
    """Put links to a lesson and to its slides, where they are, below the title of its guide."""
    links = [f'<a href="../notebooks/{name}.html">The lesson</a>']
    if (source / "extra" / "slides" / f"{name}.html").exists():
        links.append(f'<a href="../slides/{name}.html">Its slides</a>')
    page = source / "instructor" / f"{name}.md"
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    items = "".join(f"<li>{link}</li>" for link in links)
    page.write_text(f'{title}\n\n<ul class="bar">{items}</ul>\n{rest}', encoding="utf-8")


def with_claims(text, claims):
    """Replace ``[[sentence]]`` by a link to the claim that says so, with its evidence.

    Parameters
    ----------
    text : str
    claims : dict of str to (str, str)
        For each sentence, the notebook that claims it and the evidence.

    Raises
    ------
    ClaimError
        If no lesson makes one of these claims.
    """

    def link(match):
        sentence = " ".join(match[1].split())
        if sentence not in claims:
            raise ClaimError(
                f"No lesson claims {sentence!r}, which site/cheatsheet.md gives as a proof. Give a "
                "sentence that a claim of a lesson says, word for word."
            )
        notebook, evidence = claims[sentence]
        words = html.escape(sentence) + (f" ({html.escape(evidence)})" if evidence else "")
        return (
            f'<span class="proof">✓ lesson {notebook[:2]}: '
            f'<a href="notebooks/{notebook}.html#{claim_id(sentence)}">{words}</a></span>'
        )

    return re.sub(r"(?s)\[\[(.+?)\]\]", link, text)


def lesson_list(names):
    """Return the lessons that are there, each with its question and its minutes."""
    lines = []
    for card in cards():
        if card.notebook in names:
            lines.append(
                f"- **[{card.number} · {card.title}](notebooks/{card.notebook}.ipynb)** "
                f"{card.minutes} minutes\\\n  {card.question}"
            )
    return "\n".join(lines)


def toctree(caption, pages):
    """Return a part of the contents."""
    return "\n".join(["```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```", ""])


def subjects():
    """Return the subjects of the package and the names in each, from the table in the README."""
    text = Path("README.md").read_text(encoding="utf-8")
    table = text.partition("| subject | names |\n|---|---|\n")[2].partition("\n\n")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    return {subject: re.findall(r"`(\w+)`", names) for subject, names in rows}


def reference(folder):
    """Write the reference: one page for each subject of the package, made from its docstrings."""
    folder.mkdir()
    words = "All of it is imported from `course_utils` itself, and the sliders from its `demos`."
    index = ["# Reference", "", words, ""]
    pages = []
    demos = {"the sliders": [f"demos.{name}" for name in demo_names]}
    for subject, names in (subjects() | demos).items():
        title = subject[0].upper() + subject[1:]
        page = "-".join(re.findall(r"\w+", subject.lower())[:4])
        pages.append(page)
        index.append(f"- [{title}]({page}.md): {' '.join(f'`{name}`' for name in names)}")
        directives = [
            f".. auto{'class' if name[0].isupper() else 'function'}:: course_utils.{name}\n"
            for name in names
        ]
        text = "\n".join([f"# {title}", "", "```{eval-rst}", *directives, "```", ""])
        (folder / f"{page}.md").write_text(text, encoding="utf-8")
    index += ["", "```{toctree}", ":hidden:", "", *pages, "```", ""]
    (folder / "index.md").write_text("\n".join(index), encoding="utf-8")


def copy_page(name, source):
    """Copy a page of the repository with its pictures; links out of the site become plain words."""
    path, target = Path(name), source / name
    target.parent.mkdir(parents=True, exist_ok=True)
    text = path.read_text(encoding="utf-8")
    for picture in IMAGE.findall(text):
        if (path.parent / picture).is_file():
            (target.parent / picture).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path.parent / picture, target.parent / picture)

    def link(match):
        goal = (path.parent / match[2]).resolve()
        there = "://" in match[2] or goal in known
        return match[0] if there else match[1]

    folders = ("instructor/*.md", "notebooks/*.ipynb")
    known = {found.resolve() for folder in folders for found in Path().glob(folder)}
    known |= {Path(page).resolve() for page in PAGES if Path(page).exists()}
    target.write_text(LINK.sub(link, text), encoding="utf-8")


def write(source, names, claims, slider):
    """Write every page that is no lesson into the source of the site.

    Parameters
    ----------
    source : Path
        The folder that Sphinx reads, with the site's own texts in it.
    names : list of str
        The notebooks in the site, in order.
    claims : dict
        As `with_claims` takes it.
    slider : str
        A demo for the front page, as HTML, or nothing.
    """
    teacher = sorted(path.as_posix() for path in Path("instructor").glob("*.md"))
    pages = [page for page in PAGES if Path(page).exists()]
    for page in teacher + pages:
        copy_page(page, source)
        if Path(page).stem in names:
            lesson_links(Path(page).stem, source)
    reference(source / "reference")
    cheat = source / "cheatsheet.md"
    cheat.write_text(with_claims(cheat.read_text(encoding="utf-8"), claims), encoding="utf-8")
    shutil.copy("docs/cliff.png", source / "cliff.png")
    contents = [
        toctree("Lessons", [f"notebooks/{name}" for name in names]),
        toctree("Look up", ["cheatsheet", "glossary", "reference/index"]),
        toctree("Teach", ["instructor/README", *(t for t in teacher if "README" not in t)]),
        toctree("About", [*(f"{PAGES[p]} <{p}>" for p in pages), "accessibility"]),
    ]
    index = source / "index.md"
    text = index.read_text(encoding="utf-8")
    for mark, words in [
        ("<!-- slider -->", slider),
        ("<!-- lessons -->", lesson_list(names)),
        ("<!-- contents -->", "\n".join(contents)),
    ]:
        text = text.replace(mark, words)
    index.write_text(text, encoding="utf-8")
