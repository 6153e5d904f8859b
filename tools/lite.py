"""Build the edition of the course that runs in the browser: ``make lite``.

A JupyterLite site with the lessons whose card says so. Its Python is Pyodide, in the reader's own
browser; nothing runs on a server. ``make test-lite`` runs these lessons at Pyodide's versions.
"""

import json
import re
import shutil
import sys
import tomllib
import zipfile
from contextlib import suppress
from pathlib import Path

import nbformat

from tools import pyodide_lock, versions
from tools.environment import LOCK, locked
from tools.lessons import cards
from tools.pyodide_lock import LiteError, run

ENVIRONMENT = Path("build/env-lite")
PYTHONS = ("3.14", "3.13", "3.12")  # one of them: Pyodide's SciPy needs 3.12
BUILD = Path("build/lite")
SOURCE, SITE = BUILD / "source", BUILD / "site"
CORE_FILES = (
    "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "package.json",
)  # fmt: skip
TOOLS = (  # to build the site, and to run the tests
    "flit-core", "jupyter-server", "nbformat", "nbclient", "ipykernel", "psutil", "pytest",
    "pytest-xdist", "nbval", "hypothesis", "beautifulsoup4", "packaging", "PyYAML",
)  # fmt: skip
KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
SITE_SETTINGS = {
    "jupyter-lite-schema-version": 0,
    "jupyter-config-data": {"appName": "Learning rates, by experiment"},
}
TO_A_LESSON = re.compile(r"\[([^\]]+)\]\(([\w-]+\.ipynb)(?:#[^)]*)?\)")


def lessons():
    """Return the notebooks of the browser edition."""
    return [Path("notebooks", f"{card.notebook}.ipynb") for card in cards() if card.browser]


def requirements():
    """Return what the environment holds, and the versions of it and of all that it may need.

    The browser's packages have Pyodide's versions, all others those of ``requirements.lock``.
    """
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = pyodide_lock.packages()
    pins = locked(LOCK.read_text(encoding="utf-8"))
    pins |= {
        name: lock[name]["version"] for name in pyodide_lock.closure(pyodide_lock.COURSE, lock)
    }
    needs = [*pyodide_lock.COURSE, *TOOLS, *project["optional-dependencies"]["lite"]]
    return needs, [f"{name}=={version}" for name, version in sorted(pins.items())]


def make_environment(names):
    """Make ``build/env-lite`` with the first suitable Python named, or bring it up to date.

    Its packages are those of the browser; TensorFlow is not among them.
    """
    pyodide_lock.fetch_core()
    needs, pins = requirements()
    python, constraints = ENVIRONMENT / "bin" / "python", BUILD / "constraints.txt"
    stamp, wanted = ENVIRONMENT / ".made", "\n".join([*needs, *pins])
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    if not python.exists():
        run([first_python(names), "-m", "venv", ENVIRONMENT])
    constraints.write_text("\n".join(pins), encoding="utf-8")
    versions.install(str(python), [*needs, "-c", str(constraints)])
    stamp.write_text(wanted, encoding="utf-8")


def first_python(names):
    """Return the path of a Python that Pyodide's versions allow."""
    for version in PYTHONS:
        with suppress(versions.VersionsError):
            return versions.find_python(version, names)
    raise LiteError(
        f"No Python {', '.join(PYTHONS[:-1])} or {PYTHONS[-1]} among: {' '.join(names)}. Install "
        f"one, or name it: PYTHON=/path/to/python{PYTHONS[-1]}"
    )


def course_wheel(folder):
    """Build the wheel of the course into a folder, with its data where the loaders look."""
    python = (ENVIRONMENT / "bin" / "python").absolute()
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    run([python, "-m", "pip", "wheel", *options, "--wheel-dir", folder, "."])
    (path,) = Path(folder).glob("course_utils-*.whl")
    with zipfile.ZipFile(path, "a") as wheel:
        for table in sorted(Path("data").glob("*.csv")):
            wheel.write(table, f"data/{table.name}")
    return path


def for_browser(notebook, there):
    """Return a lesson for the browser: its kernel, and no link to a lesson that is not there.

    Outputs stay, so that one can read before Python has started, but for those of one machine.

    Parameters
    ----------
    notebook : NotebookNode
    there : set of str
        Names of the notebooks in the browser edition.
    """
    notebook.metadata.kernelspec = KERNEL

    def words(link):
        return (
            link[0] if link[2] in there else f"{link[1]} (needs TensorFlow or processes: not here)"
        )

    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = TO_A_LESSON.sub(words, cell.source)
        elif "nbval-ignore-output" in cell.metadata.get("tags", []):
            cell.outputs, cell.execution_count = [], None
    return notebook


def write_source(folder):
    """Write what JupyterLite builds the site from: Pyodide with its wheels, and the lessons."""
    shutil.rmtree(folder, ignore_errors=True)
    pyodide, files = folder / "static" / "pyodide", folder / "files"
    for each in (pyodide, files):
        each.mkdir(parents=True)
    for name in CORE_FILES:
        shutil.copy(pyodide_lock.CORE / name, pyodide)
    for path in pyodide_lock.fetch_wheels().values():
        shutil.copy(path, pyodide)
    course_wheel(pyodide)
    lock = pyodide_lock.site_lock(sorted(pyodide.glob("*.whl")))
    (pyodide / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    (folder / "jupyter-lite.json").write_text(json.dumps(SITE_SETTINGS), encoding="utf-8")
    there = {path.name for path in lessons()}
    for path in lessons():
        notebook = nbformat.read(path, as_version=4)
        # Not by nbformat, whose lists of lines JupyterLite shows with commas between them.
        text = json.dumps(for_browser(notebook, there), ensure_ascii=False)
        (files / path.name).write_text(text, encoding="utf-8")


def build(names):
    """Build the site; the one of before stays until the new one is whole."""
    make_environment(names)
    write_source(SOURCE)
    new = BUILD / "new"
    for folder in (new, SOURCE / ".cache"):
        shutil.rmtree(folder, ignore_errors=True)
    command = [(ENVIRONMENT / "bin" / "jupyter").absolute(), "lite", "build", "--apps", "lab"]
    folders = ["--lite-dir", ".", "--contents", "files", "--output-dir", new.absolute()]
    run([*command, *folders, "--no-sourcemaps"], cwd=SOURCE, quiet=True)
    shutil.rmtree(SITE, ignore_errors=True)
    new.rename(SITE)
    size = sum(path.stat().st_size for path in SITE.rglob("*") if path.is_file()) / 1e6
    print(f"Ready: {SITE}, {len(lessons())} lessons, {size:.0f} MB. To look at it:")
    print(f"  python3 -m http.server --directory {SITE}")


def main(what, *names):
    """Build the site, make only its environment, or print its lessons."""
    if what == "lessons":
        print(*lessons())
    elif what == "environment":
        make_environment(names)
    else:
        build(names)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (LiteError, versions.VersionsError) as error:
        sys.exit(str(error))
