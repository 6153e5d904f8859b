"""What the searches refuse before any fit, and in which words."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.model_selection import KFold, RepeatedStratifiedKFold, StratifiedShuffleSplit
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from course_utils.model_selection.checks import (
    as_estimator,
    as_param_grid,
    as_splits,
    check_scores,
    rows_of,
)

PIPELINE = make_pipeline(StandardScaler(), SGDClassifier())
X = np.arange(20.0).reshape(10, 2)
Y = np.array([0] * 7 + [1] * 3)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("sgdclassifier__etta0", "sgdclassifier__eta0"),
        ("eta0", "sgdclassifier__eta0"),
        ("sgd__eta0", "sgdclassifier__eta0"),
    ],
)
def test_unknown_name_says_which_was_meant(name, meant):
    with pytest.raises(ValueError, match=f"param_grid names '{name}', .* did you mean '{meant}'"):
        as_param_grid(PIPELINE, {name: [0.1]})


def test_a_name_like_no_other_lists_them_all():
    with pytest.raises(ValueError, match="it has alpha, average"):
        as_param_grid(SGDClassifier(), {"zzzzzz": [1]})


@pytest.mark.parametrize("grid", [{}, [], [{}], [{"alpha": [1]}, {}]])
def test_empty_grid(grid):
    with pytest.raises(ValueError, match="param_grid is empty"):
        as_param_grid(SGDClassifier(), grid)


@pytest.mark.parametrize(
    ("grid", "error", "words"),
    [
        ({"alpha": []}, ValueError, "is empty"),
        ({"alpha": 0.1}, TypeError, r"such as \[0.1\]"),
        ({"penalty": "l2"}, TypeError, "give a list of values"),
        ({1: [2]}, TypeError, "name is text"),
        ("alpha", TypeError, "give a dict of lists"),
        (7, TypeError, "give a dict of lists"),
    ],
)
def test_grids_of_another_kind(grid, error, words):
    with pytest.raises(error, match=words):
        as_param_grid(SGDClassifier(), grid)


@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf, np.float32(0)])
def test_rates_are_above_zero(rate):
    with pytest.raises(ValueError, match="finite number above 0"):
        as_param_grid(PIPELINE, {"sgdclassifier__eta0": [0.1, rate]})


def test_a_schedule_is_no_rate():
    (grid,) = as_param_grid(SGDClassifier(), {"learning_rate": ["optimal", "constant"]})
    assert grid == {"learning_rate": ["optimal", "constant"]}


def test_grid_becomes_a_list_of_plain_lists():
    grids = as_param_grid(SGDClassifier(), [{"alpha": np.array([1.0, 2.0])}, {"eta0": (0.1,)}])
    assert grids == [{"alpha": [1.0, 2.0]}, {"eta0": [0.1]}]
    assert type(grids[0]["alpha"][0]) is float


def test_a_name_may_belong_to_an_estimator_of_the_grid():
    grid = {"sgdclassifier": [SGDClassifier(), SVC()], "sgdclassifier__C": [1.0]}
    assert as_param_grid(PIPELINE, grid)


def test_estimator_is_an_instance_that_can_be_set():
    with pytest.raises(TypeError, match=r"such as SGDClassifier\(\)"):
        as_estimator(SGDClassifier)
    with pytest.raises(TypeError, match="has no fit"):
        as_estimator("model")


def test_more_folds_than_the_smallest_class_has_rows():
    with pytest.raises(ValueError, match="cuts 5 folds, but class 1 has 3 rows; use cv=3"):
        as_splits(SGDClassifier(), 5, X, Y)
    with pytest.raises(ValueError, match="cuts 4 folds"):
        as_splits(SGDClassifier(), RepeatedStratifiedKFold(n_splits=4, n_repeats=2), X, Y)


def test_folds_that_fit_are_cut():
    assert len(as_splits(SGDClassifier(), 3, X, Y)) == 3
    assert len(as_splits(SGDRegressor(), 5, X, Y)) == 5
    assert len(as_splits(SGDClassifier(), KFold(5), X, Y)) == 5
    repeated = RepeatedStratifiedKFold(n_splits=3, n_repeats=4)
    assert len(as_splits(SGDClassifier(), repeated, X, Y)) == 12
    shuffled = StratifiedShuffleSplit(8, test_size=0.4, random_state=0)
    assert len(as_splits(SGDClassifier(), shuffled, X, Y)) == 8


def test_all_scores_nan_is_no_search():
    with pytest.raises(ValueError, match="all 2 values of mean_test_score are nan"):
        check_scores([np.nan, np.nan])
    assert check_scores([np.nan, 0.5])[1] == 0.5


def test_rows_of_every_kind_of_table():
    rows = [2, 0]
    assert rows_of(pd.DataFrame(X), rows).index.tolist() == rows
    for table in (X, X.tolist(), sparse.csr_matrix(X)):
        taken = rows_of(table, rows)
        taken = taken.toarray() if sparse.issparse(taken) else taken
        np.testing.assert_array_equal(taken, X[rows])
    assert rows_of(None, rows) is None


def test_sparse_labels_are_refused():
    with pytest.raises(TypeError, match=r"y is a sparse matrix; give y\.toarray"):
        as_splits(SGDClassifier(), 2, X, sparse.csr_array(Y.reshape(-1, 1)))
