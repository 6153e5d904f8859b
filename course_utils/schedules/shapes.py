"""The triangular and the one-cycle schedule, for Keras's optimizers."""

import math
from inspect import signature
from itertools import pairwise

from course_utils.training.keras_setup import keras
from course_utils.validation import as_choice, as_count, as_number

ops = keras.ops


class _Shape(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that keeps each argument of its constructor under the argument's name."""

    def get_config(self):
        return {name: getattr(self, name) for name in signature(type(self)).parameters}


@keras.saving.register_keras_serializable(package="course_utils")
class OneCycle(_Shape):
    """Up to a large rate, down again, and a tail far below the start; one cycle for the whole run.

    With c = steps − round(tail_share · steps) and p = round(warmup_share · c), the rate is

    - ``start`` at step 0, with start = peak / start_divisor;
    - ``peak`` at step p;
    - ``start`` again at step c (without a tail: ``final``);
    - ``final`` at the step after the last, with final = peak / final_divisor; and from there on.

    In between it follows straight lines, as in L. N. Smith, N. Topin, "Super-Convergence",
    arXiv:1708.07120, 2017, section 2; or half waves of a cosine, as in most libraries.

    Parameters
    ----------
    peak_learning_rate : float
        The largest rate, reached once.
    steps : int
        Steps of the whole run (batches per epoch × epochs), at least 3.
    warmup_share : float
        Share of the cycle in which the rate rises, between 0 and 1.
    tail_share : float
        Share of the run after the cycle, at least 0 and below 1.
    start_divisor, final_divisor : float
        Start and end of the rate as fractions of the peak; 1 ≤ start_divisor ≤ final_divisor.
    curve : {"linear", "cosine"}
    name : str

    Examples
    --------
    >>> schedule = OneCycle(1.0, steps=100, warmup_share=0.5)
    >>> [round(float(schedule(step)), 3) for step in (0, 45, 90, 100)]
    [0.1, 1.0, 0.1, 0.001]
    """

    def __init__(
        self, peak_learning_rate, steps, warmup_share=0.5, tail_share=0.1, start_divisor=10.0,
        final_divisor=1000.0, curve="linear", name="OneCycle",
    ):  # fmt: skip
        super().__init__()
        self.peak_learning_rate = as_number(peak_learning_rate, "peak_learning_rate", above=0)
        self.steps = as_count(steps, "steps", minimum=3)
        self.warmup_share = as_number(warmup_share, "warmup_share", above=0, below=1)
        self.tail_share = as_number(tail_share, "tail_share", least=0, below=1)
        self.start_divisor = as_number(start_divisor, "start_divisor", least=1)
        self.final_divisor = as_number(final_divisor, "final_divisor", least=1)
        self.curve, self.name = as_choice(curve, "curve", ("linear", "cosine")), name
        if self.final_divisor < self.start_divisor:
            raise ValueError(
                f"final_divisor is {self.final_divisor:g}; it must be at least start_divisor, "
                f"{self.start_divisor:g}, so that the rate ends no higher than it began."
            )
        self.cycle_steps = self.steps - round(self.tail_share * self.steps)
        self.peak_step = round(self.warmup_share * self.cycle_steps)
        if not 0 < self.peak_step < self.cycle_steps:
            raise ValueError(
                f"{self.steps} steps with warmup_share={self.warmup_share} and "
                f"tail_share={self.tail_share} leave {self.peak_step} steps to rise and "
                f"{self.cycle_steps - self.peak_step} to fall; give both at least one."
            )

    @property
    def turns(self):
        """The (step, rate) at which the pieces meet, straight or waved."""
        peak = self.peak_learning_rate
        start, final = peak / self.start_divisor, peak / self.final_divisor
        has_tail = self.cycle_steps < self.steps
        tail = [(self.cycle_steps, start)] if has_tail else []
        return [(0, start), (self.peak_step, peak), *tail, (self.steps, final)]

    def __call__(self, step):
        with keras.name_scope(self.name):
            step = ops.cast(step, "float32")
            rate = self.turns[0][1]
            for (first, low), (end, high) in pairwise(self.turns):
                share = ops.clip((step - first) / (end - first), 0.0, 1.0)
                if self.curve == "cosine":
                    share = (1.0 - ops.cos(math.pi * share)) / 2.0
                rate = ops.where(step < first, rate, low * (1.0 - share) + high * share)
            return rate


@keras.saving.register_keras_serializable(package="course_utils")
class Triangular(_Shape):
    """Up and down between two rates along straight lines, again and again.

    At step t, in the cycle number k = ⌊t / (2s)⌋ with s = half_cycle, the rate is::

        base + (maximum − base) · shrink^k · (1 − |t/s − 2k − 1|)

    With shrink = 1 this is the policy "triangular" of L. N. Smith, "Cyclical Learning Rates for
    Training Neural Networks", WACV 2017, section 3, with ½ its "triangular2".

    Parameters
    ----------
    base_learning_rate, maximum_learning_rate : float
        0 < base < maximum.
    half_cycle : int
        Steps from the base to the maximum; the paper takes 2 to 10 epochs.
    shrink : float
        Above 0, at most 1: what is left of the height from one cycle to the next.
    name : str

    Examples
    --------
    >>> schedule = Triangular(0.1, 0.5, half_cycle=4)
    >>> [round(float(schedule(step)), 3) for step in (0, 2, 4, 8, 12)]
    [0.1, 0.3, 0.5, 0.1, 0.5]
    """

    def __init__(
        self, base_learning_rate, maximum_learning_rate, half_cycle, shrink=1.0, name="Triangular"
    ):
        super().__init__()
        base = as_number(base_learning_rate, "base_learning_rate", above=0)
        maximum = as_number(maximum_learning_rate, "maximum_learning_rate", above=0)
        self.base_learning_rate, self.maximum_learning_rate = base, maximum
        self.half_cycle = as_count(half_cycle, "half_cycle")
        self.shrink = as_number(shrink, "shrink", above=0, most=1)
        self.name = name
        if base >= maximum:
            raise ValueError(
                f"base_learning_rate is {base} and maximum_learning_rate {maximum}; the base must "
                "be the smaller one."
            )

    def __call__(self, step):
        with keras.name_scope(self.name):
            step = ops.cast(step, "float32")
            cycle = ops.floor(step / (2.0 * self.half_cycle))
            share = 1.0 - ops.abs(step / self.half_cycle - 2.0 * cycle - 1.0)
            height = self.maximum_learning_rate - self.base_learning_rate
            return self.base_learning_rate + height * ops.power(self.shrink, cycle) * share
