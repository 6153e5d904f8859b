"""The demo of the winner's luck, and its picture."""

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts

from course_utils import demos
from course_utils.demos.luck import ACCURACY, MOST, luck, measured, plot_tries
from course_utils.plotting.style import alt_text

pytestmark = pytest.mark.slow


def test_every_control_redraws():
    demo = demos.luck_demo()
    (picture,) = parts(demo, widgets.Image)
    readout = parts(demo, widgets.HTML)[-1]
    assert "Setting 1 of 1 is the best on these 200 samples" in readout.value
    tried, draw = parts(demo, widgets.IntSlider)
    (rows,) = parts(demo, widgets.ToggleButtons)
    before = picture.value
    for control, value in ((tried, 30), (rows, 50), (draw, 2)):
        control.value = value
        assert picture.value != before
        before = picture.value
    assert "of 30 is the best on these 50 samples" in readout.value


def test_settings_are_equally_good():
    scores = measured(200, seed=3, n_draws=2000)
    assert scores.shape == (2000, MOST)
    assert scores.mean(axis=0) == pytest.approx(ACCURACY, abs=0.5)
    assert scores.std() == pytest.approx(100 * np.sqrt(0.75 * 0.25 / 200), rel=0.02)


def test_luck_grows_with_the_number_tried_and_shrinks_with_the_samples():
    few, many = luck(50), luck(5000)
    assert (np.diff(few) >= 0).all()
    assert few[0] == pytest.approx(0, abs=1)
    assert few[-1] == pytest.approx(10 * many[-1], rel=0.15)


def test_goals_can_be_reached():
    assert any(measured(50, seed)[0].max() >= ACCURACY + 10 for seed in range(3))
    assert luck(5000)[-1] < 2


def test_picture_names_the_best():
    ax = plot_tries(np.array([70.0, 80.0, 75.0]))
    assert "3 settings; the best seems to have 80.0 per cent" in alt_text(ax.figure)
