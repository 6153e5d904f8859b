"""The learner's record: what `check` found is kept, whatever happens to the file."""

import json
import os
import subprocess
import sys

import pytest

from course_utils import check, my_progress
from course_utils.grading import __main__ as command
from course_utils.grading import record
from course_utils.grading.exercises import exercises

RIGHT, WRONG = 3.2, 2.4  # answers to 00.3
LINE = '{"exercise": "01.2", "state": "right"}'


@pytest.fixture
def path(tmp_path, monkeypatch):
    path = tmp_path / "deep" / "record.jsonl"
    monkeypatch.setenv("COURSE_RECORD", str(path))
    monkeypatch.setattr(record, "_complaints", set())
    return path


def entries(path):
    lines = filter(None, path.read_text(encoding="utf-8").splitlines())
    return [tuple(json.loads(line).values()) for line in lines]


def test_check_keeps_steps_forward_only(path):
    for answer in (..., WRONG, WRONG, RIGHT, WRONG, RIGHT):
        check("00.3", answer)
    assert entries(path) == [("00.3", "wrong"), ("00.3", "right")]
    assert record.read(path) == {"00.3": "right"}


def test_an_unanswered_lesson_leaves_no_file(path):
    check("00.3", ...)
    assert not path.exists()


def test_what_is_shown_names_every_exercise(path, capsys):
    check("00.3", RIGHT)
    check("00.2", "a")
    capsys.readouterr()
    my_progress()
    shown = capsys.readouterr().out
    first, second, *_, last = shown.splitlines()
    assert first == "00  Start here: 1 of 3 right · not yet 00.2 · open 00.1"
    assert second.startswith("01  Gradient descent on a bowl: 0 of 6 right · open 01.1, 01.2")
    assert last == f"Kept on this machine only, in {path}."
    assert [name for name in exercises() if name not in shown and name != "00.3"] == []


def test_nothing_but_exercises_and_states_is_kept(path):
    check("00.3", WRONG)
    assert path.read_bytes() == b'\n{"exercise": "00.3", "state": "wrong"}'


def test_off_keeps_nothing_and_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COURSE_RECORD", "off")
    monkeypatch.chdir(tmp_path)
    check("00.3", RIGHT)
    my_progress()
    assert capsys.readouterr().out.endswith("No record is kept here.\n")
    assert list(tmp_path.iterdir()) == []


def test_it_stands_in_the_users_folder_or_beside_the_lessons_of_a_browser(monkeypatch):
    monkeypatch.delenv("COURSE_RECORD")
    there = record.record_file()
    assert there.is_absolute()
    assert "learning-rates" in there.parts
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert record.record_file().parent.name == ""


def test_two_kernels_write_at_once_and_no_line_is_lost(path):
    code = (
        "import sys; from course_utils.grading.record import keep\n"
        "for n in range(1, 100): keep(f'{sys.argv[1]}.{n}', 'wrong')"
    )
    kernels = [subprocess.Popen([sys.executable, "-c", code, number]) for number in ("01", "02")]
    assert [kernel.wait() for kernel in kernels] == [0, 0]
    assert set(record.read(path)) == {f"{a}.{n}" for a in ("01", "02") for n in range(1, 100)}
    assert len(entries(path)) == 198


def test_a_line_that_was_cut_short_spoils_no_other(path, capsys):
    check("00.3", WRONG)
    with path.open("a", encoding="utf-8") as file:
        file.write('\n{"exercise": "01.2", "sta')
    check("00.1", {"A": 1})
    record.append(path, {"00.3": "right"})
    assert record.read(path) == {"00.3": "right", "00.1": "wrong"}
    assert list(path.parent.glob("*-damaged-2*")) == []
    assert "1 line of your record" in capsys.readouterr().out


@pytest.mark.parametrize(
    "bad",
    ["hello", "[1]", "{}", "null", '{"exercise": "../x", "state": "right"}', "[" * 100_000,
     '{"exercise": "01.2", "state": "open"}', '{"exercise": "01.2", "state": []}',
     '{"exercise": 3, "state": "right"}', "\x00\ud800"],
    ids=range(10),
)  # fmt: skip
def test_a_damaged_file_is_told_of_and_set_aside(path, bad, capsys):
    path.parent.mkdir()
    whole = f"{LINE}\n{bad}".encode("utf-8", "surrogatepass")
    for number in (1, 2):
        path.write_bytes(whole)
        my_progress()
        aside = path.with_name(f"record-damaged-{number}.jsonl")
        assert aside.read_bytes() == whole
        assert f"1 line of your record {path} cannot be read" in capsys.readouterr().out
        assert entries(path) == [("01.2", "right")]
    my_progress()
    assert "cannot be read" not in capsys.readouterr().out


def test_a_file_that_is_far_too_large_is_not_read(path, monkeypatch, capsys):
    monkeypatch.setattr(record, "MOST_BYTES", 10)
    path.parent.mkdir()
    path.write_text(LINE)
    my_progress()
    assert "More than 10 bytes of your record" in capsys.readouterr().out
    assert path.with_name("record-damaged-1.jsonl").read_text() == LINE


def test_a_disk_that_refuses_is_told_of_once_and_stops_no_lesson(path, capsys):
    path.mkdir(parents=True)  # a folder where the file should be
    check("00.3", RIGHT)
    check("00.3", RIGHT)
    out = capsys.readouterr().out
    assert out.count("Your record cannot be kept in") == 1
    assert out.count("Exercise 00.3: right.") == 2


def test_the_record_is_handed_in_and_handed_in_again(path, tmp_path, capsys):
    target = tmp_path / "maria.jsonl"
    check("00.3", WRONG)
    my_progress(hand_in=target)
    assert record.parse(target) == ({"00.3": "wrong"}, "")
    check("00.3", RIGHT)
    my_progress(hand_in=str(target))
    assert record.parse(target) == ({"00.3": "right"}, "")
    assert sorted(tmp_path.iterdir()) == sorted([path.parent, target])
    assert f"Written to {target}: 1 exercises" in capsys.readouterr().out


def test_handing_in_over_another_file_is_refused_before_anything_is_done(path, tmp_path):
    check("00.3", RIGHT)
    other = tmp_path / "thesis.txt"
    other.write_text("years of work")
    with pytest.raises(ValueError, match="no record"):
        my_progress(hand_in=other, reset=True)
    assert other.read_text() == "years of work"
    assert path.exists()


def test_reset_forgets(path, capsys):
    check("00.3", RIGHT)
    my_progress(reset=True)
    assert not path.exists()
    my_progress()
    assert "00  Start here: 0 of 3 right" in capsys.readouterr().out


def test_a_class_is_a_line_for_each_file(path, tmp_path, capsys):
    check("00.3", RIGHT)
    check("00.2", "a")
    my_progress(hand_in=tmp_path / "maria.jsonl")
    (tmp_path / "ben.jsonl").write_text(f"{LINE}\nnonsense")
    capsys.readouterr()
    command.main([str(tmp_path / "maria.jsonl"), str(tmp_path / "ben.jsonl")])
    head, maria, ben, exercise_counts = capsys.readouterr().out.splitlines()
    assert head.split()[:3] == ["00", "01", "02"]
    assert maria.split()[:3] == ["maria", "1", "0"]
    assert ben.split()[:6] == ["ben", "(1", "line", "unreadable)", "0", "1"]
    assert exercise_counts.split()[:3] == ["exercises", "3", "6"]
    assert (tmp_path / "ben.jsonl").read_text() == f"{LINE}\nnonsense"  # only read


def test_the_command_shows_hands_in_and_resets(path, tmp_path, capsys):
    check("00.3", RIGHT)
    command.main(["--hand-in", str(tmp_path / "maria.jsonl"), "--reset"])
    assert (tmp_path / "maria.jsonl").exists()
    assert not path.exists()
    with pytest.raises(SystemExit):
        command.main(["maria.jsonl", "--reset"])
    assert "give files to read, or" in capsys.readouterr().err


def test_the_command_refuses_in_words(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "course_utils.grading", "--hand-in", str(tmp_path / "no" / "x")],
        capture_output=True, text=True, env=os.environ | {"COURSE_RECORD": str(tmp_path / "r")},
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.startswith("hand_in is ")
    assert "Traceback" not in run.stderr
