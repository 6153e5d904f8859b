"""Checks of an estimator, its grid, its folds and its scores, made before (or after) the fits."""

import difflib
from collections.abc import Iterable, Mapping
from contextlib import contextmanager

import numpy as np
import pandas as pd
from sklearn.base import clone, is_classifier
from sklearn.metrics import check_scoring, get_scorer_names
from sklearn.model_selection import check_cv

from course_utils.validation import is_number, plain, told

RATES = ("learning_rate", "learning_rate_init", "eta0")


def as_estimator(estimator):
    """Return `estimator` if it can be cloned, set and fitted."""
    if isinstance(estimator, type):
        name = estimator.__name__
        raise TypeError(f"estimator is the class {name}; give an instance, such as {name}().")
    for name in ("fit", "get_params", "set_params"):
        if not hasattr(estimator, name):
            raise TypeError(
                f"estimator is {told(estimator)}, which has no {name}; give an estimator in "
                "scikit-learn's sense."
            )
    return estimator


def candidate_of(estimator, parameters):
    """Return an unfitted estimator with these parameters, as GridSearchCV makes it."""
    return clone(estimator).set_params(**clone(parameters, safe=False))


def parts_of(estimator):
    """Return an estimator and those inside it, by the prefix of their parameters' names."""
    if not hasattr(estimator, "get_params") or isinstance(estimator, type):
        return {}
    inner = {f"{name}__": part for name, part in estimator.get_params().items()}
    return {"": estimator} | {name: part for name, part in inner.items() if parts_of(part)}


def as_param_grid(estimator, param_grid, called="param_grid"):
    """Return the grid as a list of dicts: parameter name → list of at least one value.

    Every name is one that the estimator takes, and every learning rate is above 0. If it is
    called ``"param_distributions"``, a distribution is the one value of its list.
    """
    random = called == "param_distributions"
    grids = [param_grid] if isinstance(param_grid, Mapping) else param_grid
    if not isinstance(grids, (list, tuple)) or not all(isinstance(g, Mapping) for g in grids):
        raise TypeError(
            f"{called} is {told(param_grid)}; give a dict of lists{random * ' or distributions'}, "
            'such as {"eta0": [0.01, 0.1]}, or a list of such dicts.'
        )
    if not grids or not all(grids):
        raise ValueError(
            f"{called} is empty; give at least one parameter with its values, such as "
            '{"eta0": [0.01, 0.1]}.'
        )
    checked = []
    for grid in grids:
        checked.append({})
        for name, values in grid.items():
            where = f"{called}[{name!r}]"
            if random and hasattr(values, "rvs"):
                values = [values]
            if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
                raise TypeError(
                    f"{where} is {told(values)}; give a list of values, such as [{told(values)}]."
                )
            checked[-1][name] = list(map(plain, values))
            if not checked[-1][name]:
                raise ValueError(f"{where} is empty; give at least one value.")
        _check_names(estimator, checked[-1], called)
        _check_rates(checked[-1], called)
    return checked


def _check_names(estimator, grid, called):
    """Refuse a parameter that the estimator lacks, and say which one may have been meant."""
    known = set(estimator.get_params())
    for name, values in grid.items():
        if not isinstance(name, str):
            raise TypeError(f"{called} holds the name {name!r}; a parameter's name is text.")
        for value in filter(parts_of, values):  # an estimator in the grid brings names of its own
            known |= {f"{name}__{inner}" for inner in value.get_params()}
    for name in grid:
        if name in known or _is_routed(estimator, name):
            continue
        inner = sorted(full for full in known if full.rpartition("__")[2] == name)
        meant = inner or difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.6)
        hint = f"did you mean {meant[0]!r}?" if meant else f"it has {', '.join(sorted(known))}."
        raise ValueError(
            f"{called} names {name!r}, but {type(estimator).__name__} has no such parameter; {hint}"
        )


def _is_routed(estimator, name):
    """Tell whether `set_params` takes a name that `get_params` does not list."""
    try:
        clone(estimator).set_params(**{name: None})
    except (ValueError, TypeError, AttributeError):
        return False
    return True


def _check_rates(grid, called):
    """Refuse learning rates that are not finite numbers above 0; a schedule's name is none."""
    for name, values in grid.items():
        parameter = name.rpartition("__")[2]
        for value in values if parameter in RATES else ():
            schedule = parameter == "learning_rate" and isinstance(value, str)
            number = is_number(value)
            if not schedule and not hasattr(value, "rvs") and not (number and 0 < value < np.inf):
                raise ValueError(
                    f"{called}[{name!r}] holds {told(value)}; a learning rate is a finite number "
                    "above 0, such as 0.01."
                )


def as_splits(estimator, cv, X, y, groups=None):
    """Return the folds as a list of (train rows, test rows), as GridSearchCV would cut them."""
    n_rows = check_rows(X, y=y, groups=groups)
    if hasattr(y, "toarray"):
        raise TypeError("y is a sparse matrix; give y.toarray().ravel().")
    classifier = is_classifier(estimator)
    counted = count_classes(y) if classifier and np.ndim(y) == 1 else None
    with _cv_named(cv):
        splitter = check_cv(cv, y, classifier=classifier)
        n_splits = splitter.get_n_splits(X, y, groups)
    kind = type(splitter).__name__
    if (classifier or "Stratified" in kind) and np.ndim(y) == 1:
        classes, counts = counted or count_classes(y)
        rarest, least = told(classes[counts.argmin()]), counts.min()
        if classifier and len(classes) == 1:
            raise ValueError(f"y holds one class only, {rarest}; a classifier needs two.")
        # A repeated splitter cuts `n_splits / n_repeats` folds at a time.
        n_folds = n_splits // getattr(splitter, "n_repeats", 1)
        if "Stratified" in kind and "Shuffle" not in kind and least < n_folds:
            raise ValueError(
                f"cv cuts {n_folds} folds, but class {rarest} has {least} rows; use "
                f"cv={max(least, 2)} at most, or join rare classes."
            )
    with _cv_named(cv):
        splits = list(splitter.split(X, y, groups))
        for train, test in splits:
            _check_part(np.asarray(train), "training", n_rows)
            _check_part(np.asarray(test), "test", n_rows)
    return splits


def count_classes(labels):
    """Return the classes and how many rows each has, unless they cannot be labels."""
    labels = np.asarray(labels)
    if missing := int(pd.isna(labels).sum()):
        raise ValueError(f"y has {missing} missing values; drop those rows first.")
    try:
        return np.unique(labels, return_counts=True)
    except TypeError:
        kinds = sorted({type(plain(label)).__name__ for label in labels})
        raise TypeError(f"y holds labels of several kinds, {', '.join(kinds)}; give one.") from None


def _check_part(rows, name, n_rows):
    if not rows.size:
        raise ValueError(f"a {name} part is empty.")
    mask = rows.dtype == bool and rows.shape == (n_rows,)
    if not mask and not (rows.dtype.kind in "iu" and -n_rows <= rows.min() <= rows.max() < n_rows):
        raise ValueError(
            f"a {name} part holds {told(rows.tolist(), 40)}; it takes row numbers from 0 to "
            f"{n_rows - 1}, or {n_rows} bools."
        )


@contextmanager
def _cv_named(cv):
    """Say of an error of a splitter which argument it is about."""
    try:
        yield
    except (TypeError, ValueError) as error:
        raise ValueError(f"cv is {told(cv)}, which cuts no folds: {error}") from None


def check_rows(X, **others):
    """Return how many rows `X` has, unless it has none, or another has more or less."""
    n_rows = {}
    for name, data in {"X": X, **others}.items():
        if data is None and name != "X":
            continue
        if not getattr(data, "shape", ()) and not isinstance(data, (list, tuple)):
            raise TypeError(
                f"{name} is {told(data)}; give a list or an array with a row per sample."
            )
        n_rows[name] = data.shape[0] if hasattr(data, "shape") else len(data)
        if not n_rows["X"]:
            raise ValueError("X has no rows; give some.")
        if n_rows[name] != n_rows["X"]:
            raise ValueError(
                f"{name} has {n_rows[name]} rows and X has {n_rows['X']}; both must come from the "
                "same rows."
            )
    return n_rows["X"]


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
