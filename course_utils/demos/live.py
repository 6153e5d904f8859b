"""Sliders that train a model live."""

from collections.abc import Iterable

import ipywidgets as widgets
import numpy as np
import pandas as pd

from course_utils import sweeps
from course_utils.demos.layout import check_live, lay_out, rate_control
from course_utils.plotting import plot_learning_curves, plot_sweep
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_count, as_named_numbers, check_pair, told


def eta0_demo(estimator, x, y, validation_data, epochs=50, limits=None, baselines=None):
    """Train a scikit-learn model live at the `eta0` of the slider, and keep every try on the map.

    Parameters
    ----------
    estimator : scikit-learn estimator with ``partial_fit``
    x, y, validation_data
        As in `sweep`.
    epochs : int
        Passes per try; every try runs three seeds.
    limits, baselines : dict, optional
        As in `plot_sweep`.

    Returns
    -------
    ipywidgets.VBox
    """
    check_pair(validation_data)
    limits, baselines = (
        as_named_numbers(limits, "limits", above=0),
        as_named_numbers(baselines, "baselines"),
    )
    tried = {}

    def draw(figure, learning_rate):
        if learning_rate not in tried:
            tried[learning_rate] = sweeps.sweep(
                estimator, [learning_rate], x, y, validation_data=validation_data, epochs=epochs,
                seeds=course_seeds(3), progress=False,
            )  # fmt: skip
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


def keras_demo(
    build_model, x, y, validation_data, epochs=60, batch_sizes=(8, 32, 128), baselines=None
):
    """Train a Keras classifier live at the rate and batch size of your choice; keep every try.

    The first try compiles (some seconds); later ones of the same batch size train at once.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model with the metric ``accuracy``.
    x, y, validation_data
        As in `sweep`.
    epochs : int
        Passes per try; every try runs three seeds.
    batch_sizes : sequence of int
        What the menu offers; the middle one is chosen at first.
    baselines : dict of str to float, optional
        Accuracies to compare with; by default that of always saying the most frequent class.

    Returns
    -------
    ipywidgets.VBox
    """
    check_live(build_model, x, y, validation_data)
    if isinstance(batch_sizes, str) or not isinstance(batch_sizes, Iterable):
        raise TypeError(f"batch_sizes is {told(batch_sizes)}; give a list, such as [8, 32].")
    batch_sizes = [as_count(size, "one of batch_sizes") for size in batch_sizes]
    if not batch_sizes:
        raise ValueError("batch_sizes is empty; give at least one, such as [32].")
    epochs = as_count(epochs, "epochs")
    tried = {}
    baselines = as_named_numbers(baselines, "baselines") or {
        "most frequent class": _most_frequent(y, validation_data[1])
    }

    def draw(figure, learning_rate, batch_size):
        key = learning_rate, batch_size
        if key not in tried:
            tried[key] = sweeps.sweep(
                build_model, [learning_rate], x, y, validation_data=validation_data,
                epochs=epochs, batch_size=batch_size, seeds=course_seeds(3), progress=False,
            )  # fmt: skip
        left, right = figure.subplots(1, 2)
        plot_learning_curves(tried[key], "accuracy", baselines=baselines, axes=[left])
        left.set_ylim(0, 1)
        of_size = [runs for (_, size), runs in tried.items() if size == batch_size]
        plot_sweep(pd.concat(of_size), "val_accuracy", baselines=baselines, ax=right)
        right.set(xlim=(5e-8, 30), ylim=(0, 1), title=f"batch size {batch_size}")
        final = run_status(tried[key])
        return (
            f"Validation accuracy <b>{final['val_accuracy'].median():.3f}</b> (median of 3 seeds): "
            f"{' · '.join(final['status'])}. Tries: {len(tried)}."
        )

    rate = rate_control(-7, 1, 1e-3, {}, continuous_update=False)
    size = widgets.ToggleButtons(
        options=list(batch_sizes),
        value=batch_sizes[len(batch_sizes) // 2],
        description="batch size",
    )
    best = max(baselines, key=baselines.get)
    goal = (
        f"Goal: beat the best baseline ({best}: {baselines[best]:.3f}) in as few tries as you can."
    )
    return lay_out(draw, goal, learning_rate=rate, batch_size=size)


def _most_frequent(y, y_validation):
    """Return the validation accuracy of always saying the most frequent class of `y`."""
    labels, of_validation = (
        values.argmax(axis=1) if values.ndim == 2 and values.shape[1] > 1 else values.ravel()
        for values in map(np.asarray, (y, y_validation))
    )
    classes, counts = np.unique(labels, return_counts=True)
    return float(np.mean(of_validation == classes[counts.argmax()]))
