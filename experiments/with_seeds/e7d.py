"""E7d with ten seeds: the explosion, and three ways out of it with a third of its budget.

A candidate's score with a seed does not depend on who asks for it. So all candidates are trained
once, as one model, and each way looks up those that it would have trained.
"""

import matplotlib.pyplot as plt
import numpy as np
import optuna
import pandas as pd
from sklearn.model_selection import ParameterSampler

from course_utils import KerasMLPClassifier, grid_cost, set_alt_text
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted, paired, stated
from experiments.with_seeds.e7b import GRID, SHORT, load
from experiments.with_seeds.stacked import stacked_scores

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "The explosion of a grid, and the ways out"
TOLD = "36 candidates are too many; random search, halving and Bayesian search need a third."
OTHERS = ["units", "learning_rate", "batch_size"]
FOLDS, FACTOR = 3, 2


def plan(short):
    """Return the grid, the tries of random and Bayesian search, and the epochs of the rungs."""
    return (SHORT, 2, [1, 2]) if short else (GRID, 12, [2, 4, 8, 16])


def train(data, short):
    grid, tries, rungs = plan(short)
    lengths = sorted({*grid["epochs"], *rungs})
    network = KerasMLPClassifier(optimizer="adam")
    scores = stacked_scores(network, {**grid, "epochs": lengths}, *data, short)
    found = [search(of, grid, tries, rungs, seed) for seed, of in scores.groupby("seed")]
    return {"scores": scores, "found": pd.concat(found, ignore_index=True)}


def search(scores, grid, tries, rungs, seed):
    """Return what each way finds with a seed, and the epochs that it trains in a fold."""
    known = scores.set_index([*OTHERS, "epochs"])["score"]

    def score(candidate):
        return known[tuple(candidate[name] for name in (*OTHERS, "epochs"))]

    full = scores[scores["epochs"].isin(grid["epochs"])]
    ways = {"whole grid": (full["score"].max(), full["epochs"].sum())}
    drawn = list(ParameterSampler(grid, tries, random_state=seed))
    ways["random"] = max(map(score, drawn)), sum(one["epochs"] for one in drawn)
    ways["halving"] = halve(known, rungs)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(
        lambda trial: score({n: trial.suggest_categorical(n, v) for n, v in grid.items()}), tries
    )
    spent = sum(trial.params["epochs"] for trial in study.trials)
    ways["Bayesian"] = study.best_value, spent
    table = pd.DataFrame(ways, index=["score", "epochs"]).T.rename_axis("way").reset_index()
    return table.assign(seed=seed)


def halve(known, rungs):
    """Return the score of successive halving, and the epochs: each rung keeps the better half."""
    left, spent = known.xs(rungs[0], level="epochs").index, 0
    for epochs in rungs:
        scores = known.xs(epochs, level="epochs").loc[left]
        spent += epochs * len(left)
        left = scores.sort_values(ascending=False).index[: int(np.ceil(len(left) / FACTOR))]
    return scores.max(), spent


def control(data, short, trained):
    network = KerasMLPClassifier(optimizer="adam", random_state=0)
    return grid_cost(network, plan(short)[0], FOLDS, *data)


def judge(data, told, trained, cost):
    found = trained["found"]
    scores = found.pivot_table("score", "seed", "way", sort=False)
    epochs = found.pivot_table("epochs", "seed", "way", sort=False)
    lost = scores.rsub(scores["whole grid"], axis=0)
    share = epochs.div(epochs["whole grid"], axis=0)
    ways = ["random", "halving", "Bayesian"]
    expected = cost.candidates * cost.folds + 1
    verdicts = [
        stated(
            "fits = candidates × folds + 1",
            cost.fits == expected,
            f"{cost.candidates} × {cost.folds} + 1 = {cost.fits}, about {cost.seconds:.0f} s here",
            told=True,
        ),
    ]
    verdicts += [
        counted(
            f"{way.capitalize()} search needs about a third of the grid's epochs",
            share[way].between(0.2, 0.5),
            f"median {share[way].median():.0%}",
            told=True,
        )
        for way in ways
    ]
    verdicts += [
        counted(
            f"{way.capitalize()} search ends within three points of the whole grid",
            lost[way] < 0.03,
            f"{100 * lost[way].median():.1f} points behind in the median",
        )
        for way in ways
    ]
    verdicts.append(
        paired("Bayesian search is ahead of random search", scores["Bayesian"] - scores["random"])
    )
    one = told.groupby("way")["score"].max()
    return settings_table("best score of", one, scores), verdicts


def draw(data, told, trained, cost):
    figure, ax = plt.subplots(figsize=(9.6, 5))
    found = trained["found"]
    words = []
    for place, (way, of) in enumerate(found.groupby("way", sort=False)):
        looks = style.optimizer_style(place)
        ax.plot(of["epochs"], of["score"], alpha=0.45, linestyle="none", markersize=8, **looks)
        middle = of["epochs"].median(), of["score"].median()
        looks |= {"markersize": 17, "linestyle": "none", "markeredgecolor": "white"}
        ax.plot(*middle, label=way, **looks)
        words.append(f"{way} {middle[1]:.3f} for {middle[0]:.0f} epochs")
    ax.set(xlabel="epochs trained in a fold", ylabel="best score found, a mark a seed")
    ax.set(xlim=(0, 1.06 * found["epochs"].max()))
    ax.legend(loc="lower center", ncols=2)
    set_alt_text(ax, f"Best score against epochs spent, medians: {'; '.join(words)}.")
    return figure
