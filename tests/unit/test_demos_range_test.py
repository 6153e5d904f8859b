"""The range-test demo without a browser, on a scikit-learn model that trains in a moment."""

import re

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from demo_parts import parts, picture, words
from sklearn.linear_model import SGDRegressor

from course_utils import demos, range_test, sweep
from course_utils.demos.range_test import regret_of

pytestmark = pytest.mark.slow

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 2))
Y = X @ [1.0, -2.0] + RANDOM.normal(size=120)
MODEL = SGDRegressor(learning_rate="constant")


@pytest.fixture
def tests_trained(monkeypatch):
    calls, whole = [], range_test.lr_range_test

    def counted(*data, start, end, **settings):
        calls.append((start, end))
        return whole(*data, start=start, end=end, **settings)

    monkeypatch.setattr(range_test, "lr_range_test", counted)
    return calls


@pytest.fixture
def demo(tests_trained):
    return demos.range_test_demo(
        MODEL, X[:80], Y[:80], (X[80:], Y[80:]), epochs=2, batch_size=8, repeats=2
    )


def test_smoothing_is_read_again_and_ends_are_tested_again(demo, tests_trained):
    start, end = parts(demo, widgets.FloatLogSlider)
    (smoothing,) = parts(demo, widgets.FloatSlider)
    pictures = {picture(demo)}
    smoothing.value = 0.5
    pictures.add(picture(demo))
    assert tests_trained == [(1e-6, 10.0)]
    start.value = 1e-5
    pictures.add(picture(demo))
    end.value = 1.0
    pictures.add(picture(demo))
    start.value = 1e-6
    end.value = 10.0
    assert len(pictures) == 4
    assert tests_trained == [(1e-6, 10.0), (1e-5, 10.0), (1e-5, 1.0), (1e-6, 1.0)]
    assert "Tests trained: 4" in words(demo)


def test_a_test_that_ends_too_early_says_so(demo):
    parts(demo, widgets.FloatLogSlider)[1].value = 0.03
    assert "No suggestion" in words(demo)
    assert "has not risen" in words(demo)


def test_the_corners_draw(demo):
    for slider in parts(demo, widgets.FloatLogSlider):
        for end in (slider.min, slider.max):
            slider.value = 10.0**end
            picture(demo)
    for value in (0.0, 0.98):
        parts(demo, widgets.FloatSlider)[0].value = value
        picture(demo)


def test_the_best_try_is_kept(demo):
    first = words(demo)
    assert "Your best" in first
    number = float(first.split("Your best: ")[1].split(" ×")[0])
    parts(demo, widgets.FloatSlider)[0].value = 0.97
    assert float(words(demo).split("Your best: ")[1].split(" ×")[0]) <= number


def test_a_sweep_of_your_own_is_taken(tests_trained):
    runs = sweep(
        MODEL, [1e-3, 1e-2], X, Y, validation_data=(X, Y), epochs=1, seeds=[0], progress=False
    )
    demo = demos.range_test_demo(MODEL, X, Y, None, runs=runs, batch_size=8, repeats=1)
    assert re.search(r"<b>\d\.\d{3} ×</b> the best loss", words(demo))


def test_regret_is_read_between_the_rates_of_the_sweep():
    loss = pd.Series([4.0, 1.0, np.inf], index=[0.01, 0.1, 1.0])
    assert regret_of(loss, 0.1) == pytest.approx(1)
    assert regret_of(loss, 0.1**1.5) == pytest.approx(2)
    assert regret_of(loss, 1e-4) == pytest.approx(4)
    assert regret_of(loss, 1.0) == pytest.approx(1e6)
