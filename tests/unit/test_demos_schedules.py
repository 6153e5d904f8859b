"""The schedule demo and the picture of a schedule, without a browser; training is a stand-in."""

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts, picture, words

from course_utils import demos, plot_schedule, schedule_rates, seeds, sweeps
from course_utils.demos.schedules import KINDS, schedule_shape
from course_utils.plotting.style import alt_text, rate_color
from course_utils.runs import runs_table
from course_utils.schedules import OneCycle, RateTable
from course_utils.training.keras_setup import keras

pytestmark = pytest.mark.slow

decay = keras.optimizers.schedules


def build_model():
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.5, momentum=0.5), loss="mse")
    return model


@pytest.fixture
def trained(monkeypatch):
    """Keep what each sweep was asked for; the mean rate of its table decides the loss."""
    calls = []

    def sweep(build, rate, x, y, *, validation_data, epochs, batch_size, seeds, progress):
        optimizer = build().optimizer
        assert optimizer.momentum == 0.5
        table = optimizer._learning_rate
        steps = epochs * -(-len(x) // batch_size)
        calls.append((rate, schedule_rates(table, steps), table))
        loss = np.full((len(seeds), epochs), 1 / (0.1 + rate * calls[-1][1].mean()))
        measures = {"loss": loss, "val_loss": loss}
        return runs_table({"learning_rate": [rate] * len(seeds), "seed": seeds}, measures, 1.5)

    monkeypatch.setattr(sweeps, "sweep", sweep, raising=False)
    return calls


@pytest.fixture
def demo(trained):
    x = np.zeros((300, 1))
    return demos.schedule_demo(build_model, x, x[:, 0], (x, x[:, 0]), epochs=6, goal=1.5)


def controls(demo):
    (kind,) = parts(demo, widgets.ToggleButtons)
    rate, final = parts(demo, widgets.FloatLogSlider)
    (warmup,) = parts(demo, widgets.FloatSlider)
    train, _ = parts(demo, widgets.Button)
    return kind, rate, warmup, final, train


def test_every_control_bends_the_curve_and_trains_nothing(demo, trained):
    kind, rate, warmup, final, _ = controls(demo)
    for control, value in ((kind, "cosine"), (rate, 1.0), (warmup, 0.2), (final, 0.1)):
        before = picture(demo)
        control.value = value
        assert picture(demo) != before
    assert trained == []
    assert "Not trained yet. Tries: 0." in words(demo)


def test_the_button_trains_the_curve_that_is_shown(demo, trained):
    kind, rate, warmup, final, train = controls(demo)
    kind.value, rate.value, warmup.value, final.value = "linear", 2.0, 0.25, 0.1
    train.click()
    peak, rates, _ = trained[0]
    assert peak == 2.0
    np.testing.assert_allclose(rates, schedule_shape("linear", 60, 0.25, 0.1), rtol=1e-6)
    assert "median of 3 seeds" in words(demo)
    assert "beyond the goal: 1" in words(demo)


def test_each_try_is_trained_once_and_kept_and_all_share_one_table(demo, trained):
    kind, rate, *_, train = controls(demo)
    rate.value = 0.1
    train.click()
    assert "beyond the goal: 0" in words(demo)
    kind.value = "cosine"
    train.click()
    kind.value = "constant"
    train.click()
    assert len(trained) == 2
    assert trained[0][2] is trained[1][2]
    assert "Tries: 2, the best 5," in words(demo)


def test_a_control_that_does_not_matter_trains_nothing_anew(demo, trained):
    kind, _, _, final, train = controls(demo)
    assert final.disabled
    train.click()
    final.value = 0.1
    assert "Not trained yet" not in words(demo)
    train.click()
    assert len(trained) == 1
    kind.value, final.value = "cosine", 1.0  # which is constant too
    train.click()
    assert len(trained) == 1
    assert not final.disabled
    final.value = 0.1
    train.click()
    assert len(trained) == 2


def test_the_ends_of_the_sliders_draw(demo):
    kind, rate, warmup, final, _ = controls(demo)
    for name in KINDS:
        kind.value = name
        picture(demo)
    for slider, ends in ((rate, (0.01, 10.0)), (warmup, (0.0, 0.5)), (final, (1e-3, 1.0))):
        for end in ends:
            slider.value = end
            picture(demo)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("warmup", [0.0, 0.3])
def test_a_shape_rises_to_its_peak_and_falls_to_its_final_share(kind, warmup):
    shape = schedule_shape(kind, 200, warmup, 0.05)
    rise = round(warmup * 200)
    assert len(shape) == 200
    assert shape.max() == shape[rise] == 1
    assert (np.diff(shape[: rise + 1]) > 0).all()
    assert (np.diff(shape[rise:]) <= 0).all()
    assert shape[-1] == 1 if kind == "constant" else 0.05 <= shape[-1] < 0.08
    assert (shape > 0).all()


def test_the_live_training_is_the_schedule_of_keras():
    x = np.random.default_rng(0).normal(size=(64, 1))
    data = {"x": x, "y": x[:, 0], "epochs": 5, "seeds": seeds(2)}
    table = RateTable(schedule_shape("cosine", 10, final_share=0.1))
    ends = []
    for schedule in (table, decay.CosineDecay(1.0, 10, alpha=0.1)):

        def build(schedule=schedule):
            model = build_model()
            model.compile(keras.optimizers.SGD(schedule), loss="mse")
            return model

        ends.append(sweeps.sweep(build, [0.1], **data)["loss"].to_numpy())
    np.testing.assert_allclose(ends[0], ends[1], rtol=1e-5)


# The picture of a schedule.


def test_the_line_is_the_rate_of_each_step_in_its_colour():
    schedule = OneCycle(0.5, 100)
    ax = plot_schedule(schedule, 100)
    (pieces,) = ax.collections
    ends = np.array(pieces.get_segments())
    points = np.vstack([ends[:, 0], ends[-1:, 1]])
    np.testing.assert_allclose(points[:, 0], range(100))
    np.testing.assert_allclose(points[:, 1], schedule_rates(schedule, 100))
    middle = points[:2, 1].mean()
    assert tuple(pieces.get_colors()[0]) == pytest.approx(rate_color(middle))
    assert [line.get_xdata()[0] for line in ax.lines] == [45, 90]
    assert "peaks at 0.5 in step 45" in alt_text(ax.figure)


def test_epochs_on_the_axis():
    ax = plot_schedule(OneCycle(0.5, 100), 100, steps_per_epoch=10)
    assert ax.get_xlabel() == "epoch"
    assert [line.get_xdata()[0] for line in ax.lines] == [4.5, 9]


def test_long_runs_keep_their_drops():
    schedule = decay.PiecewiseConstantDecay([7777], [1.0, 0.1])
    ends = np.array(plot_schedule(schedule, 20_000).collections[0].get_segments())
    widths = ends[:, 1, 0] - ends[:, 0, 0]
    falls = ends[:, 0, 1] - ends[:, 1, 1] > 0.5
    assert widths[falls].tolist() == [1]
    assert len(ends) < 500


def test_a_boundary_beyond_the_run_stands_in_the_picture():
    ax = plot_schedule(decay.PiecewiseConstantDecay([3000], [1.0, 0.1]), 600)
    (warning,) = ax.texts
    assert "its drop is at step 3000" in warning.get_text()
    assert "its drop is at step 3000 and the run has 600 steps" in alt_text(ax.figure)
    assert not ax.lines
    assert not plot_schedule(decay.PiecewiseConstantDecay([300], [1.0, 0.1]), 600).texts


def test_rates_of_ones_own_are_drawn():
    ax = plot_schedule([0.1, 0.3, 0.2])
    assert "peaks at 0.3 in step 1" in alt_text(ax.figure)


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        ((OneCycle(1, 10),), ValueError, "steps is missing"),
        ((0.1, 10), TypeError, "LearningRateSchedule"),
        (([0.1, 0.2], 10), ValueError, "2 rates and steps is 10"),
        (([0.1],), ValueError, "at least two"),
        (([0.1, np.nan],), ValueError, "finite"),
        ((OneCycle(1, 10), 10, 0), ValueError, "steps_per_epoch is 0"),
        ((OneCycle(1, 10), 10, None, "left"), TypeError, "ax is 'left'"),
    ],
)
def test_bad_input_is_explained(arguments, error, says):
    with pytest.raises(error, match=says):
        plot_schedule(*arguments)
