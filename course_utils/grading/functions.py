"""The grader of exercises whose answer is a function."""

import copy
import reprlib
import sys
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from course_utils.grading.graders import Grader, Unreadable, quote

TIME_LIMIT = 5.0  # seconds for a learner's function, all cases together
brief = reprlib.Repr()
brief.maxother = 120


class StillRunning(BaseException):
    """Stops a function that takes too long; an ``except Exception`` in it lets this pass."""


class Outcome(NamedTuple):
    """What one call of a function came to."""

    value: object
    error: BaseException | None
    changed_input: bool


@dataclass(frozen=True)
class Function(Grader):
    """A function, tried on cases and compared with the right one and with typical wrong ones.

    The target and the mistakes are functions. A learner's function that agrees with a mistake in
    all cases has made that mistake.
    """

    cases: Sequence[tuple] = field(kw_only=True)  # arguments that make every mistake show

    def read(self, answer):
        if not callable(answer):
            raise Unreadable("Hand in the function itself: its name, without brackets behind it.")
        try:
            with time_limit(TIME_LIMIT):
                outcomes = [call(answer, case) for case in self.cases]
        except StillRunning:
            raise Unreadable(
                f"Your function has not returned after {TIME_LIMIT:g} seconds. "
                "Does every loop in it come to an end?"
            ) from None
        if all(o.error is None and (o.value is None or o.value is ...) for o in outcomes):
            raise Unreadable("Write the body of your function; end it with `return`.", "open")
        if any(outcome.changed_input for outcome in outcomes):
            raise Unreadable(
                "Your function changes the array it was given, and with it the caller's own data. "
                "Compute a new one and return that: `a = a - b`, not `a -= b`."
            )
        return outcomes

    def same(self, given, function):
        expected = [call(function, case) for case in self.cases]
        return all(map(agree, given, expected))

    def otherwise(self, given):
        for case, outcome in zip(self.cases, given, strict=True):
            if not agree(outcome, call(self.target, case)):
                came = (
                    f"stops with {quote(outcome.error)}"
                    if outcome.error is not None
                    else f"returns {brief.repr(outcome.value)}, which is not what was asked"
                )
                arguments = ", ".join(map(shortly, case))
                return f"For the arguments ({arguments}) your function {came}."


def shortly(argument):
    """Return an argument in a few words: a table by its size."""
    if hasattr(argument, "columns"):
        return f"a table of {len(argument)} rows"
    return brief.repr(argument)


def call(function, case):
    """Call a function on copies of the arguments."""
    given = copy.deepcopy(case)
    try:
        value, error = function(*given), None
    except (Exception, SystemExit) as raised:
        value, error = None, raised
    return Outcome(value, error, not all(map(equal, given, case)))


@contextmanager
def time_limit(seconds):
    """Raise `StillRunning` in Python code that is called here and runs for longer."""
    end = time.monotonic() + seconds

    def trace(frame, event, argument):
        if time.monotonic() > end:
            raise StillRunning
        return trace

    before = sys.gettrace()
    sys.settrace(trace)  # on every system and in every thread, unlike a signal
    try:
        yield
    finally:
        sys.settrace(before)


def agree(a, b):
    """Tell whether two outcomes are the same."""
    return type(a.error) is type(b.error) and equal(a.value, b.value)


def equal(a, b):
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
