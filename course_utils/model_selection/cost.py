"""What a grid search will cost, from a few fits that are timed beforehand."""

import warnings
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import pandas as pd
from sklearn.model_selection import ParameterGrid

from course_utils.model_selection.checks import (
    as_estimator,
    as_param_grid,
    as_scorer,
    as_splits,
    candidate_of,
    rows_of,
)
from course_utils.validation import as_flag

AT_MOST = 8
"""Fits that are timed for one grid."""


@dataclass(frozen=True)
class GridCost:
    """The number of fits of a grid search, and about how long they take one after the other.

    Attributes
    ----------
    candidates, folds, fits : int
        ``fits`` is candidates × folds, and one more with ``refit``.
    seconds : float
        The prediction for the whole search, scoring included.
    timed : DataFrame
        The fits that were timed: a column per parameter, ``seconds``, and ``failed``.
    """

    candidates: int
    folds: int
    fits: int
    seconds: float
    timed: pd.DataFrame

    def __repr__(self):
        bill = f"{_count(self.candidates, 'candidate')} × {_count(self.folds, 'fold')}"
        if self.fits > self.candidates * self.folds:
            bill += " + 1 refit"
        bill += f" = {_count(self.fits, 'fit')}, about {_duration(self.seconds)}"
        if failed := self.timed["failed"].sum():
            bill += f"; {failed} of {len(self.timed)} timed fits failed"
        return bill


def grid_cost(estimator, param_grid, cv, X, y=None, *, scoring=None, refit=True):
    """Count the fits of a grid search and predict its time from a few timed fits.

    At most eight candidates are timed, spread over the grid so that each axis is covered evenly and
    no two axes rise together: then what each parameter adds to the time enters the mean in its
    right share. The first one is fitted once more beforehand, untimed, since a first fit also pays
    for what is loaded only once. The machine is taken to stay as busy as it is now.

    Parameters
    ----------
    estimator : estimator
        It is not changed.
    param_grid : dict of str to list, or list of such dicts
        As in `sklearn.model_selection.GridSearchCV`.
    cv : int, splitter or iterable
        As in `GridSearchCV`.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), optional
    scoring : str or callable, optional
        Timed with each fit; by default the estimator's own ``score``.
    refit : bool
        Count the last fit, of the winner on all rows.

    Returns
    -------
    GridCost
        Its ``repr`` is the bill; ``seconds`` are those of one process.

    Raises
    ------
    TypeError, ValueError
        Before any fit, if an argument cannot be used; afterwards, if all timed fits failed.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import SGDClassifier
    >>> X, y = make_classification(200, random_state=0)
    >>> cost = grid_cost(SGDClassifier(), {"alpha": [1e-4, 1e-2, 1]}, 5, X, y)
    >>> cost.fits
    16
    """
    estimator = as_estimator(estimator)
    grids = as_param_grid(estimator, param_grid)
    splits = as_splits(estimator, cv, X, y)
    refit = as_flag(refit, "refit")
    scorer = as_scorer(estimator, scoring)

    timed, seconds = [], 0.0
    for grid in grids:
        chosen = spread(grid)
        if not timed:
            _timed_fit(estimator, chosen[0], splits[0], X, y, scorer)
        of_grid = [
            _timed_fit(estimator, candidate, splits[i % len(splits)], X, y, scorer)
            for i, candidate in enumerate(chosen)
        ]
        timed += of_grid
        seconds += len(ParameterGrid(grid)) * np.mean([fit["seconds"] for fit in of_grid])
    errors = [fit.pop("error") for fit in timed]
    if None not in errors:
        raise ValueError(
            f"all {len(errors)} timed fits failed, so there is no time to predict. The first one "
            f"says: {type(errors[0]).__name__}: {errors[0]}"
        ) from errors[0]
    candidates, folds = len(ParameterGrid(grids)), len(splits)
    n_train = np.mean([len(train) for train, _ in splits])
    n_rows = max(len(train) + len(test) for train, test in splits)
    of_refit = refit * seconds / candidates * n_rows / n_train  # an average candidate on all rows
    fits = candidates * folds + refit
    seconds = float(seconds * folds + of_refit)
    return GridCost(candidates, folds, fits, seconds, pd.DataFrame(timed))


def spread(grid, n=None):
    """Return candidates of a grid that stand for all of it; the whole grid, if it has as few.

    Each axis shows its values as evenly as it can, and no two axes rise together.

    Parameters
    ----------
    grid : dict of str to list
    n : int, optional
        How many; by default the number, at most `AT_MOST`, that covers every axis most evenly.
    """
    lengths = [len(values) for values in grid.values()]
    if np.prod(lengths) <= (n or AT_MOST):
        return list(ParameterGrid(grid))
    n = n or min(range(3, AT_MOST + 1), key=lambda n: sum(_unevenness(m, n) for m in lengths))
    rng, places = np.random.default_rng(0), (np.arange(n) + 0.5) / n
    designs = [
        np.column_stack([rng.permutation((places * length).astype(int)) for length in lengths])
        for _ in range(200)
    ]
    design = min(designs, key=_confounding)
    return [{name: grid[name][i] for name, i in zip(grid, row, strict=True)} for row in design]


def _unevenness(length, n):
    return (n % length) / n if length <= n else 1 - n / length


def _confounding(design):
    """Return the number of repeated rows, and the largest correlation between two axes."""
    moving = design[:, np.ptp(design, axis=0) > 0]
    repeated = len(design) - len(np.unique(design, axis=0))
    if moving.shape[1] < 2:
        return repeated, 0.0
    correlations = np.triu(np.corrcoef(moving, rowvar=False), k=1)
    return repeated, np.abs(correlations).max().round(9)


def _timed_fit(estimator, candidate, split, X, y, scorer):
    train, test = ((rows_of(X, part), rows_of(y, part)) for part in split)
    error = None
    start = perf_counter()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = candidate_of(estimator, candidate)
        try:
            scorer(model.fit(*train), *test)
        except Exception as raised:  # the search would write nan and go on
            error = raised
    seconds = perf_counter() - start
    return {**candidate, "seconds": seconds, "failed": error is not None, "error": error}


def _count(n, what):
    return f"{n:,} {what}{'' if n == 1 else 's'}"


def _duration(seconds):
    if seconds < 9.5:
        return f"{seconds:.1g} s" if seconds < 0.95 else f"{seconds:.2g} s"
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
