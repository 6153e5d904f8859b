"""Pictures of gradient descent on a bowl: the path it takes, and the loss step by step."""

import numpy as np

from course_utils.plotting.checks import check_axes
from course_utils.plotting.style import (
    BACKING,
    GREY,
    RED,
    log_rate_axis,
    log_value_axis,
    mark_diverged,
    new_axes,
    rate_color,
    rate_label,
    set_alt_text,
)
from course_utils.quadratic import as_hessian, descend
from course_utils.validation import as_count, as_number, as_numbers, told

FLOOR = 1e-12


def bowl_loss(hessian, path):
    """Return the loss ½ wᵀ H w along a path of shape (..., d)."""
    matrix = as_hessian(hessian)
    path = as_numbers(path, "path", finite=False)
    if path.shape[-1:] != (len(matrix),):
        raise ValueError(
            f"path has shape {path.shape} and hessian {len(matrix)} dimension(s); give path one "
            "number per dimension in its last axis."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        loss = 0.5 * np.einsum("...i,ij,...j->...", path, matrix, path)
    return np.where(np.isfinite(loss), loss, np.inf)


def plot_descent(hessian, path, learning_rate, ax=None):
    """Draw a path down a bowl ½ wᵀ H w, in one or two dimensions.

    Parameters
    ----------
    hessian : float or array-like of shape (1,), (2,) or (2, 2)
        As in `descend`.
    path : array-like of shape (steps + 1, d)
        What `descend` returned for one learning rate.
    learning_rate : float
        For the colour and the title.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    path = as_numbers(path, "path", finite=False)
    if path.ndim != 2 or path.shape[1] not in (1, 2) or not np.isfinite(path[:1]).all():
        raise ValueError(
            f"path has shape {path.shape}; give one path of one or two dimensions, "
            "such as descend(…)[0]."
        )
    loss = bowl_loss(hessian, path)
    learning_rate = as_number(learning_rate, "learning_rate", above=0)
    ax = new_axes(ax)
    reach = 1.35 * max(np.abs(path[0]).max(), 1e-9)
    inside = np.all(np.abs(path) <= reach, axis=1)
    shown = path if inside.all() else path[: np.argmin(inside) + 1]
    draw = _draw_curve if path.shape[1] == 1 else _draw_contours
    draw(ax, hessian, np.clip(shown, -3 * reach, 3 * reach), reach, rate_color(learning_rate))
    ax.set_title(f"learning rate {rate_label(learning_rate)}", color=rate_color(learning_rate))
    steps = len(path) - 1
    if not inside.all():
        gone = int(np.argmin(inside))
        words = f"leaves the picture at step {gone}" if loss[-1] > loss[0] else "swings far out"
    else:
        words = f"loss after {steps} steps: {loss[-1]:.2g}"
    ax.text(
        0.5, 0.97, words, transform=ax.transAxes, ha="center", va="top", fontsize=14, bbox=BACKING
    )
    set_alt_text(ax, f"Bowl, learning rate {rate_label(learning_rate)}: {words}.")
    return ax


def plot_descent_loss(hessian, paths, learning_rates, ax=None):
    """Draw the loss ½ wᵀ H w step by step, one curve per learning rate, labelled at its end.

    Parameters
    ----------
    hessian : as in `descend`
    paths : array-like of shape (n_rates, steps + 1, d)
        What `descend` returned for the learning rates.
    learning_rates : sequence of float
    ax : Axes, optional

    Returns
    -------
    Axes
        With a logarithmic loss axis; a curve that climbs out of it ends in an X.
    """
    paths = as_numbers(paths, "paths", finite=False)
    if paths.ndim != 3:
        raise ValueError(
            f"paths has shape {paths.shape}; give the paths of many rates, such as "
            "descend(…, learning_rate=[0.1, 0.5])."
        )
    losses = bowl_loss(hessian, paths)
    learning_rates = np.atleast_1d(as_numbers(learning_rates, "learning_rates", above=0))
    if len(losses) != len(learning_rates):
        raise ValueError(
            f"paths holds {len(losses)} paths and learning_rates {len(learning_rates)} rates; "
            "give each path its rate."
        )
    ax = new_axes(ax)
    steps = np.arange(losses.shape[1])
    top = 30 * losses[:, 0].max()
    ax.set_ylim(max(losses.min(), FLOOR * losses[:, 0].max()) / 3, top)
    log_value_axis(ax)
    for rate, loss in zip(learning_rates, losses, strict=True):
        inside = loss <= top
        last = len(loss) - 1 if inside.all() else int(np.argmin(inside))
        ax.plot(
            steps[: last + 1], np.clip(loss[: last + 1], 1e-300, 1e3 * top), color=rate_color(rate)
        )
        if inside.all():
            ax.annotate(
                f" {rate_label(rate)}",
                (steps[-1], np.clip(loss[-1], ax.get_ylim()[0], None)),
                color=rate_color(rate),
                va="center",
                annotation_clip=False,
            )
        else:
            mark_diverged(ax, last, rate_label(rate), rate_color(rate))
    ax.set_xlabel("step")
    ax.set_ylabel("loss")
    set_alt_text(
        ax,
        "Loss by step. "
        + " ".join(
            f"Rate {rate_label(rate)}: from {loss[0]:.2g} to {loss[-1]:.2g}."
            for rate, loss in zip(learning_rates, losses, strict=True)
        ),
    )
    return ax


def plot_story(ax, learning_rate, curvature=1.0, start=4.0, steps=20, seen=None):
    """Draw the loss after a walk down ½ curvature w² against its rate: slope, valley and cliff.

    Parameters
    ----------
    ax : Axes
    learning_rate : float
        Where the dot stands.
    curvature, start : float
    steps : int
    seen : pair of float, optional
        Draw only the rates between these two; by default all, with the limit 2/curvature.

    Returns
    -------
    Axes
    """
    check_axes(ax)
    learning_rate = as_number(learning_rate, "learning_rate", above=0)
    curvature = as_number(curvature, "curvature", above=0)
    start, steps = as_number(start, "start"), as_count(steps, "steps")
    if seen is not None and as_numbers(seen, "seen", above=0).shape != (2,):
        raise ValueError(f"seen is {told(seen)}; give a pair of rates, such as (0.01, 1).")
    rates = np.geomspace(*(seen or (10**-2.5, 10**0.5)), 400)
    losses = bowl_loss(curvature, descend(curvature, start, rates, steps=steps)[:, -1])
    first = float(bowl_loss(curvature, np.array([start])))
    floor, top = 1e-6 * first, 50 * first
    ax.plot(rates, np.clip(losses, floor, None), color=GREY, linewidth=1.8)
    ax.set_ylim(floor / 2, top)
    log_rate_axis(ax)
    log_value_axis(ax)
    ax.set_xlim(10**-2.6, 10**0.6)
    if seen is None:
        ax.axvline(2 / curvature, color=RED, linewidth=2)
    ax.annotate("a millionth, or less", (10**-2.4, floor), va="bottom", color=GREY, fontsize=14)
    here = float(bowl_loss(curvature, descend(curvature, start, learning_rate, steps=steps)[-1]))
    if here < top:
        ax.plot(
            learning_rate, max(here, floor), "o", color=rate_color(learning_rate), markersize=14
        )
    else:
        mark_diverged(ax, learning_rate, rate_label(learning_rate), rate_color(learning_rate))
    ax.axhline(first, color=GREY, linewidth=1.2)
    ax.annotate("before training", (10**-2.4, first), va="bottom", color=GREY, fontsize=14)
    ax.set_ylabel(f"loss after {steps} steps")
    set_alt_text(
        ax,
        f"Loss after {steps} steps against learning rate: a valley with a cliff at its right. "
        f"At {rate_label(learning_rate)} it is {here:.2g}.",
    )
    return ax


def _draw_curve(ax, hessian, path, reach, color):
    w = np.linspace(-reach, reach, 200)[:, None]
    ax.plot(w[:, 0], bowl_loss(hessian, w), color=GREY, linewidth=1.5)
    ax.plot(path[:, 0], bowl_loss(hessian, path), "-", color=color, linewidth=1.4)
    ax.plot(path[:, 0], bowl_loss(hessian, path), "o", color=color)
    top = bowl_loss(hessian, np.array([reach]))
    ax.set(xlim=(-reach, reach), ylim=(-0.05 * top, 1.25 * top), xlabel="w", ylabel="loss")
    ax.locator_params(nbins=5)


def _draw_contours(ax, hessian, path, reach, color):
    axis = np.linspace(-reach, reach, 121)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1)
    loss = bowl_loss(hessian, grid)
    levels = loss.max() * np.array([0.003, 0.02, 0.07, 0.16, 0.32, 0.6, 1.0])
    ax.contour(axis, axis, loss, levels=levels, colors="#bbbbbb", linewidths=1.2)
    ax.plot(path[:, 0], path[:, 1], "o-", color=color, markersize=5, linewidth=1.6)
    ax.plot(0, 0, "*", color="black", markersize=13)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="w₁", ylabel="w₂")
    ax.locator_params(nbins=5)
