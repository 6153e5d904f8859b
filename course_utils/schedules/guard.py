"""What a schedule does during a run, asked before the run: its rates, and where they turn."""

from itertools import cycle
from typing import NamedTuple

import numpy as np

from course_utils.schedules.shapes import OneCycle, Triangular
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden, tf
from course_utils.validation import as_count, told

schedules = keras.optimizers.schedules
MOST_BOUNDARIES = 1000
IDLE_SHARE = 0.1


class Boundary(NamedTuple):
    """A step at which a schedule turns, counted from 0, as Keras's ``optimizer.iterations``."""

    step: int
    what: str  # happens there, such as "drop"
    is_end: bool = False  # whether the shape is complete there: it may be the step after the last


def check_schedule(schedule, steps):
    """Refuse a schedule that does not do what it was made for during a run of so many steps.

    A ValueError names all that is wrong: a rate that is not a finite number of at least 0; a
    boundary outside of the run, so that the rate never drops, peaks or arrives; the same rate at
    every step; or the rate 0 for more than a tenth of the run, so that those steps change nothing.

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
    steps : int
        Batches per epoch × epochs.

    Examples
    --------
    >>> check_schedule(keras.optimizers.schedules.CosineDecay(0.1, decay_steps=600), 600)
    """
    rates = schedule_rates(schedule, steps)
    problems = schedule_problems(rates, schedule_boundaries(schedule, steps))
    if problems:
        advice = "Count its settings in steps (batches per epoch × epochs), not in epochs or rows."
        if _is_bad(rates).any():
            advice = "Look at the numbers that it was made from."
        raise ValueError(
            f"{type(schedule).__name__} does not fit the run: {'; '.join(problems)}. {advice}"
        )


def schedule_rates(schedule, steps):
    """Return the learning rates of a run at ``optimizer.iterations`` 0 to steps − 1: (steps,).

    Parameters
    ----------
    schedule : keras.optimizers.schedules.LearningRateSchedule
    steps : int
        Batches per epoch × epochs.

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
    all_steps = tf.range(as_count(steps, "steps"), dtype=tf.int64)
    first = schedule(all_steps[0])
    if first is None or np.shape(first) != ():
        got = "nothing" if first is None else f"numbers of shape {np.shape(first)}"
        raise TypeError(
            f"{type(schedule).__name__} gives {got} for one step; a schedule returns one number."
        )

    def rate(step):
        return tf.cast(schedule(step), tf.float32)

    with tensorflow_notes_hidden():
        rates = tf.function(lambda: tf.map_fn(rate, all_steps, fn_output_signature=tf.float32))
        return rates().numpy().astype(float)


def schedule_boundaries(schedule, steps):
    """Return the steps at which a schedule turns, read from its own settings: a list of `Boundary`.

    Of Keras's schedules, `OneCycle` and `Triangular`; of others nothing is known. Those of a
    repeating pattern are listed up to `steps`, but the first one always.
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
        first, ratio = (schedule.get_config()[key] for key in ("first_decay_steps", "t_mul"))
        length = end = float(first)
        found = [Boundary(round(end), "restart", is_end=True)]
        while (end := end + (length := length * ratio)) < steps and len(found) < MOST_BOUNDARIES:
            found.append(Boundary(round(end), "restart"))
        return found
    if isinstance(schedule, OneCycle):
        tail = [Boundary(schedule.cycle_steps, "tail")] * (schedule.cycle_steps < schedule.steps)
        end = Boundary(schedule.steps, "end", is_end=True)
        return [Boundary(schedule.peak_step, "peak"), *tail, end]
    if isinstance(schedule, Triangular):
        return _repeated(schedule.half_cycle, steps, "peak", "base")
    return []


def _repeated(every, steps, *names):
    count = min(max(int((steps - 1) // every), 1), MOST_BOUNDARIES)
    numbered = zip(range(1, count + 1), cycle(names), strict=False)
    return [Boundary(round(every * number), name) for number, name in numbered]


def schedule_problems(rates, boundaries):
    """Return, in sentences, what `check_schedule` refuses about these rates and boundaries.

    Examples
    --------
    >>> drops = keras.optimizers.schedules.PiecewiseConstantDecay([3000], [0.1, 0.01])
    >>> schedule_problems(schedule_rates(drops, 600), schedule_boundaries(drops, 600))
    ['its drop is at step 3000 and the run has 600 steps', 'its rate never changes']
    """
    steps = len(rates)
    bad = _is_bad(rates)
    if bad.any():
        first = bad.argmax()
        return [
            f"its rate is {rates[first]:g} at step {first} ({bad.sum()} of {steps} steps are like "
            "that); a rate is a finite number of at least 0"
        ]
    problems = [
        f"its {boundary.what} is at step {boundary.step} and the run has {steps} steps"
        for boundary in boundaries
        if boundary.step > steps - (not boundary.is_end)
    ]
    if steps > 1 and np.ptp(rates) == 0:
        problems.append("its rate never changes")
    idle = int((rates <= 1e-6 * rates.max()).sum())
    if idle > max(IDLE_SHARE * steps, 1):
        problems.append(f"its rate is 0 at {idle} of {steps} steps")
    return problems


def _is_bad(rates):
    return ~(np.isfinite(rates) & (rates >= 0))
