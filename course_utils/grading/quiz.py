"""Five questions at the end of a lesson, with a reason for every option."""

import json
import random
from importlib import resources

from IPython.display import display
from IPython.utils.capture import capture_output
from jupyterquiz import display_quiz

from course_utils.grading.notes import inline

QUIZZES = resources.files(__package__) / "quizzes"
LETTERS = "abcdefgh"
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
    """Show the quiz of a lesson.

    Where scripts run, each option is a button that answers with its reason. Elsewhere (on a code
    host, in a terminal) the questions stand as text.

    Parameters
    ----------
    lesson : str
        The number of the lesson, such as ``"01"``.

    Raises
    ------
    ValueError
        If that lesson has no quiz.
    """
    display(Quiz(lesson))


def questions(lesson):
    """Return the questions of a lesson in the format of jupyterquiz, in plain text."""
    known = sorted(path.name.removesuffix(".json") for path in QUIZZES.iterdir())
    if lesson not in known:
        raise ValueError(
            f"lesson is {lesson!r}, which has no quiz; give one of {', '.join(map(repr, known))}."
        )
    return json.loads((QUIZZES / f"{lesson}.json").read_text(encoding="utf-8"))


class Quiz:
    """The quiz of one lesson, as text and as a page that answers."""

    def __init__(self, lesson):
        self.lesson = lesson
        self.questions = questions(lesson)

    def __repr__(self):
        lines = [f"Quiz {self.lesson}"]
        for number, question in enumerate(self.questions, start=1):
            lines += ["", f"{number}. {question['question']}"]
            for letter, answer in zip(LETTERS, question["answers"], strict=False):
                lines.append(f"   {letter}) {answer['answer']}")
        return "\n".join(lines)

    def _repr_html_(self):
        container, script = self.live()
        return (
            f'{STYLE}<div class="QuizText">{self.as_text()}</div>{container}</div>'
            f"<script>{script}</script>"
        )

    def as_text(self):
        """Return the questions as HTML without scripts, the reasons folded away."""
        parts = []
        for question in self.prepared():
            options = "<br>".join(answer["answer"] for answer in question["answers"])
            reasons = "<br>".join(
                f"{letter}) {answer['feedback']}"
                for letter, answer in zip(LETTERS, question["answers"], strict=False)
            )
            parts.append(
                f"<p><b>{question['question']}</b><br>{options}</p>"
                f"<details><summary>Reasons</summary><p>{reasons}</p></details>"
            )
        return "".join(parts)

    def prepared(self):
        """Return the questions as HTML, numbered, and each reason with its verdict."""
        return [
            {
                **question,
                "question": f"{number}. {inline(question['question'])}",
                "answer_cols": 1,
                "answers": [
                    {
                        "answer": f"{letter}) {inline(answer['answer'])}",
                        "correct": answer["correct"],
                        "feedback": ("Right. " if answer["correct"] else "Not quite. ")
                        + inline(answer["feedback"]),
                    }
                    for letter, answer in zip(LETTERS, question["answers"], strict=False)
                ],
            }
            for number, question in enumerate(self.questions, start=1)
        ]

    def live(self):
        """Return jupyterquiz's container and script, the same at each run of the lesson."""
        state = random.getstate()
        random.seed(f"quiz {self.lesson}")  # jupyterquiz draws the id of its container
        try:
            with capture_output() as captured:
                display_quiz(self.prepared(), shuffle_answers=False, max_width=900, colors=COLORS)
        finally:
            random.setstate(state)
        container, script = captured.outputs
        return container.data["text/html"], script.data["application/javascript"]
