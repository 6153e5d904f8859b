"""Checks of what a picture is drawn from, made before anything is drawn."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like

from course_utils.runs import KEY_COLUMNS
from course_utils.validation import told

NO_MEASURES = {*KEY_COLUMNS, "epoch", "status", "diverged_at"}


def check_runs(runs, measure):
    """Raise an error unless these are the runs of a sweep, with a measure that can be drawn."""
    missing = {"learning_rate", "epoch"} - set(getattr(runs, "columns", ()))
    if missing:
        raise TypeError(
            f"runs is not the table of a sweep, it has no {' and no '.join(sorted(missing))}; "
            "give what sweep returned."
        )
    if runs.empty:
        raise ValueError("runs is empty; there is nothing to draw.")
    rates = runs["learning_rate"]
    bad = rates[~(rates > 0)] if pd.api.types.is_numeric_dtype(rates) else rates
    if len(bad):
        raise ValueError(
            f"runs holds the learning_rate {told(bad.iloc[0])}; give rates that are numbers above "
            "0, as in what sweep returned."
        )
    known = [name for name in runs.select_dtypes("number") if name not in NO_MEASURES]
    if not isinstance(measure, str) or measure not in known:
        raise ValueError(
            f"measure is {told(measure)}, and runs has no column {told(measure)} of numbers; it "
            f"has {', '.join(map(str, known)) or 'none'}."
        )


def check_axes(ax, name="ax"):
    """Raise an error if `ax` is not a matplotlib Axes."""
    if not isinstance(ax, Axes):
        raise TypeError(f"{name} is {told(ax)}; give a matplotlib Axes, such as plt.subplots()[1].")


def check_text(text, name):
    """Raise an error if `text` is not a str."""
    if not isinstance(text, str):
        raise TypeError(f"{name} is {told(text)}; give a text in quotes.")


def as_colors(colors, n):
    """Return one colour or several as a list, or raise an error unless they are `n`."""
    several = isinstance(colors, (list, tuple, np.ndarray)) and not is_color_like(colors)
    colors = list(colors) if several else [colors]
    if not all(map(is_color_like, colors)):
        raise ValueError(f"color is {told(colors)}; give colours of matplotlib, such as 'green'.")
    if len(colors) != n:
        raise ValueError(f"color holds {len(colors)} colours, and there are {n} rates.")
    return colors
