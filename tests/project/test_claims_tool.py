"""``make claims``: every claim under many starting seeds, on very small lessons."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tools import claims, lesson_claims

LESSON = """from course_utils import claim, seeds
start = seeds(1)[0]
large = start >= 10
claim("The start is small", start < 10, evidence=f"{start}")
claim("Twice is more", [not large or 2 * start > start], of="cases")
"""


@pytest.fixture
def lesson(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "notebooks").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(claims.__file__).rpartition("/tools/")[0])
    path = tmp_path / "notebooks" / "42_small.ipynb"
    demo = new_code_cell("raise SystemError", id="b", metadata={"tags": ["demo"]})
    nbformat.write(new_notebook(cells=[new_code_cell(LESSON, id="a"), demo]), path)
    return path


def run(monkeypatch, *words):
    monkeypatch.setattr("sys.argv", ["claims", *words])
    return claims.main()


def test_the_table_names_the_starting_seeds_that_fail(lesson, monkeypatch, capsys):
    assert run(monkeypatch, "42", "--starts", "0", "8", "16", "--data", "bundled") == 1
    table = claims.TABLE.read_text(encoding="utf-8")
    small, twice = table.splitlines()[2:]
    assert "| 2 of 3 | bundled 16" in small
    assert "-37.5%" in small  # 16 where less than 10 is wanted
    assert "| 3 of 3 |  |" in twice
    assert "NOT every claim held" in capsys.readouterr().out


def test_what_is_finished_is_kept_until_the_code_changes(lesson, monkeypatch, capsys):
    assert run(monkeypatch, "42", "--starts", "1", "--data", "bundled") == 0
    assert "42_small bundled 1: all hold" in capsys.readouterr().out
    assert run(monkeypatch, "42", "--starts", "1", "2", "--data", "bundled") == 0
    assert "42_small bundled 1:" not in (again := capsys.readouterr().out)
    assert "42_small bundled 2: all hold" in again
    lesson.write_text(lesson.read_text().replace("start < 10", "start < 9"))
    assert claims.finished(lesson, "bundled") == {}


def test_a_cell_that_fails_is_in_the_table(lesson, monkeypatch, capsys):
    lesson.write_text(lesson.read_text().replace("seeds(1)", "seeds(-1)"))
    assert run(monkeypatch, "42", "--starts", "1", "--data", "bundled") == 1
    assert "bundled 1: code cell 1: ValueError" in claims.TABLE.read_text(encoding="utf-8")


def test_margins_are_those_of_the_sentence(lesson):
    source = (
        "chosen = values[values > 3]\n"
        "apart = chosen - 1\n"
        "claim('Between', (1 < apart) & (apart < 10))\n"
        "claim('Equal', 1 == 1)\n"
        "claim('First', (values > 3).argmax() < 4)"
    )
    namespace = {"__compare__": None, "values": __import__("numpy").array([2.0, 5.0, 9.0])}
    recorder = lesson_claims.Recorder(lambda *_: None)
    namespace |= {"__compare__": recorder.compare, "claim": recorder}
    exec(compile(lesson_claims.watched(source), "cell", "exec"), namespace)
    between, equal, first = recorder.claims
    assert between["margin"] == pytest.approx(0.2)  # 8 of 10
    assert equal["margin"] is None
    assert first["margin"] == pytest.approx(0.75)  # place 1, which is below 4
    assert json.dumps(recorder.claims)


def test_starting_seeds_lie_all_over_the_range():
    starts = claims.starting_seeds(20)
    assert len(set(starts)) == 20
    assert starts[:3] == [0, 7, 4_000_000_000]
    assert all(0 <= start <= 4_000_000_000 for start in starts)


def test_an_unknown_lesson_is_refused(lesson, monkeypatch, capsys):
    with pytest.raises(SystemExit):
        run(monkeypatch, "99")
    assert "no lesson is called 99" in capsys.readouterr().err
