"""Every picture of the package from typical tables, in a few sizes, without any training.

Each function yields the name of a picture once it has drawn it into the current figure.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils import (
    descend,
    mark_baselines,
    mark_limit,
    plot_descent,
    plot_descent_loss,
    plot_grid,
    plot_learning_curves,
    plot_range_test,
    plot_schedule,
    plot_story,
    plot_sweep,
)
from course_utils.demos.random_search import plot_trials, random_points, square_grid
from course_utils.plotting import schedules
from course_utils.plotting.by_rate import plot_effective_rates
from course_utils.plotting.style import WIDTH
from course_utils.range_test import RangeTest
from course_utils.runs import runs_table


def table(rates, n_seeds=3, epochs=60, limit=0.3, **keys):
    """Return the runs of a regression: slow at small rates, diverged at rates above the limit."""
    rng = np.random.default_rng(0)
    epoch = np.arange(1, epochs + 1)
    curves = []
    for _ in range(n_seeds):
        for rate in rates:
            if rate > limit * rng.uniform(0.9, 1.1):
                curves.append(5.0 * 10.0 ** np.minimum(epoch * np.log10(1.5 * rate / limit), 30))
                continue
            noise = 1 + 0.3 * np.sqrt(rate / limit) * rng.normal(size=epochs) * 0.3
            curves.append((4.7 * np.exp(-40 * rate * epoch) + 0.3 + 0.4 * rate / limit) * noise)
    loss = np.array(curves)
    accuracy = np.where(np.isfinite(loss) & (loss < 5), 0.95 - 0.14 * loss, 0.2)
    measures = {"loss": loss, "val_loss": 1.1 * loss + 0.05}
    measures |= {"accuracy": accuracy, "val_accuracy": accuracy - 0.03}
    keys = {name: [value] * len(loss) for name, value in keys.items()}
    keys |= {"learning_rate": list(rates) * n_seeds, "seed": np.repeat(range(n_seeds), len(rates))}
    return runs_table(keys, measures, baseline_loss=5.0)


DECADES = np.geomspace(1e-7, 1, 8)
HALF_DECADES = np.geomspace(1e-5, 1, 16)
BASELINES = {"predict the mean": 5.2, "least squares": 0.42}
ACCURACIES = {"most frequent class": 0.3, "logistic regression": 0.84}
LIMITS = {"2 / max(‖x‖² + 1)": 0.112, "2 / mean(‖x‖² + 1)": 0.3}


def sweeps():
    plot_sweep(table([0.01, 0.1]))
    yield "a sweep of two rates"
    plot_sweep(table(DECADES), baselines=BASELINES, limits=LIMITS)
    yield "a sweep of eight rates, two limits"
    plot_sweep(table(HALF_DECADES, 10), baselines=BASELINES, limits=LIMITS).set_title("16 rates")
    yield "a sweep of sixteen rates, with a title"
    limits = {"2 / max(‖x‖² + 1)": 0.257, "2 / mean(‖x‖² + 1)": 0.5}
    plot_sweep(table(HALF_DECADES, 10, limit=0.464), baselines=BASELINES, limits=limits)
    yield "a rate between two limits at which some runs diverged"
    plot_sweep(table(HALF_DECADES, 10), "val_accuracy", baselines=ACCURACIES)
    yield "accuracies of sixteen rates"
    plot_sweep(table(DECADES, limit=1e-9), baselines=BASELINES, limits=LIMITS)
    yield "a sweep that diverged"
    plot_sweep(table(DECADES, limit=1e-9), "val_accuracy", baselines=ACCURACIES)
    yield "accuracies of a sweep that diverged"
    for measure, lines in (("val_loss", BASELINES), ("val_accuracy", ACCURACIES)):
        _figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 4), sharey=True)
        for ax, limit in zip(axes, (0.003, 0.03, 0.3), strict=True):
            plot_sweep(table(HALF_DECADES[::2], limit=limit), measure, baselines=lines, ax=ax)
            ax.set_title(f"limit {limit:g}")
            ax.label_outer()
        yield f"three sweeps side by side, {measure}"


def curves():
    plot_learning_curves(table([0.05]), baselines=BASELINES)
    yield "learning curves of one rate"
    plot_learning_curves(table([0.001, 0.01, 0.4]), baselines=BASELINES)
    yield "learning curves of three rates"
    plot_learning_curves(table(DECADES, 5, 200), baselines=BASELINES)
    yield "learning curves of eight rates"
    plot_learning_curves(table(DECADES, 5, 200), "accuracy", baselines=ACCURACIES)
    yield "accuracies of eight rates"
    stuck = table(DECADES, 1).assign(status="stuck")
    plot_learning_curves(stuck)
    yield "learning curves of stuck networks"
    plot_learning_curves(table([0.7, 1.0], epochs=20), whole_scale=True, baselines=BASELINES)
    yield "learning curves of diverged runs"


def bowls():
    rates = [0.02, 0.5, 1.85, 2.1]
    paths = descend(1.0, 4.0, rates, steps=20)
    plot_descent(1.0, paths[1], rates[1])
    yield "one bowl"
    _figure, axes = plt.subplots(1, 4, figsize=(WIDTH, 3.6), sharey=True)
    for ax, rate, path in zip(axes, rates, paths, strict=True):
        plot_descent(1.0, path, rate, ax)
        ax.label_outer()
    yield "four bowls"
    plot_descent_loss(1.0, descend(1.0, 4.0, [0.02, 0.1, 0.2, 1.85, 2.1, 2.2, 3.0], steps=40),
                      [0.02, 0.1, 0.2, 1.85, 2.1, 2.2, 3.0])  # fmt: skip
    yield "the loss of seven rates"
    ravine, rates = [1.0, 25.0], [0.01, 0.077, 0.081]
    _figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 3.8), sharey=True)
    for ax, rate in zip(axes, rates, strict=True):
        plot_descent(ravine, descend(ravine, [4.0, 2.0], rate, steps=40), rate, ax)
        ax.label_outer()
    yield "three ravines"
    for seen in (None, (0.02, 0.4)):
        for rate in (0.02, 0.9, 2.3):
            plot_story(plt.subplots(figsize=(0.6 * WIDTH, 4))[1], rate, seen=seen)
            yield f"the story at {rate}, seen {seen}"
    _figure, axes = plt.subplots(1, 4, figsize=(WIDTH, 3.8), sharey=True)
    for ax, rate in zip(axes, (0.02, 0.3, 1.9, 2.2), strict=True):
        plot_story(ax, rate)
        ax.label_outer()
    yield "four stories"
    colors = ["#14324f", "#2f9e68", "#e07000", "#b00020"]
    plot_story(plt.subplots(figsize=(WIDTH, 3.8))[1], (0.02, 0.3, 1.9, 2.2), color=colors)
    yield "a story of four rates"


def searched(means, folds=5, **axes):
    names = list(axes)
    places = np.indices([len(values) for values in axes.values()]).reshape(len(axes), -1).T
    params = [
        {name: axes[name][at] for name, at in zip(names, place, strict=True)} for place in places
    ]
    scores = np.ravel(means)[:, None] + np.random.default_rng(1).normal(
        0, 0.02, (means.size, folds)
    )
    found = {f"split{fold}_test_score": scores[:, fold] for fold in range(folds)}
    return found | {
        "params": params, "mean_test_score": scores.mean(axis=1),
        "std_test_score": scores.std(axis=1),
    }  # fmt: skip


def hill(*shape):
    axes = np.meshgrid(*[np.linspace(-1, 1, n) for n in shape], indexing="ij")
    return 0.9 - 0.2 * sum((axis - 0.2) ** 2 for axis in axes)


def grids():
    rates = np.logspace(-5, 0, 11)
    found = searched(hill(4, 6), sgd__alpha=np.logspace(-4, -1, 4), sgd__eta0=rates[:6])
    plot_grid(found, "sgd__eta0", "sgd__alpha")
    yield "a grid of 24 cells"
    plot_grid(
        searched(hill(3, 2), layers=[(50,), (100,), (50, 50)], rate=[0.1, 1.0]), "rate", "layers"
    )
    yield "a grid of six cells"
    found = searched(hill(11, 11), alpha=rates, learning_rate=rates)
    plot_grid(found, "learning_rate", "alpha")
    yield "a grid of 121 cells"
    plot_grid(found, "alpha")
    yield "a grid over one parameter"
    plot_grid(searched(hill(3), penalty=["l2", "l1", "elasticnet"]), "penalty")
    yield "a grid over words"
    _figure, axes = plt.subplots(1, 3, figsize=(WIDTH, 4), sharey=True)
    for ax in axes:
        plot_grid(found, "alpha", ax=ax)
        ax.label_outer()
    yield "three grids over one parameter"


def range_test(n=5, validated=False):
    rates = np.geomspace(1e-6, 10, 100)
    losses = []
    for seed in range(n):
        rng = np.random.default_rng(seed)
        position = np.log10(rates) + 1 + 0.2 * rng.normal()
        loss = 1 - 0.6 / (1 + np.exp(-3 * (position + 1))) + np.exp(4 * (position - 0.5))
        loss += 0.04 * rng.normal(size=100)
        losses.append(np.where(loss < 4, loss, np.nan))
    losses = np.array(losses)
    val = np.where(np.arange(100) % 10, np.nan, losses + 0.05) if validated else None
    return RangeTest(rates, losses, list(range(n)), ["diverged"] * n, "Adam", val_losses=val)


def range_tests():
    for n in (1, 10):
        plot_range_test(range_test(n))
        yield f"a range test of {n} repeats"
    plot_range_test(range_test(validated=True))
    yield "a range test with validation"
    flat = np.random.default_rng(0).normal(1, 0.05, (3, 100))
    rates = np.geomspace(1e-6, 10, 100)
    plot_range_test(RangeTest(rates, flat, [0, 1, 2], ["end"] * 3, "SGD"))
    yield "a range test that refuses"
    _figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 4.4))
    plot_range_test(range_test(), left)
    plot_sweep(table(HALF_DECADES), ax=right).set_title("the sweep")
    yield "a range test beside its sweep"


def others():
    plot_schedule(np.geomspace(0.3, 0.001, 300), steps_per_epoch=10)
    yield "a schedule"
    ax = plot_schedule(np.r_[np.full(300, 0.1), np.full(300, 0.01)])
    schedules._warn(ax, ["its drop is at step 3000 and the run has 600 steps"])
    yield "a schedule with a problem"
    tables = [
        table(np.geomspace(1e-4, 1, 9), limit=0.3 * (1 - m), momentum=m) for m in (0.0, 0.5, 0.9)
    ]
    plot_effective_rates(pd.concat(tables)).legend()
    yield "effective rates"
    _figure, axes = plt.subplots(1, 2, figsize=(WIDTH, 4.4), sharey=True)
    for ax, points in zip(axes, (square_grid(3), random_points(9, 0)), strict=True):
        plot_trials(points, -2.6, 0.35, ax).set_title("nine trials")
        ax.label_outer()
    yield "trials"
    ax = plt.subplots(figsize=(WIDTH, 4.8))[1]
    ax.set(xscale="log", xlabel="learning rate", ylabel="loss", xlim=(2e-4, 10), ylim=(0, 6))
    mark_limit(ax, 0.2, "2 / λmax")
    mark_limit(ax, 0.3, "2 / mean")
    mark_baselines(ax, BASELINES | {"near the mean": 5.1})
    yield "marks alone"


ROOMS = (sweeps, curves, bowls, grids, range_tests, others)


def pictures(*rooms):
    """Yield (name, figure) of every picture, and close it."""
    for room in rooms or ROOMS:
        for name in room():
            yield name, plt.gcf()
            plt.close("all")
