import numpy as np
import pytest

from course_utils import descend, stability_limits


def test_rates_and_momenta_broadcast():
    path = descend([1.0, 2.0], [1.0, 1.0], [[0.1], [0.2]], [0.0, 0.5, 0.9], steps=7)
    assert path.shape == (2, 3, 8, 2)


def test_a_single_rate_gives_a_single_path():
    assert descend(1.0, 4.0, 0.5, steps=2).tolist() == [[4.0], [2.0], [1.0]]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"hessian": [1.0, 2.0], "start": [1.0]}, "one number per dimension"),
        ({"hessian": [[1.0, 2.0], [0.0, 1.0]], "start": [1.0, 1.0]}, "not symmetric"),
        ({"hessian": [[1.0, 2.0, 3.0]], "start": [1.0]}, "square matrix"),
        ({"learning_rate": np.nan}, "learning_rate holds a number that is not finite"),
        ({"learning_rate": "fast"}, "learning_rate is 'fast'"),
        ({"momentum": np.inf}, "momentum holds"),
        ({"steps": -1}, "steps is -1"),
        ({"steps": 2.5}, "whole number"),
    ],
)
def test_bad_input_to_descend(arguments, words):
    with pytest.raises((TypeError, ValueError), match=words):
        descend(**{"hessian": 1.0, "start": 1.0, "learning_rate": 0.1} | arguments)


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ([1.0, 2.0], r"X has shape \(2,\)"),
        ([[np.nan]], "X holds nan"),
        (np.empty((0, 2)), "a row and a column"),
        ([["tall"]], "not a number"),
    ],
)
def test_bad_input_to_stability_limits(X, words):
    with pytest.raises(ValueError, match=words):
        stability_limits(X)


def test_features_that_are_zero_everywhere_have_no_limit():
    with pytest.raises(ValueError, match="zero everywhere"):
        stability_limits([[0.0, 0.0]], fit_intercept=False)


def test_a_column_that_never_varies_is_left_out():
    doubled = stability_limits([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], fit_intercept=False)
    assert doubled.condition_number == pytest.approx(1.0)
