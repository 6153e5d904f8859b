"""Pictures of learning-rate schedules, drawn before anything trains."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from course_utils.plotting import marks, style
from course_utils.plotting.labels import Label
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
    ax = marks.new_axes(ax, height=4.2)
    shown = np.unique(np.linspace(0, len(rates) - 1, PIECES).round().astype(int))
    shown = np.union1d(shown, _jumps(rates))
    middles = np.maximum((rates[shown][1:] + rates[shown][:-1]) / 2, 1e-12)
    marks.add_colored_line(
        ax, shown / scale, rates[shown], np.r_[middles, 1], linewidths=4, capstyle="round"
    )
    high = rates.max() or 1.0
    ax.set_xlim(-0.02 * len(rates) / scale, 1.02 * len(rates) / scale)
    ax.set_ylim(-0.04 * high, 1.15 * high)
    ax.set(xlabel="epoch" if steps_per_epoch else "step", ylabel="learning rate")
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    looks = {"color": style.GREY, "linewidth": style.THIN, "linestyle": ":", "zorder": 1}
    for boundary in boundaries:
        if boundary.step < len(rates):
            ax.axvline(boundary.step / scale, **looks)
    if problems:
        _warn(ax, problems)
    style.set_alt_text(ax, _words(rates, boundaries, problems))
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
    words = "\n".join(problems[:2]).replace(" and the run", ",\nand the run")
    box = {"facecolor": "white", "edgecolor": style.RED, "pad": 6}
    places = [((x, y), (0, 0)) for x in (0.5, 0.3, 0.7) for y in (0.5, 0.3, 0.7, 0.2, 0.8)]
    Label(ax, words, places, "axes", color=style.RED, bbox=box, ma="center")
    ax.spines[:].set(color=style.RED, linewidth=2)


def _words(rates, boundaries, problems):
    first, peak, last = map(style.rate_label, (rates[0], rates.max(), rates[-1]))
    words = [
        f"Learning rate over {len(rates)} steps: it starts at {first}, peaks at {peak} in step "
        f"{int(rates.argmax())} and ends at {last}."
    ]
    inside = [f"{b.what} at step {b.step}" for b in boundaries if b.step <= len(rates)]
    words += [f"Turns: {', '.join(inside[:6])}."] if inside else []
    words += [f"Problem: {problem}." for problem in problems]
    return " ".join(words)
