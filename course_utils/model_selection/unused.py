"""Which parameters of a grid cannot change the fitted model, and which values fail."""

import textwrap
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd
from sklearn.base import is_classifier
from sklearn.utils import resample

from course_utils.model_selection.checks import as_estimator, as_param_grid, as_scorer, check_rows
from course_utils.model_selection.fingerprint import Fitter, differ
from course_utils.validation import as_count, as_seed

SETTINGS = 4
"""In how many settings of the other parameters a parameter is moved before it counts as unused."""


@dataclass(frozen=True)
class GridReport:
    """What the parameters of a grid do.

    Attributes
    ----------
    table : DataFrame
        A row per parameter: ``grid`` (its position, for a list of grids), ``parameter``,
        ``values``, ``verdict`` and ``evidence``. The verdict is ``used``, ``sometimes used``,
        ``unused``, ``single value``, ``unclear`` (no two fits could be compared) or ``not
        repeatable`` (the same candidate gives another model each time).
    failing : DataFrame
        A row per value with which no fit gave a finite score: ``grid``, ``parameter``, ``value``
        and ``reason``.
    candidates, models : int
        The size of the grid, and of what is left of it without its unused parameters.
    fits : int
        How many fits this report took.
    """

    table: pd.DataFrame
    failing: pd.DataFrame
    candidates: int
    models: int
    fits: int

    @property
    def unused(self):
        """Return the names of the parameters that change nothing, each once."""
        rows = self.table[self.table["verdict"] == "unused"]
        return list(dict.fromkeys(rows["parameter"]))

    def __repr__(self):
        many = self.table["grid"].max() > 0
        lines = []
        for row in self.table.itertuples():
            where = f"grid {row.grid}, " if many else ""
            lines.append(f"{where}{row.parameter}: {row.verdict} ({row.evidence})")
        for row in self.failing.itertuples():
            reason = textwrap.shorten(row.reason, 100, placeholder=" …")
            lines.append(f"{row.parameter}={row.value!r} fails: {reason}")
        if self.models < self.candidates:
            lines.append(f"{self.candidates} candidates, at most {self.models} different models")
        return "\n".join(lines)


def unused_parameters(
    estimator, param_grid, X, y=None, *, scoring=None, n_rows=200, random_state=0
):
    """Find the parameters of a grid that cannot change the fitted model, and values that fail.

    Each parameter is moved alone, from its first value to its last and over those between, while
    the others stand still; then again at other settings of the others, so that each of *their*
    values is tried, because a parameter may matter at one of them only. Two models are the same if
    their scores, predictions, probabilities or decision values, and fitted numbers are all equal.
    What looks unused on a sample of the rows is tried once more on all rows.

    Parameters
    ----------
    estimator : estimator
        An estimator or a pipeline; it is not changed. Wherever it has a ``random_state`` that is
        None, it gets a fixed one; other random numbers start from the same state at every fit.
    param_grid : dict of str to list, or list of such dicts
        As in `sklearn.model_selection.GridSearchCV`; the dicts of a list are judged one by one.
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,), optional
    scoring : str or callable, optional
        As in the search; by default the estimator's own ``score``.
    n_rows : int
        Rows in the sample. More rows are slower and see finer differences.
    random_state : int
        Draws the sample, and stands in the estimators.

    Returns
    -------
    GridReport
        Its ``repr`` is made to be read; ``unused`` is the list of names, ``table`` and ``failing``
        are DataFrames.

    Raises
    ------
    TypeError, ValueError
        Before any fit, if an argument cannot be used; ValueError after the first fits, with the
        first error, if not a single candidate could be fitted and scored.

    Examples
    --------
    >>> from sklearn.datasets import make_classification
    >>> from sklearn.linear_model import SGDClassifier
    >>> X, y = make_classification(200, random_state=0)
    >>> grid = {"alpha": [1e-4, 1e-2, 1], "eta0": [0.01, 0.1]}
    >>> unused_parameters(SGDClassifier(learning_rate="optimal"), grid, X, y).unused
    ['eta0']
    """
    estimator = as_estimator(estimator)
    grids = as_param_grid(estimator, param_grid)
    scorer = as_scorer(estimator, scoring)
    check_rows(X, y=y)
    n_rows = as_count(n_rows, "n_rows", 10)
    random_state = as_seed(random_state, "random_state")
    small = _sample(X, y, n_rows, random_state, is_classifier(estimator))
    whole = (X, y)

    rows, failing, candidates, models, fits = [], [], 0, 0, 0
    for number, grid in enumerate(grids):
        fitter = Fitter(estimator, small, scorer, random_state)
        on_all_rows = Fitter(estimator, whole, scorer, random_state)
        first = {name: values[0] for name, values in grid.items()}
        repeatable = fitter.find_noise(first)
        on_all_rows.noisy = fitter.noisy
        size, left = int(np.prod([len(values) for values in grid.values()])), 1
        for name, values in grid.items():
            verdict, evidence = _judge(fitter, grid, name)
            if not repeatable and verdict != "single value":
                verdict = "not repeatable"
                evidence = "two fits of one candidate differ: give the estimator a random_state"
            if verdict == "unused":
                verdict, evidence = _confirm(on_all_rows, grid, name, evidence)
            left *= 1 if verdict == "unused" else len(values)
            rows.append((number, name, values, verdict, evidence))
        failing += [(number, *row) for row in _failures(fitter, grid)]
        candidates, models = candidates + size, models + left
        fits += fitter.fits + on_all_rows.fits
        if not fitter.successes:
            raise ValueError(
                f"not one of {fitter.fits} fits gave a finite score, so the search would have no "
                f"winner; the first error: {fitter.first_error}"
            )
    return GridReport(
        pd.DataFrame(rows, columns=["grid", "parameter", "values", "verdict", "evidence"]),
        pd.DataFrame(failing, columns=["grid", "parameter", "value", "reason"]),
        candidates,
        models,
        fits,
    )


def _judge(fitter, grid, name):
    """Return the verdict on one parameter, and in a few words what it rests on."""
    values = grid[name]
    if len(values) < 2:
        return "single value", f"only {values[0]!r}"
    settings = _settings({other: v for other, v in grid.items() if other != name})
    ends_first = [values[0], values[-1], *values[1:-1]]
    same_at, different_at = [], []
    for number, setting in enumerate(settings):
        if number >= 2 and different_at:
            break
        # All values at the first setting, the two ends at the others.
        moved = ends_first if number == 0 else ends_first[:2]
        models = [fitter.fit({**setting, name: value}) for value in moved]
        models = [model for model in models if model is not None]
        if len(models) > 1:
            changed = any(differ(models[0], model, fitter.noisy) for model in models[1:])
            (different_at if changed else same_at).append(setting)
    if not same_at and not different_at:
        return "unclear", "no two of its values could be fitted at one setting of the others"
    if not different_at:
        n = len(same_at)
        at = "" if n == 1 and len(grid) == 1 else f" at {n} setting{'s' * (n > 1)} of the others"
        return "unused", f"{len(values)} values, one and the same model{at}"
    if same_at:
        where = _narrowed(fitter, name, values, same_at[0], different_at[0])
        return "sometimes used", f"changes nothing at {where}"
    return "used", f"{len(values)} values"


def _confirm(fitter, grid, name, evidence):
    """Try on all rows what looked unused on a sample."""
    for end in (0, -1):
        setting = {other: values[end] for other, values in grid.items()}
        models = [fitter.fit({**setting, name: grid[name][i]}) for i in (0, -1)]
        if None not in models and differ(*models, fitter.noisy):
            return "used", f"{len(grid[name])} values, seen on all rows only"
    return "unused", evidence


def _settings(others):
    """Return settings of the other parameters: the first values, the last, then all the rest.

    If there are many, as many as it takes to show each value of each parameter, and at least
    `SETTINGS`.
    """
    if not others:
        return [{}]
    lengths = [len(values) for values in others.values()]
    n = max(*lengths, SETTINGS) if len(lengths) > 1 else lengths[0]
    if np.prod(lengths) <= n:
        levels = list(product(*map(range, lengths)))
        levels = [levels[0], levels[-1], *levels[1:-1]][: len(levels)]
    else:
        rng = np.random.default_rng(0)
        columns = [
            [0, length - 1, *rng.permutation(np.resize(np.arange(length)[1:-1], n - 2))]
            if length > 2
            else [0, 1 % length, *rng.permutation(np.resize(np.arange(length), n - 2))]
            for length in lengths
        ]
        levels = list(zip(*columns, strict=True))
    return [
        {name: values[level] for (name, values), level in zip(others.items(), row, strict=True)}
        for row in levels
    ]


def _failures(fitter, grid):
    """Yield (parameter, value, reason) of each value with which no candidate came through."""
    for name, values in grid.items():
        for value in values:
            tried = [(ok, why) for candidate, ok, why in fitter.tried if candidate[name] is value]
            if not tried:
                setting = {other: others[0] for other, others in grid.items()}
                fitter.fit({**setting, name: value})
                tried = [(ok, why) for c, ok, why in fitter.tried if c[name] is value]
            if not any(ok for ok, _ in tried):
                yield name, value, tried[0][1]


def _narrowed(fitter, name, values, same, different):
    """Name the value of another parameter that keeps this one from mattering, if one does alone."""
    apart = [other for other in same if different[other] is not same[other]]
    for other in apart:
        probe = {**same, other: different[other]}
        models = [fitter.fit({**probe, name: values[end]}) for end in (0, -1)]
        if None not in models and differ(*models, fitter.noisy):
            return f"{other}={same[other]!r}"
    return ", ".join(f"{other}={same[other]!r}" for other in apart)


def _sample(X, y, n_rows, random_state, stratify):
    n = X.shape[0] if hasattr(X, "shape") else len(X)
    if n <= n_rows:
        return X, y
    if y is None:
        return resample(X, replace=False, n_samples=n_rows, random_state=random_state), None
    labels = y if stratify else None
    return tuple(
        resample(X, y, replace=False, n_samples=n_rows, random_state=random_state, stratify=labels)
    )
