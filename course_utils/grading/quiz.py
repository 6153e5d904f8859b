"""Five questions at the end of a lesson, with a reason for every option."""

import json
import random

from IPython.display import display
from IPython.utils.capture import capture_output
from jupyterquiz import display_quiz

from course_utils.grading.display import Shown, inline
from course_utils.lessons import lesson_files

COLORS = {
    "--jq-multiple-choice-bg": "#24476b",
    "--jq-many-choice-bg": "#24476b",
    "--jq-correct-color": "#1f8a4c",
    "--jq-incorrect-color": "#d4501a",
}
STYLE = """<style>
.QuizText:has(+ div .MCButton) { display: none }
.Quiz .MCButton { justify-content: flex-start; text-align: left; font-size: 20px; gap: 8px }
.Quiz .Feedback { text-align: left }
.Quiz code, .Quiz .MCButton code { background: none; color: inherit }
</style>"""


def quiz(lesson):
    """Show the quiz of a lesson, such as ``"01"``; raise ValueError if it has none.

    Where scripts run, each option is a button that answers with its reason. Elsewhere (on a code
    host, in a terminal) the questions stand as text.
    """
    display(Shown(f"Quiz {lesson}\n{as_text(lesson)}", html=lambda: as_page(lesson)))


def questions(lesson, markup=str):
    """Return the questions in the format of jupyterquiz, numbered, their texts in a markup."""
    known = lesson_files("quiz.json")
    if lesson not in list(known):
        raise ValueError(
            f"lesson is {lesson!r}, which has no quiz; give one of {', '.join(map(repr, known))}."
        )
    asked = json.loads(known[lesson].read_text(encoding="utf-8"))
    for number, question in enumerate(asked, start=1):
        question["question"] = f"{number}. {markup(question['question'])}"
        question["answer_cols"] = 1
        for letter, answer in zip("abcdefgh", question["answers"], strict=False):
            answer["answer"] = f"{letter}) {markup(answer['answer'])}"
            verdict = "Right" if answer["correct"] else "Not quite"
            answer["feedback"] = f"{verdict}. {markup(answer['feedback'])}"
    return asked


def as_text(lesson):
    """Return questions and options, without the reasons."""
    lines = []
    for question in questions(lesson):
        lines += ["", question["question"], *(f"   {a['answer']}" for a in question["answers"])]
    return "\n".join(lines)


def as_page(lesson):
    """Return buttons that answer; above them, where no scripts run, the text with its reasons."""
    asked = questions(lesson, markup=inline)
    folded = []
    for question in asked:
        options = "<br>".join(answer["answer"] for answer in question["answers"])
        reasons = "<br>".join(f"{a['answer'][:2]} {a['feedback']}" for a in question["answers"])
        folded.append(
            f"<p><b>{question['question']}</b><br>{options}</p>"
            f"<details><summary>Reasons</summary><p>{reasons}</p></details>"
        )
    container, script = buttons(lesson, asked)
    return (
        f'{STYLE}<div class="QuizText">{"".join(folded)}</div>{container}</div>'
        f"<script>{script}</script>"
    )


def buttons(lesson, asked):
    """Return jupyterquiz's container and script, the same at each run of the lesson."""
    state = random.getstate()
    random.seed(f"quiz {lesson}")  # jupyterquiz draws the id of its container
    try:
        with capture_output() as captured:
            display_quiz(asked, shuffle_answers=False, max_width=900, colors=COLORS)
    finally:
        random.setstate(state)
    container, script = captured.outputs
    return container.data["text/html"], script.data["application/javascript"]
