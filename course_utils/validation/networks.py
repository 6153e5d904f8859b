"""Checks of what a network is trained with: the data, and the function that builds it."""

import inspect
from numbers import Real

import numpy as np

from course_utils.validation.data import as_array, as_features, as_targets, check_pair
from course_utils.validation.words import plain, told


def as_data(x, y, validation_data=None):
    """Return (x, y, validation_data) as arrays without a missing cell, rows and columns matching.

    Raises
    ------
    TypeError, ValueError
        If they cannot be used.
    """
    x = _as_inputs(x, "x")
    y = _as_outputs(y, "y", len(x))
    if validation_data is None:
        return x, y, None
    check_pair(validation_data)
    validation_x = _as_inputs(validation_data[0], "validation_data[0]")
    if validation_x.shape[1:] != x.shape[1:]:
        raise ValueError(
            f"validation_data[0] has rows of shape {validation_x.shape[1:]} and x has rows of "
            f"shape {x.shape[1:]}; give both the same columns in the same order."
        )
    validation_y = _as_outputs(validation_data[1], "validation_data[1]", len(validation_x))
    return x, y, (validation_x, validation_y)


def check_builder(build_model, name="build_model", or_else=""):
    """Raise an error unless this is a function that can be called without arguments."""
    is_model = hasattr(build_model, "compile") and not isinstance(build_model, type)
    if is_model or not callable(build_model):
        raise TypeError(
            f"{name} is {told(build_model)}; give a function that returns a compiled model, "
            f"without calling it: build_model, not build_model(){or_else}."
        )
    try:
        inspect.signature(build_model).bind()
    except ValueError:  # it has no signature that Python could read
        return
    except TypeError as error:
        raise TypeError(
            f"{name} is {told(build_model)}, which cannot be called without arguments "
            f"({error}); give a function that needs none, such as lambda: build_model(64)."
        ) from None


def _as_inputs(x, name):
    values = _unboxed(as_array(x, name, "a table (n_samples, n_features)"))
    if values.ndim <= 2:
        return as_features(x, name)
    if values.size == 0 or values.dtype.kind not in "fiu" or not np.isfinite(values).all():
        raise ValueError(f"{name} is empty or holds missing cells; give finite numbers.")
    return values


def _as_outputs(y, name, n_rows):
    values = _unboxed(as_array(y, name, "one value per row"))
    if values.ndim < 2:
        values = as_targets(y, n_rows, name)
    if len(values) != n_rows:
        raise ValueError(
            f"{name} has {len(values)} rows for {n_rows} rows of features; "
            "x and y must come from the same rows."
        )
    if values.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {plain(values.flat[0])!r}; Keras needs numbers, so encode the labels as "
            "0, 1, 2, …"
        )
    bad = ~np.isfinite(values)
    if bad.any():
        raise ValueError(
            f"{name} has {bad.sum()} missing or infinite values, the first in row "
            f"{np.argwhere(bad)[0][0]}; drop those rows first."
        )
    return values


def _unboxed(values):
    """Return an array of Python's own numbers as one of NumPy's; any other as it is."""
    if values.dtype == object and all(isinstance(value, Real) for value in values.flat):
        return np.array(values.tolist())
    return values
