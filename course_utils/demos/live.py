"""Sliders that train a model live."""

import pandas as pd

from course_utils.demos.layout import lay_out, rate_control
from course_utils.plots import plot_learning_curves, plot_sweep
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.sweeps import sweep_sgd


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

    rate = rate_control(-5, 0.3, 1e-5, {}, continuous_update=False)
    goal = "Goal: come within 1 % of the best line in as few tries as you can."
    return lay_out(draw, goal, learning_rate=rate)
