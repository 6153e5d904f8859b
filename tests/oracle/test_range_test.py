"""The recorded losses against the same test written by hand, in Keras, scikit-learn and NumPy."""

import subprocess
import sys
from itertools import islice

import numpy as np
import pytest
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.metrics import log_loss

from course_utils.range_test import lr_range_test
from course_utils.training import batches
from course_utils.training.keras_setup import keras
from course_utils.training.program import Program

layers = keras.layers
RANDOM = np.random.default_rng(2)
X = RANDOM.normal(size=(70, 3)).astype(np.float32)
Y = (X @ [2.0, -1.0, 0.5] > 0).astype(np.float32)
STEPS, BATCH_SIZE = 40, 16
RATES = np.geomspace(1e-6, 10, STEPS)
SETTINGS = {"steps": STEPS, "batch_size": BATCH_SIZE, "progress": False}


@pytest.fixture(autouse=True)
def _without_xla(monkeypatch):
    monkeypatch.setattr(Program, "jit_compile", False)


def build_model(optimizer="sgd", *extra, loss="binary_crossentropy"):
    sigmoid = {"binary_crossentropy": "sigmoid"}.get(loss)
    hidden = [layers.Dense(4, activation="tanh", kernel_regularizer="l2"), *extra]
    model = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1, activation=sigmoid)])
    model.compile(optimizer=optimizer, loss=loss)
    return model


def full_batches(seed, n_samples, batch_size, steps):
    return list(islice(batches.full_batches(seed, n_samples, batch_size), steps))


def by_hand(model, seed, n_steps):
    """The losses of the batches before their steps, with test_on_batch where nothing is random."""
    losses = []
    for rate, rows in zip(RATES[:n_steps], full_batches(seed, 70, BATCH_SIZE, STEPS), strict=False):
        model.optimizer.learning_rate = rate
        model.reset_metrics()
        losses.append(model.train_on_batch(X[rows], Y[rows]))
    return np.array(losses)


OPTIMIZERS = {
    "sgd": lambda: keras.optimizers.SGD(),
    "nesterov": lambda: keras.optimizers.SGD(momentum=0.9, nesterov=True),
    "adam": lambda: keras.optimizers.Adam(),
    "nadam": lambda: keras.optimizers.Nadam(),
    "adamw": lambda: keras.optimizers.AdamW(weight_decay=0.1),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("engine", ["loop", "stacked"])
def test_each_repeat_is_plain_keras(name, engine):
    def build():
        return build_model(OPTIMIZERS[name]())

    test = lr_range_test(build, X, Y, seeds=[3, 4], engine=engine, **SETTINGS)
    for losses, seed in zip(test.losses, [3, 4], strict=True):
        keras.utils.set_random_seed(seed)
        n_steps = int(np.isfinite(losses).sum())
        expected = by_hand(build(), seed, n_steps)
        np.testing.assert_allclose(losses[:n_steps], expected, rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("layer", [layers.Dropout, layers.BatchNormalization])
def test_layers_with_a_state_are_plain_keras_too(layer):
    def build():
        return build_model("adam", layer(*([0.4] if layer is layers.Dropout else [])))

    both = [
        lr_range_test(build, X, Y, seeds=[3, 4], engine=engine, validation_data=(X, Y), **SETTINGS)
        for engine in ("loop", "stacked")
    ]
    for name in ("losses", "val_losses"):
        loop, stacked = (getattr(test, name) for test in both)
        np.testing.assert_allclose(stacked[:, :30], loop[:, :30], rtol=1e-3, atol=1e-5)


@pytest.mark.parametrize("engine", ["loop", "stacked"])
def test_a_trained_model_goes_on_from_where_it_is(engine):
    """Weights, slots and iteration are those it has; only the batches differ between repeats."""
    keras.utils.set_random_seed(0)
    model = build_model("adam")
    model.fit(X, Y, 16, 3, verbose=0)
    kept = model.get_weights(), [v.numpy() for v in model.optimizer.variables]
    test = lr_range_test(model, X, Y, seeds=[5, 6], engine=engine, **SETTINGS)
    for losses, seed in zip(test.losses, [5, 6], strict=True):
        model.set_weights(kept[0])
        for variable, value in zip(model.optimizer.variables, kept[1], strict=True):
            variable.assign(value)
        expected = by_hand(model, seed, 30)
        np.testing.assert_allclose(losses[:30], expected, rtol=2e-4, atol=1e-6)


def test_the_loss_is_that_of_the_batch_before_its_step():
    """On a linear model: squared error and gradient written out in NumPy."""

    def build():
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    test = lr_range_test(build, X, Y, seeds=[1], validation_data=(X, Y), **SETTINGS)
    keras.utils.set_random_seed(1)
    weights, bias = (np.float64(w) for w in build().get_weights())
    for step, rows in enumerate(full_batches(1, 70, BATCH_SIZE, STEPS)):
        if np.isnan(test.losses[0, step]):
            break
        if step % 5 == 0:
            whole = np.mean((X @ weights + bias - Y[:, None]) ** 2)
            assert test.val_losses[0, step] == pytest.approx(whole, rel=1e-3)
        errors = X[rows] @ weights + bias - Y[rows, None]
        assert test.losses[0, step] == pytest.approx(np.mean(errors**2), rel=1e-3)
        weights -= RATES[step] * 2 * X[rows].T @ errors / BATCH_SIZE
        bias -= RATES[step] * 2 * errors.mean(axis=0)
    assert step > 25
    assert np.isnan(test.val_losses[0][np.arange(STEPS) % 5 > 0]).all()


@pytest.mark.parametrize("kind", [SGDRegressor, SGDClassifier])
def test_scikit_learn_by_hand(kind):
    settings = {"loss": "log_loss"} if kind is SGDClassifier else {}
    x = X.astype(float)
    test = lr_range_test(
        kind(learning_rate="constant", eta0=1.0, **settings), x, Y, seeds=[9], **SETTINGS
    )
    model = kind(
        learning_rate="constant", eta0=1.0, random_state=np.random.RandomState(9), **settings
    )
    all_batches = full_batches(9, 70, BATCH_SIZE, STEPS)
    classes = {"classes": [0, 1]} if settings else {}
    for step, rows in enumerate(all_batches):
        if step and settings:
            expected = log_loss(Y[rows], model.predict_proba(x[rows]), labels=[0, 1])
        elif step:
            expected = np.mean((model.predict(x[rows]) - Y[rows]) ** 2)
        else:
            expected = np.log(2) if settings else np.mean(Y[rows] ** 2)
        if not np.isfinite(test.losses[0, step]):
            break
        assert test.losses[0, step] == pytest.approx(expected)
        model.set_params(eta0=RATES[step]).partial_fit(x[rows], Y[rows], **classes)
    assert step > 25


def test_a_regressor_that_overflows_ends_in_inf():
    x = 1e3 * X
    test = lr_range_test(SGDRegressor(learning_rate="constant"), x, x @ [1, 2, 3], seeds=[0])
    assert test.stop_reasons[0] in ("not finite", "diverged")
    assert np.isnan(test.losses[0, -1])


def test_scikit_learn_needs_no_tensorflow():
    code = (
        "import sys, numpy as np\n"
        "from sklearn.linear_model import SGDRegressor\n"
        "from course_utils import confirm, final, lr_range_test\n"
        "x = np.random.RandomState(0).normal(size=(200, 2))\n"
        "model = SGDRegressor(learning_rate='constant')\n"
        "test = lr_range_test(model, x, x[:, 0], batch_size=8, seeds=[0])\n"
        "final(confirm(test, model, x, x[:, 0], epochs=2, seeds=[0]))\n"
        "test.plot()\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=120)
