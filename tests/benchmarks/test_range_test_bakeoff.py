"""How good are the rates that a range test suggests? Five data sets, three optimizers, ten seeds.

Each suggestion is trained with, and its held-out loss compared with the best of a grid of rates
of the same seed. The table and the picture land in ``build/``.
"""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_breast_cancer, load_diabetes, load_digits
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import scale

from course_utils import load_bmi, load_wine_quality
from course_utils.plotting.style import course_rc
from course_utils.range_test import lr_range_test
from course_utils.training import fit_runs
from course_utils.training.keras_setup import keras

SEEDS = list(range(10))
TRIED_IN_BAND = 5
GRID = np.geomspace(1e-5, 10, 19)
EPOCHS, BATCH_SIZE = 20, 32
MOST_ROWS = 1500
NEAR = 1.2
LEAST_SHARE = 0.95
RULES = ["valley", "steepest", "minimum/10"]
DATA = ["BMI", "wine", "digits", "breast cancer", "diabetes"]
OPTIMIZERS = {
    "SGD": lambda: keras.optimizers.SGD(),
    "momentum": lambda: keras.optimizers.SGD(momentum=0.9),
    "Adam": lambda: keras.optimizers.Adam(),
}


def data(name):
    loaders = {
        "BMI": lambda: load_bmi("bundled", verbose=False),
        "wine": lambda: load_wine_quality("bundled", drop_duplicates=True, verbose=False),
        "digits": lambda: load_digits(return_X_y=True),
        "breast cancer": lambda: load_breast_cancer(return_X_y=True),
        "diabetes": lambda: load_diabetes(return_X_y=True),
    }
    x, y = map(np.asarray, loaders[name]())
    x, y = scale(x.astype(float)), scale(y) if name == "diabetes" else y
    if len(x) > MOST_ROWS:
        x, _, y, _ = train_test_split(x, y, train_size=MOST_ROWS, random_state=0)
    return train_test_split(x, y, test_size=0.3, random_state=0)


def builder(n_features, y, optimizer):
    """An MLP whose last layer and loss fit the targets."""
    n_classes = len(np.unique(y)) if np.issubdtype(y.dtype, np.integer) else 0
    last = {0: (1, None, "mse"), 2: (1, "sigmoid", "binary_crossentropy")}
    units, activation, loss = last.get(
        n_classes, (n_classes, "softmax", "sparse_categorical_crossentropy")
    )

    def build_model():
        model = keras.Sequential(
            [
                keras.Input((n_features,)),
                keras.layers.Dense(64, activation="relu"),
                keras.layers.Dense(32, activation="relu"),
                keras.layers.Dense(units, activation=activation),
            ]
        )
        model.compile(optimizer=OPTIMIZERS[optimizer](), loss=loss)
        return model

    return build_model


def suggestions(test, seed):
    """Return [(name, rate)] of what is tried for a seed: its own three answers, and the band."""
    alone = test.by_repeat.loc[seed]
    rates = [(f"{rule}, one test", alone[rule]) for rule in RULES if np.isfinite(alone[rule])]
    rates += [("suggestion", test.suggestion), ("middle of the band", np.sqrt(np.prod(test.band)))]
    return rates + [("in band", rate) for rate in np.geomspace(*test.band, TRIED_IN_BAND)]


def compete(name, optimizer):
    """Return a row per seed and suggestion: its rate, and its loss over the best of the grid."""
    x, x_test, y, y_test = data(name)
    build_model = builder(x.shape[1], y, optimizer)
    test = lr_range_test(
        build_model, x, y, batch_size=BATCH_SIZE, seeds=SEEDS, engine="stacked", progress=False
    )
    runs = [(float(rate), seed, "grid") for seed in SEEDS for rate in GRID]
    runs += [(float(rate), seed, what) for seed in SEEDS for what, rate in suggestions(test, seed)]
    rates, seeds, what = map(list, zip(*runs, strict=True))
    table = pd.DataFrame({"learning_rate": rates, "seed": seeds})
    settings = {"epochs": EPOCHS, "batch_size": BATCH_SIZE, "engine": "stacked", "progress": False}
    trained = fit_runs(build_model, table, x, y, validation_data=(x_test, y_test), **settings)
    loss = trained.history["val_loss"][:, -1]
    table = pd.DataFrame({"learning_rate": rates, "seed": seeds, "what": what, "val_loss": loss})
    table["val_loss"] = table["val_loss"].where(np.isfinite(table["val_loss"]), np.inf)
    best = table[table["what"] == "grid"].groupby("seed")["val_loss"].min()
    table["over_best"] = table["val_loss"] / table["seed"].map(best)
    low, high = test.band
    inside = table[table["learning_rate"].between(low * 0.999, high * 1.001)]
    band = (
        inside.groupby("seed")["over_best"].min().reset_index().assign(what="band, its best rate")
    )
    result = pd.concat([table[~table["what"].isin(["grid", "in band"])], band], ignore_index=True)
    return result.assign(data=name, optimizer=optimizer, width=high / low), test, table


@pytest.fixture(scope="module")
def results():
    return []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("name", DATA)
def test_compete(name, optimizer, results):
    result, test, _ = compete(name, optimizer)
    assert test.refusal is None
    results.append(result)


def test_the_band_holds_a_good_rate(results, root, measured):
    table = pd.concat(results, ignore_index=True)
    assert len(table["data"].unique()) == len(DATA), "run the whole module"
    (root / "build").mkdir(exist_ok=True)
    summary = table.groupby("what")["over_best"].agg(
        median="median",
        within_1_2=lambda ratio: (ratio <= NEAR).mean(),
        within_1_5=lambda ratio: (ratio <= 1.5).mean(),
        off_by_10=lambda ratio: (ratio > 10).mean(),
        cases="size",
    )
    summary.to_csv(root / "build" / "range_test_bakeoff.csv", float_format="%.4g")
    by_case = table.pivot_table("over_best", ["data", "optimizer", "width"], "what", "median")
    by_case.to_csv(root / "build" / "range_test_bakeoff_cases.csv", float_format="%.4g")
    draw(table, summary, root / "build" / "range_test_bakeoff.png")
    share = summary.loc["band, its best rate", "within_1_2"]
    what = f"range tests whose band holds a rate within {NEAR} × of the best loss"
    measured(what, f"{share:.0%} of {summary['cases'].iloc[0]:.0f}", f"at least {LEAST_SHARE:.0%}")
    assert share >= LEAST_SHARE


def draw(table, summary, path):
    """Draw, for each rule, every case: a dot at its loss over the best."""
    with plt.rc_context(course_rc()):
        figure, ax = plt.subplots(figsize=(10, 5.5))
        random = np.random.default_rng(0)
        for place, (what, row) in enumerate(summary.iterrows()):
            ratios = table.loc[table["what"] == what, "over_best"].clip(upper=100)
            ax.plot(ratios, place + random.uniform(-0.25, 0.25, len(ratios)), ".", alpha=0.5)
            ax.text(120, place, f"{row['within_1_2']:.0%} within {NEAR}", va="center")
        ax.axvline(NEAR, color="#777777", linewidth=1.2)
        ax.set(xscale="log", xlim=(0.8, 110), yticks=range(len(summary)), yticklabels=summary.index)
        ax.set_xlabel("held-out loss over the best of the grid")
        figure.savefig(path, dpi=100)
        plt.close(figure)
