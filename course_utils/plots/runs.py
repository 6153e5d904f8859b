"""Pictures of the tidy table: learning curves, and final error against learning rate."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from course_utils.plots.checks import as_lines, check_axes, check_runs
from course_utils.plots.style import (
    GREY,
    describe,
    log_rate_axis,
    log_value_axis,
    mark_baselines,
    mark_diverged,
    mark_limit,
    new_axes,
    rate_color,
    rate_label,
)
from course_utils.runs import run_keys, run_status
from course_utils.validation import as_flag

LINES = (
    Line2D([], [], color=GREY, linestyle="--", linewidth=1.4, label="training"),
    Line2D([], [], color=GREY, linestyle="-", linewidth=2.6, label="validation"),
)
AXIS_NAMES = {"loss": "loss", "val_loss": "validation loss"}


def plot_learning_curves(runs, measure="loss", baselines=None, whole_scale=False, axes=None):
    """Draw a small learning curve for every learning rate, all on the same scale.

    Training is thin and dashed, validation solid; several seeds are a band with its median. A run
    that diverged leaves the picture at an X.

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

    Returns
    -------
    ndarray of Axes
    """
    check_runs(runs, measure)
    baselines = as_lines(baselines, "baselines")
    whole_scale = as_flag(whole_scale, "whole_scale")
    rates = sorted(runs["learning_rate"].unique())
    axes = _grid(len(rates)) if axes is None else np.atleast_1d(np.asarray(axes, dtype=object))
    for ax in axes.flat:
        check_axes(ax, "axes")
    if axes.size < len(rates):
        raise ValueError(f"axes has {axes.size} Axes for {len(rates)} learning rates.")
    logarithmic = "loss" in measure
    low, high = _scale(runs, measure, baselines, whole_scale)
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
        diverged = run_status(of_rate).query("status == 'diverged'")
        ax.set_title(f"rate {rate_label(rate)}", color=rate_color(rate))
        if len(diverged) and not whole_scale:
            _mark_departure(ax, diverged["diverged_at"], rate_color(rate))
        describe(ax, _curve_words(of_rate, measure, rate))
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


def plot_sweep(runs, measure="val_loss", baselines=None, limits=None, ax=None):
    """Draw the final value of a measure against the learning rate.

    The line is the median over seeds, the band reaches from the best to the worst seed. A rate at
    which runs diverged has an X at the top edge, with its rate and the share of the runs.

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

    Returns
    -------
    Axes
    """
    check_runs(runs, measure)
    baselines = as_lines(baselines, "baselines")
    limits = as_lines(limits, "limits", above=0)
    ax = new_axes(ax)
    final = run_status(runs)
    logarithmic = "loss" in measure
    diverged = final["status"] == "diverged"
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
        ax.set_ylim(*_margins(min(values), max(values), logarithmic))
    if logarithmic:
        log_value_axis(ax)
    mark_baselines(ax, baselines, left_of=min(limits.values(), default=None))
    for formula, rate in limits.items():
        mark_limit(ax, rate, formula)
    shares = diverged.groupby(final["learning_rate"]).agg(["sum", "size"])
    _mark_departures(ax, shares[shares["sum"] > 0])
    describe(ax, _sweep_words(measure, band, shares, baselines, limits))
    return ax


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


def _mark_departure(ax, diverged_at, color):
    epoch = int(diverged_at.median())
    mark_diverged(ax, epoch, color=color)
    ax.text(
        0.5, 0.55, f"diverged\nin epoch {epoch}", transform=ax.transAxes, ha="center", color=color
    )


def _band(ax, runs, name, line, color, top):
    curves = runs.pivot(index="epoch", columns=run_keys(runs), values=name).to_numpy()
    epochs = np.sort(runs["epoch"].unique())
    if top is not None:
        curves = np.where(np.isfinite(curves), curves, top * 10)
    width = 2.6 if line == "-" else 1.4
    ax.plot(epochs, np.median(curves, axis=1), line, color=color, linewidth=width)
    if curves.shape[1] > 1:
        ax.fill_between(
            epochs, curves.min(axis=1), curves.max(axis=1), color=color, alpha=0.22, linewidth=0
        )


def _scale(runs, measure, baselines, whole_scale):
    names = [name for name in (measure, f"val_{measure}") if name in runs]
    shown = (
        runs
        if whole_scale or (runs["status"] == "diverged").all()
        else runs[runs["status"] != "diverged"]
    )
    values = np.concatenate([shown[names].to_numpy().ravel(), list(baselines.values())])
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


def _curve_words(runs, measure, rate):
    final = run_status(runs)
    name = f"val_{measure}" if f"val_{measure}" in final else measure
    fates = ", ".join(f"{n} {status}" for status, n in final["status"].value_counts().items())
    return f"Rate {rate_label(rate)}: {name} ends at {final[name].median():.3g} ({fates})."


def _sweep_words(measure, band, shares, baselines, limits):
    words = [f"{measure} after training against learning rate."]
    words += [f"{rate_label(rate)}: {row['median']:.3g}." for rate, row in band.iterrows()]
    words += [
        f"{rate_label(rate)}: {count} of {size} runs diverged."
        for rate, (count, size) in shares[shares["sum"] > 0].iterrows()
    ]
    words += [f"Baseline {name}: {value:.3g}." for name, value in baselines.items()]
    words += [f"Predicted limit {name} = {rate_label(rate)}." for name, rate in limits.items()]
    return " ".join(words)
