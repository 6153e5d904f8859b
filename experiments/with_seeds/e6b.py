"""E6b with ten seeds: which network wins, by how much, and what it costs."""

import matplotlib.pyplot as plt
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import seeds, set_alt_text
from course_utils.plotting import style
from experiments.report import settings_table
from experiments.verdicts import counted
from experiments.with_seeds.grids import by_seed, how_many, lead_and_sd, winners
from experiments.with_seeds.lengths import n_seeds

TITLE = "A grid of layers and learning rates for MLPClassifier"
TOLD = "One hidden layer of 100 units at the rate 0.001 is best, with a score of 0.94."
LAYERS, RATES = [(50,), (100,), (50, 50)], [0.001, 0.01, 0.1]
GRID = {"net__hidden_layer_sizes": LAYERS, "net__learning_rate_init": RATES}


def load(source):
    return None


def train(data, short):
    X, y = make_classification(100 if short else 1000, 20, n_informative=10, random_state=42)
    tables = []
    for seed in seeds(n_seeds(short)):
        net = Pipeline([("scale", StandardScaler()), ("net", MLPClassifier(random_state=seed))])
        folds = StratifiedKFold(3, shuffle=True, random_state=seed)
        found = GridSearchCV(net, GRID, cv=folds, refit=False).fit(X, y).cv_results_
        table = pd.DataFrame(
            {
                "layers": [str(p["net__hidden_layer_sizes"]) for p in found["params"]],
                "rate": [p["net__learning_rate_init"] for p in found["params"]],
                "score": found["mean_test_score"],
                "sd": found["std_test_score"],
                "seconds": found["mean_fit_time"],
                "seed": seed,
            }
        )
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def control(data, short, scores):
    return None


def judge(data, told, scores, control):
    chosen = winners(scores, ["layers", "rate"])
    lead, sd = lead_and_sd(scores)
    seconds = scores.pivot_table("seconds", "seed", "rate")
    verdicts = [
        counted(
            "(100,) at 0.001 is the best of the nine",
            (chosen["layers"] == "(100,)") & (chosen["rate"] == 0.001),
            f"winners: {how_many(chosen)}",
            told=True,
        ),
        counted(
            "The winner leads the third by less than the folds of a candidate differ",
            lead < sd,
            f"median {100 * lead.median():.1f} points against ±{100 * sd.median():.1f}",
        ),
        counted(
            "What does differ is the time: a fit at 0.001 takes longer than one at 0.1",
            seconds[0.001] > seconds[0.1],
            f"{(seconds[0.001] / seconds[0.1]).median():.1f} times, median",
        ),
    ]
    told = told.assign(
        candidate=told["net__hidden_layer_sizes"].astype(str)
        + " at "
        + told["net__learning_rate_init"].map("{:g}".format)
    )
    return settings_table(
        "layers and rate", told.set_index("candidate")["score"], candidates(scores)
    ), verdicts


def candidates(scores):
    names = scores["layers"] + " at " + scores["rate"].map("{:g}".format)
    return by_seed(scores.assign(candidate=names), "candidate")


def draw(data, told, scores, control):
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5), sharey=True)
    table = candidates(scores)
    places = range(table.shape[1])
    for place, name in zip(places, table, strict=True):
        left.plot(table[name], [place] * len(table), "o", color=style.PALE, markersize=7)
        left.plot(table[name].median(), place, "o", color=style.INK)
    left.set_yticks(places, list(table))
    left.set(xlabel="score", title="score, a dot a seed")
    times = scores.assign(candidate=list(table) * scores["seed"].nunique())
    middle = times.groupby("candidate", sort=False)["seconds"].median()
    right.barh(places, middle, color=style.GREY)
    right.set(xlabel="seconds of a fit", title="time")
    best = table.median().idxmax()
    set_alt_text(left, f"Scores of nine candidates, a dot a seed; best in the median: {best}.")
    set_alt_text(right, f"A fit takes from {middle.min():.2g} to {middle.max():.2g} seconds.")
    return figure
