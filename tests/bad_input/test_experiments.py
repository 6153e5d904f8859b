"""Bad input to the experiments that need no TensorFlow: sweeps, range tests, searches, bowls."""

import numpy as np
import pandas as pd
from bad_input import Call, refusals_and_works
from bad_values import (
    ABOVE_ZERO,
    BOWL,
    CLASSES,
    COUNT,
    FEATURES,
    FEATURES_TOO,
    FLAG,
    FRAME,
    LABELS,
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
from sklearn.linear_model import Ridge, SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPRegressor

from course_utils import (
    confirm,
    descend,
    final,
    grid_cost,
    lr_range_test,
    paired_difference,
    refine,
    run_status,
    seeds,
    stability_limits,
    sweep,
    unused_parameters,
)

CLASSIFIER = SGDClassifier(learning_rate="constant", eta0=0.1)
ESTIMATORS = {
    "None": (None, "partial_fit"),
    "text": ("SGDRegressor", "partial_fit"),
    "class": (SGDRegressor, "SGDRegressor()"),
    "function": (lambda: MODEL, "partial_fit"),
    "no partial_fit": (Ridge(), "partial_fit"),
    "features": (X, "partial_fit"),
    "rate that is not read": (SGDRegressor(learning_rate="optimal"), "constant"),
    "solver without a rate": (MLPRegressor(solver="lbfgs"), "sgd"),
    "negative alpha": (SGDRegressor(learning_rate="constant", alpha=-1.0), "alpha"),
    "unknown loss": (SGDRegressor(learning_rate="constant", loss="mse"), "loss"),
    "alpha as text": (SGDRegressor(learning_rate="constant", alpha="0.1"), "alpha"),
}
TESTED = {
    "None": (None, "compiled"),
    "text": ("SGDRegressor", "compiled"),
    "features": (X, "compiled"),
    "class": (SGDRegressor, "instance"),
    "another estimator": (Ridge(), "SGDRegressor"),
    "negative alpha": (SGDRegressor(learning_rate="constant", alpha=-1.0), "alpha"),
}
TEST = lr_range_test(MODEL, X, Y, start=1e-4, steps=40, batch_size=8, seeds=[0, 1], progress=False)
RUNS = sweep(MODEL, [0.1, 0.01], X, Y, epochs=3, seeds=[0, 1], progress=False)
TABLES = {
    "None": (None, "sweep"),
    "text": ("runs.csv", "sweep"),
    "features": (X, "sweep"),
    "dict": ({"loss": [1.0]}, "sweep"),
    "a frame of data": (FRAME, "sweep"),
    "empty": (RUNS.iloc[:0], "empty"),
}
OF_RUNS = {
    "runs": TABLES
    | {
        name: (RUNS.drop(columns=name), name)
        for name in ("learning_rate", "seed", "epoch", "status")
    }
    | {"two sweeps": (pd.concat([RUNS, RUNS]), "same keys")},
    "keys": {
        "typo": (["nonsense"], "nonsense"),
        "number": (5, "list"),
        "None": (None, "list"),
        "a table": (RUNS, "list"),
    },
}
MEASURED = {
    "measure": {
        "typo": ("nonsense", "nonsense"),
        "number": (5, "5"),
        "list": (["loss"], "loss"),
        "words": ("status", "no numbers"),
    },
    "larger_is_better": {"text": ("yes", "True or False"), "number": (2, "True or False")},
}
GROUPED = {
    "typo": ("learning_rat", "key columns"),
    "a measure": ("loss", "key columns"),
    "number": (5, "key columns"),
    "a table": (RUNS, "key columns"),
}
GRIDS = {
    "None": (None, "dict"),
    "text": ("eta0", "dict"),
    "empty": ({}, "empty"),
    "number": (5, "dict"),
    "list of values": ([0.1, 0.01], "dict"),
    "one value": ({"eta0": 0.1}, "list of values"),
    "text as values": ({"penalty": "l2"}, "list of values"),
    "no values": ({"eta0": []}, "empty"),
    "unknown name": ({"nonsense": [1]}, "nonsense"),
    "typo": ({"etao": [1.0]}, "eta0"),
    "a number as name": ({1: [0.1]}, "name"),
    "negative rate": ({"eta0": [-0.1]}, "above 0"),
    "nan rate": ({"eta0": [NAN]}, "above 0"),
    "rate as text": ({"eta0": ["0.1"]}, "above 0"),
    "bool rate": ({"eta0": [True]}, "above 0"),
    "features": (X, "dict"),
}
IN_A_SEARCH = {
    "None": (None, "scikit-learn"),
    "text": ("SGDRegressor", "scikit-learn"),
    "class": (SGDRegressor, "instance"),
    "function": (lambda: MODEL, "scikit-learn"),
    "features": (X, "scikit-learn"),
}
FOLDS = {
    "text": ("5", "cv"),
    "fraction": (2.5, "cv"),
    "one": (1, "2"),
    "zero": (0, "2"),
    "negative": (-3, "2"),
    "too many": (1000, "24"),
    "bool": (True, "cv"),
    "a model": (MODEL, "cv"),
}
SCORINGS = {
    "typo": ("acuracy", "scoring"),
    "number": (5, "scoring"),
    "list of typos": (["nonsense"], "scoring"),
}
SEARCHED = {
    "params": [{"eta0": rate} for rate in (0.01, 0.1, 1.0)],
    "mean_test_score": [0.8, 0.9, 0.7],
    "std_test_score": [0.0, 0.1, 0.0],
}
SWEEP = {
    "learning_rates": RATES,
    "x": FEATURES,
    "y": TARGETS,
    "validation_data": VALIDATION,
    "epochs": COUNT | ZERO,
    "seeds": SEEDS,
    "progress": FLAG,
}
RANGE = {
    "x": FEATURES,
    "y": TARGETS,
    "validation_data": VALIDATION,
    "seeds": SEEDS,
    "progress": FLAG,
}
TABLE = [
    Call(
        sweep,
        {"model": MODEL, "learning_rates": [0.1], "x": X, "y": Y, "epochs": 2},
        SWEEP | {"model": ESTIMATORS, "y": TARGETS | NUMBERS_ONLY},
        {
            "learning_rates": RATES_TOO,
            "x": FEATURES_TOO,
            "y": TARGETS_TOO,
            "seeds": SEEDS_TOO,
            "epochs": {"int64": (np.int64(2), 2)},
            "validation_data": {"list": ([X, Y], (X, Y)), "frame": ((FRAME, Y), (X, Y))},
        },
        name="sweep of an estimator",
    ),
    Call(
        sweep,
        {"model": MODEL, "learning_rates": [0.1], "x": X, "y": Y, "epochs": 2},
        {
            "batch_size": {"given": (8, "partial_fit has no such setting")},
            "shuffle": {"given": (True, "partial_fit has no such setting")},
            "engine": {"given": ("auto", "partial_fit has no such setting")},
        },
        name="sweep of an estimator with what it cannot take",
    ),
    Call(
        sweep,
        {"model": CLASSIFIER, "learning_rates": [0.1], "x": X, "y": LABELS, "epochs": 2},
        {
            "y": TARGETS | CLASSES,
            "validation_data": {"a new class": ((X, LABELS + 1), "stratify")},
        },
        {"y": {"list": (LABELS.tolist(), LABELS), "from 1": (LABELS + 1, LABELS)}},
        name="sweep of an estimator that classifies",
    ),
    Call(
        lr_range_test,
        {"model": MODEL, "x": X, "y": Y, "steps": 10, "batch_size": 8, "seeds": [0]},
        RANGE
        | {
            "model": TESTED,
            "start": ABOVE_ZERO | {"above end": (100.0, "below")},
            "end": ABOVE_ZERO | {"below start": (1e-7, "upwards")},
            "steps": COUNT | {"too few": (9, "at least 10")},
            "batch_size": COUNT | ZERO | {"more than rows": (1000, "24")},
            "validation_every": COUNT | ZERO,
            "smoothing": {
                "text": ("0.9", "number"),
                "one": (1.0, "below 1"),
                "negative": (-0.1, "below 1"),
                "nan": (NAN, "below 1"),
                "None": (None, "number"),
                "bool": (True, "number"),
            },
            "engine": choice("'auto'", "'stacked'", "'loop'") | {"None": (None, "'auto'")},
            "y": TARGETS | NUMBERS_ONLY,
        },
    ),
    Call(
        lr_range_test,
        {"model": CLASSIFIER, "x": X, "y": LABELS, "steps": 10, "batch_size": 8, "seeds": [0]},
        {"y": TARGETS | CLASSES},
        name="lr_range_test of a classifier",
    ),
    Call(
        confirm,
        {"test": TEST, "model": MODEL, "x": X, "y": Y, "epochs": 2, "seeds": [0]},
        RANGE
        | {
            "test": {
                "None": (None, "lr_range_test"),
                "a model": (MODEL, "lr_range_test"),
                "a table": (RUNS, "lr_range_test"),
                "a band": (TEST.band, "lr_range_test"),
            },
            "model": TESTED,
            "epochs": COUNT | ZERO,
            "reach": NUMBER | {"one": (1, "above 1"), "negative": (-10, "above 1")},
        },
        {"x": {"frame": (FRAME, X)}},
    ),
    Call(
        descend,
        {"hessian": [1.0, 2.0], "start": [1.0, 1.0], "learning_rate": 0.1, "steps": 3},
        {
            "hessian": BOWL
            | {
                "not square": (np.ones((2, 3)), "square"),
                "not symmetric": ([[1.0, 2.0], [0.0, 1.0]], "symmetric"),
                "three axes": (np.ones((2, 2, 2)), "square"),
                "empty": ([], "curvature"),
            },
            "start": BOWL
            | {"too long": ([1.0, 1.0, 1.0], "dimension"), "empty": ([], "dimension")},
            "learning_rate": BOWL,
            "momentum": BOWL,
            "minimum": BOWL | {"too long": ([1.0, 1.0, 1.0], "dimension")},
            "steps": COUNT,
        },
        {
            "learning_rate": {"integer": (1, 1.0), "list": ([0.1], np.array([0.1]))},
            "steps": {"zero": (0, np.int64(0))},
        },
    ),
    Call(
        descend,
        {"hessian": 1.0, "start": 1.0, "learning_rate": [0.1, 0.2], "steps": 3},
        {"momentum": {"another length": ([0.1, 0.2, 0.3], "as many as learning_rate")}},
        name="descend at many rates",
    ),
    Call(
        stability_limits,
        {"X": X},
        {"X": FEATURES, "fit_intercept": FLAG},
        {"X": FEATURES_TOO},
    ),
    Call(seeds, {"n": 2}, {"n": COUNT | ZERO}, {"n": {"int64": (np.int64(3), 3)}}),
    Call(
        run_status,
        {"runs": RUNS},
        OF_RUNS,
        {"runs": {"another order": (RUNS.iloc[[1, 0, 2, *range(3, 12)]], RUNS)}},
    ),
    Call(
        final,
        {"runs": RUNS},
        OF_RUNS | MEASURED | {"by": GROUPED | {"empty": ([], "key columns")}},
        {"by": {"one in a list": (["seed"], "seed"), "tuple": (("seed",), "seed")}},
    ),
    Call(
        paired_difference,
        {"runs": RUNS, "a": 0.1, "b": 0.01},
        OF_RUNS
        | MEASURED
        | {
            "a": {
                "None": (None, "no such run"),
                "another rate": (0.5, "no such run"),
                "text": ("0.1", "no such run"),
                "other columns": ({"momentum": 0.9}, "give both the same"),
            },
            "b": {
                "another rate": (0.5, "no such run"),
                "empty": ({}, "give both the same"),
                "seeds": ({"seed": 1}, "give both the same"),
            },
            "by": {
                "typo": ("learning_rat", "key columns"),
                "None": (None, "key columns"),
                "list": (["learning_rate"], "one key column"),
                "seed": ("seed", "key columns"),
            },
        },
        {"a": {"dict": (0.1, 0.1), "int64": (np.float64(0.1), 0.1)}},
    ),
    Call(
        grid_cost,
        {"estimator": MODEL, "param_grid": {"eta0": [0.1]}, "cv": 2, "X": X, "y": Y},
        {
            "estimator": IN_A_SEARCH,
            "param_grid": GRIDS,
            "cv": FOLDS,
            "X": ROWS,
            "y": ROWS_OF_Y,
            "scoring": SCORINGS,
            "refit": FLAG,
        },
    ),
    Call(
        unused_parameters,
        {"estimator": MODEL, "param_grid": {"eta0": [0.1]}, "X": X, "y": Y},
        {
            "estimator": IN_A_SEARCH,
            "param_grid": GRIDS,
            "X": ROWS,
            "y": ROWS_OF_Y,
            "scoring": SCORINGS,
            "n_rows": COUNT | {"too few": (9, "at least 10")},
            "random_state": COUNT | {"too large": (2**32, "below 2**32")},
        },
    ),
    Call(
        refine,
        {"results": SEARCHED},
        {
            "results": {
                "None": (None, "cv_results_"),
                "text": ("results", "cv_results_"),
                "features": (X, "cv_results_"),
                "a model": (MODEL, "cv_results_"),
                "a frame of data": (FRAME, "cv_results_"),
                "no candidates": ({"params": [], "mean_test_score": []}, "empty"),
                "all nan": (SEARCHED | {"mean_test_score": [NAN] * 3}, "nan"),
                "one score short": (SEARCHED | {"mean_test_score": [0.1, 0.2]}, "3"),
                "scores as text": (SEARCHED | {"mean_test_score": [*"abc"]}, "numbers"),
            },
            "points": COUNT | {"even": (4, "odd"), "one": (1, "at least 3")},
            "scales": {
                "text": ("log", "dict"),
                "another name": ({"alpha": "log"}, "eta0"),
                "typo": ({"eta0": "logarithmic"}, "linear"),
                "None in it": ({"eta0": None}, "linear"),
            },
            "bounds": {
                "pair": ((0.0, 1.0), "dict"),
                "another name": ({"alpha": (0, 1)}, "eta0"),
                "one": ({"eta0": 1.0}, "(low, high)"),
                "text": ({"eta0": ("0", "1")}, "(low, high)"),
                "swapped": ({"eta0": (1.0, 0.0)}, "low"),
                "nan": ({"eta0": (NAN, 1.0)}, "low"),
                "without the winner": ({"eta0": (0.5, 1.0)}, "winner"),
            },
            "winner": {
                "text": ("0", "row"),
                "fraction": (0.5, "row"),
                "negative": (-1, "rows 0 to 2"),
                "too large": (3, "rows 0 to 2"),
                "bool": (True, "row"),
                "a candidate": ({"eta0": 0.1}, "row"),
            },
        },
        {
            "points": {"int64": (np.int64(3), 3)},
            "results": {"frame": (pd.DataFrame(SEARCHED), SEARCHED)},
        },
    ),
]

test_is_refused_in_words, test_works = refusals_and_works(TABLE)
