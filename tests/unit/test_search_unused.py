"""The check that finds grid parameters which do nothing."""

import random

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression, SGDClassifier, SGDRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier

from course_utils import unused_parameters

X, Y = make_classification(400, 10, random_state=0)


def verdicts(report):
    return dict(zip(report.table["parameter"], report.table["verdict"], strict=True))


class Linear:
    """A little network with one layer, so that the traps below need no TensorFlow."""

    def __init__(self, units, rate):
        self.hidden = np.random.normal(size=(10, units))  # noqa: NPY002
        self.rate = rate
        self.out = np.zeros(units)

    def fit(self, X, y, epochs):
        features = np.tanh(X @ self.hidden)
        for _ in range(epochs):
            self.out -= self.rate * features.T @ (features @ self.out - y) / len(y)

    def scores(self, X):
        return np.tanh(X @ self.hidden) @ self.out


class BuiltInInit(ClassifierMixin, BaseEstimator):
    """The trap of the lessons: the network exists before its parameters arrive."""

    def __init__(self, units=8, rate=0.1, kernel_size=3, epochs=5):
        self.units = units
        self.rate = rate
        self.kernel_size = kernel_size
        self.epochs = epochs
        self.network = Linear(units, rate)

    def fit(self, X, y):
        self.network.fit(X, 2.0 * y - 1, self.epochs)
        self.classes_ = np.unique(y)
        return self

    def decision_function(self, X):
        return self.network.scores(X)

    def predict(self, X):
        return (self.decision_function(X) > 0).astype(int)


class BuiltInFit(BuiltInInit):
    def fit(self, X, y):
        self.network = Linear(self.units, self.rate)
        self.size_ = self.kernel_size  # kept, but of no effect
        return super().fit(X, y)


def test_eta0_does_nothing_under_optimal():
    grid = {"alpha": np.logspace(-4, 0, 5), "eta0": np.logspace(-3, -1, 3)}
    report = unused_parameters(SGDClassifier(loss="log_loss"), grid, X, Y)
    assert report.unused == ["eta0"]
    assert verdicts(report) == {"alpha": "used", "eta0": "unused"}
    assert (report.candidates, report.models) == (15, 5)
    assert "eta0: unused (3 values, one and the same model at 5 settings" in repr(report)
    assert "15 candidates, at most 5 different models" in repr(report)


def test_at_a_constant_rate_eta0_is_used():
    grid = {"alpha": [1e-4, 1e-2], "eta0": [0.001, 0.1]}
    report = unused_parameters(SGDClassifier(learning_rate="constant"), grid, X, Y)
    assert report.unused == []
    assert report.models == report.candidates == 4


@pytest.mark.parametrize("order", [1, -1])
def test_a_parameter_that_matters_at_one_value_of_another_is_found(order):
    grid = {
        "eta0": [0.001, 0.1],
        "learning_rate": ["optimal", "constant"][::order],
        "alpha": [1e-4, 1e-2],
    }
    report = unused_parameters(SGDClassifier(), grid, X, Y)
    assert verdicts(report)["eta0"] == "sometimes used"
    assert "eta0: sometimes used (changes nothing at learning_rate='optimal')" in repr(report)
    assert report.unused == []


def test_a_value_in_the_middle_of_the_others_is_tried():
    # eta0 is read under "constant" only, which stands neither first nor last.
    schedules = ["optimal", "constant", "optimal"]
    grid = {"eta0": [0.001, 0.1], "learning_rate": schedules, "alpha": [1e-4, 1e-3, 1e-2]}
    assert verdicts(unused_parameters(SGDClassifier(), grid, X, Y))["eta0"] == "sometimes used"


def test_a_value_in_the_middle_of_its_own_is_tried():
    grid = {"penalty": ["l2", "l1", "l2"]}
    report = unused_parameters(SGDClassifier(), grid, X, Y)
    assert verdicts(report) == {"penalty": "used"}


def test_steps_of_a_pipeline():
    pipeline = make_pipeline(StandardScaler(), SGDClassifier(penalty=None))
    grid = {
        "sgdclassifier__l1_ratio": [0.1, 0.9],
        "sgdclassifier__alpha": [1e-4, 1e-2],
        "standardscaler__with_mean": [True, False],
        "standardscaler__copy": [True, False],
    }
    report = unused_parameters(pipeline, grid, X + 3, Y)
    assert report.unused == ["sgdclassifier__l1_ratio", "standardscaler__copy"]


def test_momentum_under_adam():
    grid = {"momentum": [0.5, 0.9], "learning_rate_init": [0.001, 0.01], "power_t": [0.3, 0.5]}
    report = unused_parameters(MLPClassifier((5,), max_iter=5), grid, X, Y, n_rows=60)
    assert report.unused == ["momentum", "power_t"]


def test_a_network_built_in_init():
    grid = {"units": [4, 8, 16], "rate": [0.01, 0.1], "kernel_size": [2, 3], "epochs": [5, 20]}
    report = unused_parameters(BuiltInInit(), grid, X, Y)
    assert report.unused == ["units", "rate", "kernel_size"]
    assert (report.candidates, report.models) == (24, 2)


def test_a_network_built_in_fit_has_one_idle_parameter():
    grid = {"units": [4, 8, 16], "rate": [0.01, 0.1], "kernel_size": [2, 3], "epochs": [5, 20]}
    assert unused_parameters(BuiltInFit(), grid, X, Y).unused == ["kernel_size"]


def test_values_that_fail_are_named_with_their_reason():
    grid = {"penalty": ["l2", "l3"], "alpha": [1e-4, 1e-2]}
    report = unused_parameters(SGDClassifier(), grid, X, Y)
    (row,) = report.failing.itertuples()
    assert (row.parameter, row.value) == ("penalty", "l3")
    assert "InvalidParameterError" in row.reason
    assert "penalty='l3' fails: InvalidParameterError" in repr(report)
    assert verdicts(report) == {"penalty": "unclear", "alpha": "used"}


def test_a_value_that_fails_beside_some_others_only_is_not_blamed():
    grid = {"l1_ratio": [0.0, 1.0], "solver": ["lbfgs", "liblinear"], "C": [0.1, 1.0]}
    report = unused_parameters(LogisticRegression(), grid, X, Y)
    assert report.failing.query("parameter == 'C'").empty


class Scoreless(BuiltInFit):
    def decision_function(self, X):
        found = super().decision_function(X)
        return found * np.nan if self.rate > 1 else found


def test_values_that_give_nan():
    report = unused_parameters(Scoreless(), {"rate": [0.1, 5.0], "units": [4, 8]}, X, Y)
    (row,) = report.failing.itertuples()
    assert (row.parameter, row.value, row.reason) == ("rate", 5.0, "decision_function gives nan")


def test_a_search_in_which_everything_fails_is_refused():
    with pytest.raises(ValueError, match=r"not one of \d+ fits .* first error: InvalidParam"):
        unused_parameters(SGDClassifier(loss="nonsense"), {"alpha": [0.1, 1.0]}, X, Y)


def test_what_only_all_rows_show_counts_as_used():
    # A tree of 200 rows is pure at depth 12; one of 3,000 noisy rows is not.
    rng = np.random.default_rng(0)
    noise, coin = rng.normal(size=(3000, 2)), rng.integers(0, 2, 3000)
    grid = {"max_depth": [20, 25]}
    small = unused_parameters(DecisionTreeClassifier(), grid, noise[:60], coin[:60])
    assert small.unused == ["max_depth"]
    report = unused_parameters(DecisionTreeClassifier(), grid, noise, coin, n_rows=60)
    assert verdicts(report) == {"max_depth": "used"}
    assert "seen on all rows only" in repr(report)


class Dice(BuiltInFit):
    def fit(self, X, y):
        super().fit(X, y)
        self.network.out += np.random.default_rng().normal(size=self.units)
        return self


def test_models_that_never_repeat_are_not_judged():
    report = unused_parameters(Dice(), {"rate": [0.1, 0.2], "kernel_size": [2, 3]}, X, Y)
    assert set(verdicts(report).values()) == {"not repeatable"}
    assert report.unused == []
    assert "random_state" in repr(report)


def test_lists_of_grids_are_judged_one_by_one():
    grids = [
        {"learning_rate": ["optimal"], "eta0": [0.01, 0.1]},
        {"learning_rate": ["constant"], "eta0": [0.01, 0.1]},
    ]
    report = unused_parameters(SGDClassifier(), grids, X, Y)
    assert report.table["verdict"].tolist() == ["single value", "unused", "single value", "used"]
    assert "grid 0, eta0: unused" in repr(report)
    assert (report.candidates, report.models) == (4, 3)


def test_regressors_and_tables():
    table, target = pd.DataFrame(X), pd.Series(X @ np.arange(10))
    grid = {"epsilon": [0.1, 0.5], "eta0": [0.001, 0.01]}
    report = unused_parameters(SGDRegressor(), grid, table, target)
    assert report.unused == ["epsilon"]


def test_without_targets():
    grid = {"n_components": [2, 5], "iterated_power": [3, 4]}
    report = unused_parameters(PCA(), grid, X)
    assert report.unused == ["iterated_power"]


def test_few_fits_are_enough():
    grid = {"alpha": np.logspace(-6, 0, 7), "eta0": np.logspace(-4, 0, 9), "l1_ratio": [0.1, 0.5]}
    report = unused_parameters(SGDClassifier(), grid, X, Y)
    assert report.unused == ["eta0", "l1_ratio"]
    assert report.fits < 50 < report.candidates


def test_nothing_outside_is_changed():
    model = SGDClassifier(eta0=0.5)
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    expected = random.random(), np.random.normal()  # noqa: NPY002
    random.seed(3)
    np.random.seed(3)  # noqa: NPY002
    unused_parameters(model, {"eta0": [0.1, 0.2]}, X, Y)
    assert (random.random(), np.random.normal()) == expected  # noqa: NPY002
    assert model.eta0 == 0.5
    assert model.random_state is None
    assert not hasattr(model, "coef_")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"param_grid": {"eta": [1.0]}}, ValueError, "did you mean 'eta0'"),
        ({"param_grid": {}}, ValueError, "param_grid is empty"),
        ({"n_rows": 5}, ValueError, "at least 10"),
        ({"random_state": "a"}, TypeError, "random_state"),
    ],
)
def test_bad_input(options, error, words):
    options = {"param_grid": {"alpha": [0.1]}} | options
    with pytest.raises(error, match=words):
        unused_parameters(SGDClassifier(), X=X, y=Y, **options)
