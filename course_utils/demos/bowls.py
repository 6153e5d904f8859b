"""Demos of descent on a bowl: its story, its curvature, and a ravine with or without momentum."""

from functools import partial

import numpy as np

from course_utils.demos.controls import Slider
from course_utils.demos.demo import Demo
from course_utils.plotting import plot_descent, plot_descent_loss, plot_story
from course_utils.plotting.style import GREY
from course_utils.quadratic import bowl_loss, descend
from course_utils.validation import as_count, as_number, as_numbers, told

GOAL = 1e-3
"""The share of its first loss at which a descent counts as arrived."""
PATIENCE = 3000


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
    """
    _check_walk(curvature, start, steps)

    def draw(figure, tries, learning_rate):
        right, path = _draw_walk(figure, curvature, start, learning_rate, 0.0, steps)
        seen = [rate for (rate,) in tries]
        plot_story(
            right, learning_rate, curvature=curvature, start=start, steps=steps,
            seen=(min(seen), max(seen)),
        )  # fmt: skip
        return _fate(bowl_loss(curvature, path))

    return Demo(
        "The whole story",
        "as the rate grows, will the loss get better and better?",
        f"Goal: the lowest loss after {steps} steps. Then find the cliff as exactly as you can.",
        {"learning_rate": Slider("learning rate", -2.5, 0.5, 0.01)},
        draw,
        recipe={"kind": "story", "curvatures": [curvature], "start": [start], "steps": steps},
    )


def bowl_demo(curvature=1.0, start=4.0, steps=20):
    """Walk down a bowl ½ curvature w² at a rate of your choice, and at a curvature of your choice.

    Parameters
    ----------
    curvature : float
        Where its slider stands at first.
    start, steps
        As in `story_demo`.
    """
    _check_walk(curvature, start, steps)

    def draw(figure, _, learning_rate, curvature):
        right, path = _draw_walk(figure, curvature, start, learning_rate, 0.0, steps)
        plot_descent_loss(curvature, path[None], [learning_rate], right)
        factor = f"Each step multiplies w by 1 − ηλ = <b>{1 - learning_rate * curvature:.3g}</b>. "
        return factor + _fate(bowl_loss(curvature, path))

    return Demo(
        "One bowl",
        "at which rate does the walk arrive in a single step?",
        "Goal: arrive in one step, at three different curvatures.",
        {
            "learning_rate": Slider("learning rate", -2.5, 1, 0.1),
            "curvature": Slider("curvature λ", -1, 1.5, curvature),
        },
        draw,
        {
            "critical: 2/λ": lambda now: {"learning_rate": 2 / now["curvature"]},
            "just beyond": lambda now: {"learning_rate": 2.05 / now["curvature"]},
        },
        recipe={"kind": "bowl", "start": [start], "steps": steps},
    )


def ravine_demo(condition_number=25.0, start=(4.0, 2.0), steps=60, momentum=0.0):
    """Walk down a ravine in two dimensions; sliders for the rate and the condition number.

    The bowl is ½ (w₁² + κ w₂²): curvature 1 along the ravine, κ across it. The grey curve is the
    rate with the best guarantee.

    Parameters
    ----------
    condition_number : float
        Where its slider stands at first.
    start : pair of float
    steps : int
        Updates in the picture.
    momentum : float
    """
    momentum = as_number(momentum, "momentum", least=0, below=1)
    return _ravine(
        "A ravine",
        "how few steps does the best rate need at κ = 25? And at κ = 1?",
        f"Goal: reach {GOAL:g} of the first loss in fewer steps than the best guarantee. "
        "Then make κ = 1.",
        condition_number, start, steps, momentum,
        {"best guarantee: 2/(λmin+λmax)": lambda kappa: (best_fixed(kappa), momentum)},
    )  # fmt: skip


def momentum_demo(condition_number=100.0, start=(4.0, 1.0), steps=80):
    """Roll a heavy ball down a ravine; sliders for the rate, the momentum and the ravine.

    The grey curve is the best fixed rate without momentum.

    Parameters
    ----------
    condition_number, start, steps
        As in `ravine_demo`.
    """
    return _ravine(
        "Momentum",
        "with κ = 100, what does a memory of 0.7 buy: a little speed, or ten times as much?",
        f"Goal: reach {GOAL:g} of the first loss in fewer steps than Polyak's pair.",
        condition_number, start, steps,
        Slider("momentum β", 0.0, 0.99, 0.0, step=0.01, log=False),
        {"Polyak's pair": polyak, "no momentum, best rate": lambda kappa: (best_fixed(kappa), 0.0)},
    )  # fmt: skip


def best_fixed(condition_number):
    """Return the best fixed rate without momentum for curvatures 1 and κ."""
    return 2 / (1 + condition_number)


def polyak(condition_number):
    """Return Polyak's rate and momentum for curvatures 1 and κ (Polyak 1964, as in `descend`)."""
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


def _ravine(title, question, goal, condition_number, start, steps, beta, rivals):
    """Return the demo of a ravine, with a momentum or a slider for it.

    `rivals` gives names to pairs (rate, momentum), each a function of the condition number.
    """
    condition_number = as_number(condition_number, "condition_number", least=1)
    if as_numbers(start, "start").shape != (2,):
        raise ValueError(f"start is {told(start)}; give two numbers, such as (4, 2).")
    steps = as_count(steps, "steps")
    controls = {"learning_rate": Slider("learning rate", -3.5, 0.7, 0.01)}
    if isinstance(beta, Slider):
        controls["momentum"] = beta
    controls["condition_number"] = Slider("κ = λmax/λmin", 0, 3, condition_number)

    def draw(figure, _, learning_rate, condition_number, momentum=beta):
        curvatures = [1.0, condition_number]
        right, path = _draw_walk(figure, curvatures, start, learning_rate, momentum, steps)
        plot_descent_loss(curvatures, path[None], [learning_rate], right)
        pairs = {name: pair(condition_number) for name, pair in rivals.items()}
        name, pair = list(pairs.items())[-1]
        rival = bowl_loss(curvatures, descend(curvatures, start, *pair, steps))
        right.plot(rival, "--", color=GREY, linewidth=1.8, zorder=1, label=name)
        right.legend(loc="upper right")
        arrived = arrivals(curvatures, start, [(learning_rate, momentum), *pairs.values()])
        own, *others = (
            f"does not arrive within {PATIENCE} steps" if n is None else f"{n} step{'s' * (n != 1)}"
            for n in arrived
        )
        words = (
            f"{name[0].upper()}{name[1:]}: {other}."
            for name, other in zip(pairs, others, strict=True)
        )
        return " ".join([f"Yours: <b>{own}</b>.", *words])

    def to(pair, now):
        return dict(zip(("learning_rate", "momentum"), pair(now["condition_number"]), strict=True))

    def critical(now):
        return {"learning_rate": 2 * (1 + now.get("momentum", beta)) / now["condition_number"]}

    points = {name: partial(to, pair) for name, pair in rivals.items()} | {
        "critical: 2(1+β)/λmax": critical
    }
    recipe = {
        "kind": "ravine", "start": list(start), "steps": steps, "goal": GOAL, "patience": PATIENCE,
        "momentum": None if "momentum" in controls else beta, "rivals": list(rivals),
    }  # fmt: skip
    return Demo(title, question, goal, controls, draw, points, recipe=recipe)


def _check_walk(curvature, start, steps):
    as_number(curvature, "curvature", above=0)
    as_number(start, "start")
    as_count(steps, "steps")


def _draw_walk(figure, curvatures, start, learning_rate, momentum, steps):
    """Draw a walk on the left; return the Axes on the right, and the path."""
    left, right = figure.subplots(1, 2)
    path = descend(curvatures, start, learning_rate, momentum, steps)
    plot_descent(curvatures, path, learning_rate, left)
    return right, path


def _fate(loss):
    if loss[-1] > loss[0]:
        return f"<b>Diverging</b>: the loss grew from {loss[0]:.3g} to {loss[-1]:.3g}."
    return f"The loss went from {loss[0]:.3g} to <b>{loss[-1]:.3g}</b>."
