"""Sliders for an optimizer and its rate, with a network that trains live."""

import ipywidgets as widgets

from course_utils import sweeps
from course_utils.demos.layout import check_live, lay_out, rate_control
from course_utils.plotting import mark_baselines, plot_learning_curves
from course_utils.plotting.marks import log_rate_axis, mark_diverged
from course_utils.plotting.style import INK, RED, optimizer_style
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_count, as_named_numbers, as_number

OPTIMIZERS = ("SGD", "SGD, momentum 0.9", "Adagrad", "RMSprop", "Adam", "Adamax")


def optimizer_demo(build_model, x, y, validation_data, epochs=40, goal=0.9, baselines=None):
    """Train a Keras classifier live with an optimizer and a rate of your choice; keep every try.

    The first try of each optimizer compiles (some seconds); later ones train at once.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model with the metric ``accuracy``; its optimizer is replaced.
    x, y, validation_data
        As in `sweep`.
    epochs : int
        Passes per try; every try runs three seeds.
    goal : float
        The validation accuracy to beat.
    baselines : dict of str to float, optional
        Accuracies to compare with.

    Returns
    -------
    ipywidgets.VBox
    """
    check_live(build_model, x, y, validation_data)
    epochs, goal = as_count(epochs, "epochs"), as_number(goal, "goal")
    tried = {}
    lines = {**as_named_numbers(baselines, "baselines"), "goal": goal}

    def draw(figure, learning_rate, optimizer):
        key = optimizer, learning_rate
        if key not in tried:
            tried[key] = sweeps.sweep(
                _with_optimizer(build_model, optimizer), [learning_rate], x, y,
                validation_data=validation_data, epochs=epochs, seeds=course_seeds(3),
                progress=False,
            )  # fmt: skip
        left, right = figure.subplots(1, 2)
        plot_learning_curves(tried[key], "accuracy", axes=[left])
        left.set_ylim(0, 1.05)
        left.set_title(f"{optimizer}, rate {learning_rate:.3g}", color=INK)
        _draw_map(right, tried, lines)
        final = run_status(tried[key])
        reached = sum(_score(runs) > goal for runs in tried.values())
        return (
            f"Validation accuracy <b>{_score(tried[key]):.3f}</b> (median of 3 seeds): "
            f"{' · '.join(final['status'])}. Tries: {len(tried)}, beyond the goal: {reached}."
        )

    menu = widgets.Dropdown(options=OPTIMIZERS, value="Adagrad", description="optimizer")
    rate = rate_control(-4, 0.5, 1e-3, {"Keras default": lambda: _default(menu.value)},
                        continuous_update=False)  # fmt: skip
    words = f"Goal: beat {goal:g} with each of the {len(OPTIMIZERS)} optimizers, in few tries."
    return lay_out(draw, words, learning_rate=rate, optimizer=menu)


def _draw_map(ax, tried, lines):
    log_rate_axis(ax)
    ax.set(xlim=(6e-5, 5), ylim=(0, 1.05), ylabel="validation accuracy")
    mark_baselines(ax, lines)
    for position, name in enumerate(OPTIMIZERS):
        points = {rate: runs for (optimizer, rate), runs in tried.items() if optimizer == name}
        if not points:
            continue
        style = optimizer_style(position)
        ax.plot(list(points), [_score(runs) for runs in points.values()], label=name, markersize=11,
                linestyle="", **style)  # fmt: skip
        for rate, runs in points.items():
            if (run_status(runs)["status"] == "diverged").any():
                mark_diverged(ax, rate, color=RED, best="high")
    ax.legend(loc="lower left", labelspacing=0.2, handletextpad=0.1)


def _score(runs):
    return run_status(runs)["val_accuracy"].median()


def _make(name):
    from course_utils.training.keras_setup import keras

    if name.startswith("SGD,"):
        return keras.optimizers.SGD(momentum=0.9)
    return getattr(keras.optimizers, name)()


def _default(name):
    return float(_make(name).learning_rate)


def _with_optimizer(build_model, name):
    def build():
        model = build_model()
        model.optimizer = _make(name)
        return model

    return build
