"""The exercises of all lessons, found by their number."""

import difflib
import functools
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from course_utils.grading.exercises.graders import Grader


@dataclass(frozen=True)
class Exercise:
    """One exercise, as data.

    Attributes
    ----------
    id : str
        Lesson and number, such as ``"02.1"``.
    title : str
        A few words for lists and messages.
    grader : Grader
        Knows the right answer and the typical wrong ones, each with its message.
    why : str
        Said after a right answer: why it is right.
    hints : tuple of str
        From a nudge to nearly the whole way.
    example : mapping
        What the notebook hands to `check` besides the answer, with values for the tests.
    """

    id: str
    title: str
    grader: Grader
    why: str
    hints: tuple[str, ...]
    example: Mapping[str, Any] = field(default_factory=dict)


@functools.cache
def exercises():
    """Return every exercise of the modules ``lesson_*`` of this package, by id."""
    package = importlib.import_module(__package__)
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    lessons = [
        importlib.import_module(f"{__package__}.{name}")
        for name in names
        if name.startswith("lesson_")
    ]
    listed = [exercise for lesson in lessons for exercise in lesson.EXERCISES]
    found = {exercise.id: exercise for exercise in listed}
    if len(found) != len(listed):
        raise RuntimeError("Two exercises share one id.")
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
