"""E7a with ten seeds: what the rate, the batch size and the epochs are worth."""

import matplotlib.pyplot as plt
import numpy as np
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split

from course_utils import KerasMLPClassifier, set_alt_text
from course_utils.plotting import marks, style
from experiments.report import settings_table
from experiments.verdicts import counted, paired, stated
from experiments.with_seeds.grids import best_over, by_seed, how_many, winners
from experiments.with_seeds.stacked import stacked_scores

TITLE = "A grid of learning rate, batch size and epochs for a Keras network"
TOLD = (
    "The grid finds the best learning rate, batch size and epochs together. "
    "`np.logspace(-4, -1, 3)` gives powers of ten."
)
RATES = np.logspace(-4, -1, 3)
GRID = {"learning_rate": RATES, "batch_size": [32, 64], "epochs": [10, 20]}


def load(source):
    X, y = make_classification(1000, 20, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    return X, y


def train(data, short):
    # Two softmax outputs in place of one sigmoid: the same function of the features.
    network = KerasMLPClassifier(units=128, optimizer="adam")
    return stacked_scores(network, GRID | {"epochs": [1, 2]} if short else GRID, *data, short)


def control(data, short, scores):
    return None


def judge(data, told, scores, control):
    chosen = winners(scores, ["learning_rate", "batch_size", "epochs"])
    of_rate = best_over(scores, "learning_rate")
    middle = by_seed(
        scores[np.isclose(scores["learning_rate"], RATES[1])], ["batch_size", "epochs"]
    )
    reach = middle.max(axis=1) - middle.min(axis=1)
    rate = of_rate.max(axis=1) - of_rate.min(axis=1)
    sizes = chosen[["batch_size", "epochs"]].value_counts()
    verdicts = [
        counted(
            f"The best rate of the three is {RATES[1]:.3g}",
            np.isclose(chosen["learning_rate"], RATES[1]),
            told=True,
        ),
        counted(
            "The grid finds the best batch size and epochs: every seed names the same pair",
            [len(sizes) == 1],
            f"winners: {how_many(chosen)}",
            told=True,
            of="grids",
        ),
        stated(
            "`np.logspace(-4, -1, 3)` gives powers of ten",
            np.isclose(np.log10(RATES) % 1, 0).all(),
            f"its middle is {RATES[1]:.5f}; four points would give them",
            told=True,
        ),
        paired(
            f"The rate moves the score further than batch size and epochs do at {RATES[1]:.3g}",
            rate - reach,
            f"medians {100 * rate.median():.1f} and {100 * reach.median():.1f} points",
        ),
    ]
    best = told.groupby("learning_rate")["score"].max()
    best.index = of_rate.columns = [style.rate_label(value) for value in RATES]
    return settings_table("learning rate, the best of its four", best, of_rate), verdicts


def draw(data, told, scores, control):
    figure, ax = plt.subplots(figsize=(9.6, 5))
    marks.log_rate_axis(ax)
    words, table = [], by_seed(scores, ["batch_size", "epochs", "learning_rate"])
    for place, (size, epochs) in enumerate(table.columns.droplevel(2).unique()):
        of = table[size, epochs]
        looks = style.optimizer_style(place) | {"markersize": 8}
        ax.plot(of.columns, of.median(), label=f"batch {size}, {epochs} epochs", **looks)
        ax.fill_between(of.columns, of.min(), of.max(), color=looks["color"], alpha=0.1)
        words.append(f"batch {size}, {epochs} epochs: {of.median().max():.3f}")
    ax.set(ylabel="score, median and range of seeds", xticks=RATES)
    ax.legend(loc="lower center")
    set_alt_text(ax, f"Score by rate, the best of each of four curves: {'; '.join(words)}.")
    return figure
