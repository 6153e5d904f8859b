"""E4 with ten seeds: four optimizers at their defaults, then eight, each also tuned."""

import matplotlib.pyplot as plt
import pandas as pd
from matplotlib.ticker import MaxNLocator

from course_utils import compare_optimizers, final, mark_baselines, seeds, set_alt_text
from course_utils.plotting import style
from course_utils.training.keras_setup import keras
from experiments.report import settings_table
from experiments.verdicts import counted, paired
from experiments.with_seeds.bmi import build_model, jumps, level, load
from experiments.with_seeds.lengths import n_epochs, n_seeds

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "Four optimizers at their default rates"
TOLD = "Adamax does about as well as Adam; Adagrad has learnt after 60 epochs; RMSprop fluctuates."
NAMES = ["adamax", "adam", "adagrad", "rmsprop"]
GRID = [0.001, 0.003, 0.01, 0.03, 0.1]


def train(data, short):
    epochs = n_epochs(short)
    return compare_optimizers(
        build_model, NAMES, **data.raw, epochs=epochs, seeds=seeds(n_seeds(short))
    )


def control(data, short, raw):
    scaled = compare_optimizers(
        build_model, NAMES, **data.scaled, epochs=n_epochs(short), seeds=seeds(n_seeds(short))
    )
    eight = [*NAMES, "sgd", keras.optimizers.SGD(momentum=0.9), "adamw", "nadam"]
    tuned = compare_optimizers(
        build_model,
        eight,
        learning_rates=GRID,
        **data.scaled,
        epochs=n_epochs(short) // 5,
        seeds=seeds(n_seeds(short)),
    )
    return {"scaled": scaled, "tuned": tuned}


def ranks(tuned):
    """Return the order of the eight per seed: at the default, and at the best rate of the grid.

    The best rate is chosen by the median loss of the seeds, one rate for each optimizer.
    """
    losses = final(tuned).rename("loss").reset_index()
    default = losses[losses["rate_from"] == "default"].pivot_table("loss", "seed", "optimizer")
    grid = losses[losses["rate_from"] == "grid"]
    middle = grid.groupby(["optimizer", "learning_rate"])["loss"].median()
    best = {name: of.droplevel(0).idxmin() for name, of in middle.groupby(level="optimizer")}
    at_best = grid[grid["learning_rate"] == grid["optimizer"].map(best)]
    return default, at_best.pivot_table("loss", "seed", "optimizer"), best


def judge(data, told, raw, control):
    of_raw, of_scaled, moves = (
        level(raw, "optimizer"),
        level(control["scaled"], "optimizer"),
        jumps(raw, "optimizer"),
    )
    soon = int(0.3 * raw["epoch"].max())
    early = raw[raw["epoch"] == soon].pivot_table("val_accuracy", "seed", "optimizer")
    default, tuned, best = ranks(control["tuned"])
    orders = pd.DataFrame({"default": default.median().rank(), "tuned": tuned.median().rank()})
    linear = data.baselines["logistic regression"]
    losses = (
        control["scaled"].query("optimizer == 'Adagrad'").pivot_table("val_loss", "seed", "epoch")
    )
    end = losses.columns.max()
    verdicts = [
        counted(
            "Adamax does about as well as Adam: within five points",
            (of_raw["Adam"] - of_raw["Adamax"]).abs() < 0.05,
            f"{of_raw['Adamax'].median():.2f} and {of_raw['Adam'].median():.2f}",
            told=True,
        ),
        counted(
            f"Adagrad has learnt after {soon} epochs: it is at 80 % of its level",
            early["Adagrad"] > 0.8 * of_raw["Adagrad"],
            told=True,
        ),
        counted(
            "RMSprop moves more from epoch to epoch than the other three",
            moves["RMSprop"] > moves.drop(columns="RMSprop").max(axis=1),
            f"median {100 * moves['RMSprop'].median():.1f} points an epoch",
            told=True,
        ),
        counted(
            "Raw, all four stay below logistic regression on scaled features",
            (of_raw < linear).all(axis=1),
            f"{of_raw.median().max():.2f} at best against {linear:.2f}",
        ),
        counted(
            "Scaled, Adam, Adamax and RMSprop beat it",
            (of_scaled.drop(columns="Adagrad") > linear).all(axis=1),
        ),
        counted(
            f"Scaled, Adagrad's loss still falls by a tenth or more after epoch {soon}",
            losses[end] < 0.9 * losses[soon],
        ),
        paired(
            "Scaled, tuned over five rates, Adagrad is ahead of itself at its default rate",
            default["Adagrad"] - tuned["Adagrad"],
            f"its best rate is {best['Adagrad']:g}",
            unit="of loss",
            scale=1,
        ),
        counted(
            "Tuned, each over as many rates, the eight stand in another order than at the default",
            [(orders["default"] != orders["tuned"]).any()],
            f"{(orders['default'] != orders['tuned']).sum()} of 8 change their place",
            of="rankings",
        ),
    ]
    rows = {"adamax": "Adamax", "adam": "Adam", "adagrad": "Adagrad", "rmsprop": "RMSprop"}
    of_told = level(told, "optimizer").rename(rows)
    return settings_table("optimizer", of_told, of_raw, scaled=of_scaled), verdicts


def draw(data, told, raw, control):
    figure, axes = plt.subplots(1, 3, figsize=(15, 5))
    for ax, (name, runs) in zip(axes, [("raw", raw), ("scaled", control["scaled"])], strict=False):
        words = []
        for place, (optimizer, of) in enumerate(runs.groupby("optimizer", sort=False)):
            accuracy = of.pivot_table("val_accuracy", "epoch", "seed").median(axis=1)
            looks = {"color": style.OPTIMIZER_COLORS[place], "linewidth": style.MEDIUM}
            ax.plot(accuracy, label=optimizer, **looks)
            words.append(f"{optimizer} {accuracy.iloc[-1]:.2f}")
        mark_baselines(ax, data.baselines)
        ax.set(ylim=(0, 1), xlabel="epoch", ylabel="validation accuracy", title=f"{name} features")
        ax.xaxis.set_major_locator(MaxNLocator(4, integer=True))
        set_alt_text(ax, f"{name} features, accuracy at the end: {', '.join(words)}.")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper left", ncols=4)
    default, tuned, _ = ranks(control["tuned"])
    names = tuned.median().sort_values(ascending=False).index
    for place, name in enumerate(names):
        pair = [default[name].median(), tuned[name].median()]
        axes[2].plot(pair, [place, place], color=style.PALE, zorder=1)
        axes[2].plot(pair[0], place, "o", color="white", markeredgecolor=style.INK, markersize=10)
        axes[2].plot(pair[1], place, "o", color=style.INK, markersize=10)
    axes[2].set_yticks(range(len(names)), [n.replace("momentum=", "β=") for n in names])
    axes[2].set(xlabel="validation loss", title="○ default  ● tuned, scaled")
    order = ", ".join(reversed(names))
    set_alt_text(axes[2], f"Loss at default and tuned rates; tuned, from the best on: {order}.")
    return figure
