"""Checks of what the caller hands in, made before any work starts.

Every message says what was got, what is allowed, and what to do.
"""

import inspect
from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np


def plain(value):
    """Return a NumPy scalar as a plain Python value, for messages; all else as it is."""
    lone = isinstance(value, np.generic) or (isinstance(value, np.ndarray) and value.ndim == 0)
    return value.item() if lone else value


def told(value, longest=80):
    """Return a value as a message shows it, in at most `longest` characters."""
    value = plain(value)
    if getattr(value, "shape", ()):
        return f"a {type(value).__name__} of shape {tuple(value.shape)}"
    if isinstance(value, (list, tuple)):
        value = type(value)(map(plain, value)) if type(value) in (list, tuple) else list(value)
    if isinstance(value, dict):
        value = {key: plain(each) for key, each in value.items()}
    text = " ".join(repr(value).split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def as_number(value, name, *, least=-np.inf, above=-np.inf, below=np.inf, most=np.inf):
    """Return `value` as a finite float, at least `least`, above `above`, and so on."""
    if not is_number(value):
        raise TypeError(f"{name} is {told(value)}; give a number.")
    number = float(value)
    if not (np.isfinite(number) and least <= number <= most and above < number < below):
        bounds = {"at least": least, "above": above, "below": below, "at most": most}
        words = [f"{word} {bound:g}" for word, bound in bounds.items() if np.isfinite(bound)]
        allowed = " ".join(["a finite number", " and ".join(words)]).strip()
        raise ValueError(f"{name} is {told(value)}; it must be {allowed}.")
    return number


def as_numbers(values, name, *, finite=True, above=-np.inf):
    """Return numbers, one or an array of any shape, as floats, all above `above`."""
    kind = "finite numbers" if finite else "numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give {kind}.") from None
    of_numbers = array.dtype == object and array.ndim and all(map(is_number, array.flat))
    if array.dtype.kind not in "iuf" and not of_numbers:
        raise TypeError(f"{name} is {told(values)}; give {kind}.")
    array = array.astype(float)
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite; give finite numbers.")
    if np.isfinite(above) and (array <= above).any():
        raise ValueError(f"{name} holds {array.min():g}; give finite numbers above {above:g}.")
    return array


def as_named_numbers(values, name, *, above=-np.inf):
    """Return a dict of label and number, each above `above`; None gives an empty one."""
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} is {told(values)}; give a dict of labels and numbers.")
    return {k: as_number(value, f"{name}[{k!r}]", above=above) for k, value in values.items()}


def as_learning_rates(learning_rates):
    """Return the rates as a list of distinct positive floats, in the order given."""
    rates = as_distinct(learning_rates, "learning_rates", "rate", "number", "[0.1, 0.01]")
    return [as_number(rate, "a rate in learning_rates", above=0) for rate in rates]


def as_seeds(seeds):
    """Return the seeds as a list of distinct ints that NumPy accepts."""
    seeds = as_distinct(seeds, "seeds", "seed", "whole number", "seeds(10)")
    return [as_seed(seed, "a seed in seeds") for seed in seeds]


def as_count(value, name, minimum=1):
    """Return `value` as an int of at least `minimum`."""
    if not is_number(value, "whole number"):
        raise TypeError(f"{name} is {told(value)}; give a whole number of at least {minimum}.")
    if value < minimum:
        raise ValueError(f"{name} is {value}; it must be at least {minimum}.")
    return int(value)


def as_seed(value, name):
    """Return `value` as an int that NumPy accepts as a seed."""
    if as_count(value, name, minimum=0) >= 2**32:
        raise ValueError(f"{name} is {value}; NumPy takes seeds below 2**32.")
    return int(value)


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


def as_distinct(values, name, one, kind, example):
    """Return several values of a kind, or a single one, as a list in which no value repeats."""
    values = plain(values)
    values = [values] if is_number(values, kind) else values
    wanted = f"a list of {kind}s, such as {example}"
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise TypeError(f"{name} is {told(values)}; give {wanted}.")
    values = list(values)
    for value in values:
        if not is_number(value, kind):
            raise TypeError(f"{name} holds {told(value)}, which is not a {kind}; give {wanted}.")
    if not values:
        raise ValueError(f"{name} is empty; give at least one {one}, such as {example}.")
    if len(set(values)) < len(values):
        raise ValueError(f"{name} is {told(values)}, one given twice; give none more than once.")
    return values


def is_number(value, kind="number"):
    """Return whether this is a real number, or a whole one; no bool is."""
    numbers = Integral if kind == "whole number" else Real
    return isinstance(value, numbers) and not isinstance(value, bool)


def as_data(x, y, validation_data=None, *, for_network=True):
    """Return the data as arrays; a sample, and a target, of a network may have any shape."""
    given_x, x = x, as_features(x, any_shape=for_network)
    y = as_targets(y, len(x), for_network=for_network)
    if validation_data is None:
        return x, y, None
    check_pair(validation_data)
    validation_x = as_features(validation_data[0], "validation_data[0]", any_shape=for_network)
    if validation_x.shape[1:] != x.shape[1:]:
        got, wanted = ("×".join(map(str, data.shape[1:])) for data in (validation_x, x))
        raise ValueError(
            f"validation_data[0] has {got} columns and x has {wanted}; give both the same columns "
            "in the same order."
        )
    columns, wanted = (list(getattr(v, "columns", ())) for v in (validation_data[0], given_x))
    if columns and wanted and columns != wanted:
        raise ValueError(
            f"validation_data[0] has the columns {told(columns)} and x has {told(wanted)}; give "
            "both the same columns in the same order."
        )
    n_samples, name = len(validation_x), "validation_data[1]"
    validation_y = as_targets(validation_data[1], n_samples, name, for_network=for_network)
    return x, y, (validation_x, validation_y)


def as_features(x, name="x", *, any_shape=False):
    """Return `x` as floats (n_samples, n_features) or, with `any_shape`, (n_samples, …)."""
    array = _as_array(x, name, "a table (n_samples, n_features)")
    _refuse_kinds(x, name)
    try:
        values = array if array.ndim > 2 and array.dtype.kind in "fiu" else np.asarray(x, float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds what is not a number ({error}); encode it first.") from None
    if values.ndim < 2 or (values.ndim > 2 and not any_shape) or 0 in values.shape:
        advice = f", such as {name}.reshape(-1, 1)" if values.ndim == 1 else ""
        raise ValueError(
            f"{name} has shape {values.shape}; give a table (n_samples, n_features) with a row and "
            f"a column at least{advice}."
        )
    bad = ~np.isfinite(values)
    if bad.any():
        cell = tuple(np.argwhere(bad)[0])
        columns = getattr(x, "columns", range(values.shape[1]))
        where = f"column {plain(columns[cell[1]])!r}, " if values.ndim == 2 else ""
        raise ValueError(
            f"{name} holds {values[cell]} in {where}row {cell[0]} ({bad.sum()} such cells in all); "
            "drop those rows or fill them in first."
        )
    return values


def as_targets(y, n_samples, name="y", *, for_network=False):
    """Return `y` as labels or numbers (n_samples,); for a network, numbers (n_samples, …)."""
    import pandas as pd

    values = _as_array(y, name, "one value per row")
    _refuse_kinds(y, name, text=False)
    if values.ndim == 2 and values.shape[1] == 1 and not for_network:
        values = values[:, 0]
    if values.ndim != 1 and not for_network:
        raise ValueError(f"{name} has shape {values.shape}; give one value per row.")
    if len(values) != n_samples:
        raise ValueError(f"{name} has {len(y)} values for {n_samples} rows; give the same rows.")
    bad = pd.isna(values) | (np.isinf(values) if values.dtype.kind == "f" else False)
    if bad.any():
        raise ValueError(
            f"{name} has {bad.sum()} infinite or missing values, the first in row "
            f"{np.argwhere(bad)[0][0]}; drop those rows first."
        )
    if for_network and values.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {plain(values.flat[0])!r}; Keras needs numbers, so encode the labels as "
            "0, 1, 2, …"
        )
    return values


def check_pair(validation_data):
    """Raise an error unless this is a pair, as validation data are."""
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
        raise TypeError(f"validation_data is {told(validation_data)}; give a pair (x, y).")


def check_labels(y, validation_data, classes):
    """Raise an error unless all labels suit a classifier; without classes, a regressor."""
    validation_y = np.array([]) if validation_data is None else validation_data[1]
    for name, values in (("y", y), ("validation_data[1]", validation_y)):
        if classes is None and not np.issubdtype(values.dtype, np.number):
            raise ValueError(
                f"{name} holds {plain(values[0])!r}; a regressor needs numbers: convert text by "
                ".astype(float), or give a classifier."
            )
    if classes is None:
        return
    if len(classes) < 2:
        raise ValueError(f"y holds one class only, {plain(classes[0])!r}; a classifier needs two.")
    if unknown := set(validation_y) - set(classes):
        raise ValueError(
            f"validation_data holds labels that y lacks: {told(sorted(map(plain, unknown)))}; "
            "split again so that every class is in both parts (stratify=y)."
        )


def _as_array(values, name, wanted):
    """Return what NumPy makes of a list or a table, but not of anything else."""
    if hasattr(values, "toarray"):
        raise TypeError(f"{name} is a sparse matrix; give {name}.toarray().")
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} is a masked array with {np.ma.count_masked(values)} masked cells; drop their "
            f"rows or fill them in first, such as {name}.filled(0)."
        )
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give {wanted}.") from None
    if array.ndim == 0:
        raise TypeError(f"{name} is {told(values)}; give {wanted} in a list or an array.")
    if array.dtype == object and all(isinstance(value, (Real, np.bool_)) for value in array.flat):
        array = np.array(array.tolist())
    return array


def _refuse_kinds(values, name, text=True):
    """Raise an error for cells that NumPy would turn into numbers without a word."""
    import pandas as pd

    columns = values.items() if isinstance(values, pd.DataFrame) else [(None, values)]
    for column, cells in columns:
        cells = np.ravel(cells)
        if cells.dtype.kind in "fiub":
            continue
        where = name if column is None else f"{name}, column {plain(column)!r},"
        kind = pd.api.types.infer_dtype(cells)
        if "date" in kind or "time" in kind:
            raise ValueError(f"{where} holds dates or times; turn them into numbers first.")
        if kind == "complex":
            raise ValueError(f"{where} holds complex numbers; give real ones, such as x.real.")
        if text and (texts := [cell for cell in cells if isinstance(cell, str)]):
            raise ValueError(
                f"{where} holds the text {str(texts[0])!r}, which is not a number; convert numbers "
                "in text by .astype(float), and encode other text first."
            )


def check_settings(estimator, name):
    """Raise an error if a parameter of an estimator of scikit-learn has a value that cannot be."""
    try:
        getattr(estimator, "_validate_params", list)()
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} has a parameter that cannot be used: {error}") from None


def check_builder(build_model, name="build_model", or_else=""):
    """Raise an error unless this is a function that can be called without arguments."""
    is_model = hasattr(build_model, "compile") and not isinstance(build_model, type)
    problem = None if callable(build_model) and not is_model else "which is not a function"
    try:
        inspect.signature(build_model).bind()
    except ValueError:  # it has no signature that Python could read
        pass
    except TypeError as error:
        problem = problem or f"which cannot be called without arguments ({error})"
    if problem:
        raise TypeError(
            f"{name} is {told(build_model)}, {problem}; give a function without arguments that "
            f"returns a compiled model, without calling it: lambda: build_model(64){or_else}."
        )
