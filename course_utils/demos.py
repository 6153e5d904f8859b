"""Slider demos: one line in any notebook, one picture that follows the slider at once."""

from io import BytesIO

import ipywidgets as widgets
import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from course_utils.descent import descend
from course_utils.plots import (
    bowl_loss,
    plot_descent,
    plot_descent_loss,
    plot_learning_curves,
    plot_story,
    plot_sweep,
)
from course_utils.plots.style import course_rc
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.sweeps import sweep_sgd

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

    def draw(figure, learning_rate):
        left, right = figure.subplots(1, 2)
        path = descend(curvature, start, learning_rate, steps=steps)
        plot_descent(curvature, path, learning_rate, left)
        plot_story(right, learning_rate, curvature, start, steps)
        return _fate(bowl_loss(curvature, path))

    rate = _rate_control(
        -2.5, 0.5, 0.01, {"one step: 1/λ": 1 / curvature, "critical: 2/λ": 2 / curvature}
    )
    return _demo(draw, f"Goal: the lowest loss after {steps} steps.", learning_rate=rate)


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

    def draw(figure, learning_rate, curvature):
        left, right = figure.subplots(1, 2)
        path = descend(curvature, start, learning_rate, steps=steps)
        plot_descent(curvature, path, learning_rate, left)
        plot_descent_loss(curvature, path[None], [learning_rate], right)
        factor = 1 - learning_rate * curvature
        return f"Each step multiplies w by 1 − ηλ = <b>{factor:.3g}</b>. " + _fate(
            bowl_loss(curvature, path)
        )

    bend = _slider("curvature λ", -1, 1.5, curvature)
    rate = _rate_control(
        -2.5,
        1.0,
        0.1,
        {
            "one step: 1/λ": lambda: 1 / bend.value,
            "critical: 2/λ": lambda: 2 / bend.value,
            "just beyond": lambda: 2.05 / bend.value,
        },
    )
    return _demo(
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

    def draw(figure, learning_rate, condition_number):
        left, right = figure.subplots(1, 2)
        curvatures = [1.0, condition_number]
        path = descend(curvatures, start, learning_rate, momentum, steps)
        plot_descent(curvatures, path, learning_rate, left)
        plot_descent_loss(curvatures, path[None], [learning_rate], right)
        return _arrival(curvatures, start, learning_rate, momentum)

    kappa = _slider("κ = λmax/λmin", 0, 3, condition_number)
    rate = _rate_control(
        -3.5,
        0.5,
        0.01,
        {
            "best fixed: 2/(λmin+λmax)": lambda: 2 / (1 + kappa.value),
            "critical: 2/λmax": lambda: 2 / kappa.value,
        },
    )
    goal = f"Goal: reach {GOAL:g} of the first loss in as few steps as you can. Then make κ = 1."
    return _demo(draw, goal, learning_rate=rate, condition_number=kappa)


def eta0_demo(estimator, x, y, validation_data, epochs=50, limits=None, baselines=None):
    """Train a scikit-learn model live at the `eta0` of the slider, and keep every try on the map.

    Parameters
    ----------
    estimator : scikit-learn estimator with ``partial_fit``
    x, y, validation_data
        As in `sweep_sgd`.
    epochs : int
        Passes per try; every try runs three seeds.
    limits, baselines : dict, optional
        As in `plot_sweep`.

    Returns
    -------
    ipywidgets.VBox
    """
    tried = {}

    def draw(figure, learning_rate):
        if learning_rate not in tried:
            tried[learning_rate] = sweep_sgd(
                estimator, [learning_rate], x, y, validation_data, epochs, course_seeds(3), False
            )
        left, right = figure.subplots(1, 2)
        now = tried[learning_rate]
        plot_learning_curves(now, baselines=baselines, axes=[left])
        plot_sweep(pd.concat(tried.values()), baselines=baselines, limits=limits, ax=right)
        right.set_xlim(5e-6, 3)
        final = run_status(now)
        fates = " · ".join(final["status"])
        return (
            f"Validation loss {final['val_loss'].median():.4g} (median of 3 seeds): {fates}. "
            f"Tries: {len(tried)}."
        )

    rate = _rate_control(-5, 0.3, 1e-5, {}, continuous_update=False)
    goal = "Goal: come within 1 % of the best line in as few tries as you can."
    return _demo(draw, goal, learning_rate=rate)


def _demo(draw, goal, **controls):
    """Lay out the controls over one picture that is redrawn whenever one of them changes."""
    image = widgets.Image(format="png", layout=widgets.Layout(max_width="100%"))
    readout = widgets.HTML()

    def redraw(_=None):
        values = {name: _source(control).value for name, control in controls.items()}
        with mpl.rc_context(course_rc()):
            figure = Figure(figsize=(13, 5), layout="none")
            figure.subplots_adjust(left=0.075, right=0.96, bottom=0.15, top=0.88, wspace=0.2)
            words = draw(figure, **values)
            image.value = _png(figure)
        readout.value = f"<div style='font-size:1.25em;line-height:1.5'>{words}</div>"

    for control in controls.values():
        _source(control).observe(redraw, names="value")
    redraw()
    title = widgets.HTML(f"<div style='font-size:1.25em'>{goal}</div>")
    return widgets.VBox([title, *controls.values(), readout, image])


def _slider(name, low, high, value, **options):
    return widgets.FloatLogSlider(
        value=value,
        min=low,
        max=high,
        step=0.01,
        description=name,
        readout_format=".3g",
        style={"description_width": "9em"},
        layout=widgets.Layout(width="34em"),
        **options,
    )


def _rate_control(low, high, value, named_points, **options):
    """Return a log slider for the rate with a box to type in and buttons that jump."""
    slider = _slider("learning rate", low, high, value, readout=False, **options)
    box = widgets.BoundedFloatText(
        value=value, min=10**low, max=10**high, step=None, layout=widgets.Layout(width="7em")
    )
    widgets.dlink((slider, "value"), (box, "value"), _to_read)
    box.observe(lambda typed: _follow(slider, typed["new"]), names="value")
    buttons = []
    for name, point in named_points.items():
        button = widgets.Button(description=name, layout=widgets.Layout(width="auto"))
        button.on_click(
            lambda _, point=point: setattr(
                slider,
                "value",
                float(np.clip(point() if callable(point) else point, 10**low, 10**high)),
            )
        )
        buttons.append(button)
    return widgets.HBox([slider, box, *buttons], layout=widgets.Layout(flex_flow="row wrap"))


def _to_read(rate):
    return float(f"{rate:.4g}")


def _follow(slider, typed):
    """Move the slider to a typed rate; the box's own rounding is no new rate."""
    if typed != _to_read(slider.value):
        slider.value = typed


def _source(control):
    """Return the slider of a control, whether it stands alone or with its box and buttons."""
    return control.children[0] if isinstance(control, widgets.HBox) else control


def _png(figure):
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()


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
