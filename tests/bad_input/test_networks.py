"""Bad input to what trains networks: sweeps, range tests, schedules, estimators, searches."""

import numpy as np
from bad_input import Call, refusals_and_works
from bad_values import (
    ABOVE_ZERO,
    COUNT,
    FEATURES,
    FEATURES_TOO,
    FLAG,
    INF,
    LABELS,
    LINES,
    MODEL,
    NAN,
    NUMBER,
    NUMBERS_ONLY,
    RATES,
    RATES_TOO,
    ROWS,
    ROWS_OF_Y,
    SEEDS,
    SEEDS_TOO,
    TARGETS,
    TARGETS_TOO,
    VALIDATION,
    ZERO,
    X,
    Y,
    choice,
)
from scipy.sparse import csr_array

from course_utils import (
    KerasMLPClassifier,
    KerasMLPRegressor,
    MomentumCycle,
    OneCycle,
    StackedGridSearchCV,
    StackedRandomizedSearchCV,
    Triangular,
    check_schedule,
    compare_optimizers,
    confirm,
    lr_range_test,
    rank_optimizers,
    schedule_rates,
    sweep,
)
from course_utils.demos import (
    effective_rate_demo,
    keras_demo,
    optimizer_demo,
    race_demo,
    range_test_demo,
    schedule_demo,
)
from course_utils.training.keras_setup import keras


def without_none(values):
    """Return the bad values of an argument whose default is None."""
    return {label: entry for label, entry in values.items() if label != "None"}


ENGINES = choice("'auto'", "'stacked'", "'loop'") | {"None": (None, "'auto'")}


def builder(units=1, activation=None, loss="mse", columns=2, optimizer="sgd", metrics=None):
    """Return a function that builds a small network."""

    def build_model():
        model = keras.Sequential([keras.Input((columns,)), keras.layers.Dense(units, activation)])
        if loss is not None:
            model.compile(optimizer, loss=loss, metrics=metrics)
        return model

    return build_model


BUILD = builder()
BUILT = BUILD()
CLASSIFY = builder(1, "sigmoid", "binary_crossentropy", metrics=["accuracy"])
MODELS = {
    "None": (None, "function"),
    "text": ("build_model", "function"),
    "features": (X, "function"),
    "an estimator": (MODEL, "function"),
    "a model": (BUILT, "without calling it"),
    "needs an argument": (lambda units: BUILT, "without arguments"),
    "returns nothing": (lambda: None, "return model"),
    "returns an estimator": (lambda: MODEL, "return"),
    "not compiled": (builder(loss=None), "model.compile"),
    "the same each time": (lambda: BUILT, "inside build_model"),
    "other columns": (builder(columns=5), "keras.Input"),
    "two outputs": (builder(2), "one unit per target column"),
    "unknown loss": (builder(loss="msee"), "Keras does not know"),
    "unknown metric": (builder(metrics=["acuracy"]), "acuracy"),
}
LABELLED = {
    "from 1": (LABELS + 1, "0 and 1"),
    "minus and plus": (2 * LABELS - 1, "0 and 1"),
    "one class": (np.ones(24), "one class only"),
    "words": (np.where(Y > 0, "up", "down"), "encode"),
}
DATA = {
    "x": FEATURES,
    "y": TARGETS | {k: v for k, v in NUMBERS_ONLY.items() if k != "features"},
    "validation_data": VALIDATION | {"words": ((X, np.where(Y > 0, "up", "down")), "encode")},
    "epochs": COUNT | ZERO,
    "batch_size": COUNT | ZERO,
    "seeds": SEEDS,
    "progress": FLAG,
}
GOOD = {"x": X, "y": Y, "epochs": 2, "batch_size": 8, "progress": False}
TEST = lr_range_test(MODEL, X, Y, start=1e-4, steps=40, batch_size=8, seeds=[0, 1], progress=False)
COMPARED = compare_optimizers(BUILD, ["sgd", "adam"], learning_rates=[0.1, 0.01], **GOOD)
OPTIMIZERS = {
    "None": (None, "list"),
    "text": ("sgd", "list"),
    "number": (0.1, "list"),
    "empty": ([], "at least one"),
    "typo": (["sdg"], "Keras does not know"),
    "number in it": ([0.1], "Keras optimizer"),
    "None in it": ([None], "Keras optimizer"),
    "a model": ([BUILT], "Keras optimizer"),
    "twice": (["sgd", "sgd"], "twice"),
    "a class of another kind": ([dict], "Keras optimizer"),
}
CYCLE = {"peak_learning_rate": 0.5, "steps": 100}
TRIANGLE = {"base_learning_rate": 0.1, "maximum_learning_rate": 0.5, "half_cycle": 4}
DECAY = keras.optimizers.schedules.CosineDecay(0.1, decay_steps=20)
SCHEDULES = {
    "None": (None, "LearningRateSchedule"),
    "a rate": (0.1, "LearningRateSchedule"),
    "text": ("CosineDecay", "LearningRateSchedule"),
    "an optimizer": (keras.optimizers.SGD(), "LearningRateSchedule"),
    "class": (keras.optimizers.schedules.CosineDecay, "LearningRateSchedule"),
    "function": (lambda step: 0.1, "LearningRateSchedule"),
    "rates": (X, "LearningRateSchedule"),
}
SETTINGS = {
    "units": {
        "zero": (0, "at least 1"),
        "negative": ((64, -1), "at least 1"),
        "float": (64.0, "whole number"),
        "text": ("64", "whole number"),
        "None": (None, "whole number"),
        "bool": (True, "whole number"),
    },
    "learning_rate": {
        "None": (None, "number"),
        "text": ("0.1", "number"),
        "bool": (True, "number"),
        "list": ([0.1, 0.01], "number"),
        "zero": (0, "above 0"),
        "negative": (-0.1, "above 0"),
        "nan": (NAN, "finite"),
        "inf": (INF, "finite"),
    },
    "optimizer": choice("'adadelta'", "'adagrad'"),
    "momentum": {
        "text": ("0.9", "number"),
        "one": (1.0, "1"),
        "negative": (-0.1, "0"),
        "None": (None, "number"),
        "bool": (True, "number"),
    },
    "dropout": {"one": (1.0, "1"), "text": ("0.5", "number"), "nan": (NAN, "1")},
    "batch_size": COUNT | ZERO,
    "epochs": COUNT | ZERO,
    "random_state": {
        "negative": (-1, "at least 0"),
        "too large": (2**32, "2**32"),
        "text": ("0", "whole number"),
        "fraction": (0.5, "whole number"),
    },
    "X": {
        "nan": (FEATURES["nan"][0], "NaN"),
        "inf": (FEATURES["inf"][0], "infinity"),
        "sparse": (csr_array(X), "toarray"),
    },
    "y": {"None": (None, "")},
}
NETWORK = KerasMLPClassifier(units=4, epochs=2, batch_size=8, random_state=0)


def fitted(kind):
    """Return a function that makes an estimator of a kind and fits it, with the kind's name."""

    def fit(X, y, **parameters):
        return kind(**parameters).fit(X, y)

    fit.__name__ = kind.__name__
    return fit


GRIDS = {
    "None": (None, "dict"),
    "text": ("epochs", "dict"),
    "empty": ({}, "empty"),
    "one value": ({"epochs": 5}, "list"),
    "no values": ({"epochs": []}, "empty"),
    "unknown name": ({"epoch": [5]}, "epochs"),
    "negative rate": ({"learning_rate": [0.1, -0.1]}, "above 0"),
}
IN_A_GRID = {  # refused in the network's own words
    "rate as text": ({"learning_rate": [0.2, "0.1"]}, "learning_rate is '0.1'"),
    "unknown optimizer": ({"optimizer": ["sgd", "sdg"]}, "optimizer is 'sdg'"),
    "no epochs": ({"epochs": [2, 0]}, "epochs is 0"),
    "half a unit": ({"units": [4, 4.5]}, "units is 4.5"),
}
SEARCH = {
    "estimator": {
        "None": (None, "scikit-learn"),
        "class": (KerasMLPClassifier, "instance"),
        "a network": (BUILT, "scikit-learn"),
        "a builder": (BUILD, "scikit-learn"),
    },
    "cv": {
        "one": (1, "2"),
        "text": ("5", "cv"),
        "too many": (1000, "cv"),
        "fraction": (2.5, "cv"),
    },
    "X": ROWS,
    "y": ROWS_OF_Y | {"one class": (np.ones(24, int), "one class")},
}
RUNS = sweep(
    CLASSIFY, [0.1], X, LABELS, validation_data=(X, LABELS), epochs=2, batch_size=8, progress=False
)
LIVE = {
    "build_model": {k: v for k, v in MODELS.items() if k in ("None", "a model", "not compiled")},
    "x": FEATURES,
    "y": LABELLED | {"one short": (LABELS[1:], "same rows")},
    "validation_data": VALIDATION | {"None": (None, "pair")},
    "epochs": COUNT | ZERO,
}
TABLE = [
    Call(
        sweep,
        {"model": BUILD, "learning_rates": [0.1], **GOOD},
        DATA
        | {
            "model": MODELS,
            "learning_rates": RATES,
            "batch_size": without_none(COUNT) | ZERO,
            "shuffle": without_none(FLAG),
            "engine": without_none(ENGINES),
        },
        {
            "learning_rates": {k: v for k, v in RATES_TOO.items() if k in ("integer", "generator")},
            "x": {"frame": FEATURES_TOO["frame"]},
            "y": {"one column": TARGETS_TOO["one column"]},
            "seeds": {"one number": SEEDS_TOO["one number"]},
            "batch_size": {"None": (None, 32)},
            "shuffle": {"None": (None, True)},
            "engine": {"None": (None, "auto")},
        },
    ),
    Call(
        sweep,
        {"model": CLASSIFY, "learning_rates": [0.1], **GOOD, "y": LABELS},
        {
            "model": {
                "no sigmoid": (builder(loss="binary_crossentropy"), "sigmoid"),
                "softmax on one unit": (builder(1, "softmax", "binary_crossentropy"), "softmax"),
            },
            "y": LABELLED,
            "validation_data": {"from 1": ((X, LABELS + 1), "0 and 1")},
        },
        name="sweep of a classifier",
    ),
    Call(
        sweep,
        {
            "model": builder(3, "softmax", "sparse_categorical_crossentropy"),
            "learning_rates": [0.1],
            **GOOD,
            "y": np.arange(24) % 3,
        },
        {
            "y": {
                "from 1": (np.arange(24) % 3 + 1, "0 to 2"),
                "fractions": (np.arange(24) % 3 + 0.5, "whole numbers"),
                "negative": (np.arange(24) % 3 - 1, "0 to 2"),
                "one-hot": (np.eye(3)[np.arange(24) % 3], "categorical_crossentropy"),
                "one class": (np.zeros(24, int), "one class only"),
            }
        },
        name="sweep of three classes",
    ),
    Call(
        sweep,
        {
            "model": builder(3, "softmax", "categorical_crossentropy"),
            "learning_rates": [0.1],
            **GOOD,
            "y": np.eye(3)[np.arange(24) % 3],
        },
        {
            "y": {
                "labels": (np.arange(24) % 3, "sparse_categorical_crossentropy"),
                "two at once": (np.ones((24, 3)), "one-hot"),
            }
        },
        name="sweep of one-hot classes",
    ),
    Call(
        compare_optimizers,
        {"build_model": BUILD, "optimizers": ["sgd"], "learning_rates": [0.1], **GOOD},
        DATA
        | {
            "build_model": {
                k: MODELS[k] for k in ("None", "a model", "not compiled", "two outputs")
            },
            "optimizers": OPTIMIZERS,
            "learning_rates": {k: v for k, v in RATES.items() if k not in ("None", "a dict")}
            | {"for others": ({"adam": [0.1]}, "its grid")},
            "shuffle": FLAG,
            "engine": ENGINES,
        },
        called={"build_model": "model"},
    ),
    Call(
        rank_optimizers,
        {"results": COMPARED},
        {
            "results": {
                "None": (None, "compare_optimizers"),
                "text": ("results.csv", "compare_optimizers"),
                "features": (X, "compare_optimizers"),
                "a sweep": (RUNS, "compare_optimizers"),
                "empty": (COMPARED.iloc[:0], "grid"),
                "without a grid": (COMPARED[COMPARED["rate_from"] == "default"], "grid"),
            },
            "measure": {
                "typo": ("nonsense", "nonsense"),
                "number": (5, "5"),
                "list": (["loss"], "loss"),
                "words": ("status", "no numbers"),
            },
            "larger_is_better": {"text": ("yes", "True or False"), "number": (2, "True or False")},
        },
    ),
    Call(
        lr_range_test,
        {"model": BUILD, "x": X, "y": Y, "steps": 10, "batch_size": 8, "seeds": [0]},
        {
            "model": {
                "returns nothing": MODELS["returns nothing"],
                "not compiled": (builder(loss=None)(), "compile"),
                "builds one not compiled": MODELS["not compiled"],
                "needs an argument": MODELS["needs an argument"],
                "other columns": MODELS["other columns"],
                "two outputs": MODELS["two outputs"],
                "a class": (keras.Sequential, "instance"),
                "unknown loss": MODELS["unknown loss"],
            },
            "x": FEATURES,
            "y": DATA["y"],
            "validation_data": DATA["validation_data"],
            "engine": ENGINES,
            "batch_size": {"more than rows": (1000, "24")},
        },
        name="lr_range_test of a network",
    ),
    Call(
        confirm,
        {"test": TEST, "model": BUILD, **GOOD},
        {
            "model": {
                "None": (None, "model"),
                "text": ("build_model", "model"),
                "not compiled": (builder(loss=None)(), "compile"),
                "builds one not compiled": MODELS["not compiled"],
                "other columns": MODELS["other columns"],
            },
            "x": FEATURES,
            "y": DATA["y"],
            "batch_size": COUNT | ZERO,
        },
        name="confirm of a network",
    ),
    Call(
        MomentumCycle,
        {},
        {
            "high": ABOVE_ZERO | {"one": (1.0, "below 1"), "below low": (0.5, "smaller")},
            "low": ABOVE_ZERO | {"one": (1.0, "below 1"), "above high": (0.97, "smaller")},
        },
    ),
    Call(
        OneCycle,
        CYCLE,
        {
            "peak_learning_rate": ABOVE_ZERO,
            "steps": COUNT | {"two": (2, "at least 3")},
            "warmup_share": ABOVE_ZERO | {"one": (1.0, "below 1")},
            "tail_share": NUMBER | {"one": (1.0, "below 1"), "negative": (-0.1, "at least 0")},
            "start_divisor": NUMBER | {"below 1": (0.5, "at least 1")},
            "final_divisor": NUMBER | {"below start_divisor": (2.0, "start_divisor")},
            "curve": choice("'linear'", "'cosine'") | {"None": (None, "'linear'")},
        },
        {"peak_learning_rate": {"integer": (1, 1.0)}},
    ),
    Call(
        Triangular,
        TRIANGLE,
        {
            "base_learning_rate": ABOVE_ZERO | {"above maximum": (1.0, "smaller")},
            "maximum_learning_rate": ABOVE_ZERO | {"below base": (0.01, "smaller")},
            "half_cycle": COUNT | ZERO,
            "shrink": ABOVE_ZERO | {"above 1": (2.0, "at most 1")},
        },
    ),
    *(
        Call(
            function,
            {"schedule": DECAY, "steps": 20},
            {"schedule": SCHEDULES, "steps": COUNT | ZERO},
        )
        for function in (schedule_rates, check_schedule)
    ),
    *(
        Call(
            fitted(kind),
            {"X": X, "y": y, "epochs": 2, "units": 4, "batch_size": 8},
            SETTINGS | {"y": SETTINGS["y"] | labels},
            theirs=True,
        )
        for kind, y, labels in (
            (KerasMLPClassifier, LABELS, {"one class": (np.ones(24, int), "one class")}),
            (KerasMLPRegressor, Y, {"nan": (TARGETS["nan"][0], "NaN")}),
        )
    ),
    Call(
        fitted(StackedGridSearchCV),
        {"estimator": NETWORK, "param_grid": {"epochs": [2]}, "cv": 2, "X": X, "y": LABELS},
        SEARCH | {"param_grid": GRIDS},
        theirs=True,
    ),
    Call(
        fitted(StackedGridSearchCV),
        {"estimator": NETWORK, "param_grid": {"epochs": [2]}, "cv": 2, "X": X, "y": LABELS},
        {"param_grid": IN_A_GRID},
        called={"param_grid": " is "},
        name="StackedGridSearchCV of values",
    ),
    Call(
        fitted(StackedRandomizedSearchCV),
        {
            "estimator": NETWORK,
            "param_distributions": {"epochs": [2, 3]},
            "n_iter": 2,
            "cv": 2,
            "X": X,
            "y": LABELS,
        },
        SEARCH
        | {
            "param_distributions": GRIDS,
            "n_iter": {"zero": (0, "n_iter"), "text": ("2", "n_iter")},
        },
        theirs=True,
    ),
    *(
        Call(
            demo,
            {"build_model": CLASSIFY, "x": X, "y": LABELS, "validation_data": (X, LABELS)},
            LIVE | others,
            called={"build_model": "model"},
        )
        for demo, others in (
            (
                keras_demo,
                {
                    "baselines": LINES,
                    "batch_sizes": {
                        "empty": ([], "at least one"),
                        "text": (["32"], "whole number"),
                        "zero": ([0, 32], "at least 1"),
                    },
                },
            ),
            (
                effective_rate_demo,
                {
                    "baselines": LINES,
                    "goal": NUMBER,
                    "momenta": {
                        "empty": ([], "at least one"),
                        "text": (["0.9"], "number"),
                        "one": ([0.5, 1.0], "below 1"),
                        "twice": ([0.5, 0.5], "once"),
                    },
                },
            ),
            (optimizer_demo, {"baselines": LINES, "goal": NUMBER}),
            (race_demo, {}),
            (
                schedule_demo,
                {
                    "goal": NUMBER | {"None": ("none", "number")},
                    "batch_size": COUNT | ZERO,
                },
            ),
        )
    ),
    Call(
        range_test_demo,
        {
            "model": CLASSIFY,
            "x": X,
            "y": LABELS,
            "validation_data": (X, LABELS),
            "runs": RUNS,
            "batch_size": 8,
        },
        {"model": {"returns nothing": MODELS["returns nothing"]}, "y": LABELLED},
        name="range_test_demo of a network",
    ),
]

test_is_refused_in_words, test_works = refusals_and_works(TABLE)
