"""A demo of grid and random search on a landscape where one of two parameters matters."""

import numpy as np

from course_utils.demos.controls import Slider
from course_utils.demos.demo import Demo
from course_utils.plotting.labels import Label
from course_utils.plotting.marks import log_rate_axis, new_axes
from course_utils.plotting.style import GREY, INK, RED, rough, set_alt_text
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_number

LOW, HIGH = -4, 0  # log10 of the rates that are searched
N_DRAWS, N_SHOWN = 400, 20


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
        luck = (number - 0.5) / N_SHOWN
        places = square_grid(per_axis), draw_of_luck(per_axis, position, width, luck)
        for ax, name, points in zip(figure.subplots(1, 2), ("grid", "random"), places, strict=True):
            plot_trials(points, position, width, ax)
            found = bump(points[:, 0], position, width).max()
            ax.set_title(f"{name}: best score {found:.2f}", color=INK)
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
            "number": Slider("luck of the draw", 1, N_SHOWN, N_SHOWN // 2, step=1, log=False),
        },
        draw,
    )


def race(per_axis, position, width, n_draws=N_DRAWS):
    """Return the best score of the grid, and that of each of many random searches."""
    by_grid = bump(square_grid(per_axis)[:, 0], position, width).max()
    return by_grid, best_scores(random_draws(per_axis, n_draws), position, width)


def random_draws(per_axis, n_draws=N_DRAWS):
    """Return the points of many random searches, shape (n_draws, per_axis², 2)."""
    points = random_points(n_draws * per_axis**2, course_seeds(1)[0])
    return points.reshape(n_draws, -1, 2)


def best_scores(draws, position, width):
    """Return the best score of each of many random searches, from their points."""
    return bump(draws[..., 0], position, width).max(axis=1)


def draw_of_luck(per_axis, position, width, luck=0.5):
    """Return the points of the random search that a share `luck` of all draws is worse than."""
    draws = random_draws(per_axis)
    by_luck = best_scores(draws, position, width).argsort(kind="stable")
    return draws[by_luck[int(luck * len(draws))]]


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


def plot_luck(by_grid, by_chance, ax=None):
    """Draw what many random searches found, and what the grid found, as a histogram and a line.

    Parameters
    ----------
    by_grid : float
        The best score of the grid.
    by_chance : ndarray of shape (n_draws,)
        The best score of each random search.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, width=7)
    counts, _, _ = ax.hist(by_chance, np.linspace(0, 1, 21), color=GREY, alpha=0.35)
    ax.axvline(by_grid, color=RED)
    Label(ax, "the grid", [((by_grid, 0.85), (8, 0)), ((by_grid, 0.85), (-8, 0))], "x", color=RED)
    ax.set(xlabel="best score found", ylabel="random draws", ylim=(0, 1.05 * counts.max()))
    ahead = np.mean(by_chance > by_grid)
    set_alt_text(
        ax,
        f"Best scores of {len(by_chance)} random draws, median {np.median(by_chance):.2f}; "
        f"{ahead:.0%} of them are ahead of the grid's {by_grid:.2f}.",
    )
    return ax
