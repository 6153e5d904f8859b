"""Sliders that bend a learning-rate schedule, and a button that trains it live."""

import ipywidgets as widgets
import numpy as np

from course_utils import sweeps
from course_utils.demos.layout import (
    check_live,
    counted_button,
    lay_out,
    rate_control,
    slider_looks,
)
from course_utils.plotting import mark_baselines, plot_schedule
from course_utils.plotting.marks import log_value_axis
from course_utils.plotting.style import GREY, PALE, rate_color, set_alt_text
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
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
    x, y, validation_data
        As in `sweep`.
    epochs : int
        Passes per try; every try runs three seeds.
    batch_size : int
    goal : float, optional
        The validation loss to beat.

    Returns
    -------
    ipywidgets.VBox
    """
    check_live(build_model, x, y, validation_data)
    epochs, batch_size = as_count(epochs, "epochs"), as_count(batch_size, "batch_size")
    goal = None if goal is None else as_number(goal, "goal")
    steps = epochs * -(-len(x) // batch_size)
    train = _trainer(build_model, steps, x, y, validation_data, epochs, batch_size)
    tried, seen = {}, [0]

    def draw(figure, kind, learning_rate, warmup, final, training):
        left, right = figure.subplots(1, 2)
        shape = schedule_shape(kind, steps, warmup, final)
        plot_schedule(learning_rate * shape, steps_per_epoch=steps // epochs, ax=left)
        key = shape.tobytes(), learning_rate  # controls that do not matter make no new try
        if training > seen[0] and key not in tried:
            tried[key] = train(shape, learning_rate)
        seen[0] = training
        _draw_tries(right, tried, key, goal)
        return _readout(tried, key, goal)

    looks = slider_looks()
    menu = widgets.ToggleButtons(options=KINDS, value="constant", description="shape")
    warmup = widgets.FloatSlider(
        value=0.0, min=0.0, max=0.5, step=0.05, description="warm-up share", **looks
    )
    final = widgets.FloatLogSlider(
        value=0.01,
        min=-3,
        max=0,
        step=0.5,
        description="final share",
        readout_format=".3g",
        **looks,
    )
    widgets.dlink((menu, "value"), (final, "disabled"), lambda kind: kind == "constant")
    words = "Goal: the lowest validation loss you can get, in few tries."
    if goal is not None:
        words = f"Goal: a validation loss below {goal:.3g}, in as few tries as you can."
    return lay_out(
        draw,
        words,
        kind=menu,
        learning_rate=rate_control(-2, 1, 0.3, {}),
        warmup=warmup,
        final=final,
        training=counted_button("Train"),
    )


def schedule_shape(kind, steps, warmup_share=0.0, final_share=0.01):
    """Return the shape of a schedule: a share of the peak for each step.

    Parameters
    ----------
    kind : {"constant", "step", "exponential", "linear", "cosine"}
    steps : int
    warmup_share : float
        Share of the run in which the rate rises to its peak, from 0 to below 1.
    final_share : float
        What is left of the peak at the end; a constant rate ignores it.

    Returns
    -------
    ndarray of shape (steps,)
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


def _trainer(build_model, steps, x, y, validation_data, epochs, batch_size):
    """Return a function that trains any shape of so many steps, compiled once."""
    table = None

    def build():
        model = build_model()
        config = model.optimizer.get_config() | {"learning_rate": table}
        model.optimizer = type(model.optimizer)(**config)
        return model

    def train(shape, peak):
        nonlocal table
        if table is None:
            # Imported at the first training, for TensorFlow is behind it.
            from course_utils.schedules import RateTable

            table = RateTable(shape)
        table.assign(shape)
        return sweeps.sweep(
            build, [peak], x, y, validation_data=validation_data, epochs=epochs,
            batch_size=batch_size, seeds=course_seeds(3), progress=False,
        )  # fmt: skip

    return train


def _draw_tries(ax, tried, key, goal):
    ax.set(xlabel="epoch", ylabel="validation loss", title=f"tries: {len(tried)}")
    for other, runs in tried.items():
        curves = runs.pivot_table(index="epoch", columns="seed", values="val_loss").clip(upper=10)
        middle = curves.median(axis=1)
        now = other == key
        color = rate_color(key[1]) if now else PALE
        ax.plot(middle.index, middle, color=color, linewidth=3.2 if now else 1.4, zorder=3 + now)
        if now:
            low, high = curves.min(axis=1), curves.max(axis=1)
            ax.fill_between(middle.index, low, high, color=color, alpha=0.25, linewidth=0)
    if tried:
        ax.set_ylim(top=min(ax.get_ylim()[1], 2.5))
        log_value_axis(ax)
    if goal is not None:
        mark_baselines(ax, {"goal": goal})
    if key not in tried:
        kind = {"ha": "center", "transform": ax.transAxes, "color": GREY, "fontsize": 18}
        ax.text(0.5, 0.6, "press Train", **kind)
    set_alt_text(ax, f"Validation loss of {len(tried)} tries, by epoch.")


def _readout(tried, key, goal):
    if key not in tried:
        return f"Not trained yet. Tries: {len(tried)}."
    losses = [_score(runs) for runs in tried.values()]
    best = f"Best of {len(tried)} tries: {min(losses):.3f}"
    if goal is not None:
        best += f" ({'below' if min(losses) < goal else 'not yet below'} the goal)"
    fates = " · ".join(run_status(tried[key])["status"])
    return f"Validation loss <b>{_score(tried[key]):.3f}</b> (median of 3 seeds): {fates}. {best}."


def _score(runs):
    return run_status(runs)["val_loss"].median()
