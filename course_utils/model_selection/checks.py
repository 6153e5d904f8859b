"""Checks of an estimator, its grid, its folds and its scores, made before (or after) the fits."""

import difflib
from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.base import clone, is_classifier
from sklearn.metrics import check_scoring, get_scorer_names
from sklearn.model_selection import check_cv

from course_utils.validation import told

RATES = ("learning_rate", "learning_rate_init", "eta0")


def as_estimator(estimator):
    """Return `estimator` if it can be cloned, set and fitted."""
    if isinstance(estimator, type):
        raise TypeError(
            f"estimator is the class {estimator.__name__}; give an instance, "
            f"such as {estimator.__name__}()."
        )
    missing = [name for name in ("fit", "get_params", "set_params") if not hasattr(estimator, name)]
    if missing:
        raise TypeError(
            f"estimator is {told(estimator)}, which has no {missing[0]}; give an estimator in "
            "scikit-learn's sense."
        )
    return estimator


def as_param_grid(estimator, param_grid, called="param_grid"):
    """Return the grid as a list of dicts: parameter name → list of at least one value.

    Every name is one that the estimator takes, and every learning rate is above 0.
    """
    grids = [param_grid] if isinstance(param_grid, Mapping) else param_grid
    if isinstance(grids, str) or not isinstance(grids, Iterable):
        raise TypeError(
            f"{called} is {told(param_grid)}; give a dict of lists, such as "
            '{"eta0": [0.01, 0.1]}, or a list of such dicts.'
        )
    grids = list(grids)
    strangers = [grid for grid in grids if not isinstance(grid, Mapping)]
    if strangers:
        raise TypeError(
            f"{called} holds {told(strangers[0])}; give a dict of lists, such as "
            '{"eta0": [0.01, 0.1]}.'
        )
    if not grids or not all(grids):
        raise ValueError(
            f"{called} is empty; give at least one parameter with its values, such as "
            '{"eta0": [0.01, 0.1]}.'
        )
    checked = [
        {name: _as_values(f"{called}[{name!r}]", values) for name, values in grid.items()}
        for grid in grids
    ]
    for grid in checked:
        check_names(estimator, grid, called)
        check_rates(grid, called)
    return checked


def as_distributions(given):
    """Return the distributions of a random search as a list of dicts."""
    parts = [given] if isinstance(given, Mapping) else given
    if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
        raise TypeError(
            f"param_distributions is {told(given)}; give a dict of lists or distributions, "
            "or a list of such dicts."
        )
    return parts


def check_names(estimator, names, called="param_grid"):
    """Refuse a parameter that the estimator lacks, and say which one may have been meant.

    Parameters
    ----------
    estimator : estimator
    names : mapping of str to list, or iterable of str
        With values, a name may belong to an estimator that stands in the grid itself.
    called : str
        What the argument that holds the names is called.
    """
    known = set(estimator.get_params(deep=True))
    for name in names:
        if isinstance(names, Mapping):
            for value in names[name]:
                if hasattr(value, "get_params") and not isinstance(value, type):
                    known |= {f"{name}__{inner}" for inner in value.get_params(deep=True)}
        if not isinstance(name, str):
            raise TypeError(f"{called} holds the name {name!r}; a parameter's name is text.")
    for name in names:
        if name not in known and not _routed(estimator, name):
            close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
            inner = sorted(full for full in known if full.rpartition("__")[2] == name)
            meant = inner[:1] or close
            of = type(estimator).__name__
            raise ValueError(
                f"{called} names {name!r}, but {of} has no such parameter; "
                + (
                    f"did you mean {meant[0]!r}?"
                    if meant
                    else f"it has {', '.join(sorted(known))}."
                )
            )


def check_rates(grid, called="param_grid"):
    """Refuse learning rates that are not finite numbers above 0."""
    for name, values in grid.items():
        parameter = name.rpartition("__")[2]
        if parameter not in RATES:
            continue
        for value in values:
            number = isinstance(value, Real) and not isinstance(value, bool)
            schedule = parameter == "learning_rate" and isinstance(value, str)
            if schedule or hasattr(value, "rvs"):
                continue
            if not (number and np.isfinite(value) and value > 0):
                raise ValueError(
                    f"{called}[{name!r}] holds {told(value)}; a learning rate is a finite number "
                    "above 0, such as 0.01."
                )


def as_splits(estimator, cv, X, y, groups=None):
    """Return the folds as a list of (train rows, test rows), as GridSearchCV would cut them."""
    if issparse(y):
        raise TypeError("y is a sparse matrix; give y.toarray().ravel().")
    check_rows(X, y=y, groups=groups)
    classes = np.unique(y) if is_classifier(estimator) and np.ndim(y) == 1 else []
    if len(classes) == 1:
        raise ValueError(f"y holds one class only, {told(classes[0])}; a classifier needs two.")
    with _cv_named(cv):
        splitter = check_cv(cv, y, classifier=is_classifier(estimator))
        n_splits = splitter.get_n_splits(X, y, groups)
    stratified = "Stratified" in type(splitter).__name__
    if stratified and y is not None:
        classes, counts = np.unique(np.asarray(y), return_counts=True)
        # A repeated splitter cuts `n_splits / n_repeats` folds at a time.
        n_folds = n_splits // getattr(splitter, "n_repeats", 1)
        if "Shuffle" not in type(splitter).__name__ and counts.min() < n_folds:
            raise ValueError(
                f"cv cuts {n_folds} folds, but class {classes[counts.argmin()].item()!r} has "
                f"{counts.min()} rows; use cv={max(counts.min(), 2)} at most, or join rare classes."
            )
    with _cv_named(cv):
        return list(splitter.split(X, y, groups))


@contextmanager
def _cv_named(cv):
    """Say of an error of a splitter which argument it is about."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise ValueError(f"cv is {told(cv)}, which cuts no folds: {error}") from None


def check_rows(X, **others):
    """Raise an error unless `X` has rows, and all others as many, or are None."""
    n_rows = _n_rows(X, "X")
    if not n_rows:
        raise ValueError("X has no rows; give some.")
    for name, values in others.items():
        if values is not None and _n_rows(values, name) != n_rows:
            raise ValueError(
                f"{name} has {_n_rows(values, name)} rows and X has {n_rows}; both must come from "
                "the same rows."
            )


def _n_rows(data, name):
    if getattr(data, "shape", ()):
        return data.shape[0]
    if not isinstance(data, (list, tuple)):
        raise TypeError(f"{name} is {told(data)}; give a list or an array with a row per sample.")
    return len(data)


def as_scorer(estimator, scoring):
    """Return the scorer of a search."""
    try:
        return check_scoring(estimator, scoring)
    except (TypeError, ValueError):
        close = difflib.get_close_matches(str(scoring), get_scorer_names(), n=3)
        raise ValueError(
            f"scoring is {told(scoring)}, which scikit-learn does not know; give a name such as "
            f"{', '.join(map(repr, close or ['accuracy', 'r2']))}, or a function."
        ) from None


def rows_of(data, rows):
    """Return rows of a table, an array, a sparse matrix or a list by their positions."""
    if data is None:
        return None
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    return data[rows] if hasattr(data, "shape") else np.asarray(data)[rows]


def check_scores(scores, what="mean_test_score"):
    """Refuse scores of which none is a number; a search over them would have no best."""
    try:
        scores = np.asarray(scores, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"results holds a {what} that are no numbers; give scores.") from None
    if not np.isfinite(scores).any():
        raise ValueError(
            f"results holds no score: all {scores.size} values of {what} are nan, so every fit or "
            'every score failed. Search again with error_score="raise" to see the first error.'
        )
    return scores


def _as_values(name, values):
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(
            f"{name} is {told(values)}; give a list of values, such as [{told(values)}]."
        )
    values = list(values)
    if not values:
        raise ValueError(f"{name} is empty; give at least one value.")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _routed(estimator, name):
    """Tell whether `set_params` takes a name that `get_params` does not list."""
    try:
        clone(estimator).set_params(**{name: None})
    except (ValueError, TypeError, AttributeError):
        return False
    return True
