"""The momentum demo without a browser."""

import ipywidgets as widgets
import pytest
from demo_parts import parts, picture

from course_utils import demos
from course_utils.demos.bowls import arrivals, polyak

pytestmark = pytest.mark.slow


@pytest.fixture
def demo():
    return demos.momentum_demo()


def sliders(demo):
    rate, kappa = parts(demo, widgets.FloatLogSlider)
    (momentum,) = parts(demo, widgets.FloatSlider)
    return rate, momentum, kappa


def test_every_slider_changes_the_picture(demo):
    for slider, value in zip(sliders(demo), (0.005, 0.5, 20.0), strict=True):
        before = picture(demo)
        slider.value = value
        assert picture(demo) != before


def test_the_ends_of_the_sliders_draw(demo):
    rate, momentum, kappa = sliders(demo)
    for slider, ends in ((rate, (1e-3, 5.0)), (momentum, (0.0, 0.99)), (kappa, (1.0, 1000.0))):
        for end in ends:
            slider.value = end
            picture(demo)


def test_buttons_set_the_pair(demo):
    rate, momentum, kappa = sliders(demo)
    kappa.value = 49.0
    optimum, plain, critical, _ = parts(demo, widgets.Button)
    optimum.click()
    assert (rate.value, momentum.value) == pytest.approx((4 / 64, (6 / 8) ** 2))
    critical.click()
    assert rate.value == pytest.approx(2 * (1 + momentum.value) / 49)
    plain.click()
    assert (rate.value, momentum.value) == pytest.approx((2 / 50, 0.0))


def test_the_readout_compares(demo):
    parts(demo, widgets.Button)[0].click()
    words = parts(demo, widgets.HTML)[-1].value
    (steps,) = arrivals([1.0, 100.0], (4.0, 1.0), [polyak(100.0)])
    assert f"<b>{steps} steps</b>" in words
    sliders(demo)[0].value = 1.0
    assert "does not arrive" in parts(demo, widgets.HTML)[-1].value


def test_polyaks_pair_can_be_beaten():
    pairs = [polyak(100.0), (0.0298, 0.69)]
    of_polyak, better = arrivals([1.0, 100.0], (4.0, 1.0), pairs)
    assert better < of_polyak


def test_arrival_is_the_step_from_which_the_loss_stays_low():
    assert arrivals([1.0], [4.0], [(1.0, 0.0), (0.5, 0.0), (2.5, 0.0)]) == [1, 5, None]
