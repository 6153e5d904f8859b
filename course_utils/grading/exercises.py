"""What a learner calls: `check` an answer, open a `hint`, read the `solution`."""

import difflib
import functools
import importlib
import warnings
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from IPython.display import display

from course_utils import lessons
from course_utils.grading.display import Shown, note
from course_utils.grading.graders import Feedback, Grader, quote
from course_utils.grading.record import keep

MARKS = {"right": "✓", "wrong": "✗", "open": "…"}
VERDICTS = {"right": "right", "wrong": "not yet", "open": "not answered yet"}
hints_opened = Counter()


@dataclass(frozen=True)
class Exercise:
    """One exercise, as data."""

    id: str  # lesson and number, such as "02.1"
    title: str  # a few words for lists and messages
    grader: Grader  # the right answer and the typical wrong ones, each with its message
    why: str  # said after a right answer: why it is right
    hints: tuple[str, ...]  # from a nudge to nearly the whole way
    # What the notebook hands to `check` besides the answer, with values for the tests.
    example: Mapping[str, Any] = field(default_factory=dict)


@functools.cache
def exercises():
    """Return every exercise of every lesson, by id."""
    found = {}
    for number in lessons.lesson_files("exercises.py"):
        module = importlib.import_module(f"course_utils.lessons.lesson_{number}.exercises")
        found |= {exercise.id: exercise for exercise in module.EXERCISES}
    return found


def find(exercise_id):
    """Return the exercise, or say which ids come close."""
    if not isinstance(exercise_id, str):
        raise TypeError(f'exercise_id is {exercise_id!r}; write it in quotes, such as "02.1".')
    known = exercises()
    if exercise_id not in known:
        close = difflib.get_close_matches(exercise_id, known, n=3, cutoff=0.5) or list(known)[:3]
        raise ValueError(
            f'exercise_id is "{exercise_id}", and there is no such exercise. Close: '
            f"{', '.join(close)}."
        )
    return known[exercise_id]


def check(exercise_id, answer, **context):
    """Say whether an answer is right, and if not, which idea behind it to look at again.

    What it finds is kept on this machine: see `my_progress`.

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
    state, message = grade(find(exercise_id), answer, context)
    display(note(MARKS[state], f"Exercise {exercise_id}: {VERDICTS[state]}. {message}"))
    keep(exercise_id, state)


def hint(exercise_id):
    """Open the next hint of an exercise, such as ``"02.1"``, one on each call.

    Examples
    --------
    >>> hint("00.3")
    ? Exercise 00.3, hint 1 of 3: Three parts: the gradient at w, the step, the new w. (2 more)
    """
    hints = find(exercise_id).hints
    hints_opened[exercise_id] += 1
    number = min(hints_opened[exercise_id], len(hints))
    if hints_opened[exercise_id] > len(hints):
        left = "that was the last hint; next comes `solution`"
    else:
        left = f"{len(hints) - number} more" if number < len(hints) else "the last hint"
    head = f"Exercise {exercise_id}, hint {number} of {len(hints)}"
    display(note("?", f"{head}: {hints[number - 1]}", left))


def solution(exercise_id):
    """Show the solution of an exercise, such as ``"02.1"``, or say that the teacher holds it."""
    title = find(exercise_id).title
    path = lessons.FOLDER / f"lesson_{exercise_id[:2]}" / "solutions" / f"{exercise_id}.md"
    if path.is_file():
        text = f"**Solution {exercise_id}: {title}**\n\n{path.read_text(encoding='utf-8')}"
        display(Shown(text, markdown=lambda: text))
    else:
        display(note("…", f"Exercise {exercise_id}: your teacher holds the solution."))


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
    except (Exception, SystemExit) as error:
        return Feedback("wrong", f"Your answer cannot be read: {quote(error)}.")
    return Feedback("right", exercise.why) if feedback.state == "right" else feedback


def unanswered(answer):
    """Tell whether an answer still holds a ``...`` or None where something should stand."""
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    parts = answer if isinstance(answer, (list, tuple, set)) else [answer]
    return any(part is ... or part is None for part in parts)
