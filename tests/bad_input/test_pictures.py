"""Bad input to the pictures and to the sliders that need no TensorFlow."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from bad_input import Call, Made, refusals_and_works
from bad_values import (
    ABOVE_ZERO,
    BOWL,
    COUNT,
    FEATURES,
    FLAG,
    FRAME,
    LINES,
    MODEL,
    NAN,
    NUMBER,
    NUMBERS_ONLY,
    TARGETS,
    VALIDATION,
    ZERO,
    X,
    Y,
)
from sklearn.linear_model import Ridge, SGDRegressor

from course_utils import (
    bowl_loss,
    descend,
    lr_range_test,
    mark_baselines,
    mark_limit,
    plot_descent,
    plot_descent_loss,
    plot_grid,
    plot_learning_curves,
    plot_range_test,
    plot_schedule,
    plot_story,
    plot_sweep,
    rate_color,
    rate_label,
    set_alt_text,
    show,
    sweep,
)
from course_utils.demos import (
    bowl_demo,
    eta0_demo,
    grid_demo,
    momentum_demo,
    own_data,
    random_search_demo,
    range_test_demo,
    ravine_demo,
    story_demo,
)

RUNS = sweep(
    MODEL, [0.1, 0.01], X, Y, validation_data=(X, Y), epochs=3, seeds=[0, 1], progress=False
)
TEST = lr_range_test(MODEL, X, Y, start=1e-4, steps=40, batch_size=8, seeds=[0, 1], progress=False)
RATES = [0.1, 0.5]
PATHS = descend([1.0, 2.0], [1.0, 1.0], RATES, steps=3)
SEARCHED = {
    "params": [{"eta0": rate, "alpha": alpha} for rate in (0.01, 0.1) for alpha in (0.1, 1.0)],
    "mean_test_score": np.array([0.8, 0.9, 0.7, 0.6]),
    "std_test_score": np.full(4, 0.1),
    "split0_test_score": np.array([0.8, 0.9, 0.7, 0.6]),
    "split1_test_score": np.array([0.8, 0.9, 0.7, 0.6]),
}
AX = Made(lambda: plt.figure().add_subplot())


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    plt.close("all")


AXES = {
    "text": ("ax", "Axes"),
    "number": (5, "Axes"),
    "a figure": (Made(lambda: plt.Figure()), "Axes"),
    "a list": ([None], "Axes"),
    "pyplot": (plt, "Axes"),
}
AN_AX = AXES | {"None": (None, "Axes")}
COLOR = {"no colour": ("reddish", "colours of matplotlib"), "number": (3, "colours")}
TABLES = {
    "None": (None, "sweep"),
    "text": ("runs.csv", "sweep"),
    "features": (X, "sweep"),
    "dict": ({"loss": [1.0]}, "sweep"),
    "a frame of data": (FRAME, "sweep"),
    "empty": (RUNS.iloc[:0], "empty"),
    "without an epoch": (RUNS.drop(columns="epoch"), "epoch"),
    "two sweeps": (pd.concat([RUNS, RUNS]), "same keys"),
    "rates as text": (RUNS.astype({"learning_rate": str}), "learning_rate"),
    "negative rates": (RUNS.assign(learning_rate=-RUNS["learning_rate"]), "learning_rate"),
    "loss as text": (RUNS.astype({"loss": str, "val_loss": str}), "loss"),
}
KEYS = {"typo": (["nonsense"], "nonsense"), "number": (5, "list"), "None": (None, "list")}
MEASURES = {
    "typo": ("nonsense", "val_loss"),
    "a key": ("status", "val_loss"),
    "number": (5, "val_loss"),
    "None": (None, "val_loss"),
    "list": (["loss"], "val_loss"),
}
LIMITS = LINES | {"zero in it": ({"2/λ": 0}, "above 0"), "negative": ({"2/λ": -1.0}, "above 0")}
NUMBERS = {
    "None": (None, "numbers"),
    "text": ("path", "numbers"),
    "numbers as text": (["1", "2"], "numbers"),
    "ragged": ([[1.0, 2.0], [1.0]], "numbers"),
    "bool": (True, "numbers"),
    "a model": (MODEL, "numbers"),
}
PATH = NUMBERS | {
    "three axes": (np.ones((2, 2, 3)), "dimensions"),
    "empty": ([], "dimensions"),
    "three dimensions": (np.ones((4, 3)), "dimensions"),
    "nan": (np.full((3, 2), NAN), "dimensions"),
}
RESULTS = {
    "None": (None, "cv_results_"),
    "text": ("results", "cv_results_"),
    "number": (5, "cv_results_"),
    "features": (X, "cv_results_"),
    "a model": (MODEL, "cv_results_"),
    "a frame of data": (FRAME, "cv_results_"),
    "no candidates": ({name: [] for name in SEARCHED}, "empty"),
    "unequal lengths": (SEARCHED | {"mean_test_score": [0.1]}, "4"),
}
PLACES = {
    "typo": ("nonsense", "alpha"),
    "number": (5, "alpha"),
    "list": (["eta0"], "alpha"),
    "a column of the results": ("mean_test_score", "alpha"),
}
HESSIANS = BOWL | {
    "not square": (np.ones((2, 3)), "square"),
    "three axes": (np.ones((2, 2, 2)), "square"),
    "another dimension": ([1.0, 2.0, 3.0], "dimension"),
}
CURVATURE = ABOVE_ZERO | {"a list of two": ([1.0, 2.0], "number")}
START = BOWL | {"one number": (4.0, "two"), "three numbers": ([1.0, 2.0, 3.0], "two")}
TABLE = [
    Call(
        plot_sweep,
        {"runs": RUNS},
        {
            "runs": TABLES,
            "measure": MEASURES,
            "baselines": LINES,
            "limits": LIMITS,
            "ax": AXES,
            "keys": KEYS,
        },
    ),
    Call(
        plot_learning_curves,
        {"runs": RUNS},
        {
            "runs": TABLES,
            "measure": MEASURES,
            "by": {
                "None": (None, "columns of runs"),
                "number": (0.1, "columns of runs"),
                "list": (["seed"], "columns of runs"),
                "unknown": ("optimizer", "columns of runs"),
            },
            "baselines": LINES,
            "whole_scale": FLAG,
            "keys": KEYS,
            "axes": {
                "text": ("axes", "Axes"),
                "numbers": ([1, 2], "Axes"),
                "too few": (Made(lambda: [plt.figure().add_subplot()]), "2 panels"),
                "a figure": (Made(lambda: plt.Figure()), "Axes"),
            },
        },
    ),
    Call(
        plot_range_test,
        {"test": TEST},
        {
            "test": {
                "None": (None, "lr_range_test"),
                "a sweep": (RUNS, "lr_range_test"),
                "a band": (TEST.band, "lr_range_test"),
                "a model": (MODEL, "lr_range_test"),
                "losses": (TEST.losses, "lr_range_test"),
            },
            "ax": AXES,
        },
    ),
    Call(
        plot_schedule,
        {"schedule": [0.1, 0.2, 0.1]},
        {
            "schedule": {
                "one rate": ([0.1], "two"),
                "empty": ([], "two"),
                "negative": ([0.1, -0.1], "0"),
                "nan": ([0.1, NAN], "finite"),
                "text in it": (["0.1", "0.2"], "numbers"),
                "None in it": ([0.1, None], "numbers"),
                "table": (X, "two"),
                "ragged": ([[1.0, 2.0], [1.0]], "lengths"),
            },
            "steps": {
                "another number": (5, "3 rates"),
                "text": ("3", "3 rates"),
            },
            "steps_per_epoch": COUNT | ZERO | {"None": ("none", "whole number")},
            "ax": AXES,
        },
    ),
    Call(
        plot_grid,
        {"cv_results": SEARCHED, "x": "eta0"},
        {"cv_results": RESULTS, "x": PLACES | {"None": (None, "alpha")}, "y": PLACES, "ax": AXES},
        {"cv_results": {"frame": (pd.DataFrame(SEARCHED), SEARCHED)}},
    ),
    Call(
        plot_descent,
        {"hessian": [1.0, 2.0], "path": PATHS[0], "learning_rate": 0.1},
        {
            "hessian": HESSIANS,
            "path": PATH | {"a table of paths": (PATHS, "path")},
            "learning_rate": ABOVE_ZERO,
            "ax": AXES,
            "color": COLOR | {"two": (["red", "green"], "2 colours")},
        },
    ),
    Call(
        plot_descent_loss,
        {"hessian": [1.0, 2.0], "paths": PATHS, "learning_rates": RATES},
        {
            "hessian": HESSIANS,
            "paths": NUMBERS | {"one": (PATHS[0], "paths"), "empty": ([], "paths")},
            "learning_rates": {
                "None": (None, "numbers"),
                "one": (0.1, "2 paths"),
                "three": ([0.1, 0.2, 0.3], "2 paths"),
                "text": (["0.1", "0.5"], "number"),
                "negative": ([-0.1, 0.1], "above 0"),
                "nan": ([NAN, 0.1], "finite"),
                "bool": (True, "number"),
            },
            "ax": AXES,
        },
    ),
    Call(
        plot_story,
        {"ax": AX, "learning_rate": 0.1},
        {
            "ax": AN_AX,
            "learning_rate": {name: bad for name, bad in ABOVE_ZERO.items() if name != "list"},
            "curvature": CURVATURE,
            "start": NUMBER,
            "steps": COUNT | ZERO,
            "seen": {
                "one number": (0.1, "pair"),
                "three": ([0.1, 0.2, 0.3], "pair"),
                "text": (("0.1", "0.2"), "numbers"),
                "negative": ((-1.0, 1.0), "above 0"),
                "nan": ((NAN, 1.0), "finite"),
            },
            "color": COLOR | {"two": (["red", "green"], "2 colours")},
        },
    ),
    Call(
        bowl_loss,
        {"hessian": [1.0, 2.0], "path": PATHS[0]},
        {
            "hessian": HESSIANS,
            "path": NUMBERS
            | {
                "another dimension": ([[1.0, 2.0, 3.0]], "dimension"),
                "one number": (1.0, "dimension"),
            },
        },
        {"path": {"list": (PATHS[0].tolist(), PATHS[0]), "all paths": (PATHS, PATHS)}},
    ),
    Call(rate_color, {"rate": 0.1}, {"rate": ABOVE_ZERO}, {"rate": {"integer": (1, 1.0)}}),
    Call(
        rate_label,
        {"rate": 0.1},
        {"rate": {k: v for k, v in NUMBER.items() if k not in ("nan", "inf")}},
        {"rate": {"integer": (1, 1.0)}},
    ),
    Call(
        mark_limit,
        {"ax": AX, "rate": 0.1, "formula": "2/λ"},
        {
            "ax": AN_AX,
            "rate": ABOVE_ZERO | {"the formula": ("2/λ", "number")},
            "formula": {"number": (0.1, "text"), "None": (None, "text")},
        },
    ),
    Call(
        mark_baselines,
        {"ax": AX, "baselines": {"goal": 0.5}},
        {"ax": AN_AX, "baselines": LINES},
    ),
    Call(
        set_alt_text,
        {"ax": AX, "text": "A line."},
        {
            "ax": AN_AX,
            "text": {"number": (5, "text"), "None": (None, "text"), "list": (["A line."], "text")},
        },
    ),
    Call(
        show,
        {"figure_or_axes": Made(lambda: plt.figure())},
        {
            "figure_or_axes": {
                "None": (None, "figure"),
                "text": ("figure", "figure"),
                "number": (5, "figure"),
                "empty": ([], "figure"),
                "numbers": ([1, 2], "figure"),
                "a table": (RUNS, "figure"),
                "pyplot": (plt, "figure"),
            }
        },
    ),
    *(
        Call(demo, {}, {"curvature": CURVATURE, "start": NUMBER, "steps": COUNT | ZERO})
        for demo in (bowl_demo, story_demo)
    ),
    Call(
        ravine_demo,
        {},
        {
            "condition_number": NUMBER | {"below 1": (0.5, "at least 1"), "text": ("25", "number")},
            "start": START,
            "steps": COUNT | ZERO,
            "momentum": NUMBER | {"one": (1.0, "below 1"), "negative": (-0.1, "at least 0")},
        },
    ),
    Call(
        momentum_demo,
        {},
        {
            "condition_number": NUMBER | {"below 1": (0.5, "at least 1")},
            "start": START,
            "steps": COUNT | ZERO,
        },
    ),
    Call(
        random_search_demo,
        {},
        {
            "position": NUMBER | {"a rate": (0.01, "at most 0"), "too low": (-5, "at least -4")},
            "width": ABOVE_ZERO,
        },
    ),
    Call(
        grid_demo,
        {"cv_results": SEARCHED, "x": "eta0", "y": "alpha"},
        {
            "cv_results": {k: v for k, v in RESULTS.items() if k != "None"}
            | {"not a full grid": ({k: v[:3] for k, v in SEARCHED.items()}, "full grid")},
            "x": PLACES | {"None": (None, "alpha")},
            "y": PLACES | {"None": (None, "alpha"), "the same": ("eta0", "two")},
        },
    ),
    Call(
        own_data,
        {"X": X, "y": Y, "classes": False},
        {
            "X": FEATURES,
            "y": TARGETS | NUMBERS_ONLY | {"the same everywhere": (0 * Y, "at least 2")},
            "classes": FLAG,
        },
    ),
    Call(
        eta0_demo,
        {"estimator": MODEL, "x": X, "y": Y, "validation_data": (X, Y), "epochs": 2},
        {
            "estimator": {
                "None": (None, "partial_fit"),
                "class": (SGDRegressor, "SGDRegressor()"),
                "no partial_fit": (Ridge(), "partial_fit"),
            },
            "x": FEATURES,
            "y": TARGETS | NUMBERS_ONLY,
            "validation_data": VALIDATION | {"None": (None, "pair")},
            "epochs": COUNT | ZERO,
            "limits": LIMITS,
            "baselines": LINES,
        },
    ),
    Call(
        range_test_demo,
        {"model": MODEL, "x": X, "y": Y, "validation_data": (X, Y), "runs": RUNS, "batch_size": 8},
        {
            "model": {"None": (None, "compiled Keras model"), "class": (SGDRegressor, "instance")},
            "x": FEATURES,
            "y": TARGETS | NUMBERS_ONLY,
            "runs": {k: v for k, v in TABLES.items() if k != "None"}
            | {"without validation": (RUNS.drop(columns="val_loss"), "val_loss")},
            "batch_size": COUNT | ZERO,
            "repeats": COUNT | ZERO,
            "steps": COUNT | {"too few": (9, "at least 10")},
        },
    ),
    Call(
        range_test_demo,
        {"model": MODEL, "x": X, "y": Y, "validation_data": (X, Y)},
        {"validation_data": VALIDATION | {"None": (None, "pair")}, "epochs": COUNT | ZERO},
        name="range_test_demo with a sweep of its own",
    ),
]

test_is_refused_in_words, test_works = refusals_and_works(TABLE)
