"""Checks of what a picture is drawn from, made before anything is drawn."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes

from course_utils.runs import KEY_COLUMNS, run_status
from course_utils.validation import as_number, told

NO_MEASURES = {*KEY_COLUMNS, "epoch", "status", "diverged_at"}


def check_runs(runs, measure):
    """Raise an error unless these are the runs of a sweep, with a measure that can be drawn."""
    run_status(runs)
    rates = runs["learning_rate"]
    if not pd.api.types.is_numeric_dtype(rates) or not (rates > 0).all():
        raise ValueError(
            f"runs holds the learning_rate {told(rates.min())}; give rates that are numbers above "
            "0, such as those of a sweep."
        )
    known = [name for name in runs.select_dtypes("number") if name not in NO_MEASURES]
    if not isinstance(measure, str) or measure not in known:
        raise ValueError(
            f"measure is {told(measure)}, and runs has no such column of numbers; it has "
            f"{', '.join(map(str, known)) or 'none'}."
        )


def as_lines(lines, name, **bounds):
    """Return named values to draw as lines, a dict of floats; None gives none.

    Parameters
    ----------
    lines : mapping of str to float, or None
    name : str
        What the argument is called.
    **bounds : dict
        As in `as_number`.
    """
    if lines is None:
        return {}
    if not isinstance(lines, Mapping):
        raise TypeError(f"{name} is {told(lines)}; give a dict of names and numbers.")
    return {str(key): as_number(v, f"{name}[{key!r}]", **bounds) for key, v in lines.items()}


def check_axes(ax, name="ax"):
    """Raise an error if `ax` is not a matplotlib Axes."""
    if not isinstance(ax, Axes):
        raise TypeError(f"{name} is {told(ax)}; give a matplotlib Axes, such as plt.subplots()[1].")


def check_text(text, name):
    """Raise an error if `text` is not a str."""
    if not isinstance(text, str):
        raise TypeError(f"{name} is {told(text)}; give a text in quotes.")
