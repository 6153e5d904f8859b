"""E7b with ten seeds: 36 candidates in three folds, 1,080 networks, trained as one."""

import matplotlib.pyplot as plt
from sklearn.datasets import make_classification
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils import KerasMLPClassifier, set_alt_text
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted, paired
from experiments.with_seeds.grids import (
    best_over,
    by_seed,
    lead_and_sd,
    same_winner,
    winners,
)
from experiments.with_seeds.stacked import stacked_scores

TITLE = "The grid of a network written as a class: 36 candidates"
TOLD = "The grid finds the best units, rate, batch size and epochs."
GRID = {
    "units": [32, 64, 128],
    "learning_rate": [0.001, 0.01],
    "batch_size": [16, 32, 64],
    "epochs": [10, 20],
}
SHORT = {"units": [32], "learning_rate": [0.001, 0.01], "batch_size": [64], "epochs": [2]}
MARKS = {0.001: "o", 0.01: "D"}
WIDER = {"units": [128], "learning_rate": [0.01, 0.03, 0.1], "batch_size": [16], "epochs": [20]}


def load(source):
    X, y = make_classification(500, 20, n_informative=10, n_classes=3, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    return StandardScaler().fit_transform(X), y


def train(data, short):
    return stacked_scores(
        KerasMLPClassifier(optimizer="adam"), SHORT if short else GRID, *data, short
    )


def control(data, short, scores):
    """Train beyond the edge of the rates."""
    network = KerasMLPClassifier(optimizer="adam")
    return stacked_scores(
        network, SHORT | {"learning_rate": [0.1]} if short else WIDER, *data, short
    )


def judge(data, told, scores, wider):
    names = list(GRID)
    chosen, (lead, sd) = winners(scores, names), lead_and_sd(scores)
    of_rate = best_over(scores, "learning_rate")
    on_edge = chosen["units"].isin([32, 128]) & chosen["batch_size"].isin([16, 64])
    verdicts = [
        same_winner(chosen),
        counted(
            "The winner stands on the edge of every axis: the grid is too narrow",
            on_edge,
            "rates and epochs have two values each, so both are edges",
        ),
        paired("The larger rate is ahead, each at its best", of_rate[0.01] - of_rate[0.001]),
        counted(
            "The winner leads the third by less than the folds of a candidate differ",
            lead < sd,
            f"median {100 * lead.median():.1f} points against ±{100 * sd.median():.1f}",
        ),
    ]
    if 0.03 in set(wider["learning_rate"]):
        beyond = best_over(wider, "learning_rate")
        verdicts.append(paired("Beyond the edge, 0.03 is behind 0.01", beyond[0.01] - beyond[0.03]))
    return tables(told, scores), verdicts


def tables(told, scores):
    """Return the table: units and rate, each at the best of the other two."""
    keys = ["units", "learning_rate"]
    one = told.groupby(keys, sort=False)["score"].max()
    ten = scores.pivot_table("score", "seed", keys, aggfunc="max", sort=False)
    one.index = [f"{units} at {rate:g}" for units, rate in one.index]
    ten.columns = [f"{units} at {rate:g}" for units, rate in ten.columns]
    return settings_table("units and rate, the best of the rest", one, ten)


def draw(data, told, scores, wider):
    figure, ax = plt.subplots(figsize=(12, 5.5))
    table = by_seed(scores, list(GRID))
    order = table.median().sort_values().index
    places = range(len(order))
    for place, name in zip(places, order, strict=True):
        looks = {"color": style.rate_color(name[1]), "marker": MARKS[name[1]], "markersize": 9}
        ends = [table[name].min(), table[name].max()]
        ax.plot([place, place], ends, color=looks["color"], linewidth=2)
        ax.plot(place, table[name].median(), **looks)
    for rate, mark in MARKS.items():
        ax.plot([], [], color=style.rate_color(rate), marker=mark, label=f"rate {rate:g}")
    one = told.set_index(list(GRID))["score"].reindex(order)
    hollow = {"markerfacecolor": "none", "markeredgecolor": style.RED, "markeredgewidth": 1.6}
    ax.plot(places, one, "s", markersize=9, label="one seed, as told", **hollow)
    ax.set(xlabel="candidates, by their median", ylabel="score, range of the seeds", xticks=[])
    ax.legend(loc="lower right")
    words = ", ".join(f"{value:g}" for value in order[-1])
    set_alt_text(ax, f"{len(order)} candidates with the range of the seeds; the best: {words}.")
    return figure
