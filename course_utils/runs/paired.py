"""Two settings compared seed by seed, which is fairer and sharper than comparing two means."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from course_utils.runs.table import final
from course_utils.validation import told


@dataclass(frozen=True)
class PairedDifference:
    """The final values of some runs less those of others with the same seeds.

    Attributes
    ----------
    mean, standard_error : float
        Of the differences, over the seeds.
    n : int
        The number of seeds.
    differences : Series
        One per seed.
    """

    mean: float
    standard_error: float
    n: int
    differences: pd.Series = field(repr=False)


def paired_difference(
    runs, a, b, *, by="learning_rate", measure=None, larger_is_better=None, keys=()
):
    """Compare two settings seed by seed: their final values, a less b.

    The runs of a seed share their initial weights and the order of their batches, so that their
    difference varies less from seed to seed than they do.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    a, b : values of `by`; or dicts of key columns to values
        Which runs are compared, such as ``0.1`` and ``0.01``, or
        ``{"optimizer": "Adam", "learning_rate": 0.01}`` and another such dict.
    by : str
        The key column that `a` and `b` are values of, where they are no dicts.
    measure, larger_is_better, keys
        As in `final`.

    Returns
    -------
    PairedDifference
        ``mean``, ``standard_error`` and ``n`` over the seeds, and the ``differences``. If a seed
        has more than one such run (another fold, say), its difference is the mean of theirs. A
        diverged run makes a loss inf, and so the mean inf or NaN.

    Raises
    ------
    TypeError, ValueError
        If a run has no partner, or all have one seed.

    Examples
    --------
    >>> from course_utils import sweep
    >>> from sklearn.linear_model import SGDRegressor
    >>> model = SGDRegressor(learning_rate="constant")
    >>> x, y = [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0]
    >>> runs = sweep(model, [0.01, 0.1], x, y, seeds=range(3))
    >>> difference = paired_difference(runs, 0.1, 0.01)
    >>> difference.mean < 0, difference.n
    (True, 3)
    """
    values = final(runs, measure, larger_is_better=larger_is_better, keys=keys)
    table = values.reset_index(name="value")
    if by is not None and not isinstance(by, str):
        raise TypeError(f"by is {told(by)}; give one key column, such as 'learning_rate'.")
    a, b = (side if isinstance(side, Mapping) else {by: side} for side in (a, b))
    if set(a) != set(b) or not a or not set(a) <= set(table.columns) - {"seed", "value"}:
        names = [name for name in table.columns if name not in ("seed", "value")]
        raise ValueError(
            f"a has the columns {list(a)} and b {list(b)}; give both the same (or by), out of the "
            f"key columns of runs: {', '.join(map(str, names))}."
        )
    others = [name for name in table.columns if name not in (*a, "value")]
    sides = {}
    for name, side in (("a", a), ("b", b)):
        chosen = np.logical_and.reduce([table[column] == value for column, value in side.items()])
        if not chosen.any():
            raise ValueError(f"{name} is {told(side)}, and runs has no such run.")
        sides[name] = table[chosen].set_index(others)["value"]
    if not sides["a"].index.sort_values().equals(sides["b"].index.sort_values()):
        alone = sides["a"].index.symmetric_difference(sides["b"].index)
        raise ValueError(
            f"a and b are not of the same runs: {', '.join(others)} {told(alone[0])} has no "
            "partner; train both with the same seeds, or name more columns in a and b."
        )
    with np.errstate(invalid="ignore"):  # inf - inf
        differences = (sides["a"] - sides["b"]).groupby("seed", sort=False).mean()
    n = len(differences)
    if n < 2:
        raise ValueError("runs has one seed only; a standard error needs two at least.")
    values = differences.to_numpy()
    error = values.std(ddof=1) / np.sqrt(n) if np.isfinite(values).all() else np.nan
    return PairedDifference(float(values.mean()), float(error), n, differences)
