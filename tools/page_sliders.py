"""The demos of the lessons as pieces of a page, with sliders that need no Python.

`fragment` gives the HTML of one demo and puts the files that it needs beside the page;
`SlidersInOneFile` puts them into a page that nbconvert makes. The frames are drawn once and kept in
``build/frames`` for as long as no code that they depend on changes; ``python -m
tools.page_sliders`` draws all that are missing.
"""

import ast
import builtins
import json
import os
import shutil
import sys
from base64 import b64encode
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from importlib.metadata import version
from pathlib import Path

import nbformat
from nbconvert.preprocessors import Preprocessor

from course_utils.datasets.sources import data_in_use
from tools.execute import NOTEBOOKS, LessonError, lessons, run_each
from tools.page_frames import FOLDERS, save

ROOT = Path(__file__).parents[1]
FRAMES = ROOT / "build" / "frames"
BESIDE = "sliders"  # the folder of the files, beside the page
SCRIPTS = ("descent.js", "panels.js", "sliders.js")
STYLE = "sliders.css"
# What no frame depends on, in the package.
APART = {"capstone", "grading", "lessons", "setup_check.py"}
LIBRARIES = (
    "numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "keras", "tensorflow", "pillow",
)  # fmt: skip


@dataclass
class Place:
    """Where a demo is shown, and the folder where its frames are kept."""

    cell: object
    folder: Path
    path: Path = None  # of its notebook, if it needs what the notebook has made

    def frames(self, run=True):
        """Return the folder, filled now if need be; or None if it takes a run, and none is made."""
        if not self.folder.exists() and self.path is None:
            save(shown_by(self.cell.source), self.folder)
        elif not self.folder.exists():
            if not run:
                return None
            list(run_each([self.path], **drawing(self.path)))
        return self.folder


def places(path, notebook):
    """Return the place of each demo of a notebook, by its name: 01_gradient_descent_1, …_2."""
    code, before, found = code_of_frames(), sha256(), {}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            before.update(cell.source.encode() + b"\0")
        if "demo" in cell.metadata.get("tags", []):
            name, alone = f"{path.stem}_{len(found) + 1}", stands_alone(cell.source)
            known = sha256(cell.source.encode()) if alone else before
            folder = FRAMES / f"{name}-{sha256(code + known.digest()).hexdigest()[:16]}"
            found[name] = Place(cell, folder, None if alone else path)
    return found


def place_of(name):
    """Return the place of a demo of the course, or of a function that needs no arguments."""
    cell = nbformat.v4.new_code_cell(f"{name}()", metadata={"tags": ["demo"]})
    if name.endswith("_demo") and name in vars(demos_module()):
        return places(Path(name), nbformat.v4.new_notebook(cells=[cell]))[f"{name}_1"]
    path = ROOT / NOTEBOOKS / f"{name.rpartition('_')[0]}.ipynb"
    found = places(path, nbformat.read(path, as_version=4)) if path.exists() else {}
    if name not in found:
        raise ValueError(
            f"name is {name!r}; give a function such as 'story_demo', or a notebook that shows "
            "demos and the number of one: '01_gradient_descent_2'."
        )
    return found[name]


def demos_module():
    """Return the module of the demos, which takes its time to import."""
    from course_utils import demos

    return demos


def stands_alone(source):
    """Tell whether a cell shows its demo without what the cells before it have made."""
    names = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    return all(name.endswith("_demo") for name in names - set(dir(builtins)))


def shown_by(source):
    """Return the demo that a cell shows which stands alone."""
    *before, last = ast.parse(source).body
    names = vars(demos_module()).copy()
    exec(compile(ast.Module(before, []), "<demo>", "exec"), names)
    return eval(compile(ast.Expression(last.value), "<demo>", "eval"), names)


def code_of_frames():
    """Return a hash of all that the frames of any demo depend on, but the notebooks."""
    package = ROOT / "course_utils"
    paths = [
        path
        for path in sorted([*package.rglob("*.py"), *package.rglob("*.mplstyle")])
        if path.relative_to(package).parts[0] not in APART
    ]
    paths += [*sorted((ROOT / "data").glob("*.csv")), Path(__file__).with_name("page_frames.py")]
    known = sha256()
    for path in paths:
        known.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    settings = [f"{name} {version(name)}" for name in LIBRARIES]
    settings += [
        f"COURSE_SEED={os.environ.get('COURSE_SEED') or 0}",
        *data_in_use().splitlines()[:2],
    ]
    known.update("\n".join(settings).encode())
    return known.digest()


def drawing(path):
    """Return the settings of a kernel that draws, while it runs a notebook, what is missing."""
    found = places(path, nbformat.read(path, as_version=4)).values()
    missing = ["" if place.folder.exists() else str(place.folder) for place in found]
    return {FOLDERS: json.dumps(missing)} if any(missing) else {}


def fragment(name, folder, run=True):
    """Return a demo as HTML, and put the files that it needs into a folder `sliders` of the page's.

    Parameters
    ----------
    name : str
        A function of `course_utils.demos` that is called without arguments; or a notebook's name
        and the number of the demo in it, from 1: ``01_gradient_descent_2``.
    folder : str or Path
        Where the page lies.
    run : bool
        Whether to execute the whole lesson for a demo that needs it and was never drawn.

    Returns
    -------
    str or None
        None only without `run`.
    """
    frames = place_of(name).frames(run)
    return frames and put(frames, folder)


def with_sliders(path, notebook, folder, run=True):
    """Show each demo of a notebook in the output of its cell, as `fragment` does."""
    for place in places(path, notebook).values():
        if frames := place.frames(run):
            html = {"text/html": put(frames, folder)}
            place.cell.outputs = [nbformat.v4.new_output("display_data", html)]


class SlidersInOneFile(Preprocessor):
    """Let the demos of a lesson move in the page that nbconvert makes of it, frames included.

    The set-up of the environment chooses it, for ``jupyter nbconvert --to html`` and for
    JupyterLab's *Save and Export Notebook As*. A demo whose frames are not drawn yet (``make
    sliders``) stays as it is.
    """

    def preprocess(self, nb, resources):
        """Return the notebook with the demos that have frames, and the resources as they are."""
        path = ROOT / NOTEBOOKS / f"{resources.get('metadata', {}).get('name')}.ipynb"
        drawn = [place for place in places(path, nb).values() if place.folder.exists()]
        for place in drawn:
            html = in_one_file(place.folder)
            if place is drawn[-1]:  # a demo is made when all of it has been read
                html += f"<style>{own(STYLE)}</style>"
                html += "".join(f"<script>{own(name)}</script>" for name in SCRIPTS)
            place.cell.outputs = [nbformat.v4.new_output("display_data", {"text/html": html})]
        return nb, resources


def own(name):
    """Return the text of a script or a style of the site."""
    return (ROOT / "site" / name).read_text(encoding="utf-8")


def described(frames):
    """Return what a page needs to know of the frames in a folder."""
    return json.loads((frames / "demo.json").read_text(encoding="utf-8"))


def put(frames, folder):
    """Return the HTML of the frames in a folder; put its files beside the page of another."""
    beside = Path(folder) / BESIDE
    beside.mkdir(parents=True, exist_ok=True)
    demo = described(frames)
    site = [ROOT / "site" / name for name in (*SCRIPTS, STYLE)]
    for source in [*site, *(frames / name for name in demo["files"])]:
        shutil.copyfile(source, beside / source.name)
    style = f'<link rel="stylesheet" href="{BESIDE}/{STYLE}">\n'
    scripts = "".join(f'<script src="{BESIDE}/{name}" defer></script>' for name in SCRIPTS)
    return style + as_html(demo, f"{BESIDE}/") + f"{scripts}\n"


def in_one_file(frames):
    """Return the HTML of the frames in a folder, with the frames in it."""
    demo = described(frames)
    pictures = [b64encode((frames / name).read_bytes()).decode() for name in demo["files"]]
    demo["files"] = [f"data:image/webp;base64,{picture}" for picture in pictures]
    return as_html(demo, "")


def as_html(demo, folder):
    """Return the HTML of a demo whose files lie in a folder."""
    file, sentence, alt = demo["frames"][demo["still"]]
    wide, tall = demo["size"]
    told = ("title", "question", "goal", "note", "size", "still")
    data = {key: value for key, value in demo.items() if key not in told} | {"folder": folder}
    script = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    note = f'<p class="demo-note">{escape(demo["note"])}</p>' if demo["note"] else ""
    return f"""<course-demo>
<div class="demo-words">
<p><strong>{escape(demo["title"])}.</strong> <em>Predict first:</em> {escape(demo["question"])}</p>
<p>{escape(demo["goal"])}</p>{note}
</div>
<p class="demo-sentence">{demo["texts"][sentence]}</p>
<figure class="demo-picture" tabindex="0">
<img src="{folder}{demo["files"][file]}" alt="{escape(demo["texts"][alt])}" width="{wide}" \
height="{tall}" loading="lazy">
</figure>
<noscript><p>This is how the demo begins. With JavaScript its controls move.</p></noscript>
<script type="application/json">{script}</script>
</course-demo>
"""


def main(names):
    """Draw the frames that are missing, of the named notebooks or of all."""
    for path in lessons(names):
        for name, place in places(path, nbformat.read(path, as_version=4)).items():
            print(f"{name}: {place.frames()}", flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LessonError as error:
        sys.exit(str(error))
