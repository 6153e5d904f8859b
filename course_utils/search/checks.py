"""Checks of an estimator, its grid, its folds and its scores, made before (or after) the fits."""

import difflib
from collections.abc import Iterable, Mapping
from numbers import Real

import numpy as np
from scipy.sparse import issparse
from sklearn.base import clone, is_classifier
from sklearn.model_selection import check_cv

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
            f"{estimator!r} has no {missing[0]}; give an estimator in scikit-learn's sense."
        )
    return estimator


def as_param_grid(estimator, param_grid):
    """Return the grid as a list of dicts: parameter name → list of at least one value.

    Every name is one that the estimator takes, and every learning rate is above 0.
    """
    grids = [param_grid] if isinstance(param_grid, Mapping) else param_grid
    if isinstance(grids, str) or not isinstance(grids, Iterable):
        raise TypeError(
            f"param_grid is {param_grid!r}; give a dict of lists, such as "
            '{"eta0": [0.01, 0.1]}, or a list of such dicts.'
        )
    grids = list(grids)
    if not grids or not all(isinstance(grid, Mapping) and grid for grid in grids):
        raise ValueError(
            "param_grid is empty; give at least one parameter with its values, such as "
            '{"eta0": [0.01, 0.1]}.'
        )
    checked = [{name: _as_values(name, values) for name, values in g.items()} for g in grids]
    for grid in checked:
        check_names(estimator, grid)
        check_rates(grid)
    return checked


def as_distributions(given):
    """Return the distributions of a random search as a list of dicts."""
    parts = [given] if isinstance(given, Mapping) else given
    if not isinstance(parts, list) or not all(isinstance(part, Mapping) for part in parts):
        raise TypeError(
            f"param_distributions is {given!r}; give a dict of lists or distributions, or a list "
            "of such dicts."
        )
    return parts


def check_names(estimator, names):
    """Refuse a parameter that the estimator lacks, and say which one may have been meant.

    Parameters
    ----------
    estimator : estimator
    names : mapping of str to list, or iterable of str
        With values, a name may belong to an estimator that stands in the grid itself.
    """
    known = set(estimator.get_params(deep=True))
    for name in names:
        if isinstance(names, Mapping):
            for value in names[name]:
                if hasattr(value, "get_params") and not isinstance(value, type):
                    known |= {f"{name}__{inner}" for inner in value.get_params(deep=True)}
        if not isinstance(name, str):
            raise TypeError(f"param_grid holds the name {name!r}; a parameter's name is text.")
    for name in names:
        if name not in known and not _routed(estimator, name):
            close = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
            inner = sorted(full for full in known if full.rpartition("__")[2] == name)
            meant = inner[:1] or close
            of = type(estimator).__name__
            raise ValueError(
                f"{of} has no parameter {name!r}; "
                + (
                    f"did you mean {meant[0]!r}?"
                    if meant
                    else f"it has {', '.join(sorted(known))}."
                )
            )


def check_rates(grid):
    """Refuse learning rates that are not finite numbers above 0."""
    for name, values in grid.items():
        if name.rpartition("__")[2] not in RATES:
            continue
        for value in values:
            number = isinstance(value, (Real, np.number)) and not isinstance(
                value, (bool, np.bool_)
            )
            if number and not (np.isfinite(value) and value > 0):
                raise ValueError(
                    f"param_grid[{name!r}] holds {value}; a learning rate is a finite number "
                    "above 0, such as 0.01."
                )


def as_splits(estimator, cv, X, y, groups=None):
    """Return the folds as a list of (train rows, test rows), as GridSearchCV would cut them."""
    if issparse(y):
        raise TypeError("y is a sparse matrix; give y.toarray().ravel().")
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
    return list(splitter.split(X, y, groups))


def rows_of(data, rows):
    """Return rows of a table, an array, a sparse matrix or a list by their positions."""
    if data is None:
        return None
    if hasattr(data, "iloc"):
        return data.iloc[rows]
    return data[rows] if hasattr(data, "shape") else np.asarray(data)[rows]


def check_scores(scores, what="mean_test_score"):
    """Refuse scores of which none is a number; a search over them would have no best."""
    scores = np.asarray(scores, dtype=float)
    if not np.isfinite(scores).any():
        raise ValueError(
            f"all {scores.size} values of {what} are nan: every fit or every score failed. "
            'Search again with error_score="raise" to see the first error.'
        )
    return scores


def _as_values(name, values):
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        raise TypeError(
            f"param_grid[{name!r}] is {values!r}; give a list of values, such as [{values!r}]."
        )
    values = list(values)
    if not values:
        raise ValueError(f"param_grid[{name!r}] is empty; give at least one value.")
    return [value.item() if isinstance(value, np.generic) else value for value in values]


def _routed(estimator, name):
    """Tell whether `set_params` takes a name that `get_params` does not list."""
    try:
        clone(estimator).set_params(**{name: None})
    except (ValueError, TypeError, AttributeError):
        return False
    return True
