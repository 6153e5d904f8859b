"""What a learner calls: `check` an answer, open a `hint`, read the `solution`."""

import warnings
from collections import Counter
from collections.abc import Mapping
from importlib import resources

from IPython.display import display

from course_utils.grading.exercises.catalogue import find
from course_utils.grading.exercises.graders import Feedback, Unreadable, quote
from course_utils.grading.notes import Note

SOLUTIONS = resources.files(__package__) / "solutions"
hints_opened = Counter()


def check(exercise_id, answer, **context):
    """Say whether an answer is right, and if not, which idea behind it to look at again.

    Parameters
    ----------
    exercise_id : str
        The number that stands in the lesson, such as ``"02.1"``.
    answer : object
        Your answer. As long as it is ``...``, the exercise counts as not answered yet.
    **context
        What the lesson computed and the exercise depends on; the lesson writes it for you.

    Raises
    ------
    ValueError, TypeError
        If the exercise does not exist or the lesson hands over the wrong context. Never for an
        answer, whatever it is.

    Examples
    --------
    >>> check("00.3", ...)
    … Exercise 00.3: not answered yet. Put your answer in place of the `...` and run the cell.
    >>> check("00.3", 2.4)
    ✗ Exercise 00.3: not yet. You multiplied the rate by the loss, w². The update uses its slope.
    """
    feedback = grade(find(exercise_id), answer, context)
    mark, verdict = {
        "right": ("✓", "right"),
        "wrong": ("✗", "not yet"),
        "open": ("…", "not answered yet"),
    }[feedback.state]
    display(Note(mark, f"Exercise {exercise_id}: {verdict}. {feedback.message}"))


def hint(exercise_id):
    """Open the next hint of an exercise, one on each call.

    Parameters
    ----------
    exercise_id : str
        The number that stands in the lesson, such as ``"02.1"``.

    Examples
    --------
    >>> hint("00.3")
    ? Exercise 00.3, hint 1 of 3: Three parts: the gradient at w, the step, the new w. (2 more)
    """
    hints = find(exercise_id).hints
    hints_opened[exercise_id] += 1
    number = min(hints_opened[exercise_id], len(hints))
    left = f"{len(hints) - number} more" if number < len(hints) else "the last hint"
    if hints_opened[exercise_id] > len(hints):
        left = "that was the last hint; next comes `solution`"
    head = f"Exercise {exercise_id}, hint {number} of {len(hints)}"
    display(Note("?", f"{head}: {hints[number - 1]}", left))


def solution(exercise_id):
    """Show the worked solution of an exercise, or say that the teacher holds it.

    Parameters
    ----------
    exercise_id : str
        The number that stands in the lesson, such as ``"02.1"``.
    """
    exercise = find(exercise_id)
    path = SOLUTIONS / f"{exercise.id}.md"
    if path.is_file():
        text = path.read_text(encoding="utf-8")
        display(Page(f"**Solution {exercise.id}: {exercise.title}**\n\n{text}"))
    else:
        display(Note("…", f"Exercise {exercise.id}: your teacher holds the solution."))


def grade(exercise, answer, context):
    """Return the `Feedback` on an answer; whatever the answer does, it becomes feedback."""
    if set(context) != set(exercise.example):
        wanted = ", ".join(f"{name}={name}" for name in exercise.example)
        call = f'check("{exercise.id}", answer{", " if wanted else ""}{wanted})'
        raise TypeError(f"Exercise {exercise.id} is checked with `{call}`; got {sorted(context)}.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if unanswered(answer):
                return Feedback("open", "Put your answer in place of the `...` and run the cell.")
            feedback = exercise.grader.grade(answer, **context)
    except Unreadable as reason:
        return Feedback("wrong", str(reason))
    except (Exception, SystemExit) as error:
        return Feedback("wrong", f"Your answer cannot be read: {quote(error)}.")
    return Feedback("right", exercise.why) if feedback.state == "right" else feedback


def unanswered(answer):
    """Tell whether an answer still holds a ``...`` or None where something should stand."""
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    parts = answer if isinstance(answer, (list, tuple, set)) else [answer]
    return any(part is ... or part is None for part in parts)


class Page:
    """Markdown that a notebook renders and a terminal prints as it is."""

    def __init__(self, markdown):
        self.markdown = markdown

    def __repr__(self):
        return self.markdown

    def _repr_markdown_(self):
        return self.markdown
