"""Checks of what a range test is asked to do, made before any work starts."""

from numbers import Real

import numpy as np

from course_utils.validation import as_count


def as_rates(start, end, steps):
    """Return `steps` rates from `start` to `end`, each the same factor above the one before."""
    start, end = _as_rate(start, "start"), _as_rate(end, "end")
    if start >= end:
        raise ValueError(
            f"start is {start:g} and end is {end:g}; the test goes upwards, so give a start below "
            "the end, such as 1e-6 and 10."
        )
    return np.geomspace(start, end, as_count(steps, "steps", minimum=10))


def as_smoothing(smoothing):
    """Return the smoothing as a float from 0 to below 1."""
    if isinstance(smoothing, bool) or not isinstance(smoothing, (Real, np.number)):
        raise TypeError(f"smoothing is {smoothing!r}; give a number from 0 to below 1.")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing is {smoothing}; give a number from 0 to below 1, such as 0.9.")
    return float(smoothing)


def check_instance(model):
    """Raise an error if the model is a class."""
    if isinstance(model, type):
        raise TypeError(
            f"model is the class {model.__name__}; give an instance, such as {model.__name__}(...)."
        )


def _as_rate(value, name):
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, np.number)):
        raise TypeError(f"{name} is {value!r}; give a learning rate, a number above 0.")
    if not np.isfinite(value) or value <= 0:
        raise ValueError(f"{name} is {value}; give a finite learning rate above 0, such as 1e-6.")
    return float(value)
