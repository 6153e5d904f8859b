"""The demos that train where the hand rests; the training is a stand-in."""

import asyncio
from types import SimpleNamespace

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from demo_parts import parts, picture, words
from matplotlib.figure import Figure

from course_utils import demos, sweeps
from course_utils.demos import live, tries, view
from course_utils.plotting.by_rate import plot_effective_rates
from course_utils.plotting.style import alt_text, optimizer_style
from course_utils.runs import runs_table

pytestmark = pytest.mark.slow

DATA = [[0.0], [1.0]], [0, 1]
X = np.zeros((60, 2))


def results(keys, accuracy, epochs, diverged=False):
    """Return the table of runs that all end at their accuracy."""
    runs = np.ones((len(accuracy), epochs))
    loss, accuracy = runs * (1e9 if diverged else 0.5), runs * np.array(accuracy)[:, None]
    measures = {"loss": loss, "accuracy": accuracy, "val_loss": loss, "val_accuracy": accuracy}
    return runs_table(keys, measures, 1.5)


@pytest.fixture
def trained(monkeypatch):
    """Keep what each sweep was asked for: large rates diverge, others reach the more the larger."""
    calls = []

    def compare_optimizers(
        build_model, optimizers, x, y, *, learning_rates, validation_data, epochs, seeds, progress
    ):
        keys = {"optimizer": [], "learning_rate": [], "seed": []}
        accuracy = []
        for optimizer in optimizers:
            name, rate = optimizer.name, optimizer.learning_rate
            effective = rate / (1 - optimizer.momentum)
            calls.append((name, rate))
            for seed in seeds:
                keys["optimizer"].append(name)
                keys["learning_rate"].append(rate)
                keys["seed"].append(seed)
                accuracy.append(min(0.99, 1 + np.log10(effective) / 10))
        return results(keys, accuracy, epochs, diverged=rate > 2)

    def make_optimizer(name, learning_rate=None):
        default = {"Adagrad": 0.001, "SGD": 0.01}.get(name)
        momentum = float(name.rstrip(")").partition("=")[2] or 0)
        rate = default if learning_rate is None else learning_rate
        return SimpleNamespace(name=name, learning_rate=rate, momentum=momentum)

    monkeypatch.setattr(sweeps, "compare_optimizers", compare_optimizers, raising=False)
    monkeypatch.setattr(live, "make_optimizer", make_optimizer)
    return calls


@pytest.fixture
def optimizer_demo(trained):
    settings = {"epochs": 4, "goal": 0.85, "baselines": {"a": 0.4}}
    return demos.optimizer_demo(lambda: None, *DATA, DATA, **settings)


@pytest.fixture
def momenta_demo(trained):
    return demos.effective_rate_demo(lambda: None, *DATA, DATA, epochs=2, goal=0.85)


def test_each_try_is_trained_once_and_kept(optimizer_demo, trained):
    (menu,) = parts(optimizer_demo, widgets.Dropdown)
    (slider,) = parts(optimizer_demo, widgets.FloatLogSlider)
    pictures = {picture(optimizer_demo)}
    slider.value = 0.1
    pictures.add(picture(optimizer_demo))
    menu.value = "SGD"
    pictures.add(picture(optimizer_demo))
    assert len(pictures) == 3
    menu.value = "Adagrad"
    assert trained == [("Adagrad", 0.001), ("Adagrad", 0.1), ("SGD", 0.1)]
    assert "Tries: 3, the best 0.9, beyond the goal: 2" in words(optimizer_demo)


@pytest.mark.parametrize("nearly", [10**-2.9999999999999996, float(np.float32(0.001))])
def test_two_ways_to_a_rate_are_one_try(optimizer_demo, trained, nearly):
    (slider,) = parts(optimizer_demo, widgets.FloatLogSlider)
    slider.value = 0.002
    slider.value = nearly
    assert [rate for _, rate in trained] == [0.001, 0.002]
    assert "Tries: 2," in words(optimizer_demo)


def test_a_reset_forgets_the_tries_and_trains_nothing_anew(optimizer_demo, trained):
    (slider,) = parts(optimizer_demo, widgets.FloatLogSlider)
    (menu,) = parts(optimizer_demo, widgets.Dropdown)
    slider.value, menu.value = 0.1, "SGD"
    count = len(trained)
    parts(optimizer_demo, widgets.Button)[-1].click()
    assert (slider.value, menu.value) == (pytest.approx(1e-3), "Adagrad")
    assert "Tries: 1," in words(optimizer_demo)
    assert len(trained) == count


def test_the_button_jumps_to_the_default_of_the_chosen_optimizer(optimizer_demo):
    default, _ = parts(optimizer_demo, widgets.Button)
    (menu,) = parts(optimizer_demo, widgets.Dropdown)
    (slider,) = parts(optimizer_demo, widgets.FloatLogSlider)
    menu.value = "SGD"
    default.click()
    assert slider.value == pytest.approx(0.01)


def test_a_diverged_run_is_a_result(optimizer_demo):
    parts(optimizer_demo, widgets.FloatLogSlider)[0].value = 3.0
    assert "3 × diverged" in words(optimizer_demo)


def test_each_rate_trains_all_momenta_once(momenta_demo, trained):
    (slider,) = parts(momenta_demo, widgets.FloatLogSlider)
    rates = [rate for _, rate in trained]
    assert rates == [1e-3] * 4
    assert "<b>0.9</b>" in words(momenta_demo)  # 1 + log10(0.001 / (1 - 0.99)) / 10
    assert "beyond the goal: 1" in words(momenta_demo)
    first = picture(momenta_demo)
    slider.value = 1e-4
    assert [rate for _, rate in trained] == [1e-3] * 4 + [1e-4] * 4
    assert picture(momenta_demo) != first
    assert "Tries: 2, the best 0.9, beyond the goal: 1" in words(momenta_demo)
    slider.value = 1e-3
    assert len(trained) == 8


def test_momenta_stand_at_their_effective_rates(momenta_demo):
    figure = Figure()
    momenta_demo.draw(figure, tries=[(0.01,)], learning_rate=0.1)
    curves = {line.get_label(): line.get_xydata() for line in figure.axes[1].lines}
    np.testing.assert_allclose(curves["momentum 0.0"], [[0.01, 0.8], [0.1, 0.9]])
    np.testing.assert_allclose(curves["momentum 0.9"], [[0.1, 0.9], [1.0, 0.99]])
    assert "momentum 0.9: best 0.99" in alt_text(figure)


def test_points_stand_at_their_effective_rates():
    rows = [
        (rate, momentum, seed, epoch, min(0.9, 0.5 + rate / (1 - momentum)))
        for rate in (0.01, 0.1)
        for momentum in (0.0, 0.9)
        for seed in range(3)
        for epoch in (1, 2)
    ]
    names = ["learning_rate", "momentum", "seed", "epoch", "val_accuracy"]
    ax = plot_effective_rates(pd.DataFrame(rows, columns=names))
    plain, heavy = (line.get_xydata() for line in ax.lines)
    np.testing.assert_allclose(plain, [[0.01, 0.51], [0.1, 0.6]])
    np.testing.assert_allclose(heavy, [[0.1, 0.6], [1.0, 0.9]])
    assert "momentum 0.9: best 0.90" in alt_text(ax.figure)


def test_optimizers_differ_in_colour_and_mark():
    styles = [optimizer_style(position) for position in range(8)]
    assert len({style["color"] for style in styles}) == 8
    assert len({style["marker"] for style in styles}) == 8


def test_optimizers_are_made_by_their_names():
    pytest.importorskip("keras")
    made = {name: tries.make_optimizer(name, learning_rate=0.25) for name in tries.OPTIMIZERS}
    assert {name: float(each.learning_rate) for name, each in made.items()} == dict.fromkeys(
        tries.OPTIMIZERS, 0.25
    )
    assert [type(each).__name__ for each in made.values()] == [
        name.partition("(")[0] for name in made
    ]
    assert made["SGD(momentum=0.9)"].momentum == 0.9
    assert float(tries.make_optimizer("Adam").learning_rate) == pytest.approx(0.001)


def test_the_demo_says_that_it_trains(optimizer_demo, monkeypatch):
    said, frame = [], type(optimizer_demo).frame

    def watched(demo, *tries, **values):
        said.append(words(demo))
        return frame(demo, *tries, **values)

    slider = parts(optimizer_demo, widgets.FloatLogSlider)[0]
    monkeypatch.setattr(type(optimizer_demo), "frame", watched)
    slider.value = 0.1
    assert "Training" in said[0]
    assert "Training" not in words(optimizer_demo)


def test_an_error_is_told_in_the_demo(optimizer_demo, monkeypatch):
    def fail(*args, **values):
        raise MemoryError("too large")

    slider = parts(optimizer_demo, widgets.FloatLogSlider)[0]
    monkeypatch.setattr(type(optimizer_demo), "frame", fail)
    with pytest.raises(MemoryError):
        slider.value = 0.1
    assert "MemoryError" in words(optimizer_demo)


def test_a_try_counts_when_the_hand_rests(optimizer_demo, trained, monkeypatch):
    monkeypatch.setattr(view, "REST", 0.05)
    slider = parts(optimizer_demo, widgets.FloatLogSlider)[0]

    async def press_keys():
        for _ in range(5):
            slider.value *= 10**0.05
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)

    asyncio.run(press_keys())
    assert trained == [("Adagrad", 0.001), ("Adagrad", pytest.approx(1e-3 * 10**0.25))]
    assert "Tries: 2," in words(optimizer_demo)


def test_a_network_of_each_batch_size_is_trained_and_compared(monkeypatch):
    calls = []

    def sweep(model, rates, x, y, *, validation_data, epochs, seeds, batch_size, progress):
        calls.append(batch_size)
        keys = {"learning_rate": [rates] * len(seeds), "seed": seeds}
        return results(keys, [0.5 + batch_size / 100] * len(seeds), epochs)

    monkeypatch.setattr(sweeps, "sweep", sweep, raising=False)
    y, y_validation = np.repeat([0, 1, 2], [10, 30, 20]), np.repeat([0, 1, 2], [5, 10, 5])
    hot = np.eye(3)[y], np.eye(3)[y_validation]
    for train, test in ((y, y_validation), hot):
        data = X, train, (X[:20], test)
        demo = demos.keras_demo(lambda: None, *data, epochs=4)
        assert "(most frequent class: 0.500)" in parts(demo, widgets.HTML)[0].value
    Y = X[:, 0]
    demo = demos.keras_demo(lambda: None, X, Y, (X, Y), epochs=4, baselines={"a": 0.4, "b": 0.7})
    assert "(b: 0.700)" in parts(demo, widgets.HTML)[0].value
    assert calls == [32, 32, 32]
    (sizes,) = parts(demo, widgets.ToggleButtons)
    sizes.value = 8
    assert calls[-1] == 8
    assert "Tries: 2, the best 0.82, beyond the goal: 1" in words(demo)
    assert "batch size 32: best 0.82" in parts(demo, widgets.Image)[0].tooltip


@pytest.mark.parametrize("rate", [1e-7, 1e-3, 10.0])
def test_a_first_try_at_any_rate_has_room_for_the_lines(monkeypatch, rate):
    def sweep(model, rates, x, y, *, seeds, epochs, **settings):
        keys = {"learning_rate": [rates] * len(seeds), "seed": seeds}
        return results(keys, [0.4, 0.5, 0.6], epochs)

    monkeypatch.setattr(sweeps, "sweep", sweep, raising=False)
    demo = demos.keras_demo(lambda: None, X, X[:, 0], (X, X[:, 0]), epochs=4)
    figure = Figure((11, 4.1))
    demo.draw(figure, learning_rate=rate, batch_size=8)
    low, high = figure.axes[1].get_xlim()
    assert low < 1e-7
    assert high > 10
