"""The demo of grid and random search, and its picture."""

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts

from course_utils import demos
from course_utils.demos.random_search import (
    bump,
    draw_of_luck,
    plot_luck,
    plot_trials,
    race,
    random_points,
    square_grid,
)
from course_utils.plotting.style import alt_text

pytestmark = pytest.mark.slow


def test_every_slider_redraws():
    demo = demos.random_search_demo()
    (picture,) = parts(demo, widgets.Image)
    readout = parts(demo, widgets.HTML)[-1]
    assert "9 trials each" in readout.value
    before = picture.value, readout.value
    trials, draw = parts(demo, widgets.IntSlider)
    place, width = parts(demo, widgets.FloatSlider)
    for slider, value in ((trials, 4), (place, -1.3), (width, 1.0)):
        slider.value = value
        assert (picture.value, readout.value) != before
        before = picture.value, readout.value
    draw.value = 2
    assert picture.value != before[0]
    assert readout.value == before[1]  # the 400 draws stay the same


def test_a_grid_wins_where_it_holds_the_best_rate():
    by_grid, by_chance = race(3, -2.0, 0.35)
    assert by_grid == 1
    assert (by_chance < 1).all()
    by_grid, by_chance = race(3, -3.0, 0.1)
    assert by_grid < 1e-6
    assert np.median(by_chance) > by_grid


@pytest.mark.parametrize("per_axis", [2, 5])
def test_points(per_axis):
    grid = square_grid(per_axis)
    assert grid.shape == (per_axis**2, 2)
    assert len(np.unique(grid[:, 0])) == per_axis
    points = random_points(per_axis**2, seed=3)
    assert points.shape == grid.shape
    assert len(np.unique(points[:, 0])) == per_axis**2
    assert ((points >= [-4, 0]) & (points <= [0, 1])).all()


def test_bump_is_one_at_its_place():
    assert bump(-2.5, -2.5, 0.3) == 1
    assert bump(-2.2, -2.5, 0.3) == pytest.approx(np.exp(-1))


def test_picture_says_how_many_rates_were_tried():
    ax = plot_trials(square_grid(3), -2.0, 0.35)
    assert "9 trials with 3 different learning rates; best score 1.00" in alt_text(ax.figure)


def test_a_draw_of_middling_luck_finds_what_half_of_the_draws_find():
    place = {"per_axis": 3, "position": -2.6, "width": 0.35}
    _, by_chance = race(**place)
    found = [bump(draw_of_luck(**place, luck=luck)[:, 0], -2.6, 0.35).max() for luck in (0, 0.5)]
    assert found[0] == by_chance.min()
    assert np.mean(by_chance < found[1]) == 0.5


def test_picture_of_luck_counts_the_draws_that_are_ahead():
    ax = plot_luck(0.5, np.array([0.1, 0.6, 0.7, 0.9]))
    assert "75% of them are ahead of the grid's 0.50" in alt_text(ax.figure)
    assert sum(bar.get_height() for bar in ax.patches) == 4
