"""The guard before training: where schedules turn, and which of them do not fit their run."""

import numpy as np
import pytest

from course_utils import schedule_rates
from course_utils.schedules import (
    OneCycle,
    Triangular,
    check_schedule,
    schedule_boundaries,
)
from course_utils.training.keras_setup import keras

decay = keras.optimizers.schedules


@pytest.mark.parametrize(
    ("schedule", "boundaries"),
    [
        (decay.PiecewiseConstantDecay([20, 30], [3.0, 2.0, 1.0]), [20, 30]),
        (decay.ExponentialDecay(1.0, 15, 0.5, staircase=True), [15, 30]),
        (decay.ExponentialDecay(1.0, 15, 0.5), []),
        (decay.InverseTimeDecay(1.0, 20, 0.5, staircase=True), [20]),
        (decay.PolynomialDecay(1.0, 40), [40]),
        (decay.CosineDecay(1.0, 40), [40]),
        (decay.CosineDecay(0.0, 30, warmup_target=1.0, warmup_steps=10), [10, 40]),
        (decay.CosineDecayRestarts(1.0, 10, t_mul=2.0), [10, 30]),
        (OneCycle(1.0, 40, 0.5, 0.25), [15, 30, 40]),
        (OneCycle(1.0, 40, 0.5, 0), [20, 40]),
        (Triangular(0.1, 1.0, 12), [12, 24, 36]),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_boundaries_are_where_the_schedule_turns(schedule, boundaries):
    assert [boundary.step for boundary in schedule_boundaries(schedule, 40)] == boundaries
    check_schedule(schedule, 40)
    rates = schedule_rates(schedule, 80)
    bends = np.abs(np.diff(rates, 2))
    for step in (step for step in boundaries if step < 40):
        assert bends[max(step - 2, 0) : step + 2].max() > 3 * np.median(bends)


@pytest.mark.parametrize(
    ("schedule", "says"),
    [
        (
            decay.PiecewiseConstantDecay([40], [1.0, 0.1]),
            "its drop is at step 40 and the run has 40",
        ),
        (decay.PiecewiseConstantDecay([3000], [1.0, 0.1]), "never changes"),
        (decay.ExponentialDecay(1.0, 100, 0.5, staircase=True), "its drop is at step 100"),
        (decay.CosineDecay(1.0, 41), "its end is at step 41"),
        (decay.CosineDecay(1.0, 4), "its rate is 0 at 36 of 40 steps"),
        (decay.PolynomialDecay(1.0, 20, end_learning_rate=0.0), "its rate is 0 at 20 of 40"),
        (decay.CosineDecayRestarts(1.0, 60), "its restart is at step 60"),
        (decay.CosineDecay(0.0, 20, warmup_target=1.0, warmup_steps=45), "its peak is at step 45"),
        (OneCycle(1.0, 400), "its peak is at step 180"),
        (Triangular(0.1, 1.0, 50), "its peak is at step 50"),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_a_schedule_that_does_not_fit_the_run_is_refused(schedule, says):
    advice = "Count its settings in steps"
    with pytest.raises(ValueError, match=rf"does not fit the run: .*{says}.*\. {advice}"):
        check_schedule(schedule, 40)


@pytest.mark.parametrize("end", [np.nan, np.inf, -1.0])
def test_a_rate_that_cannot_be_trained_with_is_refused(end):
    class Own(decay.LearningRateSchedule):
        def __call__(self, step):
            return keras.ops.where(step < 30, 0.1, end)

    says = rf"its rate is {end:g} at step 30 \(10 of 40 steps.*finite number of at least 0\. Look"
    with pytest.raises(ValueError, match=says):
        check_schedule(Own(), 40)


def test_a_last_drop_that_trains_one_step_passes():
    check_schedule(decay.PiecewiseConstantDecay([38], [1.0, 0.1]), 40)
    assert schedule_rates(decay.PiecewiseConstantDecay([38], [1.0, 0.1]), 40)[-1] < 1


def test_nothing_is_known_of_a_schedule_of_ones_own():
    class Wave(decay.LearningRateSchedule):
        def __call__(self, step):
            return 0.2 + 0.1 * keras.ops.sin(keras.ops.cast(step, "float32"))

    assert schedule_boundaries(Wave(), 10) == []
    check_schedule(Wave(), 10)
