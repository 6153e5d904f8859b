"""Sliders for a range test: where it starts, where it ends, and how smoothly it is read."""

import ipywidgets as widgets
import numpy as np

from course_utils import range_test, sweeps
from course_utils.demos.layout import lay_out, log_slider, slider_looks
from course_utils.plotting import plot_range_test, plot_sweep, rate_label
from course_utils.plotting.checks import check_runs
from course_utils.plotting.marks import log_value_axis
from course_utils.plotting.style import rate_color
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_count, check_pair

START, END, SMOOTHING = 1e-6, 10.0, 0.9
RATES = tuple(float(rate) for rate in np.geomspace(1e-5, 1.0, 11))
CLOSE = 1.01


def range_test_demo(
    model, x, y, validation_data, runs=None, epochs=20, batch_size=32, repeats=5, steps=100
):
    """Drag the ends and the smoothing of a range test, and see what becomes of its answer.

    Beside the test stands a sweep, trained once, which the test tries to foresee. The smoothing
    re-reads the recorded losses at once; a new start or end is a new test, trained when it is
    first asked for.

    Parameters
    ----------
    model : callable, SGDRegressor or SGDClassifier
        As in `lr_range_test`; a function that returns a compiled Keras model, or an estimator.
    x, y, validation_data
        As in `sweep`.
    runs : DataFrame, optional
        A sweep of this model with validation data; by default eleven rates with three seeds are
        trained.
    epochs, batch_size : int
        Of the sweep. Tests take batches of that size too.
    repeats, steps : int
        Of each test.

    Returns
    -------
    ipywidgets.VBox
    """
    repeats = as_count(repeats, "repeats")
    if runs is None:
        check_pair(validation_data)
        runs = _sweep(model, x, y, validation_data, epochs, batch_size)
    check_runs(runs, "val_loss")
    final = run_status(runs)
    loss = final["val_loss"].where(final["status"] != "diverged", np.inf)
    loss = loss.groupby(final["learning_rate"]).median()
    recorded, seen = {}, {}

    def test_of(start, end):
        if (start, end) not in recorded:
            recorded[start, end] = range_test.lr_range_test(
                model, x, y, start=start, end=end, steps=steps, batch_size=batch_size,
                seeds=course_seeds(repeats), progress=False,
            )  # fmt: skip
        return recorded[start, end]

    def draw(figure, start, end, smoothing):
        left, right = figure.subplots(1, 2)
        test = test_of(start, end).read(smoothing)
        plot_range_test(test, left)
        plot_sweep(runs, ax=right)
        right.set_ylim(loss.min() / 1.5, 1.5 * max(loss.iloc[0], 10 * loss.min()))
        log_value_axis(right)
        right.set_title(f"the sweep: {int(runs['epoch'].max())} epochs at each rate")
        kept = f"Tests trained: {len(recorded)}."
        if test.refusal is not None:
            return f"<b>No suggestion</b>: {test.refusal}. {kept}"
        right.axvspan(*test.band, color=rate_color(test.suggestion), alpha=0.16, linewidth=0)
        right.axvline(test.suggestion, color=rate_color(test.suggestion), linewidth=2)
        seen[start, end, smoothing] = regret = regret_of(loss, test.suggestion)
        return (
            f"The suggestion {rate_label(float(f'{test.suggestion:.2g}'))} has <b>{regret:.3f} ×"
            f"</b> the best loss; the best rate of the sweep lies "
            f"{'inside' if _inside(loss, test.band) else 'outside'} the band. "
            f"Your best: {min(seen.values()):.3f} ×. {kept}"
        )

    first = test_of(START, END).read(SMOOTHING)
    to_beat = CLOSE if first.refusal else max(CLOSE, regret_of(loss, first.suggestion))
    smoothing = widgets.FloatSlider(
        value=SMOOTHING,
        min=0.0,
        max=0.98,
        step=0.01,
        description="smoothing",
        **slider_looks(),
    )
    goal = (
        f"Goal: come closer to the best loss of the sweep than {to_beat:.3f} ×, where the defaults "
        "lead; then make the test refuse, and make it wrong."
    )
    return lay_out(
        draw,
        goal,
        start=log_slider("start", -8, -4, START, continuous_update=False),
        end=log_slider("end", -3, 2, END, continuous_update=False),
        smoothing=smoothing,
    )


def regret_of(loss, rate):
    """Return the loss at a rate over the smallest loss, read between the rates of a sweep.

    Parameters
    ----------
    loss : Series
        The loss of each learning rate of the sweep, rising rates; inf where it diverged.
    rate : float
    """
    best = float(loss.min())
    known = np.log(np.minimum(loss, 1e6 * best))
    return float(np.exp(np.interp(np.log(rate), np.log(loss.index), known)) / best)


def _inside(loss, band):
    return band[0] <= loss.idxmin() <= band[1]


def _sweep(model, x, y, validation_data, epochs, batch_size):
    settings = {} if hasattr(model, "get_params") else {"batch_size": batch_size}
    return sweeps.sweep(
        model, RATES, x, y, validation_data=validation_data, epochs=epochs, seeds=course_seeds(3),
        progress=False, **settings,
    )  # fmt: skip
