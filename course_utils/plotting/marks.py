"""The axes of the course, and the marks on them: limits, baselines, and what has diverged."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

from course_utils.plotting import style
from course_utils.plotting.checks import check_axes, check_text
from course_utils.plotting.labels import Label
from course_utils.validation import as_named_numbers, as_number


def new_axes(ax=None, width=style.WIDTH, height=4.8):
    """Return `ax`, or the Axes of a new figure that no other cell will draw into."""
    if ax is None:
        return plt.subplots(figsize=(width, height))[1]
    check_axes(ax)
    return ax


def log_rate_axis(ax, label="learning rate"):
    """Make the x axis the one for learning rates: logarithmic, with plain decades."""
    ax.set_xscale("log")
    ax.set_xlabel(label)
    ax.xaxis.set_major_locator(LogLocator(numticks="auto"))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda rate, _: style.rate_label(rate)))
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


def add_colored_line(ax, x, y, rates, **looks):
    """Add a line through points, each piece in the colour of the rate at which it begins."""
    points = np.stack([x, y], axis=1)
    pieces = np.stack([points[:-1], points[1:]], axis=1)
    seen = np.isfinite(pieces).all(axis=(1, 2))
    colors = [style.rate_color(rate) for rate in rates[:-1][seen]]
    ax.add_collection(LineCollection(pieces[seen], colors=colors, **looks), autolim=False)


def mark_limit(ax, rate, formula):
    """Draw a predicted limit: a vertical line that carries its formula, at its right if it can."""
    check_axes(ax)
    rate = as_number(rate, "rate", above=0)
    check_text(formula, "formula")
    ax.axvline(rate, color=style.RED, linewidth=2, zorder=1)
    heights = [(y, -6) for y in np.arange(1, 0.5, -0.05)] + [(0, 6)]
    places = [
        ((rate, y), (dx, dy)) for dx in (5, -5) for y, dy in heights
    ]  # all at the right first
    Label(ax, f"{formula} = {style.rate_label(rate)}", places, "x", rotation=90, color=style.RED)


def mark_baselines(ax, baselines):
    """Draw baselines as thin grey lines that carry their names, at the right end if it is free."""
    check_axes(ax)
    name_baselines([ax], as_named_numbers(baselines, "baselines"))


def name_baselines(axes, baselines):
    """Draw baselines into all Axes of one scale, and name each in the first that has room."""
    highest = max(baselines.values(), default=None)
    for name, value in baselines.items():
        for ax in axes:
            ax.axhline(value, color=style.GREY, linewidth=style.THIN, zorder=1)
        up = 1 if value == highest else -1
        ends = [(1, -2), (0, 4), (0.5, 0), (0.75, 0), (0.25, 0)]
        steps = [4 * up, -4 * up, 15 * up, -15 * up, 26 * up, -26 * up]
        places = [((x, value), (dx, dy)) for dy in steps for x, dx in ends]
        Label(axes, f"{name} {value:.3g}", places, "y", color=style.GREY)


def mark_diverged(ax, x, text="", color=style.RED, best="low"):
    """Draw an X for what has left the picture, at the edge where no good value can stand."""
    edge, inwards = (1, -1) if best == "low" else (0, 1)
    ax.plot(
        [x], [edge], marker="X", markersize=style.MARK, color=color, markeredgecolor="white",
        transform=ax.get_xaxis_transform(), clip_on=False, zorder=5,
    )  # fmt: skip
    if text:
        beside = [(9, 2), (-9, 2), (14, 20), (-14, 20), (50, 2), (-50, 2)]
        offsets = [(0, 9), *beside[:2], (0, 27), (0, 45), *beside[2:]]
        places = [((x, edge), (dx, inwards * dy)) for dx, dy in offsets]
        Label(ax, text, places, "x", color=color, optional=True)
