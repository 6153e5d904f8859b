"""The Keras estimators, as scikit-learn and a reader of lesson 10 use them."""

import contextlib
import gc
import io
import pickle
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.utils.estimator_checks import parametrize_with_checks

from course_utils import KerasMLPClassifier, KerasMLPRegressor
from course_utils.training import batch_order, fit_runs
from course_utils.training.keras_setup import keras

X, Y = make_classification(60, 4, n_informative=3, n_redundant=0, n_classes=3, random_state=0)
NAMES = np.array(["calm", "slow", "wild"])[Y]
FAST = {"units": (8,), "optimizer": "adam", "learning_rate": 0.02, "epochs": 3}
FuncGraph = import_module("tensorflow.python.framework.func_graph").FuncGraph


def network(**settings):
    return KerasMLPClassifier(**{**FAST, "random_state": 1, **settings})


# Enough epochs for the accuracy that the checks ask for.
CHECKED = {"optimizer": "adam", "learning_rate": 0.03, "batch_size": 32, "epochs": 15}


# These two ask for equality to 1e-7, which is half a unit in the last place of a float32.
ROUNDING = "where a row lies in memory decides the order in which its products are summed"
MAY_FAIL = {
    "check_methods_sample_order_invariance": ROUNDING,
    "check_methods_subset_invariance": ROUNDING,
}


@pytest.mark.filterwarnings("ignore")  # the checks warn of what they try
@parametrize_with_checks(
    [KerasMLPClassifier(**CHECKED), KerasMLPRegressor(**CHECKED)],
    expected_failed_checks=lambda estimator: MAY_FAIL,
)
def test_estimator_contract(estimator, check):
    check(estimator)


def test_outputs_do_not_depend_on_the_order_of_the_rows():
    X = np.random.default_rng(0).normal(size=(40, 3))
    model = KerasMLPClassifier(**CHECKED, random_state=0).fit(X, (X[:, 0] > 0).astype(int))
    backwards = model.predict_proba(X[::-1])[::-1]
    np.testing.assert_allclose(model.predict_proba(X), backwards, rtol=1e-5)
    np.testing.assert_allclose(model.predict_proba(X[:7]), backwards[:7], rtol=1e-5)


def test_the_network_is_what_the_parameters_say():
    model = KerasMLPClassifier(units=(16, 8), dropout=0.25, learning_rate=0.5, momentum=0.9)
    model = model.build_model(n_features=4, n_outputs=3, seed=5)
    kinds = [type(layer).__name__ for layer in model.layers]
    assert kinds == ["Dense", "Dropout", "Dense", "Dropout", "Dense"]
    assert [layer.units for layer in model.layers[::2]] == [16, 8, 3]
    assert model.layers[1].rate == 0.25
    assert type(model.optimizer) is keras.optimizers.SGD
    assert float(model.optimizer.learning_rate) == 0.5
    assert model.optimizer.momentum == 0.9


def test_units_as_one_number():
    one, several = (network(units=units).fit(X, Y).predict_proba(X) for units in (8, (8,)))
    np.testing.assert_array_equal(one, several)


def test_every_layer_draws_its_own_weights():
    model = network(units=(4, 4, 4)).build_model(4, 4, seed=0)
    kernels = [layer.kernel.numpy() for layer in model.layers]
    for number, kernel in enumerate(kernels):
        assert not any(np.array_equal(kernel, other) for other in kernels[:number])


def test_random_state_alone_decides():
    first = network(dropout=0.3).fit(X, Y).predict_proba(X)
    keras.utils.set_random_seed(99)
    np.testing.assert_array_equal(network(dropout=0.3).fit(X, Y).predict_proba(X), first)
    other = network(dropout=0.3, random_state=2).fit(X, Y).predict_proba(X)
    assert not np.allclose(other, first)


def test_dropout_counts():
    assert not np.allclose(
        network(dropout=0.5).fit(X, Y).predict_proba(X), network().fit(X, Y).predict_proba(X)
    )


def test_batches_come_in_the_order_of_the_course():
    """One epoch by hand: the seed's weights, and one Keras step per slice of `batch_order`."""
    fitted = network(epochs=1, batch_size=16, random_state=3).fit(X, Y)
    model = network(epochs=1).build_model(4, 3, seed=3)
    order = next(batch_order(3, len(X)))
    for start in range(0, len(X), 16):
        rows = order[start : start + 16]
        model.train_on_batch(X[rows].astype(np.float32), Y[rows])
    expected = keras.ops.convert_to_numpy(model(X.astype(np.float32)))
    np.testing.assert_allclose(fitted.predict_proba(X), expected, rtol=1e-4, atol=1e-6)


def test_equals_a_stacked_run():
    fitted = network(dropout=0.2).fit(X, Y)

    def build_model():
        return network(dropout=0.2).build_model(4, 3, 1)

    runs = pd.DataFrame({"learning_rate": [0.02], "seed": 1})
    trained = fit_runs(  # by XLA other units drop
        build_model, runs, X, Y, epochs=3, engine="stacked", xla=False, snapshots=[3]
    )
    for weight, stacked in zip(fitted.model_.get_weights(), trained.weights_of(0, 3), strict=True):
        np.testing.assert_allclose(weight, stacked, rtol=1e-4, atol=1e-6)


def test_string_labels_and_column_names():
    table = pd.DataFrame(X, columns=list("abcd"))
    fitted = network(epochs=20).fit(table, NAMES)
    assert fitted.classes_.tolist() == ["calm", "slow", "wild"]
    assert fitted.feature_names_in_.tolist() == list("abcd")
    assert fitted.n_features_in_ == 4
    assert set(fitted.predict(table)) <= set(NAMES)
    assert fitted.score(table, NAMES) == np.mean(fitted.predict(table) == NAMES)
    assert fitted.score(table, NAMES) > 0.5
    np.testing.assert_allclose(fitted.predict_proba(table).sum(axis=1), 1, rtol=1e-5)


def test_history_has_an_entry_per_epoch():
    fitted = network(epochs=4).fit(X, Y)
    assert {name: len(curve) for name, curve in fitted.history_.items()} == {
        "loss": 4,
        "accuracy": 4,
    }
    assert fitted.history_["loss"][-1] < fitted.history_["loss"][0]


def test_clone_is_unfitted_and_trains_alike():
    fitted = network().fit(X, Y)
    again = clone(fitted)
    assert not hasattr(again, "model_")
    np.testing.assert_array_equal(again.fit(X, Y).predict_proba(X), fitted.predict_proba(X))


@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")  # Keras's own
def test_pickle():
    fitted = network().fit(X, NAMES)
    again = pickle.loads(pickle.dumps(fitted))
    np.testing.assert_array_equal(again.predict_proba(X), fitted.predict_proba(X))
    assert again.predict(X).tolist() == fitted.predict(X).tolist()
    assert again.history_ == fitted.history_


def test_quiet(capfd):
    network().fit(X, Y).score(X, Y)
    assert tuple(capfd.readouterr()) == ("", "")


def test_processes_give_the_scores_of_one():
    serial = cross_val_score(network(dropout=0.2), X, Y, cv=2)
    assert cross_val_score(network(dropout=0.2), X, Y, cv=2, n_jobs=2).tolist() == serial.tolist()


def test_threads_give_the_same_network():
    def probabilities(seed):
        return network(dropout=0.2, random_state=seed, epochs=2).fit(X, Y).predict_proba(X)

    alone = [probabilities(seed) for seed in (1, 2)]
    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(probabilities, (1, 2)))
    np.testing.assert_array_equal(together, alone)


def test_fits_leave_nothing_in_memory():
    """What Keras's own fit leaves is some twenty traced graphs, which are several megabytes."""

    def graphs():
        gc.collect()
        return sum(isinstance(thing, FuncGraph) for thing in gc.get_objects())

    network(epochs=1).fit(X, Y)
    before = graphs()
    for _ in range(5):
        network(epochs=1, dropout=0.1).fit(X, Y)
    assert graphs() == before


def test_regressor_learns():
    y = 3 * X[:, 0] - X[:, 1]
    fitted = KerasMLPRegressor(**{**FAST, "epochs": 60}, random_state=0).fit(X, y)
    assert fitted.predict(X).shape == (60,)
    assert fitted.score(X, y) > 0.8
    assert list(fitted.history_) == ["loss"]


def test_a_diverged_network_has_no_prediction():
    """So that it gets no score: the largest of several nan would always be the first class."""
    diverged = KerasMLPRegressor(learning_rate=50.0, epochs=5, random_state=0)
    diverged.fit(X, 10 * X[:, 0])
    with pytest.raises(ValueError, match=r"diverged.*learning_rate below 50\.0"):
        diverged.predict(X)


def test_verbose_prints():
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        network(verbose=2, epochs=1).fit(X, Y)
    assert "loss" in out.getvalue()


def test_grid_search_of_scikit_learn():
    search = GridSearchCV(network(), {"learning_rate": [1e-4, 0.05], "epochs": [1, 8]}, cv=2)
    assert search.fit(X, NAMES).best_params_ == {"learning_rate": 0.05, "epochs": 8}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"units": 0}, "number in units is 0"),
        ({"units": (8, 2.5)}, r"number in units is 2\.5"),
        ({"learning_rate": 0}, "above 0"),
        ({"learning_rate": -0.1}, "above 0"),
        ({"learning_rate": np.nan}, "above 0"),
        ({"learning_rate": "0.1"}, "learning_rate is '0.1'; give a number"),
        ({"learning_rate": [0.1]}, r"learning_rate is \[0.1\]; give a number"),
        ({"learning_rate": True}, "learning_rate is True"),
        ({"units": 64.0}, r"units is 64\.0; give a whole number"),
        ({"units": "64"}, "units is '64'; give a whole number"),
        ({"units": None}, "units is None; give a whole number"),
        ({"random_state": -1}, "random_state is -1"),
        ({"random_state": 2**32}, "random_state is 4294967296; .* below"),
        ({"random_state": 0.5}, r"random_state is 0\.5; give a whole number"),
        ({"random_state": "0"}, "random_state is '0'; give a whole number"),
        ({"optimizer": "adma"}, "'adma'; choose one of 'adadelta'"),
        ({"momentum": 0.9}, "'adam' takes none; give it to one of 'rmsprop', 'sgd'"),
        ({"optimizer": "sgd", "momentum": 1.0}, "momentum is 1"),
        ({"dropout": 1}, "dropout is 1"),
        ({"dropout": "0.1"}, "dropout is '0.1'"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"epochs": 1.5}, r"epochs is 1\.5"),
    ],
)
def test_bad_parameters(settings, message, monkeypatch):
    monkeypatch.setattr(KerasMLPClassifier, "train_alone", None)
    with pytest.raises((TypeError, ValueError), match=message):
        network(**settings).fit(X, Y)


def test_data_that_cannot_be_trained_on(monkeypatch):
    monkeypatch.setattr(KerasMLPClassifier, "train_alone", None)
    with pytest.raises(ValueError, match="y holds one class only"):
        network().fit(X, np.zeros(len(X), int))
    with pytest.raises(TypeError, match=r"toarray\(\)"):
        network().fit(csr_array(X), Y)
    with pytest.raises(ValueError, match="X is a masked array"):
        network().fit(np.ma.masked_greater(X, 0.5), Y)
    with pytest.raises(ValueError, match="y is a masked array"):
        network().fit(X, np.ma.masked_equal(Y, 1))
    with pytest.raises(ValueError, match="X holds dates"):
        network().fit(np.full(X.shape, np.datetime64("2026-01-01")), Y)


def test_whole_number_as_rate():
    assert network(learning_rate=1, epochs=1).fit(X, Y).model_.optimizer.learning_rate == 1.0
