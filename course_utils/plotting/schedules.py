"""Pictures of learning-rate schedules, drawn before anything trains."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from course_utils.plotting.style import GREY, RED, new_axes, rate_color, rate_label, set_alt_text
from course_utils.validation import as_count, as_numbers, told

PIECES = 400


def plot_schedule(schedule, steps=None, steps_per_epoch=None, ax=None):
    """Draw the learning rate of every step of a run, and say where a schedule does not fit it.

    The line has the colours of its rates. Its turns, read from the schedule's settings, are dotted
    lines; what `schedule_problems` finds, such as a boundary beyond the run, stands in red.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule, or array of shape (steps,)
        The rates themselves will do, for a schedule of your own.
    steps : int, optional
        Of the run: batches per epoch × epochs. Not needed with an array.
    steps_per_epoch : int, optional
        Count the axis in epochs instead of steps.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If the schedule is none, or `steps` is missing or no count.

    Examples
    --------
    >>> rates = [0.1 * 0.99**step for step in range(300)]
    >>> plot_schedule(rates, steps_per_epoch=10).get_xlabel()
    'epoch'
    """
    scale = 1 if steps_per_epoch is None else as_count(steps_per_epoch, "steps_per_epoch")
    rates, boundaries, problems = _asked(schedule, steps)
    ax = new_axes(ax, figsize=(8, 4.2))
    x = np.arange(len(rates)) / scale
    shown = np.unique(np.linspace(0, len(rates) - 1, PIECES).round().astype(int))
    shown = np.union1d(shown, _jumps(rates))
    points = np.column_stack([x[shown], rates[shown]])
    middles = np.maximum((points[1:, 1] + points[:-1, 1]) / 2, 1e-12)
    pieces = LineCollection(
        np.stack([points[:-1], points[1:]], axis=1),
        colors=[rate_color(rate) for rate in middles],
        linewidths=4,
        capstyle="round",
    )
    ax.add_collection(pieces)
    high = rates.max() or 1.0
    ax.set(
        xlim=(-0.02 * len(rates) / scale, 1.02 * len(rates) / scale),
        ylim=(-0.04 * high, 1.15 * high),
        xlabel="epoch" if steps_per_epoch else "step",
        ylabel="learning rate",
    )
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    for boundary in boundaries:
        if boundary.step < len(rates):
            ax.axvline(boundary.step / scale, color=GREY, linewidth=1.2, linestyle=":", zorder=1)
    if problems:
        _warn(ax, problems)
    set_alt_text(ax, _words(rates, boundaries, problems))
    return ax


def _asked(schedule, steps):
    """Return rates, boundaries within the run, and problems."""
    if hasattr(schedule, "__len__") and not isinstance(schedule, str):
        rates = as_numbers(schedule, "schedule")
        if rates.ndim != 1 or len(rates) < 2 or (rates < 0).any():
            raise ValueError(
                "schedule must hold at least two rates, none below 0, one for each step."
            )
        if steps not in (None, len(rates)):
            raise ValueError(
                f"schedule holds {len(rates)} rates and steps is {told(steps)}; leave steps out."
            )
        return rates, [], []
    if steps is None:
        raise ValueError("steps is missing; give the steps of the run, batches per epoch × epochs.")
    # Imported here, for TensorFlow is behind it.
    from course_utils.schedules import guard

    rates = guard.schedule_rates(schedule, steps)
    boundaries = guard.schedule_boundaries(schedule, steps)
    return rates, boundaries, guard.schedule_problems(rates, boundaries)


def _jumps(rates):
    """Return the steps around jumps, so that a drop is drawn as a drop."""
    changes = np.abs(np.diff(rates))
    jumps = np.flatnonzero(changes > 0.05 * max(rates.max(), 1e-12))
    return np.union1d(jumps, jumps + 1)


def _warn(ax, problems):
    ax.text(
        0.5,
        0.5,
        "\n".join(problems[:2]).replace(" and the run", ",\nand the run"),
        transform=ax.transAxes,
        ha="center",
        va="center",
        color=RED,
        fontsize=14,
        bbox={"facecolor": "white", "edgecolor": RED, "pad": 6},
    )
    for spine in ax.spines.values():
        spine.set(color=RED, linewidth=2)


def _words(rates, boundaries, problems):
    words = [
        f"Learning rate over {len(rates)} steps: it starts at {rate_label(rates[0])}, peaks at "
        f"{rate_label(rates.max())} in step {int(rates.argmax())} and ends at "
        f"{rate_label(rates[-1])}."
    ]
    inside = [f"{b.what} at step {b.step}" for b in boundaries if b.step <= len(rates)]
    words += [f"Turns: {', '.join(inside[:6])}."] if inside else []
    words += [f"Problem: {problem}." for problem in problems]
    return " ".join(words)
