"""E7c: the class that trains one network for all candidates; and the same grid, built in fit."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.base import is_classifier

from course_utils import KerasMLPClassifier, seeds, set_alt_text, unused_parameters
from course_utils.plotting import style
from course_utils.training.keras_setup import keras
from experiments.as_told.e7c import KerasClassifier
from experiments.report import settings_table
from experiments.verdicts import counted, stated
from experiments.with_seeds.e7b import load
from experiments.with_seeds.grids import by_seed, winners
from experiments.with_seeds.stacked import stacked_scores

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "The pipeline whose scores are all nan"
TOLD = "The search ends and names the best units, rate, dropout and kernel size."
GRID = {
    "units": [32, 64, 128],
    "learning_rate": [0.0001, 0.001, 0.01],
    "dropout": [0.2, 0.5],
}
KERNELS = {"kernel_size": [2, 3]}
TWINS = 3  # seeds for which two far candidates are compared to the last bit


class Predicting(KerasClassifier):
    """The class as found, with the one method mended that has vanished from Keras."""

    def predict(self, X):
        return np.argmax(keras.ops.convert_to_numpy(self.model(X)), axis=1)


def train(data, short):
    """Search the grid for ten seeds, with the network built in ``fit``."""
    network = KerasMLPClassifier(optimizer="adam", epochs=1 if short else 10)
    small = {"units": [32], "learning_rate": [0.001, 0.01], "dropout": [0.2]}
    return stacked_scores(network, small if short else GRID, *data, short)


def control(data, short, scores):
    ends = {name: [values[0], values[-1]] for name, values in {**GRID, **KERNELS}.items()}
    tried = {name: ends[name] for name in list(ends)[2 * short :]}
    report = unused_parameters(Predicting(epochs=1), tried, *data)
    try:
        refusal = repr(unused_parameters(KerasClassifier(epochs=1), KERNELS, *data))
    except ValueError as error:
        refusal = str(error)
    return {"unused": report.unused, "tried": list(tried), "refusal": refusal, "twins": twins(data)}


def twins(data):
    """Tell, for each seed, whether two far candidates predict the same, to the last bit."""
    same = []
    for seed in seeds(TWINS):
        outputs = []
        for units, rate in ((4, 0.001), (64, 0.1)):
            keras.utils.set_random_seed(seed)
            model = Predicting(epochs=1).set_params(units=units, learning_rate=rate)
            keras.utils.set_random_seed(seed)
            model.model.fit(*data, epochs=1, verbose=0)
            outputs.append(keras.ops.convert_to_numpy(model.model(data[0])))
        same.append(np.array_equal(*outputs))
    return same


def judge(data, told, scores, control):
    names = set(control["tried"])
    means = by_seed(scores, list(GRID))
    reach = means.max(axis=1) - means.min(axis=1)
    verdicts = [
        stated(
            "The search ends with a score for each candidate",
            told["score"].notna().all(),
            f"{told['score'].isna().sum()} of {len(told)} scores are nan; no error is raised",
            told=True,
        ),
        stated(
            "The grid has parameters that do something",
            not control["unused"],
            f"`unused_parameters`, with `predict` mended: {', '.join(control['unused']) or 'none'} "
            "do nothing",
            told=True,
        ),
        stated(
            "As found, all of them do nothing",
            set(control["unused"]) == names,
            f"{len(control['unused'])} of {len(names)}",
        ),
        counted(
            "4 units at rate 0.001 and 64 at 0.1 predict the same, to the last bit",
            control["twins"],
        ),
        stated(
            "With `BaseEstimator` before the mixin scikit-learn sees no classifier",
            not is_classifier(KerasClassifier()),
            "so its folds are not stratified",
        ),
        stated(
            "`unused_parameters` refuses the class before a search is run",
            "AttributeError" in control["refusal"] or "predict_classes" in control["refusal"],
            "it tells the error behind the nan",
        ),
        counted(
            "Built in `fit`, the same parameters move the score by more than ten points",
            reach > 0.1,
            f"{100 * reach.min():.0f} to {100 * reach.max():.0f} points",
        ),
    ]
    of_rate = scores.pivot_table("score", "seed", "learning_rate", aggfunc="max", sort=False)
    nan = pd.Series(np.nan, of_rate.columns)
    return settings_table("learning rate, the best of the rest", nan, of_rate), verdicts


def draw(data, told, scores, control):
    figure, ax = plt.subplots(figsize=(9.6, 5))
    table = by_seed(scores, list(GRID))
    order = table.median().sort_values().index
    for place, name in enumerate(order):
        color = style.rate_color(name[1])
        ax.plot([place, place], [table[name].min(), table[name].max()], color=color)
        ax.plot(place, table[name].median(), "o", color=color)
    for rate in sorted(set(scores["learning_rate"])):
        ax.plot([], [], "o-", color=style.rate_color(rate), label=f"rate {rate:g}")
    n_nan = told["score"].isna().sum()
    ax.set(ylabel="score, range of the seeds", xlabel="candidates, by their median", xticks=[])
    ax.set_title(f"as told: {n_nan} of {len(told)} scores are nan; built in fit:")
    ax.legend(loc="lower right")
    best = winners(scores, list(GRID)).iloc[0].to_dict()
    set_alt_text(ax, f"Scores of the candidates, network built in fit; one seed's best: {best}.")
    return figure
