"""The script behind ``make notebooks``, on very small lessons."""

import socket

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import demos, execute

OPENING = """# Small steps

**What you will do.** Walk down a hill. Then rest.

**Minutes.** 15
"""
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


def test_a_failing_cell_is_named_and_leaves_its_file(folder, capsys):
    write(folder / "00_good.ipynb", "1 + 1")
    write(folder / "01_bad.ipynb", "x = 1", "y = x / 0\nprint(y)")
    before = (folder / "01_bad.ipynb").read_text()
    with pytest.raises(execute.LessonError) as error:
        execute.main([])
    assert str(error.value) == (
        "notebooks/01_bad.ipynb, code cell 2: y = x / 0\nZeroDivisionError: division by zero"
    )
    assert (folder / "01_bad.ipynb").read_text() == before


CROSSED = """import matplotlib.pyplot as plt
figure, ax = plt.subplots()
ax.plot([0, 1], [0, 1])
ax.text({x}, 0.5, "peak")
ax.set_title("The loss")
display(figure)
plt.close(figure)"""


def test_a_picture_that_cannot_be_read_is_an_error(folder, capsys):
    path = folder / "00_small.ipynb"
    write(path, CROSSED.format(x=0.1))
    execute.main([])
    assert "image/png" in nbformat.read(path, as_version=4).cells[1].outputs[0].data
    write(path, CROSSED.format(x=0.5))
    with pytest.raises(execute.LessonError) as error:
        execute.main([])
    assert str(error.value) == (
        "notebooks/00_small.ipynb, code cell 1: import matplotlib.pyplot as plt\n"
        "UnreadableFigureError: 'peak' on a line. In the figure: The loss"
    )


def test_a_folder_without_notebooks_is_an_error(folder):
    with pytest.raises(execute.LessonError, match="no notebook"):
        execute.main([])


def test_the_app_takes_the_next_port_that_is_free():
    first = demos.free_port()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", first))
        taken.listen()
        assert demos.free_port(first) != first
