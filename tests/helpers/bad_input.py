"""How a call with a bad argument is tried: what a `Call` is, and what a refusal must be like.

The table itself stands in ``tests/bad_input``, the values that it hands in in `bad_values`.
"""

import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPRegressor

import course_utils
from course_utils import progress

PACKAGE = str(Path(course_utils.__file__).parent)
LONGEST = 500  # characters of a message


@dataclass(frozen=True)
class Made:
    """A value that is made anew for each case, such as a generator."""

    make: object


@dataclass(frozen=True)
class Call:
    """A function with arguments that it accepts, and what it must refuse or accept beside them.

    Attributes
    ----------
    function : callable
    good : dict of str to object
        Its arguments by name.
    bad : dict of str to dict of str to (value, words)
        For each argument: a label, a value that it must refuse, and words of the message, which
        must hold the name of the argument as well.
    works : dict of str to dict of str to (value, same as)
        Values that look bad and are not, and a plain value that gives the same result.
    called : dict of str to str
        What messages call an argument where it is not its own name.
    name : str
        By default the function's own.
    theirs : bool
        Whether scikit-learn may refuse instead of us, as in estimators of its kind.
    """

    function: object
    good: dict
    bad: dict
    works: dict = field(default_factory=dict)
    called: dict = field(default_factory=dict)
    name: str = ""
    theirs: bool = False

    def __str__(self):
        return self.name or self.function.__name__


def made(value):
    """Return a value of the table, made anew if it is a `Made`."""
    return value.make() if isinstance(value, Made) else value


def arguments(call, **changed):
    """Return the good arguments of a call, made anew where they must be, some changed."""
    return {name: made(value) for name, value in {**call.good, **changed}.items()}


def cases(table, kind):
    """Return the pytest parameters of a table: one per value that is ``"bad"`` or ``"works"``."""
    return [
        pytest.param(call, argument, *entry, id=f"{call}-{argument}-{label}")
        for call in table
        for argument, values in getattr(call, kind).items()
        for label, entry in values.items()
    ]


def forbid_training(monkeypatch):
    """Let any training fail the test, past whatever catches errors."""

    def train(*args, **kwargs):
        pytest.fail("training has begun")

    trainers = [(progress, "tqdm")]  # every training opens a bar
    for estimator in (SGDRegressor, SGDClassifier, MLPRegressor):
        trainers += [(estimator, "fit"), (estimator, "partial_fit")]
    if "keras" in sys.modules:
        model = sys.modules["keras"].Model
        trainers += [(model, "fit"), (model, "train_on_batch")]
    for owner, name in trainers:
        monkeypatch.setattr(owner, name, train)


def check_refusal(call, argument, value, words):
    """Assert that a call with a bad argument is refused as a reader deserves it."""
    given = arguments(call, **{argument: value})
    figures = plt.get_fignums()
    with pytest.raises((TypeError, ValueError)) as caught:
        call.function(**given)
    message = str(caught.value)
    assert call.called.get(argument, argument) in message
    assert words in message
    assert "np." not in message, "a number as NumPy writes it"
    if not call.theirs:
        assert len(message) <= LONGEST, f"{len(message)} characters"
        innermost = traceback.extract_tb(caught.value.__traceback__)[-1].filename
        assert innermost.startswith(PACKAGE), f"{innermost} says: {message}"
    assert plt.get_fignums() == figures, "a figure is left half drawn"


def check_same(call, argument, value, plain):
    """Assert that two values of an argument give the same result."""
    results = [call.function(**arguments(call, **{argument: v})) for v in (value, plain)]
    plt.close("all")
    if isinstance(results[0], pd.DataFrame):
        pd.testing.assert_frame_equal(*results)
    elif isinstance(results[0], (int, float, list, tuple, dict, np.ndarray)):
        np.testing.assert_equal(*results)
    else:
        assert type(results[0]) is type(results[1])


def refusals_and_works(table):
    """Return the two tests of a table: what is bad is refused in words, what is good works."""

    @pytest.mark.parametrize(("call", "argument", "value", "words"), cases(table, "bad"))
    def test_is_refused_in_words(call, argument, value, words, monkeypatch):
        forbid_training(monkeypatch)
        check_refusal(call, argument, value, words)

    @pytest.mark.parametrize(("call", "argument", "value", "plain"), cases(table, "works"))
    def test_works(call, argument, value, plain):
        check_same(call, argument, value, plain)

    return test_is_refused_in_words, test_works
