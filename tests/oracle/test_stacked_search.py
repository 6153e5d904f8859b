"""The stacked searches against scikit-learn's own, on the grids of lesson 10, made smaller."""

import warnings

import numpy as np
import pandas as pd
import pytest
from joblib.parallel import get_active_backend
from scipy.stats import loguniform
from sklearn.base import clone
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import make_classification, make_regression
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    KFold,
    RandomizedSearchCV,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    cross_val_score,
    train_test_split,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler

from course_utils import (
    KerasMLPClassifier,
    KerasMLPRegressor,
    StackedGridSearchCV,
    StackedRandomizedSearchCV,
)
from course_utils.model_selection.estimators import KerasMLP
from course_utils.model_selection.fit_cache import FitCache
from course_utils.training import fit_runs

X, Y = make_classification(90, 5, n_informative=4, n_redundant=0, n_classes=3, random_state=0)
RATES = {"learning_rate": [0.001, 0.05]}
TIMES = ("mean_fit_time", "std_fit_time", "mean_score_time", "std_score_time")


def network(**settings):
    start = {"units": (8,), "optimizer": "adam", "epochs": 2, "random_state": 1}
    return KerasMLPClassifier(**{**start, **settings})


@pytest.fixture
def trainings(monkeypatch):
    """Count the networks that Keras's ``fit`` trains."""
    seen = []
    plain = KerasMLP.train_alone

    def train(self, x, y):
        seen.append(self)
        return plain(self, x, y)

    monkeypatch.setattr(KerasMLP, "train_alone", train)
    return seen


def assert_equal_tables(stacked, plain):
    assert list(stacked) == list(plain)
    assert stacked["params"] == plain["params"]
    for name, column in plain.items():
        if name not in (*TIMES, "params") and not name.startswith("param_"):
            np.testing.assert_allclose(stacked[name], column, rtol=1e-4, err_msg=name)


def assert_equals_sklearn(estimator, grid, X, y, groups=None, **settings):
    """The same table, best candidate and predictions; return both searches."""
    plain = GridSearchCV(estimator, grid, **settings).fit(X, y, groups=groups)
    stacked = StackedGridSearchCV(estimator, grid, **settings).fit(X, y, groups=groups)
    assert_equal_tables(stacked.cv_results_, plain.cv_results_)
    assert stacked.best_index_ == plain.best_index_
    if settings.get("refit", True):
        assert stacked.best_params_ == plain.best_params_
        assert type(stacked.best_estimator_) is type(plain.best_estimator_)
        np.testing.assert_array_equal(stacked.predict(X), plain.predict(X))
    return stacked, plain


def test_rates_of_e7a(trainings):
    """logspace(-4, -1, 3) × batch size × epochs, with the scaler fitted in each fold."""
    x, y = make_classification(1000, 20, random_state=42)
    x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=42)
    pipeline = Pipeline([("scale", StandardScaler()), ("net", network(units=(128,)))])
    grid = {
        "net__learning_rate": np.logspace(-4, -1, 3),
        "net__batch_size": [64],
        "net__epochs": [2, 4],
    }
    stacked, _ = assert_equals_sklearn(pipeline, grid, x, y, cv=3, scoring="neg_log_loss")
    assert len(trainings) == 6 * 3 + 1 + 1  # scikit-learn's, its refit, the refit here
    assert stacked.best_score_ > -0.6


@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_shapes_of_e7b(trainings, dropout):
    """Units × rate × batch size × epochs, on folds of unequal size."""
    x, y = make_classification(500, 20, n_informative=10, n_classes=3, random_state=42)
    x, _, y, _ = train_test_split(x, y, test_size=0.2, random_state=42)
    x = StandardScaler().fit_transform(x)
    grid = {
        "units": [32],
        "learning_rate": [0.001, 0.01],
        "batch_size": [32, 64] if not dropout else [64],
        "epochs": [1, 3],
    }
    estimator = network(dropout=dropout)
    stacked, plain = assert_equals_sklearn(estimator, grid, x, y, cv=3, return_train_score=True)
    assert len(trainings) == len(plain.cv_results_["params"]) * 3 + 1 + 1
    assert (stacked.cv_results_["mean_fit_time"] > 0).all()


def test_optimizers_and_momentum_train_as_one(trainings):
    grid = [
        {"optimizer": ["sgd"], "momentum": [0.0, 0.9], "learning_rate": [0.05]},
        {"optimizer": ["adam"], "learning_rate": [0.01, 0.05]},
    ]
    assert_equals_sklearn(network(), grid, X, Y, cv=2, scoring="neg_log_loss", refit=False)
    assert len(trainings) == 4 * 2


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_snapshots_are_the_weights_of_shorter_runs(engine):
    def trained(epochs, **settings):
        runs = pd.DataFrame({"learning_rate": [0.05, 0.01], "seed": 1})
        return fit_runs(
            lambda: network().build_model(5, 3, 1), runs, X, Y, epochs=epochs, engine=engine,
            progress=False, **settings,
        )  # fmt: skip

    long = trained(3, snapshots=[1, 3])
    assert sorted(long.snapshots) == [1, 3]
    short = trained(1)
    for run in (0, 1):
        for kept, expected in (
            (long.weights_of(run, 1), short.weights_of(run)),
            (long.weights_of(run, 3), long.weights_of(run)),
        ):
            for weight, other in zip(kept, expected, strict=True):
                np.testing.assert_allclose(weight, other, rtol=1e-4, atol=1e-6)
    with pytest.raises(ValueError, match=r"snapshots holds \[0, 4\] and the runs train 3 epochs"):
        trained(3, snapshots=[0, 1, 4])


def test_several_scores_and_a_refit_by_name():
    settings = {"scoring": ["accuracy", "neg_log_loss"], "refit": "neg_log_loss", "cv": 2}
    stacked, plain = assert_equals_sklearn(network(), RATES, X, Y, **settings)
    assert stacked.best_score_ == pytest.approx(plain.best_score_, rel=1e-4)
    assert stacked.score(X, Y) == pytest.approx(plain.score(X, Y), rel=1e-4)


def test_refit_by_a_function_and_scoring_by_a_function():
    def first(results):
        return 0

    def share_of_class_0(estimator, x, y):
        assert set(estimator.history_) == {"accuracy", "loss"}
        return float(np.mean(estimator.predict_proba(x)[:, 0]))

    stacked = StackedGridSearchCV(network(), RATES, cv=2, refit=first, scoring=share_of_class_0)
    assert stacked.fit(X, Y).best_params_ == {"learning_rate": 0.001}


@pytest.mark.parametrize(
    "cv",
    [
        RepeatedStratifiedKFold(n_splits=2, n_repeats=2, random_state=0),
        [(np.arange(60), np.arange(60, 90)), (np.arange(20, 90), np.arange(20))],
        KFold(2),
        ShuffleSplit(2, random_state=0),
    ],
    ids=["repeated", "pairs of rows", "folds without a class", "shuffled"],
)
def test_any_splitter(cv):
    order = np.argsort(Y)  # so that a fold of KFold lacks a class
    assert_equals_sklearn(network(), RATES, X[order], Y[order], cv=cv, refit=False)


def test_groups():
    groups = np.arange(90) % 5
    assert_equals_sklearn(network(), RATES, X, Y, groups, cv=GroupKFold(2), refit=False)


def test_a_splitter_that_never_cuts_twice_alike(trainings):
    search = StackedGridSearchCV(network(), RATES, cv=ShuffleSplit(2), refit=False)
    search.fit(X, Y)
    assert not trainings


def test_preprocessing_in_the_grid(trainings):
    pipeline = Pipeline([("pca", PCA(random_state=0)), ("net", network())])
    grid = {"pca__n_components": [2, 4], "net__learning_rate": [0.05]}
    stacked, _ = assert_equals_sklearn(pipeline, grid, X, Y, cv=2)
    assert len(trainings) == 2 * 2 + 1 + 1
    assert stacked.best_estimator_.named_steps["net"].n_features_in_ in (2, 4)


def test_regressor_within_a_transformed_target():
    x, y = make_regression(80, 4, noise=1.0, random_state=0)
    inner = KerasMLPRegressor(units=8, optimizer="adam", epochs=3, random_state=0)
    estimator = TransformedTargetRegressor(inner, transformer=StandardScaler())
    grid = {"regressor__learning_rate": [0.001, 0.05]}
    plain = GridSearchCV(estimator, grid, cv=2).fit(x, y)
    stacked = StackedGridSearchCV(estimator, grid, cv=2).fit(x, y)
    assert_equal_tables(stacked.cv_results_, plain.cv_results_)
    np.testing.assert_allclose(stacked.predict(x), plain.predict(x), rtol=1e-4)


def test_randomized():
    space = {"learning_rate": loguniform(1e-3, 1e-1), "epochs": [1, 2]}
    settings = {"n_iter": 4, "cv": 2, "random_state": 3, "scoring": "neg_log_loss"}
    plain = RandomizedSearchCV(network(), space, refit=False, **settings).fit(X, Y)
    stacked = StackedRandomizedSearchCV(network(), space, **settings).fit(X, Y)
    assert_equal_tables(stacked.cv_results_, plain.cv_results_)
    assert stacked.best_params_ == plain.best_params_


def test_seeds_in_the_grid(trainings):
    grid = {"random_state": [0, 1, 2], "learning_rate": [0.05]}
    stacked, _ = assert_equals_sklearn(
        network(), grid, X, Y, cv=2, scoring="neg_log_loss", refit=False
    )
    assert len(set(stacked.cv_results_["mean_test_score"])) == 3
    assert len(trainings) == 3 * 2


def test_without_a_random_state_all_candidates_share_a_seed(trainings):
    seeds = set()

    def scoring(estimator, x, y):
        seeds.add(estimator.seed_)
        return estimator.score(x, y)

    grid = {"learning_rate": [0.05], "verbose": [0, 1]}
    search = StackedGridSearchCV(
        network(random_state=None), grid, cv=2, scoring=scoring, refit=False
    ).fit(X, Y)
    assert not trainings
    assert len(seeds) == 1
    scores = search.cv_results_["mean_test_score"]
    assert scores[0] == scores[1]


def test_nested_cross_validation_and_clone():
    search = StackedGridSearchCV(network(), RATES, cv=2)
    plain = GridSearchCV(network(), RATES, cv=2)
    assert clone(search).get_params()["param_grid"] == RATES
    assert (
        cross_val_score(clone(search), X, Y, cv=2).tolist()
        == cross_val_score(plain, X, Y, cv=2).tolist()
    )


def test_what_holds_no_network_is_said_once(capsys):
    grid = {"C": [0.1, 1.0]}
    plain = GridSearchCV(LogisticRegression(), grid, cv=2).fit(X, Y)
    stacked = StackedGridSearchCV(LogisticRegression(), grid, cv=2).fit(X, Y)
    assert_equal_tables(stacked.cv_results_, plain.cv_results_)
    said = capsys.readouterr().out
    assert said.count("one by one") == 1
    assert "LogisticRegression holds no KerasMLPClassifier" in said
    assert get_active_backend()[0].__class__.__name__ == "LokyBackend", "joblib is as it was"


class Wider(KerasMLPClassifier):
    def build_model(self, n_features, n_outputs, seed):
        return clone(self).set_params(units=16)._plain(n_features, n_outputs, seed)

    def _plain(self, *sizes):
        return super().build_model(*sizes)


def test_a_network_of_ones_own_is_fitted_one_by_one(capsys, trainings):
    estimator = Wider(**network().get_params())
    StackedGridSearchCV(estimator, RATES, cv=2, refit=False).fit(X, Y)
    assert len(trainings) == 4
    said = capsys.readouterr().out
    assert said.count("one by one") == 1
    assert "Wider has a build_model of its own" in said


def test_a_transformer_that_draws_anew_is_fitted_one_by_one(capsys, trainings):
    noise = np.random.default_rng(0)
    shake = FunctionTransformer(lambda x: x + noise.normal(size=x.shape))
    pipeline = Pipeline([("shake", shake), ("net", network(epochs=1))])
    grid = {"net__learning_rate": [0.05]}
    StackedGridSearchCV(pipeline, grid, cv=2, refit=False).fit(X, Y)
    assert len(trainings) == 2
    assert "Fitted 2 networks one by one: they met other data" in capsys.readouterr().out


def test_candidates_without_a_score_rank_last_and_are_said(capsys):
    grid = [{"optimizer": ["adam"], "momentum": [0.9]}, RATES]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        search = StackedGridSearchCV(network(), grid, cv=2).fit(X, Y)
    assert np.isnan(search.cv_results_["mean_test_score"]).tolist() == [True, False, False]
    assert search.best_index_ > 0
    said = capsys.readouterr().out
    assert "2 of 6 values of test_score are not finite" in said
    assert "'adam' takes none" in said


def test_diverged_regressors_get_no_score(capsys):
    x, y = make_regression(60, 4, random_state=0)
    estimator = KerasMLPRegressor(units=8, epochs=10, random_state=0)
    grid = {"learning_rate": [100.0, 1e-4]}
    search = StackedGridSearchCV(estimator, grid, cv=2).fit(x, y)
    assert search.best_params_ == {"learning_rate": 1e-4}
    assert "The network has diverged" in capsys.readouterr().out
    with pytest.raises(ValueError, match="all 1 values of mean_test_score are nan"):
        StackedGridSearchCV(estimator, {"learning_rate": [100.0]}, cv=2).fit(x, y)


def test_an_error_is_raised_where_asked_for():
    search = StackedGridSearchCV(network(), {"momentum": [0.9]}, cv=2, error_score="raise")
    with pytest.raises(ValueError, match="'adam' takes none"):
        search.fit(X, Y)


@pytest.mark.parametrize(
    ("grid", "cv", "message"),
    [
        ({"learning_rates": [0.1]}, 2, "did you mean 'learning_rate'"),
        ({}, 2, "param_grid is empty"),
        ([], 2, "param_grid is empty"),
        ({"learning_rate": []}, 2, "is empty; give at least one value"),
        ({"learning_rate": [0.1, 0.0]}, 2, "above 0"),
        ({"learning_rate": [-0.1]}, 2, "above 0"),
        ({"learning_rate": 0.1}, 2, "give a list of values"),
        (RATES, 40, "cv cuts 40 folds, but class"),
        (RATES, KFold(91), "n_splits=91"),
    ],
)
def test_bad_input_is_refused_before_any_training(grid, cv, message, monkeypatch):
    def refuse(*args):
        raise AssertionError("a network was trained")

    monkeypatch.setattr(KerasMLP, "train_alone", refuse)
    monkeypatch.setattr(FitCache, "train", refuse)
    with pytest.raises((TypeError, ValueError), match=message):
        StackedGridSearchCV(network(), grid, cv=cv).fit(X, Y)


@pytest.mark.parametrize(
    ("space", "message"),
    [
        ({}, "param_distributions is empty"),
        ({"learning_rat": loguniform(0.1, 1.0)}, "did you mean 'learning_rate'"),
        ({"learning_rate": [0.1, -1.0]}, "above 0"),
        (["learning_rate"], "param_distributions is .*; give a dict of lists or distributions"),
        (None, "param_distributions is None; give a dict of lists or distributions"),
    ],
)
def test_bad_distributions_are_refused(space, message):
    with pytest.raises((TypeError, ValueError), match=message):
        StackedRandomizedSearchCV(network(), space, cv=2).fit(X, Y)


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        ({"optimizer": ["sgd", "adma"]}, "optimizer is 'adma'"),
        ({"epochs": [2, 0]}, "epochs is 0"),
        ({"units": [(8,), 8.5]}, r"units is 8\.5"),
    ],
)
@pytest.mark.parametrize("inside", [False, True], ids=["alone", "in a pipeline"])
def test_a_candidate_that_cannot_be_trained_is_met_before_any_training(
    grid, message, inside, monkeypatch
):
    def refuse(*args):
        raise AssertionError("a network was trained")

    monkeypatch.setattr(KerasMLP, "train_alone", refuse)
    monkeypatch.setattr(FitCache, "train", refuse)
    model = network()
    if inside:
        model = Pipeline([("scale", StandardScaler()), ("net", model)])
        grid = {f"net__{name}": values for name, values in grid.items()}
    with pytest.raises((TypeError, ValueError), match=message):
        StackedGridSearchCV(model, grid, cv=2).fit(X, Y)
    with pytest.raises((TypeError, ValueError), match=message):
        StackedRandomizedSearchCV(model, grid, n_iter=2, cv=2, random_state=0).fit(X, Y)


def test_two_values_that_do_not_go_together_are_raised_before_any_training(monkeypatch):
    monkeypatch.setattr(FitCache, "train", None)
    grid = {"optimizer": ["sgd", "adam"], "momentum": [0.9]}
    search = StackedGridSearchCV(network(), grid, cv=2, error_score="raise")
    with pytest.raises(ValueError, match="'adam' takes none"):
        search.fit(X, Y)


def interrupt_training(monkeypatch, number):
    """Press the interrupt key in the n-th training of several networks as one."""
    calls = []

    def interrupted(*args, **settings):
        calls.append(0)
        if len(calls) == number:
            raise KeyboardInterrupt
        return fit_runs(*args, **settings)

    monkeypatch.setattr("course_utils.model_selection.fit_cache.fit_runs", interrupted)


@pytest.mark.parametrize("kind", ["grid", "randomized"])
def test_after_an_interrupt_the_finished_candidates_are_returned(kind, monkeypatch, capsys):
    grid = {"units": [4, 8, 16], "learning_rate": [0.001, 0.05]}
    whole = StackedGridSearchCV(network(), {**grid, "units": [4, 8]}, cv=2).fit(X, Y)
    interrupt_training(monkeypatch, 3)
    search = {
        "grid": StackedGridSearchCV(network(), grid, cv=2),
        "randomized": StackedRandomizedSearchCV(network(), grid, n_iter=6, cv=2, random_state=0),
    }[kind].fit(X, Y)
    assert "Interrupted: 4 of 6 candidates are finished and returned." in capsys.readouterr().out
    results = search.cv_results_
    assert len(results["params"]) == 4
    if kind == "grid":
        params = [
            [dict(sorted(p.items())) for p in r["params"]] for r in (results, whole.cv_results_)
        ]
        order = [params[1].index(one) for one in params[0]]
        np.testing.assert_allclose(
            results["mean_test_score"], whole.cv_results_["mean_test_score"][order], rtol=1e-5
        )
        assert search.best_params_ == whole.best_params_
    assert (results["mean_fit_time"] > 0).all()
    assert len(search.predict(X)) == len(X)


def test_an_interrupt_before_a_candidate_is_finished_is_an_interrupt(monkeypatch):
    interrupt_training(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        StackedGridSearchCV(network(), RATES, cv=2).fit(X, Y)


def interrupt_fit(monkeypatch, number):
    """Press the interrupt key in the n-th network that is fitted alone."""
    calls = []
    plain = KerasMLP.train_alone

    def interrupted(self, x, y):
        calls.append(0)
        if len(calls) == number:
            raise KeyboardInterrupt
        return plain(self, x, y)

    monkeypatch.setattr(KerasMLP, "train_alone", interrupted)


def of_ones_own():
    """Candidates that are stacked, between others that are fitted one by one."""
    wide = Wider(**network(epochs=1).get_params())
    kinds = [wide, network(epochs=1), clone(wide).set_params(learning_rate=0.05)]
    return Pipeline([("net", network())]), {"net": [*kinds, clone(wide)]}


def unseeded():
    """Candidates that are stacked, and meet other data than were recorded."""
    noise = np.random.default_rng(0)
    shake = FunctionTransformer(lambda x: x + noise.normal(size=x.shape))
    grid = {"net__learning_rate": [0.001, 0.01, 0.05, 0.1]}
    return Pipeline([("shake", shake), ("net", network(epochs=1))]), grid


@pytest.mark.parametrize("search", [of_ones_own, unseeded])
def test_after_an_interrupt_of_fits_one_by_one_too(search, monkeypatch, capsys):
    estimator, grid = search()
    (name, values), finished = next(iter(grid.items())), [0, 1]
    interrupt_fit(monkeypatch, 4)  # in the second fold of the third candidate, or the second
    if search is unseeded:
        finished = [0]
    found = StackedGridSearchCV(estimator, grid, cv=2).fit(X, Y)
    said = capsys.readouterr().out
    assert f"Interrupted: {len(finished)} of 4 candidates are finished and returned." in said
    assert "not finite" not in said
    assert [p[name] for p in found.cv_results_["params"]] == [values[i] for i in finished]
    assert np.isfinite(found.cv_results_["mean_test_score"]).all()
    assert len(found.predict(X)) == len(X)


@pytest.mark.parametrize("error_score", [np.nan, "raise"])
def test_an_interrupt_of_the_first_fit_is_an_interrupt(error_score, monkeypatch):
    estimator = Wider(**network().get_params())
    interrupt_fit(monkeypatch, 1)
    with pytest.raises(KeyboardInterrupt):
        StackedGridSearchCV(estimator, RATES, cv=2, error_score=error_score).fit(X, Y)
