"""A demo of a range test: where it starts, where it ends, and how smoothly it is read."""

from functools import cache

import numpy as np
from sklearn.base import is_classifier

from course_utils import range_test
from course_utils.demos.controls import Slider
from course_utils.demos.demo import Demo
from course_utils.demos.own_data import own_data, own_network
from course_utils.demos.tries import train_seeds
from course_utils.plotting import plot_range_test, plot_sweep
from course_utils.plotting.checks import check_runs
from course_utils.plotting.marks import log_value_axis
from course_utils.plotting.style import rate_color
from course_utils.runs import final
from course_utils.runs import seeds as course_seeds
from course_utils.training.fit import is_estimator
from course_utils.validation import as_count, check_pair

DEFAULTS = 1e-6, 10.0, 0.9  # start, end, smoothing
RATES = np.geomspace(1e-5, 1.0, 11).tolist()
CLOSE = 1.01


def range_test_demo(
    model, x, y, validation_data, runs=None, epochs=20, batch_size=32, repeats=5, steps=100
):
    """Drag the ends and the smoothing of a range test, and see what becomes of its answer.

    Beside the test stands a sweep, trained once, which the test tries to foresee. The smoothing
    re-reads the recorded losses; a new start or end is a new test.

    Parameters
    ----------
    model : callable, SGDRegressor or SGDClassifier
        As in `lr_range_test`; a function that returns a compiled Keras model, or an estimator.
    x, y, validation_data
        As in `sweep`.
    runs : DataFrame, optional
        A sweep of this model with validation data; by default eleven rates are trained.
    epochs, batch_size : int
        Of the sweep. Tests of a network take batches of that size too.
    repeats, steps : int
        Of each test.
    """
    repeats = as_count(repeats, "repeats")
    settings = {"epochs": epochs, "batch_size": batch_size, "repeats": repeats, "steps": steps}
    if runs is None:
        check_pair(validation_data)
        sizes = () if is_estimator(model) else (batch_size,)  # an estimator has no batches
        runs = train_seeds(model, RATES, x, y, validation_data, epochs, *sizes)
    check_runs(runs, "val_loss")
    loss = final(runs, "val_loss", by="learning_rate").sort_index()

    @cache
    def record(start, end):
        return range_test.lr_range_test(
            model, x, y, start=start, end=end, steps=steps, batch_size=batch_size,
            seeds=course_seeds(repeats), progress=False,
        )  # fmt: skip

    @cache
    def regret(start, end, smoothing):
        test = record(start, end).read(smoothing)
        return np.inf if test.refusal else regret_of(loss, test.suggestion)

    def draw(figure, tries, start, end, smoothing):
        left, right = figure.subplots(1, 2)
        test = record(start, end).read(smoothing)
        plot_range_test(test, left)
        plot_sweep(runs, ax=right)
        right.set_ylim(loss.min() / 1.5, 1.5 * max(loss.iloc[0], 10 * loss.min()))
        log_value_axis(right)
        right.set_title(f"the sweep: {int(runs['epoch'].max())} epochs at each rate")
        kept = f"Tests trained: {len({try_[:2] for try_ in tries})}."
        if test.refusal:
            return f"<b>No suggestion</b>: {test.refusal}. {kept}"
        (low, high), color = test.band, rate_color(test.suggestion)
        right.axvspan(low, high, color=color, alpha=0.16, linewidth=0)
        right.axvline(test.suggestion, color=color, linewidth=2)
        inside = "inside" if low <= loss.idxmin() <= high else "outside"
        return (
            f"The suggestion {test.suggestion:.2g} has <b>{regret(start, end, smoothing):.3f} ×</b>"
            f" the best loss; the best rate of the sweep lies {inside} the band. "
            f"Your best: {min(regret(*try_) for try_ in tries):.3f} ×. {kept}"
        )

    def own(X, y):
        if is_estimator(model):
            return range_test_demo(model, *own_data(X, y, is_classifier(model)), **settings)
        return range_test_demo(*own_network(X, y), **settings)

    first = regret(*DEFAULTS)
    to_beat = max(CLOSE, first) if np.isfinite(first) else CLOSE
    start, end, smoothing = DEFAULTS
    return Demo(
        "A range test, read again by hand",
        "more smoothing: does the valley move to the left or to the right?",
        f"Goal: come closer to the best loss of the sweep than {to_beat:.3f} ×, where the defaults "
        "lead; then make the test refuse, and make it wrong.",
        {
            "start": Slider("start", -8, -4, start),
            "end": Slider("end", -3, 2, end),
            "smoothing": Slider("smoothing", 0.0, 0.98, smoothing, step=0.01, log=False),
        },
        draw,
        trains=True,
        own=own,
    )


def regret_of(loss, rate):
    """Return the loss at a rate over the smallest one, read between the rates of a sweep.

    `loss` is a Series over rising rates; inf where a rate diverged.
    """
    best = float(loss.min())
    known = np.log(np.minimum(loss, 1e6 * best))
    return float(np.exp(np.interp(np.log(rate), np.log(loss.index), known)) / best)
