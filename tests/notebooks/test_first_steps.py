"""What a page asks first works literally, and the first lessons work without TensorFlow."""

import ast
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib as mpl
import nbformat
import pytest

from course_utils.training.keras_setup import tf  # noqa: F401  once, and without its own warnings
from tools.lessons import cards

ROOT = Path(__file__).parents[2]
CARDS = [card for card in cards(ROOT) if (ROOT / "notebooks" / f"{card.notebook}.ipynb").exists()]
WITHOUT_TENSORFLOW = [card.notebook for card in CARDS if not card.tensorflow]
ASKED = re.compile(r"cell below|Shift \+ Enter")


def lessons(root):
    return sorted((root / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def first_asked(path):
    """Return the source of the code cell that a reader is told to run first, or else of the first.

    Parameters
    ----------
    path : Path
        Of a lesson.
    """
    cells = nbformat.read(path, as_version=4).cells
    asking = [
        place
        for place, cell in enumerate(cells)
        if cell.cell_type == "markdown" and ASKED.search(cell.source)
    ]
    start = asking[0] if asking else 0
    return next(cell.source for cell in cells[start:] if cell.cell_type == "code")


def imports(path):
    """Return the import statements of a lesson's code, one a line."""
    cells = nbformat.read(path, as_version=4).cells
    code = [ast.parse(cell.source) for cell in cells if cell.cell_type == "code"]
    return "\n".join(
        ast.unparse(node)
        for tree in code
        for node in ast.walk(tree)
        if isinstance(node, (ast.Import, ast.ImportFrom))
    )


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.notebook)
def test_the_first_cell_that_a_reader_is_told_to_run_works_alone(root, card, monkeypatch):
    path = root / "notebooks" / f"{card.notebook}.ipynb"
    monkeypatch.chdir(path.parent)
    monkeypatch.syspath_prepend(path.parent)  # as the kernel does
    with mpl.rc_context():
        exec(first_asked(path), {"__name__": "__main__"})


def test_lesson_00_shows_its_slider_to_whoever_does_what_it_says(root, capsys):
    cells = nbformat.read(lessons(root)[0], as_version=4).cells
    demo = next(i for i, cell in enumerate(cells) if "demo" in cell.metadata.get("tags", []))
    asking = [ASKED.search(cell.source) is not None for cell in cells[:demo]]
    names = {"__name__": "__main__"}
    with mpl.rc_context():
        for cell in cells[asking.index(True) : demo + 1]:
            if cell.cell_type == "code":
                exec(cell.source, names)
    assert "Ready." in capsys.readouterr().out


@pytest.mark.parametrize("lesson", WITHOUT_TENSORFLOW)
def test_imports_of_the_first_lessons_need_no_tensorflow(root, lesson):
    path = root / "notebooks" / f"{lesson}.ipynb"
    code = f"""
import sys
sys.modules.update(tensorflow=None, keras=None)
exec({imports(path)!r}, {{}})
"""
    result = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=path.parent,
        env={**os.environ, "MPLBACKEND": "agg"},
    )
    assert (result.returncode, result.stderr) == (0, "")


def test_the_imports_of_a_lesson_are_found(root, tmp_path):
    assert "from course_utils import check_setup" not in imports(lessons(root)[1])
    assert "import optuna" in imports(root / "notebooks/11_beyond_grid_search.ipynb")
    cell = {"cell_type": "code", "id": "a", "source": "def f():\n    import json", "outputs": []}
    cell |= {"execution_count": None, "metadata": {}}
    page = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "page.ipynb").write_text(json.dumps(page), encoding="utf-8")
    assert imports(tmp_path / "page.ipynb") == "import json"
