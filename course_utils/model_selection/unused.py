"""Which parameters of a grid cannot change the fitted model, and which values fail."""

from dataclasses import dataclass
from textwrap import shorten

import pandas as pd
from sklearn.base import is_classifier
from sklearn.model_selection import ParameterGrid
from sklearn.utils import resample

from course_utils.model_selection.checks import as_estimator, as_param_grid, as_scorer, check_rows
from course_utils.model_selection.cost import spread
from course_utils.model_selection.fitter import Fitter
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
        return self.table.query("verdict == 'unused'")["parameter"].unique().tolist()

    def __repr__(self):
        grids = self.table["grid"].nunique()
        lines = [
            f"{f'grid {row.grid}, ' if grids > 1 else ''}{row.parameter}: {row.verdict} "
            f"({row.evidence})"
            for row in self.table.itertuples()
        ]
        lines += [
            f"{row.parameter}={row.value!r} fails: {shorten(row.reason, 100, placeholder=' …')}"
            for row in self.failing.itertuples()
        ]
        if self.models < self.candidates:
            lines.append(f"{self.candidates} candidates, at most {self.models} different models")
        return "\n".join(lines)


def unused_parameters(
    estimator, param_grid, X, y=None, *, scoring=None, n_rows=200, random_state=0
):
    """Find the parameters of a grid that cannot change the fitted model, and values that fail.

    Each parameter is moved alone, over all its values and then at other settings of the others, so
    that each of *their* values is tried, because a parameter may matter at one of them only. Two
    models are the same if their scores, predictions, probabilities or decision values, and fitted
    numbers are all equal. What looks unused on a sample of the rows is tried once more on all.

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
        Its ``repr`` is made to be read; ``unused`` is the list of names.

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
    n_given = check_rows(X, y=y)
    n_rows = as_count(n_rows, "n_rows", 10)
    random_state = as_seed(random_state, "random_state")
    labels = y if is_classifier(estimator) else None
    draw = {"replace": False, "n_samples": n_rows, "random_state": random_state, "stratify": labels}
    sample = [
        part if part is None or n_given <= n_rows else resample(part, **draw) for part in (X, y)
    ]

    rows, failing, models, fits = [], [], 0, 0
    for number, grid in enumerate(grids):
        small, whole = (
            Fitter(estimator, grid, data, scorer, random_state) for data in (sample, (X, y))
        )
        starts = _starts(grid)
        repeatable = small.repeats(starts[0])
        whole.noise = small.noise
        left = 1
        for name, values in grid.items():
            verdict, evidence = _judge(small, starts, name)
            if not repeatable and verdict != "single value":
                verdict = "not repeatable"
                evidence = "two fits of one candidate differ: give the estimator a random_state"
            if verdict == "unused" and any(_moves(whole, s, name) for s in starts[:2]):
                verdict, evidence = "used", f"{len(values)} values, seen on all rows only"
            left *= 1 if verdict == "unused" else len(values)
            rows.append((number, name, values, verdict, evidence))
        failing += [(number, *row) for row in _failures(small)]
        models += left
        fits += small.fits + whole.fits
        results = list(small.tried.values())
        if all(fingerprint is None for fingerprint, _ in results):
            raise ValueError(
                f"not one of {small.fits} fits gave a finite score, so the search would have no "
                f"winner; the first error: {results[0][1]}"
            )
    return GridReport(
        pd.DataFrame(rows, columns=["grid", "parameter", "values", "verdict", "evidence"]),
        pd.DataFrame(failing, columns=["grid", "parameter", "value", "reason"]),
        len(ParameterGrid(grids)),
        models,
        fits,
    )


def _starts(grid):
    """Return the candidates from which each parameter is moved.

    The first values, the last, and as many between as it takes to show each value of each
    parameter: `SETTINGS` in all at least, if the grid has as many.
    """
    places = {name: range(len(values)) for name, values in grid.items()}
    first, last = ({name: place[end] for name, place in places.items()} for end in (0, -1))
    n = max([SETTINGS, *map(len, places.values())])
    between = spread({name: place[1:-1] or place for name, place in places.items()}, n - 2)
    return [first, last, *between]


def _moves(fitter, start, name, values=None):
    """Tell whether the model changes as one parameter is moved, by default to an end of its axis.

    None if fewer than two candidates could be fitted.
    """
    end = -1 if start[name] == 0 else 0
    values = [start[name], range(len(fitter.grid[name]))[end]] if values is None else values
    return fitter.differ([{**start, name: value} for value in values])


def _judge(fitter, starts, name):
    """Return the verdict on one parameter, and in a few words what it rests on."""
    values = fitter.grid[name]
    if len(values) < 2:
        return "single value", f"only {values[0]!r}"
    changes = []  # pairs of a start and whether the model changed
    for start in starts:
        others = {**start, name: 0}
        if others in [{**known, name: 0} for known, _ in changes]:
            continue
        changed = _moves(fitter, start, name, None if changes else range(len(values)))
        changes.append((start, changed))
        if len(changes) > 1 and any(changed for _, changed in changes):
            break
    same = [start for start, changed in changes if changed is False]
    different = [start for start, changed in changes if changed]
    if not same and not different:
        return "unclear", "no two of its values could be fitted at one setting of the others"
    if not same:
        return "used", f"{len(values)} values"
    if different:
        where = _narrowed(fitter, name, same[0], different[0])
        return "sometimes used", f"changes nothing at {where}"
    settings = f" at {len(same)} setting{'s' * (len(same) > 1)} of the others"
    alone = len(fitter.grid) == 1
    return "unused", f"{len(values)} values, one and the same model{'' if alone else settings}"


def _narrowed(fitter, name, same, different):
    """Name the value of another parameter that keeps this one from mattering, if one does alone."""
    apart = [other for other in same if other != name and same[other] != different[other]]
    alone = [o for o in apart if _moves(fitter, {**same, o: different[o]}, name)]
    return ", ".join(f"{o}={fitter.grid[o][same[o]]!r}" for o in alone[:1] or apart)


def _failures(fitter):
    """Yield (parameter, value, reason) of each value with which no candidate came through."""
    for position, (name, values) in enumerate(fitter.grid.items()):
        for i, value in enumerate(values):
            tried = [result for place, result in fitter.tried.items() if place[position] == i]
            if all(fingerprint is None for fingerprint, _ in tried):
                yield name, value, tried[0][1]
