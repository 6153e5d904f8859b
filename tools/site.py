"""Build the site of the course into ``build/site``: ``make site``; ``make run`` runs the lessons.

``make slides`` makes only the slides.

`prepare` writes what Sphinx reads into ``build/site-source``; then Sphinx makes the pages.
"""

import argparse
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from tools import site_pages, slides
from tools.execute import LessonError, lessons, run_each
from tools.site_lessons import Lesson, claims_of, first_demo, page_sliders

SOURCE, SITE, FRESH = Path("build/site-source"), Path("build/site"), Path("build/site-new")
RUNS = Path("build/runs")  # the notebooks that `make run` has executed
OWN = Path("site")  # configuration, style and texts of the pages
MATHJAX = "node_modules/mathjax/es5/tex-svg.js"
COURSE = (
    *("notebooks", "course_utils", "data", "instructor", "experiments", "docs", "site", "tests"),
    *("tools", "conftest.py", "Makefile", "README.md", "CONTRIBUTING.md", "pyproject.toml"),
    *("requirements.lock", "environment.yml", "postBuild", "LICENSE", "LICENSE-TEXT"),
)
MADE_FROM = ("course_utils", "data")  # what a lesson shows, beside its own code
LEFT_OUT = {"__pycache__", ".ipynb_checkpoints", "downloads", "node_modules"}
NO_MATHJAX = (
    "MathJax is missing, so formulas stand as they are typed, in TeX. Where npm is installed (it "
    "comes with Node.js), `make site` fetches it."
)


class SiteError(Exception):
    """The site cannot be built; the message says why, and what to do."""


def copy_own():
    """Start the source anew, with the site's own files, and MathJax where it is."""
    ignored = shutil.ignore_patterns("node_modules", "package*.json")
    try:
        shutil.rmtree(SOURCE, ignore_errors=True)
        shutil.copytree(OWN, SOURCE, ignore=ignored)
        (SOURCE / "extra").mkdir()
    except OSError as error:
        raise SiteError(
            f"The pages cannot be written to {SITE.parent}: {error.strerror}. Make the course's "
            "folder writable, or copy it to a disk that is, with some free space."
        ) from error
    if (OWN / MATHJAX).exists():
        (SOURCE / "_static" / "mathjax").mkdir()
        shutil.copy(OWN / MATHJAX, SOURCE / "_static" / "mathjax")
    else:
        print(NO_MATHJAX)


def executed(run):
    """Yield each notebook's path and the notebook, run now if it is in `run`.

    Of another one what the last run has left is taken, for its pictures are sharp, unless the
    notebook, the package or the data have changed since; then the notebook as it is committed.
    """
    fresh = {Path(path).resolve() for path in run}
    files = (file for name in MADE_FROM for file in files_of(name))
    course = max((file.stat().st_mtime for file in files), default=0)
    RUNS.mkdir(parents=True, exist_ok=True)
    for path in lessons():
        kept = RUNS / path.name
        if path.resolve() in fresh:
            settings = page_sliders.drawing(path) if page_sliders else {}
            [(_, notebook)] = run_each([path], sharp=True, **settings)
            nbformat.write(notebook, kept)
        else:
            changed = max(course, path.stat().st_mtime)
            current = kept.exists() and kept.stat().st_mtime > changed
            notebook = nbformat.read(kept if current else path, as_version=4)
        yield path, notebook


def files_of(name):
    """Return the files of the course in a folder, or the one file of that name."""
    top = Path(name)
    files = [top] if top.is_file() else sorted(top.rglob("*"))
    return [file for file in files if file.is_file() and not LEFT_OUT & set(file.parts)]


def write_zip(path):
    """Write the course as one archive: the same bytes for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (file for name in COURSE for file in files_of(name)):
            entry = zipfile.ZipInfo(f"learning-rates/{file.as_posix()}")
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, file.read_bytes())


def prepare(run=()):
    """Write what Sphinx reads, and the files that go into the site as they are.

    Parameters
    ----------
    run : sequence of path
        Notebooks to execute first.
    """
    copy_own()
    extra = SOURCE / "extra"
    ran = list(executed(run))
    slides.write(ran)  # the pages link to them
    editions = site_pages.editions(extra)
    (extra / "notebooks").mkdir()
    (SOURCE / "notebooks").mkdir()
    claims, names, slider = {}, [], ""
    for path, notebook in ran:
        name = path.stem
        names.append(name)
        nbformat.write(notebook, extra / "notebooks" / f"{name}.ipynb")
        claims |= {sentence: (name, seen) for sentence, seen in claims_of(notebook).items()}
        page = Lesson(path, notebook, extra).prepare(site_pages.bar(name, editions))
        nbformat.write(page, SOURCE / "notebooks" / f"{name}.ipynb")
        slider = slider or first_demo(page)
    write_zip(extra / "learning-rates.zip")
    site_pages.write(SOURCE, names, claims, slider)


def build():
    """Let Sphinx make the pages of the prepared source; the old site stands until they are done.

    Returns
    -------
    str
        What Sphinx warned of.
    """
    shutil.rmtree(FRESH, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d"]
    command += ["build/site-doctrees", str(SOURCE), str(FRESH)]
    done = subprocess.run(command, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        raise SiteError(f"Sphinx could not make the pages:\n{done.stderr[-3000:]}")
    shutil.rmtree(SITE, ignore_errors=True)
    FRESH.rename(SITE)
    return done.stderr


def main(arguments):
    """Build the site, or the slides alone, and say where they are; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", action="store_true", help="execute the lessons first")
    parser.add_argument("--slides", action="store_true", help="make slides and no pages")
    parser.add_argument("notebooks", nargs="*", help="those to execute, else all")
    given = parser.parse_args(arguments)
    if given.slides:
        decks = slides.write(executed(()))
        for deck in decks:
            print(f"{slides.OUT}/{deck.path.stem}.html: {len(deck.slides)} slides")
        return 0 if decks else 1
    prepare((given.notebooks or lessons()) if given.run else ())
    print(build(), end="", file=sys.stderr)
    print(f"The site: {SITE}/index.html")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except (LessonError, SiteError, site_pages.ClaimError) as error:
        sys.exit(str(error))
