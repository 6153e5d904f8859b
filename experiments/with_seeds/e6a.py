"""E6a with ten seeds: what alpha and eta0 do, and what they would do at a constant rate."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import seeds, set_alt_text, unused_parameters
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted, stated
from experiments.with_seeds.grids import by_seed, how_many, lead_and_sd, scores_of, winners
from experiments.with_seeds.lengths import n_seeds

TITLE = "A grid of alpha and eta0 for SGDClassifier"
TOLD = "alpha is the learning rate, eta0 the rate at the start: the grid tunes both."
ALPHAS, ETA0S = np.logspace(-4, 0, 5), np.logspace(-3, -1, 3)
GRID = {"sgd__alpha": ALPHAS, "sgd__eta0": ETA0S}


def load(source):
    return None


def data_of(short):
    return make_classification(100 if short else 1000, 20, random_state=42)


def model(seed, **settings):
    """Return the pipeline of E6a."""
    sgd = SGDClassifier(loss="log_loss", random_state=seed, **settings)
    return Pipeline([("scale", StandardScaler()), ("sgd", sgd)])


def search(short, grid, **settings):
    """Search a grid once for each seed, in folds that the seed has shuffled."""
    X, y = data_of(short)
    tables = []
    for seed in seeds(n_seeds(short)):
        folds = StratifiedKFold(5, shuffle=True, random_state=seed)
        found = GridSearchCV(model(seed, **settings), grid, cv=folds, refit=False).fit(X, y)
        tables.append(scores_of(found.cv_results_).assign(seed=seed))
    return pd.concat(tables, ignore_index=True)


def train(data, short):
    return search(short, GRID)


def control(data, short, scores):
    alone = {"learning_rate": "constant", "eta0": 0.01, "penalty": None}
    return {
        "constant": search(short, GRID, learning_rate="constant"),
        "no penalty": search(short, {"sgd__alpha": ALPHAS}, **alone),
        "unused": unused_parameters(model(0), GRID, *data_of(short)).unused,
    }


def effect(scores, of, other):
    """Return by how much a parameter moves the score, at most: one value per seed."""
    reach = scores.pivot_table("score", ["seed", other], of).pipe(lambda t: t.max(1) - t.min(1))
    return reach.groupby(level="seed").max()


def judge(data, told, scores, control):
    nothing = effect(scores, "sgd__eta0", "sgd__alpha")
    constant = effect(control["constant"], "sgd__eta0", "sgd__alpha")
    free = control["no penalty"].pivot_table("score", "seed", "sgd__alpha")
    lead, sd = lead_and_sd(scores.query("sgd__eta0 == @ETA0S[0]"))
    chosen = winners(scores, ["sgd__alpha"])
    verdicts = [
        counted(
            "The grid tunes eta0: the score depends on it",
            nothing > 0,
            f"largest difference {nothing.max():.1g}",
            told=True,
        ),
        counted(
            "alpha is the learning rate: at a constant rate, without a penalty, it still acts",
            free.max(axis=1) > free.min(axis=1),
            f"largest difference {(free.max(axis=1) - free.min(axis=1)).max():.1g}",
            told=True,
        ),
        stated(
            "`unused_parameters` names eta0 before the grid is searched",
            control["unused"] == ["sgd__eta0"],
            f"it names {', '.join(control['unused']) or 'none'}",
        ),
        counted(
            'With learning_rate="constant" eta0 moves the score by more than three points',
            constant > 0.03,
            f"median {100 * constant.median():.1f} points",
        ),
        counted(
            "The winner leads the third alpha by less than its folds differ",
            lead < sd,
            f"winners, one a shuffle: {how_many(chosen)}",
        ),
    ]
    first = told[np.isclose(told["sgd__eta0"], ETA0S[0])].set_index("sgd__alpha")["score"]
    return settings_table("alpha", first, by_alpha(scores)), verdicts


def by_alpha(scores):
    return by_seed(scores[np.isclose(scores["sgd__eta0"], ETA0S[0])], "sgd__alpha")


def draw(data, told, scores, control):
    figure, axes = plt.subplots(1, 2, figsize=(13, 5), sharey=True)
    tables = {"as told: eta0 does nothing": scores, "at a constant rate": control["constant"]}
    for ax, (title, table) in zip(axes, tables.items(), strict=True):
        words = []
        for eta0, line, width in zip(ETA0S, ("-", "--", ":"), (5, 3, 3), strict=True):
            middle = by_seed(table[np.isclose(table["sgd__eta0"], eta0)], "sgd__alpha").median()
            looks = {"color": style.rate_color(eta0), "linewidth": width, "label": f"eta0 {eta0:g}"}
            ax.plot(middle.index, middle, line, **looks)
            words.append(f"eta0 {eta0:g} from {middle.iloc[0]:.2f} to {middle.iloc[-1]:.2f}")
        ax.set(xscale="log", xlabel="alpha", ylabel="score, median of shuffles", title=title)
        ax.label_outer()
        set_alt_text(ax, f"{title}, over alpha: {'; '.join(words)}.")
    axes[1].legend(loc="lower left")
    return figure
