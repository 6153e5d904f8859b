"""The grader of exercises whose answer is a function."""

import copy
import reprlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from course_utils.grading.exercises.graders import Feedback, Grader, Unreadable, quote

brief = reprlib.Repr()
brief.maxother = 120


@dataclass(frozen=True)
class Outcome:
    """What one call of a function came to."""

    value: object = None
    error: BaseException | None = None
    changed_input: bool = False


@dataclass(frozen=True)
class Function(Grader):
    """A function, tried on cases and compared with the right one and with typical wrong ones.

    Parameters
    ----------
    reference : callable
        The right function.
    cases : sequence of tuple
        Arguments to try, chosen so that every mistake shows.
    mistakes : mapping of callable to str
        Functions that hold a typical mistake, with what to say to it. A learner's function that
        agrees with one of them in all cases has made that mistake.
    """

    reference: Callable
    cases: Sequence[tuple]
    mistakes: Mapping[Callable, str]

    def grade(self, answer, **context):
        if not callable(answer):
            raise Unreadable("Hand in the function itself: its name, without brackets behind it.")
        outcomes = self.outcomes(answer)
        if all(outcome.error is None and is_blank(outcome.value) for outcome in outcomes):
            return Feedback("open", "Write the body of your function; end it with `return`.")
        if any(outcome.changed_input for outcome in outcomes):
            return Feedback(
                "wrong",
                "Your function changes the array it was given, and with it the caller's own data. "
                "Compute a new one and return that: `a = a - b`, not `a -= b`.",
            )
        expected = self.outcomes(self.reference)
        if agree(outcomes, expected):
            return Feedback("right")
        for mistake, message in self.mistakes.items():
            if agree(outcomes, self.outcomes(mistake)):
                return Feedback("wrong", message)
        return self.counterexample(outcomes, expected)

    def right(self, **context):
        return self.reference

    def wrong(self, **context):
        return list(self.mistakes)

    def outcomes(self, function):
        return [call(function, case) for case in self.cases]

    def counterexample(self, outcomes, expected):
        for case, outcome, wanted in zip(self.cases, outcomes, expected, strict=True):
            arguments = ", ".join(brief.repr(argument) for argument in case)
            if outcome.error is not None:
                came = f"stops with {quote(outcome.error)}"
                return Feedback("wrong", f"For the arguments ({arguments}) your function {came}.")
            if not same(outcome.value, wanted.value):
                came = f"returns {brief.repr(outcome.value)}, which is not what was asked"
                return Feedback("wrong", f"For the arguments ({arguments}) your function {came}.")


def call(function, arguments):
    """Call a function on copies of the arguments and note what comes of it."""
    given = copy.deepcopy(arguments)
    try:
        value, error = function(*given), None
    except (Exception, SystemExit) as raised:
        value, error = None, raised
    changed = not all(same(a, b) for a, b in zip(given, arguments, strict=True))
    return Outcome(value, error, changed)


def is_blank(value):
    """Tell whether a function returned nothing: its body is still ``...``, or lacks a `return`."""
    return value is None or value is ...


def agree(outcomes, others):
    """Tell whether two functions came to the same in every case."""
    return all(
        type(a.error) is type(b.error) and same(a.value, b.value)
        for a, b in zip(outcomes, others, strict=True)
    )


def same(a, b):
    """Tell whether two values are equal: numbers and arrays up to rounding."""
    try:
        a, b = np.squeeze(np.asarray(a)), np.squeeze(np.asarray(b))
    except ValueError:  # nested lists of unequal length
        return False
    if a.shape != b.shape:
        return False
    if all(np.issubdtype(array.dtype, np.number) for array in (a, b)):
        return bool(np.allclose(a, b, equal_nan=True))
    return bool(np.array_equal(a, b))
