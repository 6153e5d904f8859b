"""Sliders for grid and random search on a landscape where one of two parameters matters."""

import ipywidgets as widgets
import numpy as np

from course_utils.demos.layout import lay_out, slider_looks
from course_utils.plotting.search import HIGH, LOW, bump, plot_trials, random_points, square_grid
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_number

N_DRAWS = 400


def random_search_demo(position=-2.6, width=0.35):
    """Search a narrow bump with a grid and at random, with equal budgets; move and widen the bump.

    The score is a bump over the log of the learning rate; the second parameter does nothing.

    Parameters
    ----------
    position : float
        log₁₀ of the best rate, between -4 and 0.
    width : float
        Of the bump, in decades.

    Returns
    -------
    ipywidgets.VBox
    """
    position = as_number(position, "position", least=LOW, most=HIGH)
    width = as_number(width, "width", above=0)

    def draw(figure, per_axis, position, width, number):
        points = {
            "grid": square_grid(per_axis),
            "random": random_points(per_axis**2, course_seeds(number)[-1]),
        }
        for ax, (name, places) in zip(figure.subplots(1, 2), points.items(), strict=True):
            plot_trials(places, position, width, ax)
            found = bump(places[:, 0], position, width).max()
            ax.set_title(f"{name}: best score {found:.2f}", color="#333333")
        by_grid, by_chance = race(per_axis, position, width)
        return (
            f"{per_axis**2} trials each. Grid: <b>{by_grid:.2f}</b>. "
            f"Random, {N_DRAWS} draws: median <b>{np.median(by_chance):.2f}</b>, "
            f"better than the grid in {np.mean(by_chance > by_grid):.0%} of them."
        )

    looks = slider_looks("11em")
    trials = widgets.IntSlider(3, 2, 8, description="trials per axis", **looks)
    place = widgets.FloatSlider(
        position, min=LOW, max=HIGH, step=0.05, description="best rate, log₁₀", **looks
    )
    breadth = widgets.FloatSlider(
        width, min=0.1, max=1.5, step=0.05, description="width, decades", **looks
    )
    number = widgets.IntSlider(1, 1, 20, description="random draw no.", **looks)
    goal = "Goal: most random draws beat this grid. Find two different ways to let the grid win."
    return lay_out(draw, goal, per_axis=trials, position=place, width=breadth, number=number)


def race(per_axis, position, width, n_draws=N_DRAWS):
    """Return the best score of the grid, and that of each of many random searches."""
    by_grid = bump(square_grid(per_axis)[:, 0], position, width).max()
    draws = random_points(n_draws * per_axis**2, course_seeds(1)[0])[:, 0]
    by_chance = bump(draws.reshape(n_draws, -1), position, width).max(axis=1)
    return by_grid, by_chance
