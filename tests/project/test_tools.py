"""The scripts behind ``make run`` and ``make notebooks``, on very small lessons."""

import base64

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tools import execute, pages

OPENING = """# Small steps

**What you will do.** Walk down a hill. Then rest.

**Minutes.** 15
"""
CARD = """notebook = "00_small"
title = "Steps: `SGD`"
question = "Is <small> better?"
minutes = 15
tensorflow = false
"""
PIXEL = base64.b64encode(b"\x89PNG stands for a picture").decode()
SLIDER = "import ipywidgets\nipywidgets.IntSlider()"


def write(path, *sources):
    notebook = new_notebook(
        cells=[
            new_markdown_cell(OPENING, id="opening"),
            *(new_code_cell(source, id=f"cell-{n}") for n, source in enumerate(sources)),
        ]
    )
    nbformat.write(notebook, path)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    return tmp_path / "notebooks"


def test_executing_twice_gives_the_same_file(folder, capsys):
    path = folder / "00_small.ipynb"
    write(path, "import os\nprint(os.environ['COURSE_SEED'])", SLIDER)
    execute.main([])
    first = path.read_text()
    execute.main([])
    assert path.read_text() == first
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.id for cell in cells] == ["opening", "cell-0", "cell-1"]
    assert cells[1].outputs[0].text == "0\n"
    assert cells[2].outputs == []
    assert "vnd.jupyter.widget" not in first
    assert "00_small: " in capsys.readouterr().out


def test_a_failing_cell_is_named_and_leaves_no_page(folder, capsys):
    write(folder / "00_good.ipynb", "1 + 1")
    write(folder / "01_bad.ipynb", "x = 1", "y = x / 0\nprint(y)")
    before = (folder / "01_bad.ipynb").read_text()
    with pytest.raises(execute.LessonError) as error:
        pages.main([])
    assert str(error.value) == (
        "notebooks/01_bad.ipynb, code cell 2: y = x / 0\nZeroDivisionError: division by zero"
    )
    assert [path.name for path in pages.PAGES.iterdir()] == ["00_good.html"]
    assert (folder / "01_bad.ipynb").read_text() == before


def test_pages_show_texts_of_pictures_and_ways(folder):
    output = new_output(
        "display_data", {"image/png": PIXEL}, metadata={"image/png": {"alt": 'It falls & "rests".'}}
    )
    notebook = new_notebook(cells=[new_markdown_cell(OPENING), new_code_cell(outputs=[output])])
    path = folder / "00_small.ipynb"
    entries = [pages.entry(path, notebook), pages.entry(folder / "01_next.ipynb", notebook)]
    page = BeautifulSoup(pages.page(path, notebook, entries), "html.parser")
    assert page.img["alt"] == 'It falls & "rests".'
    assert page.img["src"].endswith(PIXEL)
    assert [way["href"] for way in page.nav("a")] == ["index.html", "01_next.html"]
    assert page.title.text == "Small steps"


def test_index_names_title_minutes_and_question_of_the_card(folder):
    card = folder.parent / "course_utils" / "lessons" / "lesson_00" / "card.toml"
    card.parent.mkdir(parents=True)
    card.write_text(CARD, encoding="utf-8")
    notebook = new_notebook(cells=[new_markdown_cell(OPENING)])
    entries = [pages.entry(folder / name, notebook) for name in ("00_small.ipynb", "demos.ipynb")]
    lesson, other = BeautifulSoup(pages.index(entries), "html.parser")("li")
    assert lesson.a["href"] == "00_small.html"
    assert lesson.text.split("\n") == ["00 · Steps: SGD 15 minutes", "Is <small> better?"]
    assert other.text.split() == ["Small", "steps"]


def test_a_folder_without_notebooks_is_an_error(folder):
    with pytest.raises(execute.LessonError, match="no notebook"):
        execute.main([])


def test_a_folder_that_cannot_be_written_is_said_before_any_lesson_runs(folder, monkeypatch):
    write(folder / "00_small.ipynb", "1 / 0")
    (folder.parent / "build").write_text("a file stands where the folder should", encoding="utf-8")
    with pytest.raises(execute.LessonError, match=r"cannot be written to build.html"):
        pages.main([])
