"""Pictures of gradient descent on a bowl: the path it takes, and the loss step by step."""

import numpy as np

from course_utils.plotting import marks, style
from course_utils.plotting.checks import as_colors, check_axes
from course_utils.plotting.labels import Label
from course_utils.quadratic import bowl_loss, descend
from course_utils.validation import as_count, as_number, as_numbers, told

FLOOR, TOP = 1e-12, 30  # shares of the first loss between which a curve is drawn
LEVELS = np.array([0.003, 0.02, 0.07, 0.16, 0.32, 0.6, 1.0])  # of contours, as shares
SIDES = [(0.5, 0), (0.02, 1), (0.98, -1)]
WORDS_AT = [((x, y), (dx, dy)) for y, dy in [(0.99, -1), (0.02, 1)] for x, dx in SIDES]


def plot_descent(hessian, path, learning_rate, ax=None, *, color=None):
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
    color : color, optional
        Instead of that of the rate.

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
    rate_color = style.rate_color(as_number(learning_rate, "learning_rate", above=0))
    (color,) = [rate_color] if color is None else as_colors(color, 1)
    ax = marks.new_axes(ax)
    reach = 1.35 * max(np.abs(path[0]).max(), 1e-9)
    inside = np.all(np.abs(path) <= reach, axis=1)
    left_at = len(path) if inside.all() else int(np.argmin(inside))
    shown = np.clip(path[: left_at + 1], -3 * reach, 3 * reach)
    draw = _draw_curve if path.shape[1] == 1 else _draw_contours
    draw(ax, hessian, shown, reach, color)
    ax.locator_params("x", nbins=3)
    ax.locator_params("y", nbins=5)
    ax.set_title(f"learning rate {style.rate_label(learning_rate)}", color=color)
    words = f"loss after {len(path) - 1} steps: {loss[-1]:.3g}"
    if not inside.all():
        gone = loss[-1] > loss[0]
        words = f"leaves the picture at step {left_at}" if gone else "swings far out"
    Label(ax, words, WORDS_AT, "axes")
    style.set_alt_text(ax, f"Bowl, learning rate {style.rate_label(learning_rate)}: {words}.")
    return ax


def _draw_curve(ax, hessian, path, reach, color):
    w = np.linspace(-reach, reach, 200)[:, None]
    loss, top = bowl_loss(hessian, path), bowl_loss(hessian, np.array([reach]))
    ax.plot(w[:, 0], bowl_loss(hessian, w), color=style.GREY, linewidth=style.THIN)
    ax.plot(path[:, 0], loss, "o-", color=color, linewidth=style.THIN)
    ax.set(xlim=(-reach, reach), ylim=(-0.05 * top, 1.55 * top), xlabel="w", ylabel="loss")


def _draw_contours(ax, hessian, path, reach, color):
    axis = np.linspace(-reach, reach, 121)
    loss = bowl_loss(hessian, np.stack(np.meshgrid(axis, axis), axis=-1))
    looks = {"colors": style.PALE, "linewidths": style.THIN}
    ax.contour(axis, axis, loss, levels=loss.max() * LEVELS, **looks)
    ax.plot(path[:, 0], path[:, 1], "o-", color=color, markersize=5, linewidth=style.MEDIUM)
    ax.plot(0, 0, "*", color="black", markersize=style.MARK)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), xlabel="w₁", ylabel="w₂")


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
    ax = marks.new_axes(ax)
    first = losses[:, 0].max()
    floor, top = max(losses.min(), FLOOR * first) / 3, TOP * first
    ax.set_ylim(floor, top)
    marks.log_value_axis(ax)
    words = ["Loss by step."]
    for rate, loss in zip(learning_rates, losses, strict=True):
        inside = loss <= top
        color = style.rate_color(rate) if inside.all() else style.RED
        last = len(loss) - 1 if inside.all() else int(np.argmin(inside))
        ax.plot(np.clip(loss[: last + 1], 1e-300, 1e3 * top), color=color)
        if inside.all():
            end = last, max(loss[-1], floor)
            places = [(end, (6, dy)) for dy in (0, 12, -12, 30, -30, 48, -48)]
            Label(ax, style.rate_label(rate), places, outside=True, color=color)
        else:
            marks.mark_diverged(ax, last, style.rate_label(rate), color)
        words.append(f"Rate {style.rate_label(rate)}: from {loss[0]:.2g} to {loss[-1]:.2g}.")
    ax.set(xlabel="step", ylabel="loss")
    style.set_alt_text(ax, " ".join(words))
    return ax


def plot_story(ax, learning_rate, *, curvature=1.0, start=4.0, steps=20, seen=None, color=None):
    """Draw the loss after a walk down ½ curvature w² against its rate: slope, valley and cliff.

    Parameters
    ----------
    ax : Axes
    learning_rate : float or sequence of float
        Where the dot stands, or several, which then carry their rates.
    curvature, start : float
    steps : int
    seen : pair of float, optional
        Draw only the rates between these two; by default all, with the limit 2/curvature.
    color : color or sequence of color, optional
        Of each dot, instead of that of its rate.

    Returns
    -------
    Axes
    """
    check_axes(ax)
    if np.ndim(learning_rate):
        chosen = as_numbers(learning_rate, "learning_rate", above=0).ravel().tolist()
    else:
        chosen = [as_number(learning_rate, "learning_rate", above=0)]
    colors = list(map(style.rate_color, chosen)) if color is None else as_colors(color, len(chosen))
    curvature = as_number(curvature, "curvature", above=0)
    start, steps = as_number(start, "start"), as_count(steps, "steps")
    if seen is not None and as_numbers(seen, "seen", above=0).shape != (2,):
        raise ValueError(f"seen is {told(seen)}; give a pair of rates, such as (0.01, 1).")
    rates = np.r_[np.geomspace(*(seen or (10**-2.5, 10**0.5)), 400), chosen]
    losses = bowl_loss(curvature, descend(curvature, start, rates, steps=steps)[:, -1])
    first = float(bowl_loss(curvature, [start]))
    floor, top = 1e-6 * first, 50 * first
    ax.plot(
        rates[:400], np.clip(losses[:400], floor, None), color=style.GREY, linewidth=style.MEDIUM
    )
    ax.set(xlim=(10**-2.6, 10**0.6), ylim=(floor / 20, top))
    marks.log_rate_axis(ax)
    marks.log_value_axis(ax)
    if seen is None:
        ax.axvline(2 / curvature, color=style.RED, linewidth=2)
    told_losses = []
    for rate, here, color in zip(chosen, losses[400:], colors, strict=True):
        told_losses.append(f"At {style.rate_label(rate)} it is {here:.2g}.")
        if here >= top:
            marks.mark_diverged(ax, rate, style.rate_label(rate), color)
            continue
        ax.plot(rate, max(here, floor), "o", color=color, markersize=style.MARK)
        if len(chosen) > 1:
            near_limit = 1 < curvature * rate < 2  # then not on the other side of it
            sides = [(-12, 6), (-12, -6), (12, 6)] if near_limit else [(12, 6), (-12, 6), (-12, -6)]
            beside = [((rate, max(here, floor)), xy) for xy in sides]
            Label(ax, style.rate_label(rate), beside, color=color)
    ends = [((x, floor), (dx, dy)) for dy in (5, -5) for x, dx in [(0, 6), (1, -6), (0.5, 0)]]
    if seen is None:
        ends.insert(0, ((0.9, floor), (-6, -8)))  # below the floor of the valley
    Label(ax, "a millionth of the start, or less", ends, "y", color=style.GREY)
    marks.mark_baselines(ax, {"before training": first})
    ax.set_ylabel(f"loss after {steps} steps")
    style.set_alt_text(
        ax,
        f"Loss after {steps} steps against learning rate: a valley with a cliff at its right. "
        f"{' '.join(told_losses)}",
    )
    return ax
