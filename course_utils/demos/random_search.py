"""Sliders for grid and random search on a landscape where one of two parameters matters."""

import ipywidgets as widgets
import numpy as np

from course_utils.demos.layout import lay_out, slider_looks
from course_utils.plotting.marks import log_rate_axis, new_axes
from course_utils.plotting.style import GREY, INK, RED, rough, set_alt_text
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_number

LOW, HIGH = -4, 0  # log10 of the rates that are searched
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
            ax.set_title(f"{name}: best score {found:.2f}", color=INK)
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


def bump(log_rate, position, width):
    """Return a score between 0 and 1 that depends on the rate alone: exp(-((x - c) / w)²)."""
    return np.exp(-(((np.asarray(log_rate) - position) / width) ** 2))


def square_grid(per_axis):
    """Return the points (log10 of the rate, second parameter) of a grid, shape (per_axis², 2)."""
    rates, others = np.linspace(LOW, HIGH, per_axis), np.linspace(0, 1, per_axis)
    return np.array([(rate, other) for rate in rates for other in others])


def random_points(n, seed):
    """Return n points drawn log-uniformly in the rate, uniformly in the other; shape (n, 2)."""
    return np.random.default_rng(seed).uniform([LOW, 0], [HIGH, 1], (n, 2))


def plot_trials(points, position, width, ax=None):
    """Draw the trials of a search over the bump that they look for.

    Each trial is a point; its tick below shows the rate that it tried, and the curve what that
    rate is worth.

    Parameters
    ----------
    points : ndarray of shape (n_trials, 2)
        log10 of the rate, and the second parameter between 0 and 1.
    position, width : float
        Of the bump, in decades.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, width=7)
    rates = np.logspace(LOW - 0.15, HIGH + 0.15, 400)
    worth = bump(np.log10(rates), position, width)
    ax.fill_between(rates, 1.15, 1.15 + 0.6 * worth, color=GREY, alpha=0.35, linewidth=0)
    tried = 10 ** points[:, 0]
    found = bump(points[:, 0], position, width)
    ax.scatter(tried, points[:, 1], s=90, color=INK, zorder=3)
    ax.vlines(tried, 1.15, 1.15 + 0.6 * found, color=INK, linewidth=1.5)
    best = found.argmax()
    ax.scatter(tried[best], points[best, 1], s=190, facecolor="none", edgecolor=RED, linewidth=2.5)
    ax.vlines(tried[best], 1.15, 1.15 + 0.6 * found[best], color=RED, linewidth=3)
    log_rate_axis(ax)
    ax.set(ylim=(-0.08, 1.8), yticks=[0, 1], xlim=rates[[0, -1]])
    ax.set_ylabel("parameter 2", y=0.32)
    ax.annotate("score", (rates[-1], 1.45), ha="right", va="center")
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    n_rates = len(np.unique(points[:, 0].round(9)))
    set_alt_text(
        ax,
        f"{len(points)} trials with {n_rates} different learning rates; "
        f"best score {found[best]:.2f} at rate {rough(tried[best])}.",
    )
    return ax
