"""E2 with ten seeds: eight learning rates of SGD, raw and scaled."""

import matplotlib.pyplot as plt

from course_utils import plot_sweep, seeds, sweep
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted, paired
from experiments.with_seeds.bmi import build_model, jumps, level, load
from experiments.with_seeds.lengths import n_epochs, n_seeds

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "Eight learning rates for SGD in Keras"
TOLD = "In 200 epochs 0.001, 0.0001 and 0.00001 do well, with great stability."
RATES = [1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]
SMALL = [0.001, 1e-4, 1e-5]


def train(data, short):
    return sweep(
        build_model, RATES, **data.raw, epochs=n_epochs(short), seeds=seeds(n_seeds(short))
    )


def control(data, short, raw):
    return sweep(
        build_model, RATES, **data.scaled, epochs=n_epochs(short), seeds=seeds(n_seeds(short))
    )


def judge(data, told, raw, scaled):
    by = "learning_rate"
    of_raw, of_scaled, moves = level(raw, by), level(scaled, by), jumps(raw, by)
    largest, linear = data.baselines.values()
    best_raw, best_scaled = of_raw.idxmax(axis=1), of_scaled.idxmax(axis=1)
    verdicts = [
        counted(
            "One of 0.001, 0.0001 and 0.00001 is the best of the eight",
            best_raw.isin(SMALL),
            told=True,
        ),
        counted(
            "They do well: the best of them beats logistic regression on scaled features",
            of_raw[SMALL].max(axis=1) > linear,
            f"{of_raw[SMALL].max(axis=1).median():.2f} against {linear:.2f}",
            told=True,
        ),
        counted(
            "They are stable: none moves by more than a point of accuracy an epoch",
            (moves[SMALL] < 0.01).all(axis=1),
            f"{100 * moves[SMALL].median().max():.1f} points at 0.001 to 0.00001, the largest",
            told=True,
        ),
        counted(
            "Raw, 1 and 0.1 never beat the share of the largest class",
            (of_raw[[1.0, 0.1]] <= largest).all(axis=1),
            f"share {largest:.2f}",
        ),
        counted(
            "Scaled, the best rate is at least ten times the best on raw features",
            best_scaled >= 9.9 * best_raw,
        ),
        paired("Scaled, 0.1 is ahead of 0.001", of_scaled[0.1] - of_scaled[0.001]),
        paired(
            "0.1 on scaled features is ahead of the best of the eight on raw ones",
            of_scaled[0.1] - of_raw.max(axis=1),
        ),
    ]
    table = settings_table("learning rate", level(told, by), of_raw, scaled=of_scaled)
    return table, verdicts


def draw(data, told, raw, scaled):
    figure, axes = plt.subplots(1, 2, figsize=(13, 5), sharey=True)
    one = level(told, "learning_rate")
    for ax, (name, runs) in zip(axes, [("raw", raw), ("scaled", scaled)], strict=True):
        plot_sweep(runs, "val_accuracy", baselines=data.baselines, ax=ax)
        ax.set(ylim=(0, 1), xticks=[1e-7, 1e-5, 1e-3, 0.1])
        ax.set_title(f"{name} features")
        ax.label_outer()
    looks = {"markerfacecolor": "none", "markeredgecolor": style.RED, "markeredgewidth": 2}
    axes[0].plot(one.index, one, "s", markersize=15, label="one seed, as told", **looks)
    axes[0].legend(loc="upper left")
    return figure
