"""What the libraries do, against what one would expect: the lessons and the engine count on it."""

import importlib
import subprocess
import sys

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.linear_model import SGDClassifier, SGDRegressor

from course_utils.training.keras_setup import keras

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(64, 2)).astype("float32")
Y = (X @ [2.0, -1.0]).astype("float32")


def network(optimizer=None):
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile(optimizer or keras.optimizers.SGD(0.01), "mse")
    return model


# The names of the learning rate in Keras.


def test_a_whole_number_is_no_learning_rate():
    with pytest.raises(ValueError, match="should be float"):
        keras.optimizers.SGD(learning_rate=1)


def test_lr_is_gone_as_an_argument_and_as_an_attribute():
    with pytest.raises(ValueError, match="lr"):
        keras.optimizers.SGD(lr=0.1)
    assert not hasattr(keras.optimizers.SGD(0.1), "lr")


@pytest.mark.filterwarnings("ignore:__array__:DeprecationWarning")  # of Keras's own callback
def test_callbacks_log_the_rate_as_learning_rate():
    callback = keras.callbacks.LearningRateScheduler(lambda epoch, rate: rate)
    history = network().fit(X, Y, epochs=1, verbose=0, callbacks=[callback]).history
    assert "learning_rate" in history
    assert "lr" not in history


def test_the_scikit_learn_wrappers_of_tensorflow_are_gone():
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("tensorflow.keras.wrappers.scikit_learn")
    assert not hasattr(keras.wrappers, "KerasClassifier")


def test_input_shape_of_a_layer_warns():
    with pytest.warns(UserWarning, match="Input"):
        keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])


# What changes nothing, or may not be set.


def test_an_optimizer_with_a_schedule_refuses_a_rate():
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9)
    optimizer = keras.optimizers.SGD(schedule)
    with pytest.raises(TypeError, match="not settable"):
        optimizer.learning_rate = 0.1


def test_momentum_set_after_the_first_fit_changes_nothing():
    def weights(later):
        model = network(keras.optimizers.SGD(0.01, momentum=0.9))
        model.fit(X, Y, epochs=1, verbose=0, shuffle=False)
        model.optimizer.momentum = later
        model.fit(X, Y, epochs=2, verbose=0, shuffle=False)
        return model.get_weights()[0]

    np.testing.assert_array_equal(weights(0.9), weights(0.0))


def test_the_wrapper_of_keras_loses_fit_kwargs_when_cloned():
    wrapper = keras.wrappers.SKLearnClassifier(network, fit_kwargs={"epochs": 3})
    assert wrapper.get_params()["fit_kwargs"] == {"epochs": 3}
    assert not clone(wrapper).get_params()["fit_kwargs"]


# What Keras does in an epoch.


def test_the_loss_in_a_callback_is_the_mean_since_the_epoch_began():
    logged = []

    class Log(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            logged.append(logs["loss"])

    network().fit(X, Y, batch_size=16, verbose=0, shuffle=False, callbacks=[Log()])
    model, losses = network(), []
    for start in range(0, 64, 16):
        batch = slice(start, start + 16)
        losses.append(float(np.mean((model(X[batch]).numpy()[:, 0] - Y[batch]) ** 2)))
        model.train_on_batch(X[batch], Y[batch])
    means = np.cumsum(losses) / [1, 2, 3, 4]
    np.testing.assert_allclose(logged, means, rtol=1e-4)
    assert np.abs(means - losses).max() > 0.01 * max(losses)


def test_a_seeded_fit_visits_the_samples_in_one_order_in_every_epoch():
    seen = []

    class Seen(keras.layers.Layer):
        def call(self, inputs):
            if hasattr(inputs, "numpy"):  # not while the model is built
                seen.append(inputs.numpy().ravel().tolist())
            return inputs

    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((1,)), Seen(), keras.layers.Dense(1)])
    model.compile("sgd", "mse", run_eagerly=True)
    samples = np.arange(32, dtype="float32")[:, None]
    model.fit(samples, 0 * samples, batch_size=32, epochs=3, verbose=0)
    assert len(seen) == 3
    assert seen[0] == seen[1] == seen[2]
    assert seen[0] != sorted(seen[0])


# scikit-learn.


def test_the_default_schedules_of_the_two_sgd_models_differ():
    assert SGDRegressor().learning_rate == "invscaling"
    assert SGDClassifier().learning_rate == "optimal"


def test_optimal_does_not_read_eta0():
    def coefficients(eta0):
        model = SGDClassifier(eta0=eta0, random_state=0, max_iter=5, tol=None)
        return model.fit(X, Y > 0).coef_

    np.testing.assert_array_equal(coefficients(1e-3), coefficients(1e3))


def test_partial_fit_is_one_pass_and_counts_samples():
    model = SGDRegressor(max_iter=50).partial_fit(X, Y)
    assert model.t_ == len(X) + 1
    assert model.partial_fit(X, Y).t_ == 2 * len(X) + 1


def test_invscaling_divides_by_the_fourth_root_of_the_samples_seen():
    one, two = np.ones((1, 1)), np.ones(1)
    settings = {"penalty": None, "fit_intercept": False, "shuffle": False}
    model = SGDRegressor(eta0=0.1, learning_rate="invscaling", power_t=0.25, **settings)
    weight = 0.0
    for t in range(1, 6):
        weight += 0.1 / t**0.25 * (1 - weight)
        assert model.partial_fit(one, two).coef_[0] == pytest.approx(weight)


@pytest.mark.parametrize("wrong", [{"tol": -np.inf}, {"eta0": -0.1}])
def test_settings_that_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        SGDRegressor(learning_rate="constant", **wrong).fit(X, Y)


def test_eta0_of_zero_is_refused():
    with pytest.raises(ValueError, match="eta0"):
        SGDRegressor(learning_rate="constant", eta0=0).fit(X, Y)


def test_with_the_default_tol_small_rates_run_longer():
    def epochs(eta0):
        model = SGDRegressor(learning_rate="constant", eta0=eta0, random_state=0)
        return model.fit(X, Y).n_iter_

    assert epochs(1e-3) > 2 * epochs(1e-2)


def test_halving_is_behind_its_switch():
    code = "from sklearn.model_selection import HalvingGridSearchCV"
    switch = "from sklearn.experimental import enable_halving_search_cv\n"
    without = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "experimental" in without.stderr
    assert subprocess.run([sys.executable, "-c", switch + code]).returncode == 0
