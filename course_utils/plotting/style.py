"""The one visual language of the course: colours, marks, and pictures with alt text."""

from functools import cache
from importlib.resources import files
from numbers import Real
from weakref import WeakKeyDictionary

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib import rc_params_from_file, rcParams
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from course_utils.plotting.checks import check_axes, check_text
from course_utils.validation import as_named_numbers, as_number, told

DECADES = (-5, 1)
GREY = "#777777"
RED = "#b00020"

STATUS_COLORS = {
    "converged": "#1f8a4c",
    "slow": "#0072b2",
    "oscillating": "#8a6d00",
    "diverged": RED,
    "stuck": "#7b3294",
}

BACKING = {"facecolor": "white", "alpha": 0.75, "linewidth": 0, "pad": 1}

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
    position = (np.log10(rate) - low) / (high - low)
    return plt.get_cmap("plasma")(0.86 * float(np.clip(position, 0, 1)))


def rate_label(rate):
    """Return a learning rate as it is read aloud: 0.001, 0.25, 1e-05."""
    if not isinstance(rate, Real) or isinstance(rate, bool):
        raise TypeError(f"rate is {told(rate)}; give a number.")
    return f"{rate:.3g}"


def set_alt_text(ax, text):
    """Attach to an Axes the sentence that tells its story to somebody who cannot see it."""
    check_axes(ax)
    check_text(text, "text")
    _descriptions[ax] = text


def alt_text(figure):
    """Return the alt text of a figure: its Axes' descriptions, or else titles and labels."""
    if not isinstance(figure, FigureBase):
        raise TypeError(f"figure is {told(figure)}; give a matplotlib figure, such as ax.figure.")
    sentences = []
    for ax in figure.axes:
        text = _descriptions.get(ax) or " ".join(
            part for part in (ax.get_title(loc="left") or ax.get_title(), _axes_words(ax)) if part
        )
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


def log_rate_axis(ax, label="learning rate"):
    """Make the x axis the one for learning rates: logarithmic, with plain decades."""
    ax.set_xscale("log")
    ax.set_xlabel(label)
    ax.xaxis.set_major_locator(LogLocator(numticks=12))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: rate_label(rate)))
    ax.xaxis.set_minor_locator(NullLocator())


def log_value_axis(ax):
    """Make the y axis logarithmic, with plain numbers wherever they are short."""
    ax.set_yscale("log")
    low, high = ax.get_ylim()
    if high / low < 1e3:
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high / low < 300 else (1,)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    else:
        ax.yaxis.set_major_locator(LogLocator(numticks=6))
    ax.yaxis.set_minor_locator(NullLocator())


def mark_limit(ax, rate, formula):
    """Draw a predicted limit: a vertical line that carries its formula."""
    check_axes(ax)
    rate = as_number(rate, "rate", above=0)
    check_text(formula, "formula")
    ax.axvline(rate, color=RED, linewidth=2, zorder=1)
    ax.annotate(
        f"{formula} = {rate_label(rate)}",
        (rate, 0.97),
        xycoords=ax.get_xaxis_transform(),
        xytext=(5, 0),
        textcoords="offset points",
        rotation=90,
        va="top",
        color=RED,
        fontsize=14,
        bbox=BACKING,
        zorder=1.8,
    )


def mark_baselines(ax, baselines, left_of=None):
    """Draw baselines as thin grey lines, named at the right end or left of the rate `left_of`."""
    check_axes(ax)
    baselines = as_named_numbers(baselines, "baselines")
    if left_of is not None:
        left_of = as_number(left_of, "left_of")
    end, coordinates = (1, ax.get_yaxis_transform()) if left_of is None else (left_of, "data")
    highest = max(baselines.values(), default=None)
    for name, value in baselines.items():
        ax.axhline(value, color=GREY, linewidth=1.2, zorder=1)
        ax.annotate(
            f"{name} {value:.3g}",
            (end, value),
            xycoords=coordinates,
            xytext=(0 if left_of is None else -6, 3 if value == highest else -3),
            textcoords="offset points",
            ha="right",
            va="bottom" if value == highest else "top",
            color=GREY,
            fontsize=14,
            bbox=BACKING,
            zorder=1.5,
        )


def mark_diverged(ax, x, text="", color=RED, level=0):
    """Draw an X at the top edge for what has left the picture; `level` lifts its text."""
    edge = ax.get_xaxis_transform()
    ax.plot(
        [x],
        [1],
        marker="X",
        markersize=13,
        color=color,
        markeredgecolor="white",
        transform=edge,
        clip_on=False,
        zorder=5,
    )
    ax.annotate(
        text,
        (x, 1),
        xycoords=edge,
        xytext=(0, 11 + 18 * level),
        textcoords="offset points",
        ha="center",
        color=color,
        fontsize=14,
        annotation_clip=False,
    )


def new_axes(ax=None, figsize=(10, 5)):
    """Return `ax`, or the Axes of a new figure that no other cell will draw into."""
    if ax is None:
        return plt.subplots(figsize=figsize)[1]
    check_axes(ax)
    return ax


def _axes_words(ax):
    labels = [label for label in (ax.get_xlabel(), ax.get_ylabel()) if label]
    return f"({' against '.join(reversed(labels))})." if labels else ""
