"""What runs end with, and the scale on which it is drawn."""

import numpy as np
import pandas as pd

from course_utils.plotting import marks
from course_utils.runs import counts_upwards, last_epochs


def final_spread(runs, measure, by=("learning_rate",), keys=()):
    """Return what the runs of each rate end with, and how many of them diverged.

    Returns
    -------
    DataFrame
        With `by` as its index: ``low, median, high`` over the runs that did not diverge (NaN if
        all did), and the counts ``diverged`` and ``runs``.
    """
    last = last_epochs(runs, keys)
    diverged = ~np.isfinite(last[measure]) | (status_of(last) == "diverged")
    groups = last.assign(value=last[measure].mask(diverged), gone=diverged).groupby(list(by))
    spread = groups["value"].agg(low="min", median="median", high="max")
    return spread.join(groups["gone"].agg(diverged="sum", runs="size"))


def status_of(table):
    """Return the status of each row of a table of runs, "" where it has none."""
    return table.get("status", pd.Series("", index=table.index))


def best_end(measure):
    """Return where on its axis a measure is best: ``"high"``, or ``"low"``, as for unknown ones."""
    try:
        return "high" if counts_upwards(measure) else "low"
    except ValueError:
        return "low"


def set_scale(axes, values, measure, above=0.0, below=0.0):
    """Give Axes the scale that shows all finite values, with shares of its height to spare."""
    logarithmic = "loss" in measure
    values = np.array(values, dtype=float)
    values = values[np.isfinite(values)] if np.isfinite(values).any() else np.array([0.1, 10.0])
    if logarithmic:
        values = np.log10(np.maximum(values, 1e-12))
    low, high = values.min(), values.max()
    span = (high - low) or 0.1
    low, high = low - (0.07 + below) * span - 0.04, high + (0.07 + above) * span + 0.04
    for ax in axes:
        ax.set_ylim(*((10**low, 10**high) if logarithmic else (low, high)))
        if logarithmic:
            marks.log_value_axis(ax)
