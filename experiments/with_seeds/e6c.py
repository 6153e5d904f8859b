"""E6c with ten seeds: rounds that were fixed beforehand, a flat grid, and rounds that read."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.model_selection import GridSearchCV, StratifiedKFold

from course_utils import refine, seeds, set_alt_text
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted, stated
from experiments.with_seeds.e6a import data_of, load, model
from experiments.with_seeds.lengths import n_seeds

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "From a coarse grid to a fine one"
TOLD = "Three rounds over alpha, each range following the results of the round before."
ROUNDS = [np.logspace(-4, 0, 3), np.logspace(-3, -1, 3), np.logspace(-2, 0, 3)]
FLAT = np.logspace(-4, 0, 5)
CV = 5


def search(seed, alphas, short):
    folds = StratifiedKFold(CV, shuffle=True, random_state=seed)
    return GridSearchCV(model(seed), {"sgd__alpha": alphas}, cv=folds, refit=False).fit(
        *data_of(short)
    )


def rows(way, seed, number, found):
    alphas = [p["sgd__alpha"] for p in found.cv_results_["params"]]
    scores = found.cv_results_["mean_test_score"]
    return pd.DataFrame(
        {"way": way, "seed": seed, "round": number, "alpha": alphas, "score": scores}
    )


def train(data, short):
    tables = []
    for seed in seeds(n_seeds(short)):
        for number, alphas in enumerate(ROUNDS, start=1):
            tables.append(rows("fixed rounds", seed, number, search(seed, alphas, short)))
    return pd.concat(tables, ignore_index=True)


def control(data, short, fixed):
    tables = []
    for seed in seeds(n_seeds(short)):
        tables.append(rows("flat grid", seed, 1, search(seed, FLAT, short)))
        alphas = ROUNDS[0]
        for number in (1, 2, 3):
            found = search(seed, alphas, short)
            tables.append(rows("rounds that read", seed, number, found))
            alphas = refine(found)["sgd__alpha"]
    return pd.concat(tables, ignore_index=True)


def judge(data, told, fixed, others):
    everything = pd.concat([fixed, others])
    best = everything.pivot_table("score", "seed", "way", aggfunc="max")
    fits = CV * everything.groupby(["way", "seed"]).size().groupby("way").median()
    reading = others[others["way"] == "rounds that read"]
    second = reading[reading["round"] == 2].groupby("seed")["alpha"].apply(tuple)
    distinct = fixed["alpha"].round(12).nunique()
    verdicts = [
        stated(
            "The ranges follow the results: with other data they would have been others",
            not all(
                np.allclose(fixed.loc[fixed["round"] == number, "alpha"].unique(), alphas)
                for number, alphas in enumerate(ROUNDS, start=1)
            ),
            f"they are constants: {sum(map(len, ROUNDS))} values, {distinct} of them distinct",
            told=True,
        ),
        counted(
            "The rounds find more than a flat grid of their distinct values",
            best["fixed rounds"] > best["flat grid"],
            f"{fits['fixed rounds']:.0f} fits against {fits['flat grid']:.0f}, the same best score",
            told=True,
        ),
        counted(
            "Rounds that read the last one are nowhere behind the fixed rounds",
            best["rounds that read"] >= best["fixed rounds"] - 1e-12,
            f"{fits['rounds that read']:.0f} fits; second rounds: {second.nunique()} different",
        ),
    ]
    one = pd.Series({"fixed rounds": told["score"].max()})
    order = ["fixed rounds", "flat grid", "rounds that read"]
    return settings_table("best score of", one, best[order], "{:.4f}"), verdicts


def draw(data, told, fixed, others):
    figure, axes = plt.subplots(1, 2, figsize=(13, 5), sharex=True, sharey=True)
    seed = fixed["seed"].iloc[0]
    reading = others[others["way"] == "rounds that read"]
    tables = {"fixed beforehand": fixed, "rounds that read the last one": reading}
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        one = table[table["seed"] == seed]
        for number, of in one.groupby("round"):
            looks = style.optimizer_style(number - 1)
            looks |= {"markersize": 17 - 3 * number, "linestyle": "none", "zorder": number}
            ax.plot(of["alpha"], of["score"], label=f"round {number}", alpha=0.8, **looks)
        best = one.loc[one["score"].idxmax()]
        ax.set(xscale="log", xlabel="alpha", ylabel="score of one seed", title=title)
        ax.label_outer()
        words = f"best {best['score']:.3f} at alpha {best['alpha']:.2g}"
        set_alt_text(ax, f"{title}: {one['alpha'].round(9).nunique()} different values; {words}.")
    axes[1].legend(loc="lower left")
    return figure
