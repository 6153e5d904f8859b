"""The teacher's guide is whole: every lesson, objective, exercise and demo has its place in it."""

import json
import re

import pytest

from course_utils.demos import __all__ as demos
from tools import guide

CARDS = {card.number: card for card in guide.ready()}
PLANS = {plan["title"]: plan for plan in guide.read_plans()}
# What a lesson promises and nothing checks: the list may only become shorter.
UNCHECKED = {"hand a search to all cores or to a cluster, and know when that pays"}
each_lesson = pytest.mark.parametrize("number", CARDS)
each_plan = pytest.mark.parametrize("title", PLANS)


def page(root, name):
    return (root / "instructor" / f"{name}.md").read_text(encoding="utf-8")


def listed(text, heading):
    """Return the items below a bold heading."""
    block = re.search(rf"(?ms)^\*\*{heading}\*\*\n\n(.+?)(?=\n\n[^-]|\Z)", text)
    return re.findall(r"(?m)^- (.+)", block[1]) if block else []


@pytest.mark.parametrize("name", guide.PAGES)
def test_pages_are_those_of_cards_and_plans(root, name):
    text = (root / name).read_text(encoding="utf-8")
    fresh = guide.with_table(text, guide.PAGES[name](root))
    assert fresh == text, f"{name} is out of date: run `python -m tools.guide`"


@each_lesson
def test_objectives_are_word_for_word_those_of_the_opening(number):
    text = guide.words_of(CARDS[number])
    opening = text.partition("What you will be able to do**")[2].partition("**What you need")[0]
    said = [line.rstrip(".;") for line in re.findall(r"(?m)^- (.+)$", opening)]
    carded = [goal["can"] for goal in CARDS[number].objectives]
    assert carded == said, (
        f"lesson_{number}/card.toml and the opening of the lesson promise different things. Give "
        "each line of the opening an [[objectives]] of the card, with its sections, exercises and "
        "quiz questions; then run `python -m tools.guide`."
    )


@each_lesson
def test_what_is_there_serves_an_objective_and_what_is_named_is_there(number):
    has, where = guide.contents(CARDS[number]), f"lesson_{number}/card.toml"
    assert len(has["sections"]) > 2
    assert len(has["quiz"]) == 5
    for kind, found in has.items():
        named = {key for goal in CARDS[number].objectives for key in goal[kind]}
        lonely = [f"{key} ({title})" for key, title in found.items() if key not in named]
        assert lonely == [], f"{where}: no objective names these {kind}; add each to one"
        others = {key for key in named - set(found) if kind != "exercises" or key[:2] >= number}
        assert others == set(), f"{where} names {kind} that the lesson does not have; take them out"


def test_every_objective_is_taught_and_checked():
    goals = [goal for card in CARDS.values() for goal in card.objectives]
    assert [goal["can"] for goal in goals if not goal["sections"]] == []
    unchecked = {goal["can"] for goal in goals if not goal["exercises"] + goal["quiz"]}
    assert unchecked == UNCHECKED, "give it an exercise or a question, or mend UNCHECKED here"


def test_exercises_of_other_lessons_exist():
    known = {name for card in CARDS.values() for name in guide.contents(card)["exercises"]}
    named = {n for card in CARDS.values() for goal in card.objectives for n in goal["exercises"]}
    assert named <= known


@each_lesson
def test_a_lesson_needs_what_it_says_it_needs(number):
    (line,) = re.findall(r"(?m)^\*\*What you need:\*\* (.+)$", guide.words_of(CARDS[number]))
    said = set()
    for first, last in re.findall(r"\b(\d\d)\b(?: to (\d\d))?", line):
        said |= {f"{n:02}" for n in range(int(first), int(last or first) + 1)}
    assert set(CARDS[number].needs) == said, (
        f"`needs` of lesson_{number}/card.toml and *What you need* of the lesson differ"
    )
    assert all(need < number for need in said)


@each_lesson
def test_a_five_minute_check_asks_for_each_lesson_that_is_needed(root, number):
    parts = re.split(r"(?m)^## Lesson (\d\d)$", page(root, "checks"))
    checks = dict(zip(parts[1::2], parts[2::2], strict=True))
    assert number in checks, f"instructor/checks.md has no check before lesson {number}; write one"
    rows = [line.strip("| ").split(" | ") for line in re.findall(r"(?m)^\| .+", checks[number])][1:]
    assert 3 <= len(rows) <= 5
    assert all(len(row) == 3 and row[0].endswith("?") and row[1] for row in rows)
    asked = {origin for *_, origin in rows if origin.isdigit()}
    assert asked == set(CARDS[number].needs), (
        f"the check before lesson {number} in instructor/checks.md asks for other lessons than "
        "its card needs"
    )
    assert "\nFewer than half: " in checks[number]


@each_lesson
def test_minutes_of_a_page_follow_one_another_and_add_up(root, number):
    rows = re.findall(r"(?m)^\| (\d+)–(\d+) \|", page(root, CARDS[number].notebook))
    starts, ends = [0, *(int(end) for _, end in rows)], [int(start) for start, _ in rows]
    assert starts[:-1] == ends
    in_class = int(CARDS[number].in_class.split()[0])
    assert starts[-1] == in_class == sum(guide.parts_in_class(CARDS[number]).values())


@each_lesson
def test_a_page_says_what_to_say_draw_ask_and_do(root, number):
    name, text = CARDS[number].notebook, page(root, CARDS[number].notebook)
    wanted = ("For", "Say first", "For the fast", "For the slow", "To cut")
    missing = [words for words in wanted if f"\n\n**{words}:** " not in text]
    assert missing == [], f"instructor/{name}.md lacks these paragraphs"
    assert "**Pause" in text
    assert listed(text, "On the board")
    assert len(listed(text, "When fewer than half have it")) >= 3
    exercises = guide.contents(CARDS[number])["exercises"]
    expected = " ".join(listed(text, "Answers to expect"))
    lost = [one for one in exercises if one not in expected]
    assert lost == [], f"instructor/{name}.md does not say which answers to expect to these"


def test_every_demo_has_a_place_in_the_guide(root):
    text = "\n".join(path.read_text("utf-8") for path in root.glob("instructor/[01]*.md"))
    lost = [name for name in demos if name.endswith("_demo") and f"`{name}`" not in text]
    assert lost == [], "name these demos on the page of their lesson, where the teacher shows them"


# Plans.


@each_plan
def test_a_plan_takes_its_minutes_with_breaks_in_between(title):
    rows = guide.rows(PLANS[title])
    assert sum(minutes for minutes, _ in rows) == PLANS[title]["minutes"]
    stretch = 0
    for minutes, words in rows:
        stretch = 0 if re.match(r"(a short )?break|lunch", words) else stretch + minutes
        assert stretch <= guide.LONGEST, f"{title}: {stretch} minutes without a break"


@each_plan
def test_a_plan_builds_only_on_what_came_before(title):
    plan = PLANS[title]
    before = PLANS[plan["follows"]]["items"] if "follows" in plan else []
    seen = {item["lesson"] for item in before if "lesson" in item}
    for item in plan["items"]:
        if number := item.get("lesson"):
            assert set(CARDS[number].needs) <= seen, f"{title}: lesson {number} comes too early"
            seen.add(number)


def test_two_days_hold_every_lesson_that_is_written():
    days = [plan for plan in PLANS.values() if plan["title"].startswith("Two days")]
    held = [item["lesson"] for plan in days for item in plan["items"] if "lesson" in item]
    assert held == list(CARDS), "add the lesson to instructor/plans.toml; `python -m tools.guide`"


@pytest.mark.parametrize(
    ("item", "words"),
    [
        ({"lesson": "77"}, "there is no lesson 77. Name one of 00, 01"),
        ({"lesson": "01", "only": ["lunch"]}, "no part 'lunch' in class. Name some of: steps"),
        ({"lesson": "01", "without": ["lunch"]}, "no part 'lunch'"),
        ({"text": "a nap", "minutes": 50}, "takes 5 minutes more than its 45. Cut a part"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(item, words):
    plan = {"title": "A plan", "minutes": 45, "items": [item], "rest": "questions"}
    with pytest.raises(guide.GuideError, match=re.escape(words)):
        guide.rows(plan)


def test_parts_left_out_shorten_a_lesson():
    plan = {"title": "A plan", "minutes": 60, "items": [{"lesson": "01"}], "rest": "rest"}
    (whole, words), (left, _) = guide.rows(plan)
    assert words == "[01 · Gradient descent on a bowl](01_gradient_descent.md)"
    parts = guide.parts_in_class(CARDS["01"])
    assert (whole, left) == (sum(parts.values()), 60 - whole)
    (shorter, words), _ = guide.rows(plan | {"items": [{"lesson": "01", "without": ["quiz"]}]})
    assert shorter == whole - parts["quiz"]
    assert "quiz" not in words


# Paper.


@each_lesson
def test_a_handout_asks_everything_and_answers_nothing(root, number):
    from tools.handouts import sheet

    card = CARDS[number]
    text, has = sheet(card), guide.contents(card)
    assert text.count('class="line"') >= 2 * len(has["exercises"])
    assert [name for name in has["exercises"] if f"Exercise {name} " not in text] == []
    assert "check(" not in text
    assert "&lt;</h2>" not in text
    assert "<</h2>" not in text
    quiz = root / "course_utils" / "lessons" / f"lesson_{number}" / "quiz.json"
    questions = json.loads(quiz.read_text(encoding="utf-8"))
    answers = [answer for question in questions for answer in question["answers"]]
    assert text.count("☐") == len(answers)
    assert not any(answer["feedback"] in text for answer in answers)


def test_memory_refuses_what_is_not_there(capsys):
    from tools import memory

    for arguments, words in ((["77"], "no lesson 77"), (["--students", "0"], "at least 1")):
        with pytest.raises(SystemExit):
            memory.main(arguments)
        assert words in capsys.readouterr().err


def test_memory_says_what_a_class_needs(monkeypatch, capsys):
    from tools import memory

    monkeypatch.setattr(memory, "peak", lambda path: {"01": 5e8, "02": 1e9}[path.stem[:2]])
    memory.main(["01", "02", "--students", "30"])
    first, second, total = capsys.readouterr().out.splitlines()
    assert first == "01_gradient_descent: 0.50 GB"
    assert second == "02_sgd_regressor_eta0: 1.00 GB"
    assert "The largest is 02_sgd_regressor_eta0. Plan 1.2 GB" in total
    assert "36 GB for 30 at once" in total


@pytest.mark.slow
def test_memory_is_that_of_the_kernel_and_a_failing_lesson_is_named(tmp_path):
    from nbformat.v4 import new_code_cell, new_notebook, writes

    from tools import memory

    path = tmp_path / "00_large.ipynb"
    path.write_text(writes(new_notebook(cells=[new_code_cell("x = b'x' * 400_000_000")])))
    assert 0.4e9 < memory.peak(path) < 0.8e9
    path.write_text(writes(new_notebook(cells=[new_code_cell("1 / 0")])))
    with pytest.raises(memory.MeasureError, match=r"00_large.ipynb, code cell 1: 1 / 0"):
        memory.peak(path)
