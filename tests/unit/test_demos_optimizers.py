"""The optimizer demo and the picture of ranks, without a browser; the training is a stand-in."""

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from demo_parts import parts

from course_utils import demos, sweeps
from course_utils.demos import optimizers
from course_utils.plotting.ranks import plot_ranks
from course_utils.plotting.style import alt_text, optimizer_style
from course_utils.runs import runs_table

RANKING = pd.DataFrame(
    {
        "default_rate": [0.001, 0.01, 0.001],
        "at_default": [0.3, 0.8, 1.4],
        "default_rank": [1, 2, 3],
        "tuned_rate": [0.003, 0.1, 0.1],
        "tuned": [0.28, 0.33, 0.27],
        "tuned_rank": [2, 3, 1],
    },
    index=["Adam", "SGD", "Adagrad"],
)


@pytest.fixture
def trained(monkeypatch):
    """Count the sweeps; large rates diverge, others reach an accuracy that grows with the rate."""
    calls = []

    def sweep(build_model, rates, x, y, validation_data, epochs, seeds, progress):
        (rate,) = rates
        calls.append(rate)
        runs = np.ones((len(seeds), epochs))
        loss = runs * (1e9 if rate > 1 else 0.5)
        accuracy = runs * min(0.99, 1 + np.log10(rate) / 10)
        measures = {"loss": loss, "accuracy": accuracy, "val_loss": loss, "val_accuracy": accuracy}
        keys = {"learning_rate": rates * len(seeds), "seed": seeds}
        return runs_table(keys, measures, 1.5)

    monkeypatch.setattr(sweeps, "sweep", sweep, raising=False)
    monkeypatch.setattr(optimizers, "_default", {"Adagrad": 0.001, "SGD": 0.01}.get)
    return calls


@pytest.fixture
def demo(trained):
    data = [[0.0], [1.0]], [0, 1]
    settings = {"epochs": 4, "goal": 0.85, "baselines": {"a": 0.4}}
    return demos.optimizer_demo(lambda: None, *data, data, **settings)


def test_each_try_is_trained_once_and_kept(demo, trained):
    (menu,) = parts(demo, widgets.Dropdown)
    (slider,) = parts(demo, widgets.FloatLogSlider)
    (image,) = parts(demo, widgets.Image)
    pictures = {bytes(image.value)}
    slider.value = 0.1
    pictures.add(bytes(image.value))
    menu.value = "SGD"
    pictures.add(bytes(image.value))
    assert len(pictures) == 3
    menu.value = "Adagrad"
    assert trained == [0.001, 0.1, 0.1]
    assert "Tries: 3, beyond the goal: 2" in parts(demo, widgets.HTML)[-1].value


def test_the_button_jumps_to_the_default_of_the_chosen_optimizer(demo):
    (button,) = parts(demo, widgets.Button)
    (menu,) = parts(demo, widgets.Dropdown)
    (slider,) = parts(demo, widgets.FloatLogSlider)
    menu.value = "SGD"
    button.click()
    assert slider.value == pytest.approx(0.01)


def test_a_diverged_run_is_a_result(demo):
    parts(demo, widgets.FloatLogSlider)[0].value = 3.0
    assert "diverged" in parts(demo, widgets.HTML)[-1].value


def test_optimizers_differ_in_colour_and_mark():
    styles = [optimizer_style(position) for position in range(8)]
    assert len({style["color"] for style in styles}) == 8
    assert len({style["marker"] for style in styles}) == 8


def test_ranks_are_told_in_words():
    ax = plot_ranks(RANKING)
    assert "Adagrad: 3 at its default rate (1.40), 1 tuned (0.27)." in alt_text(ax.figure)
    left, right = ax.lines[0].get_ydata()
    assert (left, right) == (3, 1)


def test_ranks_of_accuracies_count_upwards():
    ranking = RANKING.assign(
        at_default=1 - RANKING["at_default"] / 2, tuned=1 - RANKING["tuned"] / 2
    )
    assert "Adagrad: 3 at its default rate" in alt_text(plot_ranks(ranking).figure)
