"""A slider that trains one network with several momenta at once."""

from collections.abc import Iterable

import pandas as pd

from course_utils import sweeps
from course_utils.demos.layout import check_live, lay_out, rate_control
from course_utils.plotting import mark_baselines
from course_utils.plotting.by_rate import plot_effective_rates
from course_utils.plotting.style import optimizer_style
from course_utils.validation import as_count, as_named_numbers, as_number, told


def effective_rate_demo(
    build_model,
    x,
    y,
    validation_data,
    momenta=(0.0, 0.5, 0.9, 0.99),
    epochs=60,
    goal=0.85,
    baselines=None,
):
    """Train a Keras classifier live with several momenta at the rate of the slider; keep every try.

    On the right every try stands over its effective rate, learning_rate / (1 − momentum). The first
    try compiles (some seconds); later ones train at once.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model with the metric ``accuracy``; its optimizer is replaced
        by SGD.
    x, y, validation_data
        As in `sweep`.
    momenta : sequence of float
    epochs : int
        Passes per try; every try runs three seeds of each momentum.
    goal : float
        The validation accuracy to beat.
    baselines : dict of str to float, optional
        Accuracies to compare with.

    Returns
    -------
    ipywidgets.VBox
    """
    check_live(build_model, x, y, validation_data)
    if isinstance(momenta, str) or not isinstance(momenta, Iterable):
        raise TypeError(f"momenta is {told(momenta)}; give a list, such as [0.0, 0.9].")
    momenta = [as_number(m, "one of momenta", least=0, below=1) for m in momenta]
    if not momenta or len(set(momenta)) < len(momenta):
        raise ValueError(f"momenta is {momenta}; give at least one, and each once.")
    epochs, goal = as_count(epochs, "epochs"), as_number(goal, "goal")
    baselines = as_named_numbers(baselines, "baselines")
    tried = {}

    def draw(figure, learning_rate):
        if learning_rate not in tried:
            tried[learning_rate] = train_momenta(
                build_model, learning_rate, momenta, x, y, validation_data, epochs=epochs
            )
        left, right = figure.subplots(1, 2, sharey=True)
        now = tried[learning_rate]
        for position, momentum in enumerate(momenta):
            curve = now[now["momentum"] == momentum].groupby("epoch")["val_accuracy"].median()
            color = optimizer_style(position)["color"]
            left.plot(curve.index, curve, color=color, linewidth=2.8, label=f"β = {momentum:g}")
        left.set(xlabel="epoch", ylabel="validation accuracy", ylim=(0, 1.02))
        left.legend(loc="lower right")
        mark_baselines(right, {**baselines, "goal": goal})
        plot_effective_rates(pd.concat(tried.values()), right)
        right.set_xlim(8e-5, 2e3)
        best = {rate: _final(runs).max() for rate, runs in tried.items()}
        reached = sum(score > goal for score in best.values())
        return (
            f"Rate {learning_rate:.3g}: best of {len(momenta)} momenta "
            f"<b>{best[learning_rate]:.3f}</b> (median of 3 seeds). Tries: {len(tried)}, "
            f"beyond the goal: {reached}."
        )

    rate = rate_control(-4, 1, 1e-3, {}, continuous_update=False)
    words = f"Goal: beat {goal:g} with no momentum, and with β = {max(momenta):g}. Which rates?"
    return lay_out(draw, words, learning_rate=rate)


def train_momenta(build_model, learning_rate, momenta, x, y, validation_data, epochs, seeds=None):
    """Train a model by SGD with each momentum at one rate, as one stacked model.

    Parameters
    ----------
    build_model, x, y, validation_data, epochs, seeds
        As in `sweep`; by default three seeds.
    learning_rate : float
    momenta : sequence of float

    Returns
    -------
    DataFrame
        The table of `sweep` with a column ``momentum`` more.
    """
    from course_utils.runs import seeds as course_seeds
    from course_utils.training.keras_setup import keras

    optimizers = [keras.optimizers.SGD(learning_rate, momentum=m) for m in momenta]
    runs = sweeps.compare_optimizers(
        build_model, optimizers, x, y, validation_data=validation_data, epochs=epochs,
        seeds=course_seeds(3) if seeds is None else seeds, progress=False,
    )  # fmt: skip
    momentum_of = dict(zip(runs["optimizer"].unique(), momenta, strict=True))
    return runs.assign(momentum=runs["optimizer"].map(momentum_of))


def _final(runs):
    last = runs[runs["epoch"] == runs["epoch"].max()]
    return last.groupby("momentum")["val_accuracy"].median()
