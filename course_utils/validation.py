"""Checks of what the caller hands in, made before any work starts.

Every message says what was got, what is allowed, and what to do.
"""

from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np
import pandas as pd
from scipy.sparse import issparse

LONGEST = 80  # characters of a value in a message


def as_learning_rates(learning_rates):
    """Return the rates as a list of distinct positive floats, in the order given."""
    learning_rates = plain(learning_rates)
    if _is_number(learning_rates):
        learning_rates = [learning_rates]
    if isinstance(learning_rates, str) or not isinstance(learning_rates, Iterable):
        raise TypeError(
            f"learning_rates is {told(learning_rates)}; give a list of numbers, such as "
            "[0.1, 0.01]."
        )
    rates = [_as_positive_rate(rate) for rate in learning_rates]
    if not rates:
        raise ValueError("learning_rates is empty; give at least one rate, such as [0.01].")
    repeated = sorted({rate for rate in rates if rates.count(rate) > 1})
    if repeated:
        raise ValueError(
            f"learning_rates holds {repeated} more than once; give each rate once "
            "(use seeds to repeat a run)."
        )
    return rates


def _as_positive_rate(rate):
    if not _is_number(rate):
        raise TypeError(
            f"learning_rates holds {told(rate)}, which is not a number; "
            "give numbers above 0, such as 0.01."
        )
    rate = float(rate)
    if not np.isfinite(rate) or rate <= 0:
        raise ValueError(
            f"learning_rates holds {rate}; a learning rate is a finite number above 0, "
            "such as 0.01."
        )
    return rate


def as_count(value, name, minimum=1):
    """Return `value` as an int of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {told(value)}; give a whole number of at least {minimum}.")
    if value < minimum:
        raise ValueError(f"{name} is {value}; it must be at least {minimum}.")
    return int(value)


def as_seeds(seeds):
    """Return the seeds as a list of distinct ints that NumPy accepts."""
    if isinstance(seeds, Integral) and not isinstance(seeds, bool):
        seeds = [seeds]
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds is {told(seeds)}; give a list of whole numbers, such as seeds(10).")
    seeds = [as_count(seed, "a seed in seeds", minimum=0) for seed in seeds]
    if not seeds:
        raise ValueError("seeds is empty; give at least one, such as seeds(1).")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds is {seeds}; a seed given twice would give the same run twice.")
    if max(seeds) >= 2**32:
        raise ValueError(f"seeds holds {max(seeds)}; NumPy takes seeds below 2**32.")
    return seeds


def as_flag(value, name):
    """Return `value` as a bool; a text such as "False" counts as true in Python."""
    if not isinstance(value, (bool, np.bool_)) and not (type(value) is int and value in (0, 1)):
        raise TypeError(f"{name} is {told(value)}; give True or False.")
    return bool(value)


def as_choice(value, name, choices):
    """Return `value`, one of some strings."""
    if not isinstance(value, str) or value not in choices:
        kind = ValueError if isinstance(value, str) else TypeError
        raise kind(f"{name} is {told(value)}; choose one of {', '.join(map(repr, choices))}.")
    return value


def as_numbers(values, name, finite=True, above=-np.inf):
    """Return numbers, one or an array of any shape, as floats, all above `above`."""
    kind = "finite numbers" if finite else "numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give {kind}.") from None
    of_numbers = array.dtype == object and array.ndim and all(map(_is_number, array.flat))
    if array.dtype.kind not in "iuf" and not of_numbers:
        raise TypeError(f"{name} is {told(values)}; give {kind}.")
    array = array.astype(float)
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite; give finite numbers.")
    if (array <= above).any():
        raise ValueError(f"{name} holds {array.min():g}; give finite numbers above {above:g}.")
    return array


def as_features(x, name="x"):
    """Return `x` as a float array of shape (n_samples, n_features), without a missing cell."""
    columns = list(x.columns) if isinstance(x, pd.DataFrame) else None
    _as_array(x, name, "a table (n_samples, n_features)")
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


def _as_array(values, name, wanted):
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


def plain(value):
    """Return a NumPy scalar as a plain Python value, for messages; all else as it is."""
    lone = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)
    return value.item() if lone else value


def told(value):
    """Return a value as a message shows it, in a few words."""
    value = plain(value)
    if getattr(value, "shape", ()):
        return f"a {type(value).__name__} of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        value = type(value)(map(plain, value)) if type(value) in (list, tuple) else list(value)
    text = " ".join(repr(value).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)


def as_targets(y, n_samples, name="y"):
    """Return `y` as an array with one label or number per row of the features."""
    values = _as_array(y, name, "one value per row")
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


def as_number(value, name, least=-np.inf, above=-np.inf, below=np.inf, most=np.inf):
    """Return `value` as a finite float, at least `least`, above `above`, and so on."""
    if not _is_number(value):
        raise TypeError(f"{name} is {told(value)}; give a number.")
    number = float(value)
    if not (np.isfinite(number) and least <= number <= most and above < number < below):
        bounds = {"at least": least, "above": above, "below": below, "at most": most}
        words = [f"{word} {bound:g}" for word, bound in bounds.items() if np.isfinite(bound)]
        allowed = " ".join(["a finite number", " and ".join(words)]).strip()
        raise ValueError(f"{name} is {told(value)}; it must be {allowed}.")
    return number


def check_settings(estimator, name):
    """Raise an error if a parameter of an estimator of scikit-learn has a value that cannot be."""
    try:
        getattr(estimator, "_validate_params", list)()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} has a parameter that cannot be used: {error}") from None


def as_named_numbers(values, name, above=-np.inf):
    """Return a dict of label and number, each above `above`; None gives an empty one."""
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} is {told(values)}; give a dict of labels and numbers.")
    return {k: as_number(value, f"{name}[{k!r}]", above=above) for k, value in values.items()}


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
