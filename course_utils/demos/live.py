"""Demos that train wherever the hand rests: a picture of the try, and a map of all tries.

All take `x, y, validation_data` and `epochs` as `sweep` does, and run three seeds of each try; the
first try of a network compiles (some seconds). `baselines` are values to compare with, by name.
"""

from functools import cache

import pandas as pd
from sklearn.linear_model import SGDRegressor

from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.demos.own_data import own_data, own_network
from course_utils.demos.tries import (
    OPTIMIZERS,
    check_network,
    least_squares,
    make_optimizer,
    most_frequent,
    name_lines,
    tell,
    train_optimizers,
    train_seeds,
    two_lines,
)
from course_utils.plotting import plot_learning_curves, plot_sweep
from course_utils.plotting.marks import log_rate_axis, mark_diverged
from course_utils.plotting.style import measure_label, optimizer_style, set_alt_text
from course_utils.runs import run_status
from course_utils.validation import (
    as_count,
    as_data,
    as_distinct,
    as_named_numbers,
    as_number,
    check_labels,
    check_pair,
)


def live_demo(
    words, controls, train, own, by=None, variants=(), *, beat=None, lines=(), limits=None,
    points=(), measure="val_accuracy",
):  # fmt: skip
    """Return a demo that trains at the values of its controls, at each setting once.

    `words` are title, question and goal, ``train(*values)`` returns the table of runs, and `own` is
    that of the `Demo`; the first values are trained here and now. `measure` is compared at the last
    epoch, with the number to `beat` and other `lines` and `limits` by name. The column `by` of the
    table tells apart `variants`, each with its colour and mark.
    """
    train, lines = cache(train), dict(lines)
    styles = {variant: optimizer_style(place) for place, variant in enumerate(variants)}
    train(*(control.value for control in controls.values()))

    def draw(figure, tries, **values):
        now = tuple(values.values())
        tried = {settings: train(*settings) for settings in tries}
        runs = pd.concat(tried.values())
        figure.subplots_adjust(top=0.79, right=0.97 if by is None else 0.82)
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.7])
        if by == "momentum":
            curves = tried[now].groupby([by, "epoch"])[measure].median()
            for variant, style in styles.items():
                left.plot(curves[variant], color=style["color"])
            left.set(xlabel="epoch", ylabel=measure_label(measure))
        else:
            shown = lines if by is None else None
            plot_learning_curves(
                tried[now], measure.removeprefix("val_"), baselines=shown, axes=[left]
            )
            corner = {"loc": "lower right", "bbox_to_anchor": (1.04, 0.98)}
            if by is not None:  # beside the map, for its own legend lies above
                corner = {"loc": "lower left", "bbox_to_anchor": (0.82, 0.15),
                          "bbox_transform": figure.transFigure, "handlelength": 1}  # fmt: skip
            legend = left.get_legend()
            words = [text.get_text() for text in legend.get_texts()]
            left.legend(legend.legend_handles, words, labelspacing=0.2, **corner)
        low, high = controls["learning_rate"].ends
        ends = low / 1.3, 1.3 * high / (1 - max(styles) if by == "momentum" else 1)
        if by is None:
            plot_sweep(runs, measure, baselines=lines, limits=limits, ax=right)
        else:
            right.set_xlim(ends)  # before the lines: a single try leaves them no room
            draw_map(right, runs, by, styles, measure)
            name_lines(right, lines)
            figure.legend(*right.get_legend_handles_labels(), ncols=len(styles), columnspacing=1,
                          loc="upper center", handlelength=1, handletextpad=0.3)  # fmt: skip
            left.set_ylim(0, 1.05)
        right.set_xlim(ends)
        return tell(tried, now, measure, beat)

    return Demo(*words, controls, draw, dict(points), trains=True, own=own)


def draw_map(ax, runs, by, styles, measure):
    """Draw the median and the range of the seeds over the rate; an X where one diverged."""
    effective = by == "momentum"
    log_rate_axis(ax, "effective rate η/(1−β)" if effective else "learning rate")
    ax.set(ylim=(0, 1.05), ylabel=measure_label(measure))
    last, words = run_status(runs), []
    last["at"] = last["learning_rate"] / (1 - last["momentum"] if effective else 1)
    for variant, style in styles.items():
        of_variant = last[last[by] == variant]
        scores = of_variant.groupby("at")[measure]
        label = variant if by == "optimizer" else f"{measure_label(by)} {variant}"
        ax.plot(scores.median(), label=label, linewidth=1, markersize=11, **style)
        ax.vlines(scores.median().index, scores.min(), scores.max(), color=style["color"])
        for rate in of_variant.loc[of_variant["status"] == "diverged", "at"].unique():
            mark_diverged(ax, rate, color=style["color"], best="high")
        if len(of_variant):
            words.append(f"{label}: best {scores.median().max():.2f}")
    set_alt_text(ax, f"{measure_label(measure)} over the {ax.get_xlabel()}. {'; '.join(words)}.")


def eta0_demo(estimator, x, y, validation_data, epochs=50, limits=None, baselines=None):
    """Train a scikit-learn model live at the `eta0` of the slider, and keep every try on the map.

    Parameters
    ----------
    estimator : scikit-learn estimator with ``partial_fit``
    x, y, validation_data, epochs
        As in `sweep`.
    limits, baselines : dict, optional
        As in `plot_sweep`. By default those of `SGDRegressor`: the two of `stability_limits`, and
        least squares.
    """
    check_pair(validation_data)
    limits = as_named_numbers(limits, "limits", above=0)
    baselines = as_named_numbers(baselines, "baselines")
    if isinstance(estimator, SGDRegressor):
        x, y, validation_data = as_data(x, y, validation_data, for_network=False)
        check_labels(y, validation_data, None)
        limits = limits or two_lines(x)
        baselines = baselines or {"least squares": least_squares(x, y, validation_data)}

    def train(learning_rate):
        return train_seeds(estimator, learning_rate, x, y, validation_data, epochs)

    def own(X, y):
        return eta0_demo(estimator, *own_data(X, y), epochs)

    words = (
        "SGDRegressor, trained live",
        "the red lines are computed from the data. Where will it break?",
        "Goal: come within 1 % of the best line in as few tries as you can.",
    )
    return live_demo(
        words,
        {"learning_rate": Slider("learning rate", -5, 0.3, 1e-5)},
        train,
        own,
        beat=1.01 * min(baselines.values()) if baselines else None,
        lines=baselines,
        limits=limits,
        measure="val_loss",
    )


def keras_demo(
    build_model, x, y, validation_data, epochs=60, batch_sizes=(8, 32, 128), baselines=None
):
    """Train a Keras classifier live at the rate and batch size of your choice; keep every try.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model with the metric ``accuracy``.
    x, y, validation_data, epochs
        As in `sweep`.
    batch_sizes : sequence of int
        What the menu offers; the middle one is chosen at first.
    baselines : dict of str to float, optional
        By default the accuracy of always saying the most frequent class.
    """
    check_network(build_model, x, y, validation_data)
    batch_sizes = as_distinct(batch_sizes, "batch_sizes", "size", "whole number", "[8, 32]")
    batch_sizes = [as_count(size, "one of batch_sizes") for size in batch_sizes]
    baselines = as_named_numbers(baselines, "baselines") or {
        "most frequent class": most_frequent(y, validation_data[1])
    }
    best = max(baselines, key=baselines.get)

    def train(rate, size):
        runs = train_seeds(build_model, rate, x, y, validation_data, epochs, size)
        return runs.assign(batch_size=size)

    words = (
        "A Keras network, trained live",
        "where does the valley lie for small batches, and where for large ones?",
        f"Goal: beat the best baseline ({best}: {baselines[best]:.3f}) in as few tries as you can.",
    )
    controls = {
        "learning_rate": Slider("learning rate", -7, 1, 1e-3),
        "batch_size": Choice("batch size", batch_sizes, batch_sizes[len(batch_sizes) // 2]),
    }
    return live_demo(
        words, controls, train, lambda X, y: keras_demo(*own_network(X, y), epochs, batch_sizes),
        "batch_size", batch_sizes, beat=baselines[best], lines=baselines,
    )  # fmt: skip


def effective_rate_demo(
    build_model, x, y, validation_data, momenta=(0.0, 0.5, 0.9, 0.99), epochs=60, goal=0.85,
    baselines=None,
):  # fmt: skip
    """Train a Keras classifier live with several momenta at the rate of the slider; keep every try.

    On the right every try stands over its effective rate, learning_rate / (1 − momentum).

    Parameters
    ----------
    build_model : callable
        As in `keras_demo`; its optimizer is replaced by SGD.
    x, y, validation_data, epochs
        As in `sweep`.
    momenta : sequence of float
    goal : float
        The validation accuracy to beat.
    baselines : dict of str to float, optional
    """
    check_network(build_model, x, y, validation_data)
    momenta = as_distinct(momenta, "momenta", "momentum", "number", "[0.0, 0.9]")
    momenta = [as_number(beta, "one of momenta", least=0, below=1) for beta in momenta]
    lines = as_named_numbers(baselines, "baselines") | {"goal": as_number(goal, "goal")}

    def train(learning_rate):
        names = [f"SGD(momentum={beta})" for beta in momenta]
        optimizers = [make_optimizer(name, learning_rate=learning_rate) for name in names]
        runs = train_optimizers(build_model, optimizers, x, y, validation_data, epochs)
        momentum_of = dict(zip(runs["optimizer"].unique(), momenta, strict=True))
        return runs.assign(momentum=runs["optimizer"].map(momentum_of))

    words = (
        "One rate, several momenta, trained live",
        "were momentum only a larger rate, where would the points of the momenta lie?",
        f"Goal: beat {goal:g} with no momentum, and with β = {max(momenta):g}. Which rates?",
    )
    controls = {"learning_rate": Slider("learning rate", -4, 1, 1e-3)}

    def own(X, y):
        network, *data = own_network(X, y)
        to_beat = most_frequent(data[1], data[2][1])
        return effective_rate_demo(network, *data, momenta, epochs, to_beat)

    return live_demo(words, controls, train, own, "momentum", momenta, beat=goal, lines=lines)


def optimizer_demo(build_model, x, y, validation_data, epochs=40, goal=0.9, baselines=None):
    """Train a Keras classifier live with an optimizer and a rate of your choice; keep every try.

    Parameters
    ----------
    build_model : callable
        As in `keras_demo`; its optimizer is replaced.
    x, y, validation_data, epochs
        As in `sweep`.
    goal : float
        The validation accuracy to beat.
    baselines : dict of str to float, optional
    """
    check_network(build_model, x, y, validation_data)
    lines = as_named_numbers(baselines, "baselines") | {"goal": as_number(goal, "goal")}

    def train(learning_rate, name):
        optimizers = [make_optimizer(name, learning_rate=learning_rate)]
        return train_optimizers(build_model, optimizers, x, y, validation_data, epochs)

    words = (
        "Six optimizers, trained live",
        "does the best rate of this one lie left or right of Adam's?",
        f"Goal: beat {goal:g} with each of the {len(OPTIMIZERS)} optimizers, in few tries.",
    )
    controls = {
        "learning_rate": Slider("learning rate", -4, 0.5, 1e-3),
        "optimizer": Choice("optimizer", OPTIMIZERS, "Adagrad", "Dropdown"),
    }

    def default(now):
        return {"learning_rate": float(make_optimizer(now["optimizer"]).learning_rate)}

    def own(X, y):
        network, *data = own_network(X, y)
        return optimizer_demo(network, *data, epochs, most_frequent(data[1], data[2][1]))

    return live_demo(
        words,
        controls,
        train,
        own,
        "optimizer",
        OPTIMIZERS,
        beat=goal,
        lines=lines,
        points={"Keras default": default},
    )
