"""The look of the course: its colours and sizes, what a rate is called, and alt text.

To change how figures look, change this file and ``course.mplstyle`` beside it.
"""

from functools import cache
from importlib.resources import files
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib import rc_params_from_file, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from course_utils.plotting.checks import check_axes, check_text
from course_utils.validation import as_number, is_number, told

WIDTH = 9.6  # inches of the widest figure: 960 px, in which 14 points stay readable

INK = "#333333"  # what is measured, where no rate gives its colour
GREY = "#777777"  # what it is compared with
PALE = "#bbbbbb"  # single runs and folds behind a median
MISSING = "#e4e4e4"  # cells without a value
RED = "#b00020"  # limits, and what went wrong
STATUS_COLORS = {
    "converged": "#2f9e68",
    "slow": "#14324f",
    "oscillating": "#e07000",
    "diverged": RED,
    "stuck": "#7a4fc0",
}
OPTIMIZER_COLORS = (
    "#0072b2", "#d55e00", "#009e73", "#b35a8c", "#8a6d00", INK, "#3f8fc0", "#7b3294",
)  # fmt: skip
OPTIMIZER_MARKS = "osD^vXP*"

THIN, MEDIUM, BOLD = 1.2, 1.8, 2.6  # widths of lines
DOT, MARK = 11, 13  # sizes of markers
BACKING = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1}  # behind a text

DECADES = (-5, 1)  # log10 of the rates with the darkest and the brightest colour
BRIGHTEST = 0.64  # of plasma: contrast 3 on white

_descriptions = WeakKeyDictionary()


@cache
def course_rc():
    """Return the style of the course as matplotlib settings."""
    return rc_params_from_file(
        files("course_utils.plotting") / "course.mplstyle", use_default_template=False
    )


def use_course_style():
    """Draw every figure from here on in the style of the course (14 pt and more, no clutter)."""
    rcParams.update(course_rc())


def rate_color(rate):
    """Return the colour of a learning rate, the same in every figure: small dark, large bright."""
    low, high = DECADES
    rate = as_number(rate, "rate", above=0)
    position = np.clip((np.log10(rate) - low) / (high - low), 0, 1)
    return plt.get_cmap("plasma")(BRIGHTEST * float(position))


def rate_label(rate):
    """Return a learning rate as it is read aloud: 0.001, 0.25, 1e-05."""
    if not is_number(rate):
        raise TypeError(f"rate is {told(rate)}; give a number.")
    return f"{rate:.3g}"


def rough(rate):
    """Return a rate that was measured, not chosen, as a label of two digits."""
    return rate_label(float(f"{rate:.2g}"))


def measure_label(measure):
    """Return what an axis calls a column of the table of runs: validation loss for val_loss."""
    return measure.replace("val_", "validation ").replace("_", " ")


def optimizer_style(position):
    """Return the colour and the mark of the optimizer at a position of a list."""
    return {
        "color": OPTIMIZER_COLORS[position % len(OPTIMIZER_COLORS)],
        "marker": OPTIMIZER_MARKS[position % len(OPTIMIZER_MARKS)],
    }


def set_alt_text(ax, text):
    """Attach to an Axes the sentence that tells its story to somebody who cannot see it."""
    check_axes(ax)
    check_text(text, "text")
    _descriptions[ax] = text


def alt_text(figure):
    """Return the alt text of a figure: its Axes' descriptions, or else titles and labels."""
    sentences = []
    for ax in figure.axes:
        labels = " against ".join(filter(None, [ax.get_ylabel(), ax.get_xlabel()]))
        parts = ax.get_title(loc="left") or ax.get_title(), f"({labels})." if labels else ""
        text = _descriptions.get(ax) or " ".join(filter(None, parts))
        if text and text not in sentences:
            sentences.append(text)
    return " ".join(sentences)


def show(figure_or_axes):
    """Display a figure below the cell, with its alt text, and close it."""
    figure = figure_of(figure_or_axes)
    display(figure, metadata={"image/png": {"alt": alt_text(figure)}})
    plt.close(figure)


def figure_of(figure_or_axes):
    """Return the figure behind a figure, an Axes, or an array of Axes."""
    if isinstance(figure_or_axes, FigureBase):
        return figure_or_axes
    found = np.ravel(np.asarray(figure_or_axes, dtype=object))
    if not len(found) or not isinstance(found[0], Axes):
        raise TypeError(
            f"figure_or_axes is {told(figure_or_axes)}; give a matplotlib figure or its Axes."
        )
    return found[0].figure
