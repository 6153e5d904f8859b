"""The game of the Goldilocks rate: verdicts, the board, and what the class sees."""

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts, picture, words
from matplotlib.figure import Figure

from course_utils import demos, stability_limits
from course_utils.demos.goldilocks import CLOSE, judge, loss_at, tries_to_win, unknown_data, wins
from course_utils.plotting.style import alt_text

pytestmark = pytest.mark.slow

NUMBERS = range(1, 9)


def good_rate(number):
    """Return a rate by the limits of lesson 02, as a team would that computes it from a row."""
    return stability_limits(unknown_data(number)[0][0]).one_sample_mean / 30


@pytest.mark.parametrize("number", NUMBERS)
def test_a_rate_from_the_limits_is_just_right_and_far_ones_are_not(number):
    rate = good_rate(number)
    assert judge(rate, number)[1] == "just right"
    assert judge(rate / 1e3, number)[1] == "too small"
    assert judge(rate * 1e3, number)[1] == "too large"
    assert loss_at(rate * 1e3, number) > 100


def test_data_sets_differ_in_scale_by_decades():
    rates = np.log10([good_rate(number) for number in range(1, 30)])
    assert np.ptp(rates) > 3.5


def test_fewest_tries_win_and_a_draw_counts_for_both():
    right, wrong = good_rate(1), good_rate(1) * 1e4
    tries = [(1, wrong, 1), (2, right, 1), (1, right, 1), (3, right, 1), (2, wrong, 1)]
    assert tries_to_win(tries) == {1: {2: 1, 1: 2, 3: 1}}
    assert {team: won for team, won in wins(tries).items() if won} == {2: 1, 3: 1}
    tries += [(1, good_rate(2), 2), (4, 1e-8, 2)]
    assert {team: won for team, won in wins(tries).items() if won} == {1: 1, 2: 1, 3: 1}
    assert not any(wins([(4, 1e-8, 2)]).values())


def test_what_is_pressed_stands_on_the_board():
    demo = demos.goldilocks_demo()
    (train,) = (each for each in parts(demo, widgets.Button) if each.description == "Train")
    (teams,) = parts(demo, widgets.ToggleButtons)
    slider = parts(demo, widgets.FloatLogSlider)[0]
    assert "Not trained yet. One row of data set 1:" in words(demo)
    empty = picture(demo)
    slider.value = good_rate(1)
    train.click()
    assert "Team 1, 1 tried" in words(demo)
    assert "just right" in words(demo)
    assert picture(demo) != empty
    teams.value = 2
    assert "Not trained yet" in words(demo)
    figure = Figure(figsize=(11, 4.1))
    demo.draw(figure, demo.widget.tried)
    assert "team 1 leads" in alt_text(figure)
    (number,) = parts(demo, widgets.IntSlider)
    number.value = 2
    assert "data set 2" in words(demo)


def test_every_loss_has_its_mark_in_the_picture():
    demo, figure = demos.goldilocks_demo(), Figure(figsize=(11, 4.1))
    rates = [1e-7, good_rate(1), 1.0]
    demo.draw(figure, [(1, rate, 1) for rate in rates])
    left, right = figure.axes
    marks = [line for line in left.lines if line.get_marker() not in ("None", "")]
    assert [line.get_xdata()[0] for line in marks] == rates
    assert marks[1].get_ydata()[0] < CLOSE
    assert len(right.lines) == len(rates)
