"""From coarse to fine: the next grid, read off the last round."""

from collections.abc import Iterable, Mapping
from numbers import Integral

import numpy as np

from course_utils.model_selection.checks import check_scores
from course_utils.validation import as_count, is_number, told

DIGITS = 6
"""To how many digits new values are rounded, so that a grid can be read."""


def refine(results, *, points=3, scales=None, bounds=None, winner=None):
    """Return the grid of the next round: finer around the winner, wider where it is on an edge.

    An axis whose winner lies **inside** is refined: `points` values with the winner in the middle,
    all between its two neighbours. An axis whose winner lies **on an edge** is widened first: its
    `points` values keep the last spacing and are centred on the winner, so that half of them lie
    beyond the old grid. An axis without numbers, or with one value, keeps the winner's value. Of
    equal scores the first wins, so look at the picture before you follow a plateau.

    Parameters
    ----------
    results : fitted search, or its ``cv_results_`` (dict or DataFrame)
        Of a grid search. For a list of grids, the candidates that have the winner's parameters,
        and its values in all that are not numbers, must form a grid.
    points : int
        Values per axis of the next grid; odd, at least 3.
    scales : dict of str to {"log", "linear"}, optional
        By default an axis is logarithmic if its values are above 0 and their ratios vary less than
        their differences: 0.01, 0.1, 1. Two values: if one is at least three times the other.
    bounds : dict of str to (low, high), optional
        Where an axis ends, such as ``{"momentum": (0, 0.99)}``; None for no bound. What would lie
        beyond is set to the bound, and an edge on a bound is refined towards the inside.
    winner : int, optional
        Which row of ``cv_results_`` to refine around; by default the one with the best score.

    Returns
    -------
    dict of str to list
        A ``param_grid``. An axis on which nothing new can be tried has one value left, such as
        whole numbers without another one between; if all have one, the search has arrived.

    Raises
    ------
    TypeError, ValueError
        If the results are not those of a full grid, hold no finite score, or an option does not
        fit them.

    Examples
    --------
    >>> results = {
    ...     "params": [{"alpha": 0.01}, {"alpha": 0.1}, {"alpha": 1.0}],
    ...     "mean_test_score": [0.8, 0.9, 0.7],
    ... }
    >>> refine(results)
    {'alpha': [0.0316228, 0.1, 0.316228]}
    >>> refine(results, winner=2)
    {'alpha': [0.1, 1.0, 10.0]}
    """
    points = as_count(points, "points", 3)
    if points % 2 == 0:
        raise ValueError(f"points is {points}; give an odd number, so that the winner is centred.")
    params, best = _read(results, winner)
    axes = _axes(params, best)
    scales, bounds = scales or {}, bounds or {}
    _check_options(axes, scales, bounds)
    return {
        name: _next_axis(values, best[name], points, scales.get(name), bounds.get(name))
        for name, values in axes.items()
    }


def _next_axis(values, best, points, scale, bounds):
    if len(values) < 2 or not all(map(is_number, values)):
        return [best]
    low, high = bounds or (None, None)
    low = -np.inf if low is None else low
    high = np.inf if high is None else high
    if not low <= best <= high:
        raise ValueError(f"bounds is {bounds}, and the winner has {best}, outside of it; widen it.")
    scale = scale or _scale_of(values)
    if scale == "log" and min(values) <= 0:
        raise ValueError(f"a logarithmic axis holds {min(values)}; its values must be above 0.")
    there, back = (np.log, np.exp) if scale == "log" else (np.asarray, np.asarray)

    position, half = values.index(best), points // 2
    gaps = np.diff(there(values))
    below = gaps[position - 1] if position > 0 else None
    above = gaps[position] if position < len(gaps) else None
    if below is None and best > low:  # a lower edge: as far beyond it as the grid has inside
        below = above = above * (half + 1)
    elif above is None and best < high:
        below = above = below * (half + 1)
    shares = np.arange(1, half + 1) / (half + 1)
    steps = [*(-(below or 0) * shares), *((above or 0) * shares)]
    new = np.clip(back(there(best) + steps), low, high).tolist()
    if all(isinstance(value, Integral) for value in values):
        return sorted({best, *map(round, new)})
    return sorted({best, *(float(f"{value:.{DIGITS}g}") for value in new)})


def _scale_of(values):
    if min(values) <= 0:
        return "linear"
    if len(values) == 2:
        return "log" if values[1] >= 3 * values[0] else "linear"
    differences, ratios = np.diff(values), np.diff(np.log(values))
    return (
        "log" if ratios.std() / ratios.mean() < differences.std() / differences.mean() else "linear"
    )


def _read(results, winner):
    """Return the list of candidates, and the one to refine around."""
    if hasattr(results, "param_grid") and not hasattr(results, "cv_results_"):
        raise ValueError("the search is not fitted yet; call its fit before refine.")
    chosen = getattr(results, "best_index_", None) if winner is None else winner
    table = getattr(results, "cv_results_", results)
    if not hasattr(table, "keys") or "params" not in table:
        raise TypeError(
            f"results is a {type(results).__name__}; give a fitted grid search or its cv_results_."
        )
    params = list(table["params"])
    if not params:
        raise ValueError("results is empty; give those of a search with candidates.")
    if "mean_test_score" in table:
        scores = check_scores(table["mean_test_score"])
        if len(scores) != len(params):
            raise ValueError(
                f"results holds {len(params)} candidates and {len(scores)} mean_test_score; give "
                "one each."
            )
        chosen = np.nanargmax(scores) if chosen is None else chosen
    if chosen is None:
        raise ValueError(
            "results has no mean_test_score, since the search had several scorings; "
            "say which candidate with winner=, such as winner=search.best_index_."
        )
    if isinstance(chosen, bool) or not isinstance(chosen, Integral):
        raise TypeError(f"winner is {told(winner)}; give the number of a row of cv_results_.")
    if not 0 <= chosen < len(params):
        raise ValueError(f"winner is {chosen}; cv_results_ has the rows 0 to {len(params) - 1}.")
    return params, params[chosen]


def _axes(params, best):
    """Return {name: sorted values} of the grid that the winner stands in."""
    fixed = {name for name in best if not all(is_number(p[name]) for p in params if name in p)}
    near = [
        p
        for p in params
        if set(p) == set(best) and all(_same(p[name], best[name]) for name in fixed)
    ]
    axes = {
        name: [best[name]] if name in fixed else sorted({p[name] for p in near}) for name in best
    }
    size = int(np.prod([len(values) for values in axes.values()]))
    if len({tuple(p[name] for name in best if name not in fixed) for p in near}) < size:
        raise ValueError(
            f"the {len(near)} candidates do not form a grid ({size} would); "
            "refine reads the results of a grid search."
        )
    return axes


def _check_options(axes, scales, bounds):
    for name, options in (("scales", scales), ("bounds", bounds)):
        if not isinstance(options, Mapping):
            raise TypeError(
                f"{name} is {told(options)}; give a dict with a parameter's name as key."
            )
        if strangers := [axis for axis in options if axis not in axes]:
            raise ValueError(f"{name} names {strangers[0]!r}; the grid has {', '.join(axes)}.")
    for axis, scale in scales.items():
        if scale not in ("log", "linear"):
            raise ValueError(f'scales[{axis!r}] is {scale!r}; give "log" or "linear".')
    for axis, bound in bounds.items():
        pair = list(bound) if isinstance(bound, Iterable) else []
        if len(pair) != 2 or not all(end is None or is_number(end) for end in pair):
            raise ValueError(f"bounds[{axis!r}] is {told(bound)}; give (low, high).")
        if None not in pair and not pair[0] < pair[1]:
            raise ValueError(f"bounds[{axis!r}] is {told(bound)}; low must be below high.")


def _same(a, b):
    return a is b or (type(a) is type(b) and bool(np.all(a == b)))
