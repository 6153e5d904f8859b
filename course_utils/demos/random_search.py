"""A demo of grid and random search on a landscape where one of two parameters matters."""

import numpy as np

from course_utils.demos.controls import Slider
from course_utils.demos.demo import Demo
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
    """
    position = as_number(position, "position", least=LOW, most=HIGH)
    width = as_number(width, "width", above=0)

    def draw(figure, _, per_axis, position, width, number):
        places = square_grid(per_axis), random_points(per_axis**2, course_seeds(number)[-1])
        for ax, name, points in zip(figure.subplots(1, 2), ("grid", "random"), places, strict=True):
            plot_trials(points, position, width, ax)
            found = bump(points[:, 0], position, width).max()
            ax.set_title(f"{name}: best score {found:.2f}", color="#333333")
        by_grid, by_chance = race(per_axis, position, width)
        return (
            f"{per_axis**2} trials each. Grid: <b>{by_grid:.2f}</b>. "
            f"Random, {N_DRAWS} draws: median <b>{np.median(by_chance):.2f}</b>, "
            f"better than the grid in {np.mean(by_chance > by_grid):.0%} of them."
        )

    return Demo(
        "A grid against chance",
        "nine trials each: who finds the bump more often?",
        "Goal: most random draws beat this grid. Find two different ways to let the grid win.",
        {
            "per_axis": Slider("trials per axis", 2, 8, 3, step=1, log=False),
            "position": Slider("best rate, log₁₀", LOW, HIGH, position, log=False),
            "width": Slider("width, decades", 0.1, 1.5, width, log=False),
            "number": Slider("random draw no.", 1, 20, 1, step=1, log=False),
        },
        draw,
    )


def race(per_axis, position, width, n_draws=N_DRAWS):
    """Return the best score of the grid, and that of each of many random searches."""
    by_grid = bump(square_grid(per_axis)[:, 0], position, width).max()
    draws = random_points(n_draws * per_axis**2, course_seeds(1)[0])[:, 0]
    by_chance = bump(draws.reshape(n_draws, -1), position, width).max(axis=1)
    return by_grid, by_chance
