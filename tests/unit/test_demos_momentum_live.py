"""The demo of momenta at one rate; the training is a stand-in."""

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from demo_parts import parts

from course_utils import demos
from course_utils.demos import momentum_live
from course_utils.plotting.by_rate import plot_effective_rates
from course_utils.plotting.style import alt_text

DATA = [[0.0], [1.0]], [0, 1]


def table(learning_rate, momenta, epochs):
    """Runs whose accuracy is that of their effective rate."""
    rows = [
        (learning_rate, momentum, seed, epoch, min(0.9, 0.5 + learning_rate / (1 - momentum)))
        for momentum in momenta
        for seed in range(3)
        for epoch in range(1, epochs + 1)
    ]
    names = ["learning_rate", "momentum", "seed", "epoch", "val_accuracy"]
    return pd.DataFrame(rows, columns=names)


@pytest.fixture
def trained(monkeypatch):
    calls = []

    def train_momenta(build_model, learning_rate, momenta, x, y, validation_data, epochs):
        calls.append(learning_rate)
        return table(learning_rate, momenta, epochs)

    monkeypatch.setattr(momentum_live, "train_momenta", train_momenta)
    return calls


def test_each_rate_is_trained_once_and_kept(trained):
    demo = demos.effective_rate_demo(lambda: None, *DATA, DATA, epochs=2, goal=0.85)
    (slider,) = parts(demo, widgets.FloatLogSlider)
    (picture,) = parts(demo, widgets.Image)
    readout = parts(demo, widgets.HTML)[-1]
    assert trained == [1e-3]
    assert "<b>0.600</b>" in readout.value  # 0.5 + 0.001 / (1 - 0.99)
    assert "beyond the goal: 0" in readout.value
    first = picture.value
    slider.value = 1.0
    assert trained == [1e-3, 1.0]
    assert picture.value != first
    assert "Tries: 2, beyond the goal: 1" in readout.value
    slider.value = 1e-3
    assert trained == [1e-3, 1.0]


def test_points_stand_at_their_effective_rates():
    runs = pd.concat([table(0.01, [0.0, 0.9], 2), table(0.1, [0.0, 0.9], 2)])
    ax = plot_effective_rates(runs)
    plain, heavy = (line.get_xydata() for line in ax.lines)
    np.testing.assert_allclose(plain, [[0.01, 0.51], [0.1, 0.6]])
    np.testing.assert_allclose(heavy, [[0.1, 0.6], [1.0, 0.9]])
    assert "momentum 0.9: best 0.90" in alt_text(ax.figure)
