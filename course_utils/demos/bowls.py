"""Sliders for gradient descent on a bowl."""

import numpy as np

from course_utils.demos.layout import lay_out, log_slider, rate_control
from course_utils.plotting import plot_descent, plot_descent_loss, plot_story
from course_utils.quadratic import bowl_loss, descend
from course_utils.validation import as_count, as_number, as_numbers, told

GOAL = 1e-3
"""The share of its first loss at which a descent counts as arrived."""


def story_demo(curvature=1.0, start=4.0, steps=20):
    """Show the whole story on one slider: the walk down the bowl, and the valley of the rates.

    Parameters
    ----------
    curvature : float
        Of the bowl ½ curvature w².
    start : float
        Where every walk begins.
    steps : int
        Updates per walk.

    Returns
    -------
    ipywidgets.VBox
    """
    curvature = as_number(curvature, "curvature", above=0)
    start, steps = as_number(start, "start"), as_count(steps, "steps")
    seen = []

    def draw(figure, learning_rate):
        seen.append(learning_rate)
        left, right = figure.subplots(1, 2)
        path = descend(curvature, start, learning_rate, steps=steps)
        plot_descent(curvature, path, learning_rate, left)
        plot_story(
            right, learning_rate, curvature=curvature, start=start, steps=steps,
            seen=(min(seen), max(seen)),
        )  # fmt: skip
        return _fate(bowl_loss(curvature, path))

    rate = rate_control(-2.5, 0.5, 0.01, {})
    return lay_out(draw, f"Goal: the lowest loss after {steps} steps.", learning_rate=rate)


def bowl_demo(curvature=1.0, start=4.0, steps=20):
    """Walk down a bowl ½ curvature w² at a rate of your choice, and at a curvature of your choice.

    Parameters
    ----------
    curvature : float
        Where its slider stands at first.
    start : float
    steps : int

    Returns
    -------
    ipywidgets.VBox
    """
    curvature = as_number(curvature, "curvature", above=0)
    start, steps = as_number(start, "start"), as_count(steps, "steps")

    def draw(figure, learning_rate, curvature):
        left, right = figure.subplots(1, 2)
        path = descend(curvature, start, learning_rate, steps=steps)
        plot_descent(curvature, path, learning_rate, left)
        plot_descent_loss(curvature, path[None], [learning_rate], right)
        factor = 1 - learning_rate * curvature
        return f"Each step multiplies w by 1 − ηλ = <b>{factor:.3g}</b>. " + _fate(
            bowl_loss(curvature, path)
        )

    bend = log_slider("curvature λ", -1, 1.5, curvature)
    rate = rate_control(
        -2.5,
        1.0,
        0.1,
        {
            "critical: 2/λ": lambda: 2 / bend.value,
            "just beyond": lambda: 2.05 / bend.value,
        },
    )
    return lay_out(
        draw,
        "Goal: arrive in one step, at three different curvatures.",
        learning_rate=rate,
        curvature=bend,
    )


def ravine_demo(condition_number=25.0, start=(4.0, 2.0), steps=60, momentum=0.0):
    """Walk down a ravine in two dimensions; sliders for the rate and the condition number.

    The bowl is ½ (w₁² + κ w₂²): curvature 1 along the ravine, κ across it.

    Parameters
    ----------
    condition_number : float
        Where its slider stands at first.
    start : pair of float
    steps : int
    momentum : float

    Returns
    -------
    ipywidgets.VBox
    """
    condition_number, start, steps = as_ravine(condition_number, start, steps)
    momentum = as_number(momentum, "momentum", least=0, below=1)

    def draw(figure, learning_rate, condition_number):
        left, right = figure.subplots(1, 2)
        curvatures = [1.0, condition_number]
        path = descend(curvatures, start, learning_rate, momentum, steps)
        plot_descent(curvatures, path, learning_rate, left)
        plot_descent_loss(curvatures, path[None], [learning_rate], right)
        return _arrival(curvatures, start, learning_rate, momentum)

    kappa = log_slider("κ = λmax/λmin", 0, 3, condition_number)
    rate = rate_control(
        -3.5,
        0.5,
        0.01,
        {
            "best guarantee: 2/(λmin+λmax)": lambda: 2 / (1 + kappa.value),
            "critical: 2/λmax": lambda: 2 / kappa.value,
        },
    )
    goal = f"Goal: reach {GOAL:g} of the first loss in as few steps as you can. Then make κ = 1."
    return lay_out(draw, goal, learning_rate=rate, condition_number=kappa)


def as_ravine(condition_number, start, steps):
    """Return condition number, start and steps of a walk in two dimensions, checked."""
    condition_number = as_number(condition_number, "condition_number", least=1)
    if as_numbers(start, "start").shape != (2,):
        raise ValueError(f"start is {told(start)}; give two numbers, such as (4, 2).")
    return condition_number, start, as_count(steps, "steps")


def _fate(loss):
    change = loss[-1] / loss[0]
    if change > 1:
        return f"<b>Diverging</b>: the loss grew from {loss[0]:.3g} to {loss[-1]:.3g}."
    return f"The loss went from {loss[0]:.3g} to <b>{loss[-1]:.3g}</b>."


def _arrival(curvatures, start, learning_rate, momentum, patience=5000):
    loss = bowl_loss(curvatures, descend(curvatures, start, learning_rate, momentum, patience))
    arrived = loss <= GOAL * loss[0]
    if not arrived.any():
        return _fate(loss[:61]) + f" It does not arrive within {patience} steps."
    steps = len(loss) - np.argmin(arrived[::-1]) if not arrived.all() else 0
    if not arrived[-1]:
        return "<b>Diverging.</b>"
    return f"Arrives after <b>{steps} steps</b>."
