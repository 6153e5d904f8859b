"""Pictures of the tidy table: learning curves, and final error against learning rate."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from course_utils.plotting.checks import check_axes, check_runs
from course_utils.plotting.style import (
    GREY,
    RED,
    STATUS_COLORS,
    log_rate_axis,
    log_value_axis,
    mark_baselines,
    mark_diverged,
    mark_limit,
    new_axes,
    rate_color,
    rate_label,
    set_alt_text,
)
from course_utils.plotting.words import curve_words, sweep_words
from course_utils.runs import last_epochs, run_keys
from course_utils.validation import as_flag, as_named_numbers

LINES = (
    Line2D([], [], color=GREY, linestyle="--", linewidth=1.4, label="training"),
    Line2D([], [], color=GREY, linestyle="-", linewidth=2.6, label="validation"),
)
RUN = "run of the table"  # a column beside those of the table
AXIS_NAMES = {"loss": "loss", "val_loss": "validation loss"}


def plot_learning_curves(
    runs, measure="loss", baselines=None, whole_scale=False, axes=None, keys=()
):
    """Draw a small learning curve for every learning rate, all on the same scale.

    Training is thin and dashed, validation solid; several runs of a rate are a band with its
    median. A run that diverged leaves the picture at an X, unless all did; where most runs of a
    rate are stuck, the title says so.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    measure : str
        ``"loss"`` or ``"accuracy"``; ``val_…`` is drawn with it where the table has it.
    baselines : dict of str to float, optional
        Values to compare with, drawn as thin grey lines.
    whole_scale : bool
        Stretch the axis until the diverged runs fit, instead of marking them with an X.
    axes : array of Axes, optional
        One per learning rate; by default a new figure with four columns.
    keys : sequence of str, optional
        As in `run_status`.

    Returns
    -------
    ndarray of Axes

    Raises
    ------
    TypeError, ValueError
        If `runs` is not the table of a sweep or lacks the measure, if it holds two runs with the
        same keys, or a baseline is no number.

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> from course_utils import sweep
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.01, 0.1], [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0], epochs=9)
    >>> plot_learning_curves(runs).shape
    (1, 2)
    """
    check_runs(runs, measure)
    baselines = as_named_numbers(baselines, "baselines")
    whole_scale = as_flag(whole_scale, "whole_scale")
    final = last_epochs(runs, keys)
    runs = runs.assign(**{RUN: runs.groupby(run_keys(runs, keys), dropna=False).ngroup()})
    rates = sorted(runs["learning_rate"].unique())
    axes = _grid(len(rates)) if axes is None else np.atleast_1d(np.asarray(axes, dtype=object))
    for ax in axes.flat:
        check_axes(ax, "axes")
    if axes.size < len(rates):
        raise ValueError(f"axes has {axes.size} Axes for {len(rates)} learning rates.")
    logarithmic = "loss" in measure
    low, high = _scale(runs, measure, baselines, whole_scale)
    gone = "status" in final and (final["status"] == "diverged").all()
    all_seen = gone and np.isfinite(final[measure]).all()  # then the scale is theirs
    whole_scale = whole_scale or all_seen
    for ax, rate in zip(axes.flat, rates, strict=False):
        of_rate = runs[runs["learning_rate"] == rate]
        ax.set_ylim(low, high)
        if logarithmic:
            log_value_axis(ax)
        for name, line in ((measure, "--"), (f"val_{measure}", "-")):
            if name in of_rate:
                _band(ax, of_rate, name, line, rate_color(rate), high if logarithmic else None)
        for value in baselines.values():
            ax.axhline(value, color=GREY, linewidth=1.2, zorder=1)
        ax.set_title(f"rate {rate_label(rate)}", color=rate_color(rate))
        ended = final[final["learning_rate"] == rate]
        if "status" in final:
            diverged = ended[ended["status"] == "diverged"]
            if len(diverged) and not whole_scale:
                _mark_departure(ax, diverged, rate_color(rate))
            for status in ("stuck", "diverged"):
                if (ended["status"] == status).mean() > 0.5 and (status == "stuck" or all_seen):
                    ax.set_title(status, loc="right", color=STATUS_COLORS[status])
        set_alt_text(ax, curve_words(ended, measure, rate))
    mark_baselines(axes.flat[0], baselines)
    if f"val_{measure}" in runs:
        ax, corner = (axes.flat[0], "upper") if logarithmic else (axes.flat[-1], "lower")
        ax.legend(loc=f"{corner} right", handlelength=1.4, handles=LINES)
    for ax in axes.flat[len(rates) :]:
        ax.set_visible(False)
    for ax in np.atleast_2d(axes)[-1]:
        ax.set_xlabel("epoch")
    for ax in np.atleast_2d(axes)[:, 0]:
        ax.set_ylabel(measure)
    return axes


def plot_sweep(runs, measure="val_loss", baselines=None, limits=None, ax=None, keys=()):
    """Draw the final value of a measure against the learning rate.

    The line is the median over the runs of a rate, the band reaches from the best to the worst. A
    rate at which runs diverged has an X at the top edge, with its rate and the share of the runs.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    measure : str
        The column to draw, at the last epoch of each run.
    baselines : dict of str to float, optional
        Values to compare with, drawn as thin grey lines with their names.
    limits : dict of str to float, optional
        Predicted limits: formula and rate, drawn as vertical lines.
    ax : Axes, optional
    keys : sequence of str, optional
        As in `run_status`.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If `runs` is not the table of a sweep or lacks the measure, if it holds two runs with the
        same keys, if a baseline is no number, or a limit no rate above 0.

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> from course_utils import sweep
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.01, 0.1], [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0], epochs=9)
    >>> plot_sweep(runs, "loss").get_ylabel()
    'loss'
    """
    check_runs(runs, measure)
    baselines = as_named_numbers(baselines, "baselines")
    limits = as_named_numbers(limits, "limits", above=0)
    final = last_epochs(runs, keys)
    ax = new_axes(ax)
    logarithmic = "loss" in measure
    diverged = ~np.isfinite(final[measure])
    if "status" in final:
        diverged |= final["status"] == "diverged"
    fine = final[~diverged]
    band = fine.groupby("learning_rate")[measure].agg(["min", "median", "max"])
    log_rate_axis(ax)
    ax.set_ylabel(AXIS_NAMES.get(measure, measure.replace("val_", "validation ")))
    ax.fill_between(band.index, band["min"], band["max"], color="#bbbbbb", alpha=0.5, linewidth=0)
    ax.plot(band.index, band["median"], color="#555555", linewidth=1.8, zorder=2)
    for rate, row in band.iterrows():
        ax.plot(rate, row["median"], "o", color=rate_color(rate), markersize=11, zorder=3)
    _widen(ax, [*final["learning_rate"], *limits.values()])
    values = [*band.to_numpy().ravel(), *baselines.values()]
    if values:
        low, high = _margins(min(values), max(values), logarithmic)
        ax.set_ylim(low, high)
        if logarithmic:
            log_value_axis(ax)
    else:
        ax.set_yticks([])
    if band.empty:
        _say_that_all_diverged(ax, limits)
    left_of = None if band.empty else min(limits.values(), default=None)
    mark_baselines(ax, baselines, left_of=left_of)
    for formula, rate in limits.items():
        mark_limit(ax, rate, formula)
    shares = diverged.groupby(final["learning_rate"]).agg(["sum", "size"])
    _mark_departures(ax, shares[shares["sum"] > 0])
    set_alt_text(ax, sweep_words(measure, band, shares, baselines, limits))
    return ax


def _say_that_all_diverged(ax, limits):
    """Write so where no baseline and no limit is: into the upper half, in the widest gap."""
    low, high = ax.get_ylim()
    log = ax.get_yscale() == "log"
    ax.set_ylim(*((low**1.2 / high**0.2, high**2 / low) if log else (low, 2 * high - low)))
    edges = np.log10(np.sort([*ax.get_xlim(), *limits.values()]))
    widest = np.diff(edges).argmax()
    middle = 10 ** edges[widest : widest + 2].mean()
    words = "every run diverged:\nno value to draw"
    ax.text(middle, 0.6, words, transform=ax.get_xaxis_transform(), ha="center", color=RED)


def _mark_departures(ax, shares):
    """Mark the rates that diverged, with labels on three levels where they stand close."""
    level, previous = 0, -np.inf
    for rate, (count, size) in shares.iterrows():
        here = ax.transData.transform((rate, 1))[0]
        level = (level + 1) % 3 if here - previous < 60 else 0
        share = "" if count == size else f" ({count} of {size})"
        mark_diverged(ax, rate, rate_label(rate) + share, level=level)
        previous = here


def _grid(n):
    columns = min(n, 4)
    rows = -(-n // columns)
    return plt.subplots(
        rows, columns, figsize=(3.4 * columns, 3.1 * rows), sharex=True, sharey=True, squeeze=False
    )[1]


def _mark_departure(ax, diverged, color):
    at = diverged["diverged_at"].dropna() if "diverged_at" in diverged else ()
    epoch = int(np.median(at) if len(at) else diverged["epoch"].median())
    mark_diverged(ax, epoch, color=color)
    words = f"diverged\nin epoch {epoch}" if len(at) else "diverged"
    ax.text(0.5, 0.55, words, transform=ax.transAxes, ha="center", color=color)


def _band(ax, runs, name, line, color, top):
    reached = runs.assign(**{name: runs[name].fillna(np.inf)}) if top is not None else runs
    curves = reached.pivot(index="epoch", columns=RUN, values=name)
    epochs, curves = curves.index, curves.to_numpy(float)
    if top is not None:
        curves = np.where(np.isinf(curves), top * 10, curves)
    width = 2.6 if line == "-" else 1.4
    ax.plot(epochs, np.nanmedian(curves, axis=1), line, color=color, linewidth=width)
    if curves.shape[1] > 1:
        ax.fill_between(
            epochs,
            np.nanmin(curves, axis=1),
            np.nanmax(curves, axis=1),
            color=color,
            alpha=0.22,
            linewidth=0,
        )


def _scale(runs, measure, baselines, whole_scale):
    names = [name for name in (measure, f"val_{measure}") if name in runs]
    gone = runs["status"] == "diverged" if "status" in runs else np.zeros(len(runs), bool)
    shown = runs if whole_scale or gone.all() else runs[~gone]
    values = np.concatenate([shown[names].to_numpy(float).ravel(), list(baselines.values())])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.1, 10.0
    return _margins(values.min(), values.max(), "loss" in measure)


def _margins(low, high, logarithmic):
    if logarithmic:
        low, high = max(low, 1e-12), max(high, 1e-12)
        return low / (high / low) ** 0.07 / 1.1, high * (high / low) ** 0.07 * 1.1
    pad = 0.06 * (high - low) or 0.05
    return low - pad, high + pad


def _widen(ax, rates):
    low, high = min(rates), max(rates)
    pad = max((high / low) ** 0.05, 1.3)
    ax.set_xlim(low / pad, high * pad)
