"""Checks of features and targets, as scikit-learn's estimators take them."""

from numbers import Real

import numpy as np
import pandas as pd
from scipy.sparse import issparse

from course_utils.validation.words import plain, told


def as_features(x, name="x"):
    """Return `x` as a float array of shape (n_samples, n_features), without a missing cell."""
    columns = list(x.columns) if isinstance(x, pd.DataFrame) else None
    as_array(x, name, "a table (n_samples, n_features)")
    _refuse_kinds(x, name)
    try:
        values = np.asarray(x, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"{name} holds something that is not a number ({error}); encode it first."
        ) from None
    if values.ndim != 2:
        raise ValueError(
            f"{name} has shape {values.shape}; give a table (n_samples, n_features)"
            + (f", such as {name}.reshape(-1, 1)." if values.ndim == 1 else ".")
        )
    if 0 in values.shape:
        raise ValueError(f"{name} has shape {values.shape}; it needs a row and a column at least.")
    bad = ~np.isfinite(values)
    if bad.any():
        row, column = np.argwhere(bad)[0]
        raise ValueError(
            f"{name} holds {values[row, column]} in column "
            f"{plain(columns[column] if columns else column)!r}, row {row} ({bad.sum()} such "
            "cells in all); drop those rows or fill them in first."
        )
    return values


def as_array(values, name, wanted):
    """Return what NumPy makes of a list or a table, but not of anything else."""
    if issparse(values):
        raise TypeError(f"{name} is a sparse matrix; give {name}.toarray().")
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} is a masked array with {np.ma.getmaskarray(values).sum()} masked cells; drop "
            f"their rows or fill them in first, such as {name}.filled(0)."
        )
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give {wanted}.") from None
    if array.ndim == 0:
        raise TypeError(f"{name} is {told(values)}; give {wanted} in a list or an array.")
    return array


def _refuse_kinds(values, name, text=True):
    """Raise an error for cells that NumPy would turn into numbers without a word."""
    columns = values.items() if isinstance(values, pd.DataFrame) else [(None, values)]
    for column, cells in columns:
        where = name if column is None else f"{name}, column {plain(column)!r},"
        cells = np.ravel(cells)
        kind = pd.api.types.infer_dtype(cells)
        if "date" in kind or "time" in kind:
            raise ValueError(
                f"{where} holds dates or times; turn them into numbers that mean something, "
                "such as the day of the year."
            )
        if kind == "complex":
            raise ValueError(f"{where} holds complex numbers; give real ones, such as x.real.")
        if not text or cells.dtype.kind in "fiub":
            continue
        texts = [cell for cell in cells if isinstance(cell, str)]
        if texts:
            raise ValueError(
                f"{where} holds the text {str(texts[0])!r}, which is not a number; convert numbers "
                "in text by .astype(float), and encode other text first."
            )


def as_targets(y, n_samples, name="y"):
    """Return `y` as an array with one label or number per row of the features."""
    values = as_array(y, name, "one value per row")
    _refuse_kinds(y, name, text=False)
    if values.dtype == object and all(isinstance(v, (Real, np.bool_)) for v in values.flat):
        values = np.array(values.tolist())
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1:
        raise ValueError(f"{name} has shape {values.shape}; give one value per row.")
    if len(values) != n_samples:
        raise ValueError(
            f"{name} has {len(values)} values for {n_samples} rows; "
            "x and y must come from the same rows."
        )
    infinite = np.isinf(values) if values.dtype.kind == "f" else np.zeros(len(values), dtype=bool)
    for kind, bad in (("missing", pd.isna(values)), ("infinite", infinite)):
        if bad.any():
            raise ValueError(
                f"{name} has {bad.sum()} {kind} values, the first in row {bad.argmax()}; "
                "drop those rows first."
            )
    return values


def check_pair(validation_data):
    """Raise an error unless this is a pair, as validation data are."""
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
        raise TypeError(
            f"validation_data is {told(validation_data)}; give a pair, such as (X_test, y_test)."
        )


def as_validation_data(validation_data, n_features):
    """Return the pair (x, y), checked against the training features; None stays None."""
    if validation_data is None:
        return None
    check_pair(validation_data)
    x = as_features(validation_data[0], "validation_data[0]")
    if x.shape[1] != n_features:
        raise ValueError(
            f"validation_data[0] has {x.shape[1]} columns and x has {n_features}; "
            "give both the same columns in the same order."
        )
    return x, as_targets(validation_data[1], len(x), "validation_data[1]")


def check_labels(y, validation_data, classes):
    """Raise an error unless `y`, and the validation labels, suit a classifier of these classes.

    With `classes` None, they must suit a regressor.
    """
    if classes is None:
        targets = {"y": y}
        if validation_data is not None:
            targets["validation_data[1]"] = validation_data[1]
        for name, values in targets.items():
            if not np.issubdtype(values.dtype, np.number):
                raise ValueError(
                    f"{name} holds {plain(values[0])!r}; a regressor needs numbers: convert text "
                    "by .astype(float), or give a classifier."
                )
        return
    if len(classes) < 2:
        raise ValueError(f"y holds one class only, {plain(classes[0])!r}; a classifier needs two.")
    unknown = set() if validation_data is None else set(validation_data[1]) - set(classes)
    if unknown:
        raise ValueError(
            f"validation_data holds labels that y lacks: {told(sorted(map(plain, unknown)))}; "
            "split again so that every class is in both parts (stratify=y)."
        )


def check_settings(estimator, name):
    """Raise an error if a parameter of an estimator of scikit-learn has a value that cannot be."""
    try:
        getattr(estimator, "_validate_params", list)()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} has a parameter that cannot be used: {error}") from None
