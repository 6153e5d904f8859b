"""The schedules of the course against their formulas, and in training."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from course_utils import schedule_rates, seeds, sweep
from course_utils.schedules import MomentumCycle, OneCycle, RateTable, Triangular
from course_utils.training import cache
from course_utils.training.keras_setup import keras, tf

NUMPY_COPY = pytest.mark.filterwarnings("ignore:__array__ impl:DeprecationWarning")  # of Keras
decay = keras.optimizers.schedules
X = np.random.default_rng(0).normal(size=(70, 3)).astype("float32")
Y = X @ [1.0, -2.0, 0.5] + 0.3
STEPS = 3 * 8  # 70 rows, batches of 32, 8 epochs


def one_cycle(step, peak, n, up, tail, start, final, curve):
    """One-cycle as its documentation says it, for one step at a time."""
    cycle = n - round(tail * n)
    top = round(up * cycle)
    low, last = peak / start, peak / final
    share = (lambda u: u) if curve == "linear" else (lambda u: (1 - np.cos(np.pi * u)) / 2)
    if step >= n:
        return last
    if step <= top:
        return low + (peak - low) * share(step / top)
    end = low if cycle < n else last
    if step <= cycle:
        return peak + (end - peak) * share((step - top) / (cycle - top))
    return low + (last - low) * share((step - cycle) / (n - cycle))


def triangular(step, base, maximum, half, shrink):
    """The formula of section 3.1 of Smith 2017, which counts cycles from 1."""
    cycle = np.floor(1 + step / (2 * half))
    x = abs(step / half - 2 * cycle + 1)
    return base + (maximum - base) * max(0, 1 - x) * shrink ** (cycle - 1)


def model_with(optimizer):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(optimizer, loss="mse")
    return model


def fit(model, **options):
    keras.utils.set_random_seed(0)
    return model.fit(X, Y, batch_size=32, shuffle=False, verbose=0, **{"epochs": 8, **options})


# Each schedule against its formula.


@pytest.mark.parametrize("curve", ["linear", "cosine"])
@pytest.mark.parametrize(
    ("n", "up", "tail", "start", "final"),
    [(100, 0.5, 0.1, 10, 1000), (60, 0.3, 0, 25, 1e4), (37, 0.41, 0.23, 4, 4), (3, 0.5, 0, 10, 10)],
)
def test_one_cycle_follows_its_formula_at_every_step(n, up, tail, start, final, curve):
    schedule = OneCycle(0.8, n, up, tail, start, final, curve)
    expected = [one_cycle(t, 0.8, n, up, tail, start, final, curve) for t in range(n + 5)]
    np.testing.assert_allclose(schedule_rates(schedule, n + 5), expected, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize(("half", "shrink"), [(1, 1.0), (7, 1.0), (10, 0.5), (3, 0.9)])
def test_triangular_follows_its_formula_at_every_step(half, shrink):
    schedule = Triangular(0.1, 0.6, half, shrink)
    expected = [triangular(t, 0.1, 0.6, half, shrink) for t in range(8 * half + 3)]
    np.testing.assert_allclose(schedule_rates(schedule, 8 * half + 3), expected, rtol=1e-5)


@example(n=10, up=0.5, tail=0.0, start=50.0, times=95.5, curve="linear")
@settings(max_examples=15, deadline=None)
@given(
    n=st.integers(10, 400),
    up=st.floats(0.2, 0.8),
    tail=st.floats(0, 0.4),
    start=st.floats(1.5, 100),
    times=st.floats(1, 100),
    curve=st.sampled_from(["linear", "cosine"]),
)
def test_one_cycle_peaks_once_at_its_step_and_keeps_its_bounds(n, up, tail, start, times, curve):
    final = start * times
    schedule = OneCycle(2.0, n, up, tail, start, final, curve)
    rates = np.array([one_cycle(t, 2.0, n, up, tail, start, final, curve) for t in range(n)])
    asked = [0, schedule.peak_step, schedule.cycle_steps, n]
    at_turns = [float(schedule(step)) for step in asked]
    assert at_turns[1] == pytest.approx(2.0, rel=1e-5)
    assert at_turns[3] == pytest.approx(2.0 / final, rel=1e-4)
    assert rates.min() >= 2.0 / final * (1 - 1e-4)
    assert rates.argmax() == schedule.peak_step
    inside = np.random.default_rng(n).integers(0, n, 5)
    np.testing.assert_allclose([float(schedule(t)) for t in inside], rates[inside], rtol=1e-3)


@settings(max_examples=15, deadline=None)
@given(
    base=st.floats(1e-4, 0.5),
    ratio=st.floats(1.5, 100),
    half=st.integers(1, 60),
    shrink=st.floats(0.3, 1),
    step=st.integers(0, 500),
)
def test_triangular_stays_between_its_rates(base, ratio, half, shrink, step):
    schedule = Triangular(base, base * ratio, half, shrink)
    assert float(schedule(half)) == pytest.approx(base * ratio, rel=1e-4)
    assert float(schedule(2 * half)) == pytest.approx(base, rel=1e-4)
    assert base * (1 - 1e-4) <= float(schedule(step)) <= base * ratio * (1 + 1e-4)


# As Keras uses them.


@pytest.mark.parametrize(
    "schedule",
    [OneCycle(0.3, STEPS, 0.4, 0.2, 5, 50, "cosine"), Triangular(0.01, 0.2, 5, 0.5)],
    ids=lambda schedule: schedule.name,
)
class TestInKeras:
    def test_round_trip(self, schedule):
        again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(schedule))
        assert type(again) is type(schedule)
        assert again.get_config() == schedule.get_config()
        optimizer = keras.optimizers.SGD.from_config(keras.optimizers.SGD(schedule).get_config())
        assert optimizer._learning_rate.get_config() == schedule.get_config()

    @NUMPY_COPY
    def test_saved_with_its_model(self, schedule, tmp_path):
        model = model_with(keras.optimizers.SGD(schedule))
        fit(model, epochs=1)
        model.save(tmp_path / "model.keras")
        again = keras.saving.load_model(tmp_path / "model.keras")
        fit(model, epochs=1)
        fit(again, epochs=1)
        np.testing.assert_allclose(again.get_weights()[0], model.get_weights()[0], rtol=1e-6)

    def test_inside_a_compiled_function(self, schedule):
        compiled = tf.function(schedule, jit_compile=True)
        for step in (0, 3, 11, STEPS):
            rate = float(compiled(tf.constant(step, tf.int64)))
            assert rate == pytest.approx(float(schedule(step)), rel=1e-5)

    def test_fit_takes_the_rate_of_each_step(self, schedule):
        model = model_with(keras.optimizers.SGD(schedule))
        w = np.append(model.get_weights()[0][:, 0], 0.0)
        fit(model)
        rows = np.column_stack([X, np.ones(len(X))])
        for step, rate in enumerate(schedule_rates(schedule, STEPS)):
            batch = slice(32 * (step % 3), 32 * (step % 3) + 32)
            errors = rows[batch] @ w - Y[batch]
            w = w - rate * 2 * rows[batch].T @ errors / len(errors)
        kernel, bias = model.get_weights()
        np.testing.assert_allclose([*kernel[:, 0], *bias], w, rtol=1e-4, atol=1e-5)

    def test_stacked_equals_the_loop_and_scales_the_peak(self, schedule):
        def build_model():
            return model_with(keras.optimizers.SGD(schedule))

        tables = [
            sweep(build_model, [0.3, 0.05], X, Y, epochs=8, seeds=seeds(2), engine=engine)
            for engine in ("stacked", "loop")
        ]
        np.testing.assert_allclose(tables[0]["loss"], tables[1]["loss"], rtol=1e-4)
        assert tables[0].groupby("learning_rate")["loss"].last().nunique() == 2


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: OneCycle(0, 10), ValueError, "peak_learning_rate is 0.*above 0"),
        (lambda: OneCycle("1", 10), TypeError, "peak_learning_rate is '1'"),
        (lambda: OneCycle(np.nan, 10), ValueError, "finite"),
        (lambda: OneCycle(1, 2), ValueError, "steps is 2.*at least 3"),
        (lambda: OneCycle(1, 10.0), TypeError, "steps is 10.0"),
        (lambda: OneCycle(1, 10, warmup_share=1), ValueError, "warmup_share is 1.*below 1"),
        (lambda: OneCycle(1, 10, warmup_share=0.01), ValueError, "leave 0 steps to rise"),
        (lambda: OneCycle(1, 10, tail_share=1), ValueError, "tail_share is 1"),
        (lambda: OneCycle(1, 10, final_divisor=0.5), ValueError, "final_divisor is 0.5.*at least"),
        (lambda: OneCycle(1, 10, final_divisor=5), ValueError, "at least start_divisor, 10"),
        (lambda: OneCycle(1, 10, curve="sine"), ValueError, "'linear', 'cosine'"),
        (lambda: Triangular(0.5, 0.1, 5), ValueError, "base must be the smaller"),
        (lambda: Triangular(0.1, 0.5, 0), ValueError, "half_cycle is 0"),
        (lambda: Triangular(0.1, 0.5, 5, shrink=2), ValueError, "shrink is 2.*at most 1"),
        (lambda: MomentumCycle(0.8, 0.9), ValueError, "low must be the smaller"),
        (lambda: MomentumCycle(1.0), ValueError, "high is 1.0.*below 1"),
        (lambda: RateTable([]), ValueError, "one for each step"),
        (lambda: RateTable([0.1, -1]), ValueError, "at least 0"),
        (lambda: RateTable([0.1, 0.2]).assign([0.1]), ValueError, "1 rates for a table of 2"),
        (lambda: schedule_rates(0.1, 5), TypeError, "LearningRateSchedule"),
        (lambda: schedule_rates(OneCycle(1, 10), 0), ValueError, "steps is 0"),
    ],
)
def test_bad_input_is_explained(make, error, says):
    with pytest.raises(error, match=says):
        make()


# A table of rates.


def test_a_table_is_a_schedule():
    table = RateTable([0.1, 0.2, 0.3])
    np.testing.assert_allclose(schedule_rates(table, 5), [0.1, 0.2, 0.3, 0.3, 0.3])
    copy = keras.optimizers.SGD.from_config(keras.optimizers.SGD(table).get_config())
    assert copy._learning_rate is table
    with pytest.raises(ValueError, match="of another session"):
        RateTable.from_config({"number": -1})


def test_a_new_table_needs_no_new_program_and_two_tables_are_never_one():
    def build_model():
        return model_with(keras.optimizers.SGD(table))

    def final_loss():
        runs = sweep(build_model, [0.1], X, Y, epochs=4, engine="stacked")
        return runs["loss"].iloc[-1]

    cache.clear()  # so that none is pushed out below
    constant, falling = np.ones(12), np.linspace(1, 0.1, 12)
    table = RateTable(constant)
    losses = [final_loss()]
    programs = set(cache._programs)
    table.assign(falling)
    losses.append(final_loss())
    assert set(cache._programs) == programs
    table = RateTable(falling)
    losses.append(final_loss())
    assert set(cache._programs) > programs
    assert losses[0] != pytest.approx(losses[1], rel=1e-3)
    assert losses[1] == pytest.approx(losses[2], rel=1e-5)


# Momentum against the rate.


def test_momentum_moves_against_the_rate_at_every_step():
    model = model_with(keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.95))
    w, v = np.append(model.get_weights()[0][:, 0], 0.0), np.zeros(4)
    cycle = MomentumCycle(0.95, 0.8)
    fit(model, callbacks=[cycle])
    rates = schedule_rates(OneCycle(0.1, STEPS), STEPS)
    momenta = 0.95 - 0.15 * np.clip((rates - rates[0]) / (rates.max() - rates[0]), 0, 1)
    np.testing.assert_allclose(cycle.momenta, momenta)
    assert momenta[OneCycle(0.1, STEPS).peak_step] == momenta.min() == pytest.approx(0.8)
    rows = np.column_stack([X, np.ones(len(X))])
    for step, (rate, momentum) in enumerate(zip(rates, momenta, strict=True)):
        batch = slice(32 * (step % 3), 32 * (step % 3) + 32)
        v = momentum * v - rate * 2 * rows[batch].T @ (rows[batch] @ w - Y[batch]) / len(Y[batch])
        w = w + v
    kernel, bias = model.get_weights()
    np.testing.assert_allclose([*kernel[:, 0], *bias], w, rtol=1e-3, atol=1e-4)


@NUMPY_COPY
def test_momentum_is_a_number_again_after_fit_and_while_saving(tmp_path):
    optimizer = keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.9)
    model = model_with(optimizer)
    save = keras.callbacks.ModelCheckpoint(tmp_path / "model.keras")
    fit(model, callbacks=[MomentumCycle(), save])
    assert type(optimizer.momentum) is float
    assert optimizer.momentum == 0.9
    assert keras.saving.load_model(tmp_path / "model.keras").optimizer.momentum == 0.9
    before = model.get_weights()
    fit(model, epochs=1)
    assert not np.allclose(before[0], model.get_weights()[0])


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("moment", ["on_train_batch_begin", "on_train_batch_end"])
def test_after_an_interrupt_the_next_fit_trains_at_the_number_of_the_optimizer(error, moment):
    def stop(batch, logs=None):
        if int(interrupted.optimizer.iterations.numpy()) == 9:
            raise error

    interrupted, plain = (
        model_with(keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.9)) for _ in range(2)
    )
    stopper = keras.callbacks.LambdaCallback(**{moment: stop})
    with pytest.raises(error):
        fit(interrupted, callbacks=[MomentumCycle(0.9, 0.2), stopper])
    plain.set_weights(interrupted.get_weights())
    plain.optimizer.build(plain.trainable_variables)
    for variable, other in zip(
        plain.optimizer.variables, interrupted.optimizer.variables, strict=True
    ):
        variable.assign(other)
    for model in (interrupted, plain):
        fit(model, epochs=1)
    assert type(interrupted.optimizer.momentum) is float
    for trained, expected in zip(interrupted.get_weights(), plain.get_weights(), strict=True):
        np.testing.assert_allclose(trained, expected, rtol=1e-5)
    cycle = MomentumCycle(0.9, 0.2)
    fit(interrupted, epochs=1, callbacks=[cycle])
    assert interrupted.optimizer.momentum == 0.9


def test_a_second_fit_goes_on_where_the_first_one_ended():
    whole, parts = MomentumCycle(), [MomentumCycle() for _ in range(4)]
    model = model_with(keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.9))
    for part in parts:
        fit(model, epochs=2, callbacks=[part])
    model = model_with(keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.9))
    fit(model, callbacks=[whole])
    np.testing.assert_allclose(np.concatenate([part.momenta for part in parts]), whole.momenta)


@pytest.mark.parametrize(
    ("optimizer", "options", "error", "says"),
    [
        (lambda: keras.optimizers.SGD(OneCycle(0.1, STEPS)), {}, TypeError, "no momentum"),
        (lambda: keras.optimizers.Adam(OneCycle(0.1, STEPS)), {}, TypeError, "Adam has no mom"),
        (lambda: keras.optimizers.SGD(0.1, momentum=0.9), {}, TypeError, "is constant"),
        (
            lambda: keras.optimizers.SGD(decay.CosineDecay(0.1, STEPS), momentum=0.9),
            {},
            ValueError,
            "CosineDecay never rises",
        ),
        (
            lambda: keras.optimizers.SGD(OneCycle(0.1, STEPS), momentum=0.9),
            {"steps_per_execution": 2},
            ValueError,
            "steps_per_execution=1",
        ),
    ],
)
def test_momentum_cycle_explains_what_it_cannot_do(optimizer, options, error, says):
    model = model_with(optimizer())
    model.compile(model.optimizer, loss="mse", **options)
    with pytest.raises(error, match=says):
        fit(model, callbacks=[MomentumCycle()])
