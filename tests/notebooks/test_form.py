"""The form of a notebook, read from the file: nothing is run here."""

import re
from pathlib import Path

import nbformat
import pytest
from meaning import ABOUT_ZERO, tokens

from tools.lessons import cards, minutes

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CARDS = {card.notebook: card for card in cards(ROOT)}
LESSONS = [path for path in NOTEBOOKS if path.stem in CARDS]

MACHINE_PATH = re.compile(r"(?<![\w.])/(root|home|work|tmp|Users)/\w")
UNCOMPARED = re.compile(r"(?<![\w.])(quiz|check_setup|environment_report|my_progress)\(")
SKIPPED = {"nbval-skip", "skip-execution"}
WIDGET = "application/vnd.jupyter.widget-view+json"

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def read(path):
    return nbformat.read(path, as_version=4)


def tags(cell):
    return set(cell.metadata.get("tags", []))


def code_cells(path):
    """Return the number, as the reader counts, and the cell of each code cell."""
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    return list(enumerate(cells, start=1))


def outputs(path):
    """Return the number of the code cell, and the output, of each stored output."""
    return [(number, output) for number, cell in code_cells(path) for output in cell.outputs]


def calls(path, name):
    """Return how often the code of a notebook calls a function."""
    source = "\n".join(cell.source for _, cell in code_cells(path))
    return len(re.findall(rf"(?<![\w.]){name}\(", source))


def test_every_lesson_has_a_card():
    assert LESSONS == [path for path in NOTEBOOKS if re.match(r"\d\d_", path.name)] != []


@each_notebook
def test_cells_are_executed_in_order(path):
    counts = [cell.execution_count for _, cell in code_cells(path) if not SKIPPED & tags(cell)]
    assert counts == list(range(1, len(counts) + 1))


@each_notebook
def test_no_cell_ends_in_a_semicolon(path):
    # nbval would see an output there; ruff does not.
    assert [n for n, cell in code_cells(path) if cell.source.rstrip().endswith(";")] == []


@each_notebook
def test_a_cell_fits_on_the_screen(path):
    lengths = {
        number: sum(bool(line.strip()) for line in cell.source.splitlines())
        for number, cell in code_cells(path)
    }
    assert {number: length for number, length in lengths.items() if length > 25} == {}


@each_notebook
def test_cells_can_be_counted(path):
    assert len(read(path).cells) <= 60


@each_notebook
def test_no_error_and_nothing_on_stderr(path):
    found = [
        number
        for number, output in outputs(path)
        if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert found == []


@each_notebook
def test_no_widget_is_stored(path):
    assert "widgets" not in read(path).metadata
    assert [number for number, output in outputs(path) if WIDGET in output.get("data", {})] == []


@each_notebook
def test_no_path_of_some_machine(path):
    assert MACHINE_PATH.search(path.read_text(encoding="utf-8")) is None


@each_notebook
def test_what_is_about_0_is_not_printed_with_digits(path):
    # A figure like 2e-31 is what some processor rounds to. Say "about 0" or "below 1e-9".
    source = "\n".join(cell.source for cell in read(path).cells)
    source += "".join(module.read_text(encoding="utf-8") for module in path.parent.glob("*.py"))
    typed = {token.value for token in tokens(source, html=False) if token.number}
    found = [
        (number, token.text)
        for number, output in outputs(path)
        for kind, text in {"text": output.get("text", ""), **output.get("data", {})}.items()
        if kind in ("text", "text/plain", "text/html")
        for token in tokens(text, html=kind == "text/html")
        if token.number and "e" in token.text.lower()
        if abs(token.value) < ABOUT_ZERO and token.value not in typed
    ]
    assert found == []


@each_notebook
def test_file_is_small(path):
    assert path.stat().st_size < 2_000_000


@each_notebook
def test_every_picture_has_a_text(path):
    missing = [
        number
        for number, output in outputs(path)
        if "image/png" in output.get("data", {})
        and not output.metadata.get("image/png", {}).get("alt", "").strip()
    ]
    assert missing == []


@each_notebook
def test_every_picture_is_a_figure(path):
    # At figures `make notebooks` and `make lessons` look, by `tools.readable`: can they be read?
    kinds = {
        output.data.get("text/plain", "").partition(" size ")[0]
        for _, output in outputs(path)
        if "image/png" in output.get("data", {})
    }
    assert kinds <= {"<Figure"}


@each_notebook
def test_versions_of_one_machine_are_not_stored(path):
    notebook = read(path)
    assert "version" not in notebook.metadata.language_info
    assert [cell.id for cell in notebook.cells if "execution" in cell.metadata] == []


@each_lesson
def test_opening_says_what_to_expect(path):
    text = "\n".join(cell.source for cell in read(path).cells[:5] if cell.cell_type == "markdown")
    places = [
        text.find(words)
        for words in ("What you will do", "What you will be able to do", "What you need", "Minutes")
    ]
    assert text.startswith("# ")
    assert -1 not in places
    assert places == sorted(places)
    card = CARDS[path.stem]
    assert text.startswith(f"# {card.number} · ")
    assert f"**Minutes:** {card.minutes} alone, " in text
    in_class, parts = re.search(r" alone, (\d+) in class \((.+)\)", text).groups()
    assert card.in_class.split()[0] == in_class
    assert sum(int(part.split()[-1]) for part in parts.split(" · ")) == int(in_class)


@each_lesson
def test_minutes_are_those_that_its_parts_take(path):
    card = CARDS[path.stem]
    assert card.minutes % 5 == 0
    assert abs(minutes(read(path)) - card.minutes) <= 5


@each_lesson
def test_every_number_is_that_of_the_lesson(path):
    number, cells = path.stem[:2], read(path).cells
    source = "\n".join(cell.source for cell in cells)
    named = re.findall(r"""(?:(?:check|hint|solution|quiz)\(["']|Exercise )(\d\d)""", source)
    assert set(named) | {cell.id[:2] for cell in cells} == {number}
    others = {card.number for card in CARDS.values()} - {number}
    assert set(re.findall(r"[Ll]esson (\d\d)", source)) <= others


@each_lesson
def test_closing_says_what_was_seen(path):
    text = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "markdown")
    places = [text.rfind(words) for words in ("You have seen", "Check yourself", "Next")]
    assert -1 not in places
    assert places == sorted(places)


@each_lesson
@pytest.mark.parametrize(("name", "least"), [("claim", 3), ("check", 3), ("quiz", 1)])
def test_lesson_checks_itself(path, name, least):
    assert calls(path, name) >= least


@each_lesson
def test_lesson_has_a_demo(path):
    assert [number for number, cell in code_cells(path) if "demo" in tags(cell)]


@each_lesson
def test_only_demos_quizzes_and_reports_go_uncompared(path):
    wrong = [
        number
        for number, cell in code_cells(path)
        if "nbval-ignore-output" in tags(cell)
        and "demo" not in tags(cell)
        and not UNCOMPARED.search(cell.source)
    ]
    assert wrong == []


@each_lesson
def test_only_lessons_that_say_so_wait_for_tensorflow(path):
    if CARDS[path.stem].tensorflow:
        pytest.skip("this lesson needs TensorFlow")
    source = "\n".join(cell.source for _, cell in code_cells(path))
    assert re.search(r"^\s*(import|from)\s+(tensorflow|keras)\b", source, re.M) is None
