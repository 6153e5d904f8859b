"""The picture of a range test: loss against the rate of the step, and the band that it suggests."""

from textwrap import fill

import numpy as np
from matplotlib.collections import LineCollection

from course_utils.plotting.style import (
    BACKING,
    GREY,
    RED,
    log_rate_axis,
    log_value_axis,
    mark_diverged,
    new_axes,
    rate_color,
    rate_label,
    set_alt_text,
)
from course_utils.validation import told

LABEL = {"fontsize": 14, "bbox": BACKING, "zorder": 4}
HEIGHTS = {"valley": 0.03, "minimum/10": 0.1, "steepest": 0.17}  # of the names of the rules


def plot_range_test(test, ax=None):
    """Draw the loss of each batch against the rate of its step, and what the curves suggest.

    Raw losses are thin. The line is the median of the smoothed curves, in the colours of the
    rates, and the band around it reaches from the lowest to the highest repeat. The suggested
    rates are shaded; an X at the top edge marks where half of the repeats had diverged.

    Parameters
    ----------
    test : RangeTest
        What `lr_range_test` returned.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    if not hasattr(test, "smoothed"):
        raise TypeError(f"test is {told(test)}; give what lr_range_test returned.")
    ax = new_axes(ax)
    rates, smoothed = test.learning_rates, test.smoothed
    low, high, logarithmic = _scale(test)
    ax.set_xlim(rates[0] / 1.3, rates[-1] * 1.3)
    ax.set_ylim(low, high)
    log_rate_axis(ax)
    if logarithmic:
        log_value_axis(ax)
    gone = high + 10 * abs(high - low)
    for losses in test.losses:
        ax.plot(rates, losses, color=GREY, linewidth=0.7, alpha=0.45, zorder=1)
    within = np.where(np.isfinite(smoothed), smoothed, gone)
    within[:, np.isnan(test.losses).all(axis=0)] = np.nan
    if len(within) > 1:
        ax.fill_between(
            rates, within.min(axis=0), within.max(axis=0), color="#aaaaaa", alpha=0.45, linewidth=0
        )
    median = np.median(within, axis=0)
    ax.add_collection(_colored(rates, median))
    if test.val_losses is not None:
        _draw_validation(ax, test)
    if test.refusal is None:
        _draw_band(ax, test)
    else:
        words = fill(f"no suggestion: {test.refusal}", 44)
        ax.text(0.03, 0.06, words, transform=ax.transAxes, color=RED, **LABEL)
    broken = [reason in ("diverged", "not finite") for reason in test.stop_reasons]
    if 2 * sum(broken) >= len(broken):
        rate = float(np.median(test.stopped_at[broken]))
        mark_diverged(ax, rate, f"diverged at {rate_label(_round(rate))}", rate_color(rate))
    ax.set_ylabel("loss of the batch")
    set_alt_text(ax, _words(test, median))
    return ax


def _scale(test):
    """Return the limits of the loss axis, and whether it is logarithmic.

    It shows the start, the valley, with room for names below it, and some of the cliff.
    """
    head = max(len(test.learning_rates) // 10, 1)
    shown = test.smoothed if np.isfinite(test.smoothed).any() else np.zeros((1, head))
    lowest, start = np.nanmin(shown), np.nanmedian(shown[:, :head])
    fall = max(start - lowest, 0.2 * abs(start), 1e-9)
    high = start + 0.6 * fall
    if start > 5 * lowest > 0:
        return lowest * (lowest / high) ** 0.3, high, True
    low = lowest - 0.45 * fall
    return (0.0 if low < 0 < lowest else low), high, False


def _colored(rates, losses):
    points = np.stack([rates, losses], axis=1)
    segments = np.stack([points[:-1], points[1:]], axis=1)
    seen = np.isfinite(segments).all(axis=(1, 2))
    colors = [rate_color(rate) for rate in rates[:-1][seen]]
    return LineCollection(segments[seen], colors=colors, linewidths=3.4, zorder=3)


def _draw_validation(ax, test):
    values = np.where(np.isnan(test.val_losses), np.inf, test.val_losses)
    median = np.median(values, axis=0)
    seen = np.isfinite(median)
    rates, median = test.learning_rates[seen], median[seen]
    ax.plot(rates, median, "o", color="black", markersize=5, zorder=3)
    if len(rates):
        place = len(rates) // 4
        ax.annotate(
            "validation", (rates[place], median[place]), xytext=(0, 12),
            textcoords="offset points", color="black", **LABEL,
        )  # fmt: skip


def _draw_band(ax, test):
    edge = ax.get_xaxis_transform()
    low, high = test.band
    middle = float(np.sqrt(low * high))
    color = rate_color(middle)
    ax.axvspan(low, high, color=color, alpha=0.16, linewidth=0, zorder=0)
    ax.text(
        middle, 0.98, f"band {rate_label(_round(low))} to {rate_label(_round(high))}",
        transform=edge, ha="center", va="top", color=color, weight="bold", **LABEL,
    )  # fmt: skip
    suggested = test.suggestions["learning_rate"].dropna()
    for rule, rate in suggested.items():
        side, height = "left" if rate == suggested.max() else "right", HEIGHTS[rule]
        line = "-" if rule != "steepest" else ":"
        ax.axvline(rate, color=rate_color(rate), linestyle=line, linewidth=1.6, zorder=2)
        ax.annotate(
            rule, (rate, height), xycoords=edge, xytext=(-6 if side == "right" else 6, 0),
            textcoords="offset points", ha=side, color=rate_color(rate), **LABEL,
        )  # fmt: skip


def _round(rate):
    return float(f"{rate:.2g}")


def _words(test, median):
    first, last = test.learning_rates[[0, -1]]
    words = [
        f"LR range test of {test.label}: loss of the batch against learning rate, "
        f"{rate_label(first)} to {rate_label(last)}, {len(test.losses)} repeats."
    ]
    if np.isfinite(median).any():
        lowest = int(np.nanargmin(median))
        words.append(
            f"The smoothed loss starts at {median[np.isfinite(median)][0]:.2g} and is smallest, "
            f"{median[lowest]:.2g}, at rate {rate_label(_round(test.learning_rates[lowest]))}."
        )
    if test.refusal is not None:
        return " ".join([*words, f"No suggestion: {test.refusal}."])
    words += [f"{rule}: {rate:.2g}." for rule, rate in test.suggestions["learning_rate"].items()]
    low, high = test.band
    return " ".join([*words, f"Suggested band: {low:.2g} to {high:.2g}."])
