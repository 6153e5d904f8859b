"""The picture of a range test: loss against the rate of the step, and the band that it suggests."""

from textwrap import fill

import numpy as np

from course_utils.plotting import marks, style
from course_utils.plotting.labels import Label
from course_utils.validation import told


def plot_range_test(test, ax=None):
    """Draw the loss of each batch against the rate of its step, and what the curves suggest.

    The line is the median of the smoothed curves, in the colours of the rates, and the grey around
    it reaches from the lowest to the highest repeat. Of a single repeat the raw losses are drawn,
    thin. The suggested rates are shaded, and each rule has one line, its median over the repeats;
    an X at the top edge marks where half of the repeats had diverged.

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
    ax = marks.new_axes(ax)
    rates = test.learning_rates
    low, high, logarithmic = _scale(test)
    ax.set(xlim=(rates[0] / 1.3, rates[-1] * 1.3), ylim=(low, high), ylabel="loss of the batch")
    marks.log_rate_axis(ax)
    if logarithmic:
        marks.log_value_axis(ax)
    within = np.where(np.isfinite(test.smoothed), test.smoothed, high + 10 * abs(high - low))
    within[:, np.isnan(test.losses).all(axis=0)] = np.nan
    if len(within) > 1:
        low_end, high_end = within.min(axis=0), within.max(axis=0)
        ax.fill_between(rates, low_end, high_end, color=style.PALE, alpha=0.6, linewidth=0)
    else:  # of several, the raw losses would hide the curve
        ax.plot(rates, test.losses[0], color=style.GREY, linewidth=0.7, alpha=0.45, zorder=1)
    median = np.median(within, axis=0)
    marks.add_colored_line(ax, rates, median, rates, linewidths=3.4, zorder=3)
    if test.val_losses is not None:
        _draw_validation(ax, rates, test.val_losses)
    if test.refusal is None:
        _draw_band(ax, test)
    else:
        corners = [
            ((x, y), (dx, dy))
            for y, dy in [(0.03, 1), (0.97, -1)]
            for x, dx in [(0.02, 1), (0.98, -1)]
        ]
        Label(ax, fill(f"no suggestion: {test.refusal}", 60), corners, "axes", color=style.RED)
    broken = [reason in ("diverged", "not finite") for reason in test.stop_reasons]
    if 2 * sum(broken) >= len(broken):
        rate = float(np.median(test.stopped_at[broken]))
        marks.mark_diverged(ax, rate, f"diverged at {style.rough(rate)}", style.rate_color(rate))
    style.set_alt_text(ax, _words(test, median))
    return ax


def _scale(test):
    """Return the limits of the loss axis, and whether it is logarithmic.

    It shows the start, the valley, some of the cliff, and room for the names below.
    """
    head = max(len(test.learning_rates) // 10, 1)
    shown = test.smoothed if np.isfinite(test.smoothed).any() else np.zeros((1, head))
    lowest, start = np.nanmin(shown), np.nanmedian(shown[:, :head])
    fall = max(start - lowest, 0.2 * abs(start), 1e-9)
    room = 0.3 if test.refusal is None and len(test.losses) > 1 else 0.5
    high = start + 0.7 * fall
    if start > 5 * lowest > 0:
        return lowest * (lowest / high) ** (2 * room), high, True
    lowest -= 0.1 * fall
    if len(test.losses) == 1:  # whose raw losses are drawn
        noise = np.nanmin(np.where(np.isfinite(test.losses), test.losses, lowest))
        lowest = min(lowest, max(noise, start - 3 * fall))
    return lowest - room * (high - lowest), high, False


def _draw_validation(ax, rates, losses):
    median = np.median(np.where(np.isnan(losses), np.inf, losses), axis=0)
    seen = np.isfinite(median)
    ax.plot(rates[seen], median[seen], "o", color=style.INK, markersize=5, zorder=3)
    points = list(zip(rates[seen], median[seen], strict=True))
    if points:
        places = [(point, (0, dy)) for dy in (12, -12, 40) for point in points]
        Label(ax, "validation", places, color=style.INK)


def _draw_band(ax, test):
    low, high = test.band
    middle = float(np.sqrt(low * high))
    color = style.rate_color(middle)
    ax.axvspan(low, high, color=color, alpha=0.16, linewidth=0, zorder=0)
    sides = [(middle, 0), (high, 5), (low, -5)]
    places = [((rate, y), (dx, -1)) for y in (0.98, 0.9, 0.45) for rate, dx in sides]
    words = f"band {style.rough(low)} to {style.rough(high)}"
    Label(ax, words, places, "x", color=color, weight="bold")
    # Each line ends above the one to its left: every name stands to the right, on no other's line.
    suggested = test.suggestions["learning_rate"].dropna().sort_values()
    for place, (rule, rate) in enumerate(suggested.items()):
        foot = 0.05 + 0.09 * place
        color, line = style.rate_color(rate), ":" if rule == "steepest" else "-"
        ax.axvline(rate, foot, color=color, linestyle=line, linewidth=1.6, zorder=2)
        Label(ax, rule, [((rate, foot), (5, 0)), ((rate, foot), (-5, 0))], "x", color=color)


def _words(test, median):
    first, last = test.learning_rates[[0, -1]]
    words = [
        f"LR range test of {test.label}: loss of the batch against learning rate, "
        f"{style.rate_label(first)} to {style.rate_label(last)}, {len(test.losses)} repeats."
    ]
    if np.isfinite(median).any():
        lowest = int(np.nanargmin(median))
        words.append(
            f"The smoothed loss starts at {median[np.isfinite(median)][0]:.2g} and is smallest, "
            f"{median[lowest]:.2g}, at rate {style.rough(test.learning_rates[lowest])}."
        )
    if test.refusal is not None:
        return " ".join([*words, f"No suggestion: {test.refusal}."])
    words += [f"{rule}: {rate:.2g}." for rule, rate in test.suggestions["learning_rate"].items()]
    low, high = test.band
    return " ".join([*words, f"Suggested band: {low:.2g} to {high:.2g}."])
