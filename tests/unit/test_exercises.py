"""Exercises: every right answer passes, every typical wrong one gets a message of its own."""

import contextlib
import json
import math
import re
import sys
from decimal import Decimal
from fractions import Fraction
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import SGDRegressor

from course_utils import lessons, load_bmi
from course_utils.grading import check, functions, hint, solution
from course_utils.grading import exercises as machinery
from course_utils.grading.exercises import exercises, grade
from course_utils.grading.functions import Function
from course_utils.grading.graders import (
    Choice,
    Matching,
    Number,
    Ordering,
    Selection,
)
from course_utils.lessons.lesson_00.runs import four_runs

EXERCISES = exercises()
SOLUTIONS = sorted(lessons.FOLDER.glob("lesson_*/solutions/*"))
each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=list(EXERCISES))
each_lesson = pytest.mark.parametrize("lesson", sorted({name[:2] for name in EXERCISES}))


def graded(name, answer):
    exercise = EXERCISES[name]
    return grade(exercise, answer, exercise.example)


# Every exercise, as it is defined.


@each_exercise
def test_right_answer_passes(exercise):
    right = exercise.grader.right(**exercise.example)
    verdict = grade(exercise, right, exercise.example)
    assert (verdict.state, verdict.message) == ("right", exercise.why)


@each_exercise
def test_typical_wrong_answers_get_messages_of_their_own(exercise):
    wrong = exercise.grader.wrong(**exercise.example)
    verdicts = [grade(exercise, answer, exercise.example) for answer in wrong]
    assert len(wrong) >= 3
    assert {verdict.state for verdict in verdicts} == {"wrong"}
    assert len({verdict.message for verdict in verdicts}) == len(wrong)
    assert all(len(verdict.message.split()) >= 5 for verdict in verdicts)


@each_exercise
def test_messages_and_first_hint_do_not_give_the_answer_away(exercise):
    right = exercise.grader.right(**exercise.example)
    wrong = exercise.grader.wrong(**exercise.example)
    messages = [grade(exercise, answer, exercise.example).message for answer in wrong]
    for message in [*messages, exercise.hints[0]]:
        assert not reveals(message, right, exercise.grader), message


def reveals(message, right, grader):
    if isinstance(grader, Number):
        numbers = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", message)]
        return any(math.isclose(number, right, rel_tol=0.01) for number in numbers)
    if isinstance(grader, Choice):
        return bool(re.search(rf"""["'(`]{re.escape(right)}["')`]""", message))
    if isinstance(grader, Selection):
        return right <= set(re.findall(r"\w+", message))
    if isinstance(grader, Matching):
        return all(word in message for word in right.values())
    if isinstance(grader, Ordering):
        return ", ".join(map(str, right)) in message
    return "learning_rate *" in message or "argmin" in message


@each_exercise
@pytest.mark.parametrize("blank", [..., None])
def test_unanswered_says_so(exercise, blank):
    assert grade(exercise, blank, exercise.example).state == "open"


@each_exercise
def test_hints_lead_on_step_by_step(exercise):
    assert len(set(exercise.hints)) == len(exercise.hints) >= 2


@each_exercise
def test_solution_ends_in_an_analysis(exercise):
    (path,) = (path for path in SOLUTIONS if path.name == f"{exercise.id}.md")
    text = path.read_text(encoding="utf-8")
    assert re.search(r"^\*\*Analysis\.\*\* \S", text, re.M)


def test_no_solution_without_an_exercise():
    named = {f"lesson_{name[:2]}/solutions/{name}.md" for name in EXERCISES}
    assert {path.relative_to(lessons.FOLDER).as_posix() for path in SOLUTIONS} <= named


@each_lesson
def test_ids_name_the_folder_of_the_lesson_and_differ(lesson):
    module = import_module(f"course_utils.lessons.lesson_{lesson}.exercises")
    ids = [exercise.id for exercise in module.EXERCISES]
    assert sorted(ids) == sorted(name for name in EXERCISES if name[:2] == lesson)


@each_lesson
def test_lesson_asks_exactly_its_exercises(lesson, root):
    notebooks = sorted((root / "notebooks").glob(f"{lesson}_*.ipynb"))
    if not notebooks:
        pytest.skip("this lesson is not written yet")
    cells = json.loads(notebooks[0].read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    checked = re.findall(r'\bcheck\(\s*"([^"]+)"', code)
    helped = re.findall(r'\b(?:hint|solution)\(\s*"([^"]+)"', code)
    assert sorted(checked) == sorted(name for name in EXERCISES if name[:2] == lesson)
    assert set(helped) <= set(checked)


def test_notebooks_ask_no_unknown_exercise(root):
    for path in (root / "notebooks").glob("*.ipynb"):
        asked = re.findall(r'\bcheck\(\s*\\"([^"\\]+)\\"', path.read_text(encoding="utf-8"))
        assert set(asked) <= set(EXERCISES), path.name


# The right answers once more, worked out here.


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("00.2", " b) "),
        ("00.3", 4 - 0.1 * 2 * 4),
        ("01.2", "B"),
        ("01.3", np.float32(0.08)),
        ("01.3", Fraction(2, 25)),
        ("01.3", Decimal("0.08")),
        ("01.3", pd.Series([0.08])),
        (
            "01.1",
            lambda w, h, c, rate, steps: c + (1 - rate * h) ** steps * (w - c),
        ),
        ("01.5", 0.2001),
        ("01.4", np.array([0.25, 0.3, 0.1, 0.45])),
        ("02.2", 0.2),
    ],
)
def test_right_answers_in_other_forms(name, answer):
    assert graded(name, answer).state == "right"


def test_best_fixed_rate_is_the_best_of_many():
    rates = np.linspace(0.001, 0.25, 80_000)
    slowest = np.maximum(abs(1 - 2 * rates), abs(1 - 8 * rates))
    assert graded("01.5", rates[slowest.argmin()]).state == "right"


def test_answer_follows_the_context():
    X = np.array([[3.0, 4.0], [0.0, 1.0]])
    assert grade(EXERCISES["02.2"], 2 / 26, {"X": X}).state == "right"
    assert grade(EXERCISES["02.2"], 2 / 25, {"X": X}).message.startswith("You left out")


@pytest.mark.parametrize("context", [{}, {"x": 1}, {"X": 1, "y": 2}])
def test_wrong_context_is_the_lessons_error(context):
    with pytest.raises(TypeError, match=re.escape('check("02.2", answer, X=X)')):
        check("02.2", 1.0, **context)


# Whatever the answer is, feedback comes back.


class Hostile:
    """Raises whatever one asks it."""

    def refuse(self, *args):
        raise HostileError

    __eq__ = __len__ = __iter__ = __float__ = __array__ = __str__ = __repr__ = refuse
    __bool__ = __getitem__ = __hash__ = refuse


class HostileError(Exception):
    def __str__(self):
        raise RuntimeError


def stops(*args):
    raise SystemExit


ODD_ANSWERS = [
    True,
    -1,
    10**400,
    math.nan,
    -math.inf,
    2j,
    np.array(2j),
    "text",
    b"bytes",
    [],
    [[1], [2, 3]],
    {},
    {"A": 1},
    {"A": []},
    {"A": "good", "B": ...},
    set(),
    {1, 2},
    [0.25, 0.3, 0.1, [0.45]],
    [np.array([1, 2])] * 4,
    np.zeros((2, 2)),
    np.array([]),
    np.datetime64("2020-01-01"),
    pd.NA,
    pd.Series([1, 2]),
    pd.DataFrame(),
    len,
    int,
    dict,
    iter("abc"),
    object(),
    Hostile(),
    [Hostile()],
    {"A": Hostile()},
    lambda *args: Hostile(),
    lambda *args: ...,
    lambda *args: [[1], [2, 3]],
    lambda: 1,
    stops,
]


@each_exercise
def test_odd_answers_become_feedback(exercise, capsys):
    for answer in ODD_ANSWERS:
        check(exercise.id, answer, **exercise.example)
        out, err = capsys.readouterr()
        assert re.match(rf"[✗…] Exercise {exercise.id}: not (yet|answered)", out)
        assert err == ""


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text(),
    lambda part: st.lists(part) | st.dictionaries(st.text(max_size=1), part) | st.tuples(part),
)


@each_exercise
@settings(max_examples=10, deadline=None)
@given(answer=anything)
def test_any_answer_becomes_feedback(exercise, answer):
    assert grade(exercise, answer, exercise.example).state in {"right", "wrong", "open"}


@pytest.mark.parametrize("name", ["01.1", "02.5"])
@settings(max_examples=20, deadline=None)
@given(returned=anything)
def test_any_function_becomes_feedback(name, returned):
    verdict = graded(name, lambda *args: returned)
    assert verdict.state in {"wrong", "open"}


def test_answer_may_warn_without_a_trace(capfd):
    graded("01.1", lambda w, *others: np.log(-1.0) + w)
    assert capfd.readouterr() == ("", "")


# The graders, one by one.


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("0.08", "quotes"),
        (True, "number"),
        (max, "function"),
        ([1, 2], "list"),
        ((0, 8), "a point and no comma"),
        (math.nan, "finite"),
        (1j, "finite"),
        (7.0, "another one"),
        ([0.08, ...], "in place of"),
    ],
)
def test_number_says_what_it_takes(answer, says):
    assert says in graded("01.3", answer).message


def test_choice_names_the_options():
    message = graded("00.2", "e").message
    assert all(f'"{option}"' in message for option in "abcd")


def test_selection_takes_any_collection_and_quotes_the_stranger():
    grader = Selection({"constant", "adaptive"}, mistakes=dict.fromkeys(["constant", "adaptive"]))
    assert grader.grade(["adaptive", "constant"]).state == "right"
    assert "pa1" in grader.grade({"constant", "pa1"}).message


def test_the_epoch_of_02_4_is_that_of_sgd_regressor():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(30, 3)), rng.normal(size=30)
    model = SGDRegressor(learning_rate="constant", eta0=0.1, alpha=0, shuffle=False)
    model.partial_fit(X, y)
    epoch = EXERCISES["02.4"].grader.target
    w = epoch(np.zeros(4), np.column_stack([X, np.ones(30)]), y, 0.1)
    assert np.allclose(w, [*model.coef_, *model.intercept_])


def test_matching_counts_what_fits():
    answer = {"A": "good", "B": "oscillating", "C": "too small", "D": "diverging"}
    assert graded("00.1", answer).message.startswith("2 of 4 fit. ")


def test_ordering_counts_the_places_of_other_orders():
    assert graded("01.4", [0.3, 0.25, 0.1, 0.45]).message.startswith("2 of 4 ")


@pytest.mark.parametrize("body", [..., None])
def test_function_without_a_body_is_unanswered(body):
    assert graded("01.1", lambda *args: body).state == "open"


def test_function_call_instead_of_function():
    assert "without brackets" in graded("01.1", 3.2).message


def test_function_that_changes_its_input():
    def in_place(w, curvature, c, learning_rate, steps):
        for _ in range(steps):
            w -= learning_rate * curvature * (w - c)
        return w

    assert "changes the array" in graded("01.1", in_place).message


def test_error_in_a_function_is_quoted():
    message = graded("01.1", lambda w, *others: w / 0).message
    assert "`ZeroDivisionError: float division by zero`" in message


def test_function_that_never_returns_is_stopped(monkeypatch):
    def loop(w, *others):
        while True:
            with contextlib.suppress(Exception):
                w = w + 1

    monkeypatch.setattr(functions, "TIME_LIMIT", 0.2)
    before = sys.gettrace()
    message = graded("01.1", loop).message
    assert message.startswith("Your function has not returned after 0.2 seconds. ")
    assert sys.gettrace() is before


def test_function_gets_a_counterexample_without_the_answer():
    message = graded("01.1", lambda w, *others: w).message
    assert "(4.0, 2.0, 1.0, 0.1, 3)" in message
    assert "returns 4.0" in message
    assert "2.5" not in message


def test_each_case_gets_fresh_arguments():
    grader = Function(lambda a: a.sum(), cases=[(np.ones(3),)], mistakes={})

    def fills(a):
        a.fill(9)
        return 3

    assert grader.grade(fills).state == "wrong"
    assert grader.grade(np.sum).state == "right"


# What a learner sees.


def test_check_speaks_in_one_line(capsys):
    check("00.3", 4 - 0.8)
    check("00.3", 4 + 0.8)
    check("00.3", ...)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("✓ Exercise 00.3: right. The gradient is")
    assert lines[1].startswith("✗ Exercise 00.3: not yet. You went uphill")
    assert lines[2].startswith("… Exercise 00.3: not answered yet.")


def test_hints_open_one_by_one(capsys, monkeypatch):
    monkeypatch.setattr(machinery, "hints_opened", machinery.Counter())
    for _ in range(4):
        hint("00.3")
    first, second, third, after = capsys.readouterr().out.splitlines()
    assert first.startswith("? Exercise 00.3, hint 1 of 3: ")
    assert first.endswith("(2 more)")
    assert second.endswith("(1 more)")
    assert third.endswith("(the last hint)")
    assert "that was the last hint" in after


def test_solution_shows_the_title_and_the_text(capsys):
    solution("00.3")
    out = capsys.readouterr().out
    assert out.startswith("**Solution 00.3: One step by hand**\n\n")
    assert "**Analysis.**" in out


def test_withheld_solution_is_with_the_teacher(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
    solution("00.3")
    assert "teacher" in capsys.readouterr().out


@pytest.mark.parametrize("ask", [hint, solution, lambda name: check(name, 1)])
def test_unknown_exercise_lists_the_close_ones(ask):
    with pytest.raises(ValueError, match=r'exercise_id is "2\.1", .* Close: .*02\.1'):
        ask("2.1")
    with pytest.raises(TypeError, match="quotes"):
        ask(2.1)


@pytest.mark.parametrize("seed", [0, 7, 31337, 4_000_000_000])
def test_the_four_runs_of_lesson_00_show_what_the_exercise_says(seed):
    runs = {name: loss[20:] for name, loss in four_runs(*load_bmi(), seed).items()}
    best = runs["A"].min()
    assert runs["A"].max() < 1.1 * best
    assert runs["B"][-1] > 1e3 * runs["B"][0]
    assert (np.diff(runs["C"]) < 0).all()
    assert runs["C"][-1] > 1.3 * best
    jumps = np.diff(runs["D"])
    assert (jumps > 0.02).any()
    assert (jumps < -0.02).any()
    assert runs["D"].max() < 10
