"""Quizzes: sound questions, a page that works offline, and text where scripts do not run."""

import json
import random
import re

import pytest
from IPython.core.interactiveshell import InteractiveShell

from course_utils.grading.quiz import as_page, quiz
from course_utils.lessons import lesson_files

FILES = lesson_files("quiz.json")
LESSONS = sorted(FILES)


def questions(lesson):
    return json.loads(FILES[lesson].read_text(encoding="utf-8"))


@pytest.fixture
def shell():
    if InteractiveShell.initialized():
        pytest.skip("another test left a shell behind")
    yield InteractiveShell.instance(history_manager=None)
    InteractiveShell.clear_instance()


def test_first_lessons_have_a_quiz():
    assert {"00", "01", "02"} <= set(LESSONS)


@pytest.mark.parametrize("lesson", LESSONS)
def test_five_different_questions(lesson):
    texts = [question["question"] for question in questions(lesson)]
    assert len(set(texts)) == 5


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_option_has_a_reason_of_its_own(lesson):
    for question in questions(lesson):
        answers = question["answers"]
        n_right = sum(answer["correct"] is True for answer in answers)
        assert 3 <= len(answers) <= 8
        assert {answer["correct"] for answer in answers} == {True, False}
        assert n_right == 1 or question["type"] == "many_choice"
        assert len({answer["answer"] for answer in answers}) == len(answers)
        assert len({answer["feedback"] for answer in answers}) == len(answers)
        for answer in answers:
            assert set(answer) == {"answer", "correct", "feedback"}
            assert len(answer["feedback"].split()) >= 5
            assert not answer["feedback"].startswith(("Right", "Wrong", "Correct", "Incorrect"))


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_right_option_does_not_always_stand_in_one_place(lesson):
    places = [
        tuple(answer["correct"] for answer in question["answers"]).index(True)
        for question in questions(lesson)
    ]
    assert len(set(places)) > 1


@pytest.mark.parametrize("lesson", LESSONS)
def test_texts_hold_nothing_that_jupyterquiz_reads_as_markup(lesson):
    text = FILES[lesson].read_text(encoding="utf-8")
    assert not re.search(r"\$|\]\(|https?:|</?\w", text)


def test_text_holds_questions_and_no_answers(capsys):
    quiz("01")
    out, err = capsys.readouterr()
    assert err == ""
    for question in questions("01"):
        assert question["question"] in out
        for answer in question["answers"]:
            assert f") {answer['answer']}" in out
            assert answer["feedback"] not in out


def test_page_is_the_same_each_time_and_leaves_chance_alone(shell):
    random.seed(5)
    expected = random.random()
    random.seed(5)
    first, second = (as_page("01") for _ in range(2))
    assert first == second
    assert random.random() == expected


def test_each_lesson_has_a_container_of_its_own(shell):
    ids = [re.search(r'<div id="([A-Za-z]{12})"', as_page(k))[1] for k in LESSONS]
    assert len(set(ids)) == len(LESSONS)


def test_page_holds_a_closed_container_behind_the_text(shell):
    page = as_page("01")
    text, script = page.split("<script>")
    assert text.count("<div") == text.count("</div>")
    assert text.count("<details>") == 5
    assert re.search(r'</div><div id="[A-Za-z]{12}"', text)
    assert script.count("</script>") == 1
    assert "src=" not in text


@pytest.mark.parametrize("lesson", ["99", "1", "", 1, None, "../01"])
def test_unknown_lesson_lists_the_known_ones(lesson):
    with pytest.raises(ValueError, match=r"lesson is .* give one of '00', '01', '02'"):
        quiz(lesson)
