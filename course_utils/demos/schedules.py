"""A demo that bends a learning-rate schedule, and trains it live at the press of a button."""

import numpy as np
import pandas as pd

from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.demos.own_data import own_network
from course_utils.demos.tries import check_network, name_lines, tell, train_seeds
from course_utils.plotting import plot_schedule
from course_utils.plotting.marks import log_value_axis
from course_utils.plotting.style import GREY, PALE, rate_color, set_alt_text
from course_utils.validation import as_count, as_number

KINDS = ("constant", "step", "exponential", "linear", "cosine")


def schedule_demo(build_model, x, y, validation_data, epochs=30, batch_size=32, goal=None):
    """Bend a schedule, see its curve at once, and train it when you like it; every try is kept.

    The first try compiles (some seconds). Later ones train at once, whatever the schedule: its
    rates are the input of the compiled training.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model; the rate of its optimizer is replaced.
    x, y, validation_data, epochs, batch_size
        As in `sweep`; every try runs three seeds.
    goal : float, optional
        The validation loss to beat.
    """
    check_network(build_model, x, y, validation_data)
    check_model_fits(build_model, x, y, validation_data)
    epochs, batch_size = as_count(epochs, "epochs"), as_count(batch_size, "batch_size")
    goal = None if goal is None else as_number(goal, "goal")
    steps = epochs * -(-len(x) // batch_size)
    from course_utils.schedules import RateTable  # TensorFlow is behind it

    table, trained = RateTable(np.ones(steps)), {}

    def build():
        model = build_model()
        config = model.optimizer.get_config() | {"learning_rate": table}
        model.optimizer = type(model.optimizer)(**config)
        return model

    def train(kind, peak, *shares):
        """Return the rates that were trained, and the runs: the same rates are trained once."""
        shape = schedule_shape(kind, steps, *shares)
        key = peak, shape.tobytes()
        if key not in trained:
            table.assign(shape)
            trained[key] = train_seeds(build, peak, x, y, validation_data, epochs, batch_size)
        return key, trained[key]

    def draw(figure, tries, kind, learning_rate, warmup, final):
        figure.subplots_adjust(right=0.88)
        left, right = figure.subplots(1, 2)
        shape = schedule_shape(kind, steps, warmup, final)
        plot_schedule(learning_rate * shape, steps_per_epoch=steps // epochs, ax=left)
        tried, now = dict(train(*try_) for try_ in tries), (learning_rate, shape.tobytes())
        draw_tries(right, tried, now, goal)
        return tell(tried, now, "val_loss", goal)

    aim = "the lowest validation loss" if goal is None else f"a validation loss below {goal:.3g}"
    return Demo(
        "Shape a schedule and train it",
        "which will matter most: shape, peak, warm-up or final share?",
        f"Goal: {aim}, in as few tries as you can.",
        {
            "kind": Choice("shape", KINDS, "constant"),
            "learning_rate": Slider("learning rate", -2, 1, 0.3),
            "warmup": Slider("warm-up share", 0.0, 0.5, 0.0, log=False),
            "final": Slider("final share", -3, 0, 0.01, step=0.5,
                            idle=lambda now: now["kind"] == "constant"),
        },
        draw,
        button="Train",
        trains=True,
        own=lambda X, y: schedule_demo(*own_network(X, y), epochs, batch_size),
    )  # fmt: skip


def check_model_fits(build_model, x, y, validation_data):
    """Raise an error, and train nothing, unless the model is compiled and fits the data."""
    from course_utils.training.checks import check_model
    from course_utils.training.keras_runs import KerasRuns, as_keras_data
    from course_utils.training.library_hooks import everything_restored

    runs = KerasRuns(
        build_model, pd.DataFrame({"learning_rate": [1.0], "seed": [0]}),
        *as_keras_data(x, y, validation_data), visits=1, batch_size=32, shuffle=True,
        by_step=False, rates=np.ones((1, 1)),
    )  # fmt: skip
    with everything_restored(None):
        check_model(runs)


def schedule_shape(kind, steps, warmup_share=0.0, final_share=0.01):
    """Return the shape of one of `KINDS`: for each step a share of the peak, shape (steps,).

    The rate rises to its peak in the first `warmup_share` of the run, from 0 to below 1, and falls
    to its `final_share`, which a constant rate ignores.
    """
    warmup = round(warmup_share * steps)
    rise = np.arange(1, warmup + 1) / (warmup + 1)
    way = np.arange(steps - warmup) / (steps - warmup)
    falls = {
        "constant": np.ones_like(way),
        "step": final_share ** (np.floor(3 * way) / 2),
        "exponential": final_share**way,
        "linear": 1 + (final_share - 1) * way,
        "cosine": final_share + (1 - final_share) * (1 + np.cos(np.pi * way)) / 2,
    }
    return np.concatenate([rise, falls[kind]])


def draw_tries(ax, tried, now, goal):
    """Draw the validation loss of all tries by epoch, that of `now` with the range of its seeds."""
    ax.set(xlabel="epoch", ylabel="validation loss", title=f"tries: {len(tried)}")
    for key, runs in tried.items():
        curves = runs.assign(loss=runs["val_loss"].clip(upper=10)).groupby("epoch")["loss"]
        style = {"color": PALE, "linewidth": 1.4}
        if key == now:
            style = {"color": rate_color(now[0]), "zorder": 4}
            ends = curves.min(), curves.max()
            ax.fill_between(ends[0].index, *ends, alpha=0.25, linewidth=0, **style)
        ax.plot(curves.median(), **style)
    if tried:
        ax.set_ylim(top=min(ax.get_ylim()[1], 2.5))
        log_value_axis(ax)
    if goal is not None:
        name_lines(ax, {"goal": goal})
    if now not in tried:
        ax.text(0.5, 0.6, "press Train", ha="center", transform=ax.transAxes, color=GREY,
                fontsize=18)  # fmt: skip
    set_alt_text(ax, f"Validation loss of {len(tried)} tries, by epoch.")
