"""Pictures of searches: where the trials lie, and what they found."""

import numpy as np

from course_utils.plotting.style import GREY, RED, log_rate_axis, new_axes, rate_label, set_alt_text

LOW, HIGH = -4, 0  # log10 of the rates that are searched


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
    ax = new_axes(ax, figsize=(7, 5))
    rates = np.logspace(LOW - 0.15, HIGH + 0.15, 400)
    worth = bump(np.log10(rates), position, width)
    ax.fill_between(rates, 1.15, 1.15 + 0.6 * worth, color=GREY, alpha=0.35, linewidth=0)
    tried = 10 ** points[:, 0]
    found = bump(points[:, 0], position, width)
    ax.scatter(tried, points[:, 1], s=90, color="#333333", zorder=3)
    ax.vlines(tried, 1.15, 1.15 + 0.6 * found, color="#333333", linewidth=1.5)
    best = found.argmax()
    ax.scatter(tried[best], points[best, 1], s=190, facecolor="none", edgecolor=RED, linewidth=2.5)
    ax.vlines(tried[best], 1.15, 1.15 + 0.6 * found[best], color=RED, linewidth=3)
    log_rate_axis(ax)
    ax.set(ylim=(-0.08, 1.8), yticks=[0, 1], xlim=rates[[0, -1]])
    ax.set_ylabel("parameter 2", y=0.32)
    ax.annotate("score", (rates[-1], 1.45), ha="right", va="center", fontsize=14)
    ax.tick_params(axis="y", length=0)
    ax.grid(False)
    n_rates = len(np.unique(points[:, 0].round(9)))
    set_alt_text(
        ax,
        f"{len(points)} trials with {n_rates} different learning rates; "
        f"best score {found[best]:.2f} at rate {rate_label(float(f'{tried[best]:.2g}'))}.",
    )
    return ax
