"""Sliders for a heavy ball in a ravine: learning rate, momentum and condition number."""

import ipywidgets as widgets
import numpy as np

from course_utils.demos.bowls import GOAL, as_ravine
from course_utils.demos.layout import lay_out, log_slider, rate_control, slider_looks
from course_utils.plotting import plot_descent, plot_descent_loss
from course_utils.plotting.style import BACKING, GREY
from course_utils.quadratic import bowl_loss, descend

PATIENCE = 3000


def momentum_demo(condition_number=100.0, start=(4.0, 1.0), steps=80):
    """Roll a heavy ball down a ravine; sliders for the rate, the momentum and the ravine.

    The bowl is ½ (w₁² + κ w₂²): curvature 1 along the ravine, κ across it. The grey curve is the
    best fixed rate without momentum.

    Parameters
    ----------
    condition_number : float
        Where its slider stands at first.
    start : pair of float
    steps : int
        Updates in the picture.

    Returns
    -------
    ipywidgets.VBox
    """
    condition_number, start, steps = as_ravine(condition_number, start, steps)

    def draw(figure, learning_rate, momentum, condition_number):
        left, right = figure.subplots(1, 2)
        curvatures = [1.0, condition_number]
        plain = best_fixed(condition_number)
        path = descend(curvatures, start, learning_rate, momentum, steps)
        plot_descent(curvatures, path, learning_rate, left)
        plot_descent_loss(curvatures, path[None], [learning_rate], right)
        without = bowl_loss(curvatures, descend(curvatures, start, plain, steps=steps))
        right.plot(without, "--", color=GREY, linewidth=1.8, zorder=1)
        here = steps // 2
        right.annotate("no momentum,\nbest rate", (here, without[here]), color=GREY, bbox=BACKING)
        pairs = [(learning_rate, momentum), polyak(condition_number), (plain, 0.0)]
        own, of_polyak, of_plain = map(_in_words, arrivals(curvatures, start, pairs))
        return (
            f"Your pair: <b>{own}</b>. Polyak's pair: {of_polyak}. "
            f"No momentum, best rate: {of_plain}."
        )

    kappa = log_slider("κ = λmax/λmin", 0, 3, condition_number)
    momentum = widgets.FloatSlider(
        value=0.0,
        min=0.0,
        max=0.99,
        step=0.001,
        description="momentum β",
        readout_format=".3f",
        **slider_looks(),
    )

    def jump(pair):
        learning_rate, momentum.value = pair
        return learning_rate

    rate = rate_control(
        -3.5,
        0.7,
        0.01,
        {
            "Polyak's optimum": lambda: jump(polyak(kappa.value)),
            "no momentum": lambda: jump((best_fixed(kappa.value), 0.0)),
            "critical: 2(1+β)/λmax": lambda: 2 * (1 + momentum.value) / kappa.value,
        },
    )
    goal = f"Goal: reach {GOAL:g} of the first loss in fewer steps than Polyak's pair."
    return lay_out(draw, goal, learning_rate=rate, momentum=momentum, condition_number=kappa)


def best_fixed(condition_number):
    """Return the best fixed rate without momentum for curvatures 1 and κ."""
    return 2 / (1 + condition_number)


def polyak(condition_number):
    """Return Polyak's rate and momentum for curvatures 1 and κ."""
    root = np.sqrt(condition_number)
    return float(4 / (root + 1) ** 2), float(((root - 1) / (root + 1)) ** 2)


def arrivals(curvatures, start, pairs):
    """Return for each (rate, momentum) the step from which on the loss stays below the goal.

    None for a pair that does not arrive within `PATIENCE` steps.
    """
    rates, momenta = np.transpose(pairs)
    losses = bowl_loss(curvatures, descend(curvatures, start, rates, momenta, PATIENCE))
    above = losses > GOAL * losses[:, :1]
    last = PATIENCE - np.argmax(above[:, ::-1], axis=1)
    return [None if late[-1] else int(step) + 1 for late, step in zip(above, last, strict=True)]


def _in_words(steps):
    return f"does not arrive within {PATIENCE} steps" if steps is None else f"{steps} steps"
