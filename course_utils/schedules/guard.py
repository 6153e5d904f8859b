"""What a schedule does during a run, asked before the run: its rates, and where they turn."""

from typing import NamedTuple

import numpy as np

from course_utils.schedules.shapes import OneCycle, Triangular
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden, tf
from course_utils.validation import as_count, told

schedules = keras.optimizers.schedules
MOST_BOUNDARIES = 1000
IDLE_SHARE = 0.1


class Boundary(NamedTuple):
    """A step at which a schedule turns.

    Attributes
    ----------
    step : int
        Counted from 0, as Keras's ``optimizer.iterations``.
    what : str
        What happens there, such as ``"drop"``.
    is_end : bool
        Whether the shape is complete there, so that it may be the step after the last.
    """

    step: int
    what: str
    is_end: bool = False


def schedule_rates(schedule, steps):
    """Return the learning rate of each step of a run.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
    steps : int
        Of the run: batches per epoch × epochs.

    Returns
    -------
    ndarray of shape (steps,)
        The rate at ``optimizer.iterations`` 0, 1, …, steps − 1.

    Raises
    ------
    TypeError, ValueError
        If `schedule` is no schedule of Keras, or `steps` no count.

    Examples
    --------
    >>> decay = keras.optimizers.schedules.PolynomialDecay(0.4, decay_steps=4, end_learning_rate=0)
    >>> schedule_rates(decay, 4).round(2).tolist()
    [0.4, 0.3, 0.2, 0.1]
    """
    if not isinstance(schedule, schedules.LearningRateSchedule):
        raise TypeError(
            f"schedule is {told(schedule)}; give a LearningRateSchedule, such as "
            "keras.optimizers.schedules.CosineDecay(0.1, decay_steps=600)."
        )
    steps = as_count(steps, "steps")

    @tf.function
    def rates(all_steps):
        return tf.map_fn(
            lambda step: tf.cast(schedule(step), tf.float32),
            all_steps,
            fn_output_signature=tf.float32,
        )

    with tensorflow_notes_hidden():
        return rates(tf.range(steps, dtype=tf.int64)).numpy().astype(float)


def schedule_boundaries(schedule, steps):
    """Return the steps at which a schedule turns, read from its own settings.

    Those of a repeating pattern are listed up to `steps`, but the first one always.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
        One of Keras's, `OneCycle` or `Triangular`; of others nothing is known.
    steps : int

    Returns
    -------
    list of Boundary
    """
    steps = as_count(steps, "steps")
    if isinstance(schedule, schedules.PiecewiseConstantDecay):
        return [Boundary(int(step), "drop") for step in schedule.boundaries]
    if isinstance(schedule, (schedules.ExponentialDecay, schedules.InverseTimeDecay)):
        return _repeated(schedule.decay_steps, steps, "drop") if schedule.staircase else []
    if isinstance(schedule, schedules.PolynomialDecay):
        return [Boundary(int(schedule.decay_steps), "end", is_end=True)]
    if isinstance(schedule, schedules.CosineDecay):
        warmup = int(schedule.warmup_steps) if schedule.warmup_target is not None else 0
        peak = [Boundary(warmup, "peak")] if warmup else []
        return [*peak, Boundary(warmup + int(schedule.decay_steps), "end", is_end=True)]
    if isinstance(schedule, schedules.CosineDecayRestarts):
        return _restarts(schedule, steps)
    if isinstance(schedule, OneCycle):
        tail = [Boundary(schedule.cycle_steps, "tail")] * (schedule.cycle_steps < schedule.steps)
        end = Boundary(schedule.steps, "end", is_end=True)
        return [Boundary(schedule.peak_step, "peak"), *tail, end]
    if isinstance(schedule, Triangular):
        return _repeated(schedule.half_cycle, steps, "peak", "base")
    return []


def schedule_problems(schedule, steps):
    """Return what a schedule does not do during a run of so many steps, in sentences.

    - The rate is not a finite number of at least 0 at some step; then nothing else is looked at.
    - A boundary lies outside of the run: the rate never drops, peaks or arrives.
    - The rate is the same at every step.
    - The rate is 0 for more than a tenth of the run: those steps change nothing.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
    steps : int

    Returns
    -------
    list of str
        Empty if all is well.

    Examples
    --------
    >>> drops = keras.optimizers.schedules.PiecewiseConstantDecay([3000], [0.1, 0.01])
    >>> schedule_problems(drops, 600)
    ['its drop is at step 3000 and the run has 600 steps', 'its rate never changes']
    """
    return problems_with(schedule_rates(schedule, steps), schedule_boundaries(schedule, steps))


def check_schedule(schedule, steps):
    """Refuse a schedule that does not do what it was made for during a run of so many steps.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
    steps : int
        Batches per epoch × epochs.

    Raises
    ------
    ValueError
        With all of `schedule_problems`.

    Examples
    --------
    >>> check_schedule(keras.optimizers.schedules.CosineDecay(0.1, decay_steps=600), 600)
    """
    rates = schedule_rates(schedule, steps)
    problems = problems_with(rates, schedule_boundaries(schedule, steps))
    if problems:
        advice = (
            "Look at the numbers that it was made from."
            if is_bad(rates).any()
            else "Count its settings in steps (batches per epoch × epochs), not in epochs or rows."
        )
        raise ValueError(
            f"{type(schedule).__name__} does not fit the run: {'; '.join(problems)}. {advice}"
        )


def problems_with(rates, boundaries):
    """Return `schedule_problems` from the rates of a run and the boundaries of its schedule."""
    steps = len(rates)
    bad = is_bad(rates)
    if bad.any():
        first = bad.argmax()
        return [
            f"its rate is {rates[first]:g} at step {first} ({bad.sum()} of {steps} steps are like "
            "that); a rate is a finite number of at least 0"
        ]
    problems = [
        f"its {boundary.what} is at step {boundary.step} and the run has {steps} steps"
        for boundary in boundaries
        if is_outside(boundary, steps)
    ]
    if steps > 1 and np.ptp(rates) == 0:
        problems.append("its rate never changes")
    idle = int((rates <= 1e-6 * rates.max()).sum())
    if idle > max(IDLE_SHARE * steps, 1):
        problems.append(f"its rate is 0 at {idle} of {steps} steps")
    return problems


def is_bad(rates):
    """Tell which rates cannot be trained with."""
    return ~(np.isfinite(rates) & (rates >= 0))


def is_outside(boundary, steps):
    """Tell whether a boundary has no effect in a run of so many steps."""
    return boundary.step > steps - (not boundary.is_end)


def _repeated(every, steps, *names):
    count = min(max(int((steps - 1) // every), 1), MOST_BOUNDARIES)
    return [
        Boundary(round(every * number), names[(number - 1) % len(names)])
        for number in range(1, count + 1)
    ]


def _restarts(schedule, steps):
    config = schedule.get_config()
    length, end = float(config["first_decay_steps"]), 0.0
    found = []
    while len(found) < MOST_BOUNDARIES and (not found or end + length < steps):
        end += length
        length *= config["t_mul"]
        found.append(Boundary(round(end), "restart", is_end=not found))
    return found
