"""A range test leaves no trace: training afterwards goes as if it had never been."""

import random
from functools import cache

import numpy as np
import pytest

from course_utils.range_test import lr_range_test
from course_utils.training import library_hooks, loop
from course_utils.training.keras_setup import keras, tf
from course_utils.training.program import Program
from course_utils.training.trainer import Shard

layers = keras.layers
RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(64, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(np.float32)
OPTIMIZERS = {
    "momentum": lambda: keras.optimizers.SGD(0.05, momentum=0.9),
    "adam": lambda: keras.optimizers.Adam(0.01),
    "schedule": lambda: keras.optimizers.Adam(
        keras.optimizers.schedules.ExponentialDecay(0.05, 4, 0.9)
    ),
}
LAYERS = {
    "plain": [],
    "dropout": [lambda: layers.Dropout(0.5)],
    "batch normalization": [lambda: layers.BatchNormalization()],
}
SETTINGS = {"steps": 20, "batch_size": 16, "progress": False}


@pytest.fixture(autouse=True)
def _without_xla(monkeypatch):
    monkeypatch.setattr(Program, "jit_compile", False)


def build_model(optimizer="momentum", extra="plain"):
    hidden = [layers.Dense(4, activation="relu"), *(make() for make in LAYERS[extra])]
    model = keras.Sequential([keras.Input((3,)), *hidden, layers.Dense(1, activation="sigmoid")])
    model.compile(OPTIMIZERS[optimizer](), "binary_crossentropy", metrics=["accuracy"])
    return model


def stop_half_way(error):
    """Return a stand-in that trains 12 batches and then raises."""
    whole, calls = loop.train_on_batch, []

    def train_on_batch(*batch):
        calls.append(0)
        if len(calls) > 12:
            raise error
        return whole(*batch)

    return train_on_batch


def draws():
    return [
        random.random(),
        np.random.rand(),  # noqa: NPY002
        float(tf.random.uniform(())),
        float(keras.random.uniform(())),
        keras.layers.Dropout(0.5).seed_generator.state.numpy().tolist(),
    ]


def train(between, **settings):
    """Train, do something, train on; return everything that can tell one run from another."""
    keras.utils.set_random_seed(1)
    keras.random.uniform(())
    tf.random.uniform(())
    model = build_model(**settings)
    first = model.fit(X, Y, 16, 2, verbose=0).history
    between(model)
    drawn = draws()
    second = model.fit(X, Y, 16, 2, verbose=0, validation_data=(X, Y)).history
    variables = [v.numpy() for v in (*model.variables, *model.optimizer.variables)]
    return first, second, drawn, variables


@cache
def untouched(**settings):
    return train(lambda model: None, **settings)


def assert_no_trace(between, **settings):
    expected, got = untouched(**settings), train(between, **settings)
    assert got[:3] == expected[:3]
    assert len(got[3]) == len(expected[3])
    for after, without in zip(got[3], expected[3], strict=True):
        np.testing.assert_array_equal(after, without)


@pytest.mark.parametrize(
    ("optimizer", "extra"),
    [("momentum", "batch normalization"), ("adam", "dropout"), ("schedule", "dropout")],
)
@pytest.mark.parametrize("error", [None, ValueError("half-way"), KeyboardInterrupt()])
def test_training_goes_on_as_without_a_test(optimizer, extra, error, monkeypatch):
    def between(model):
        if error is None:
            test = lr_range_test(model, X, Y, seeds=[5], validation_data=(X, Y), **SETTINGS)
            assert np.isfinite(test.losses[0, :10]).all()
            return
        with monkeypatch.context() as patch:
            patch.setattr(loop, "train_on_batch", stop_half_way(error))
            with pytest.raises(type(error)):
                lr_range_test(model, X, Y, seeds=[5], **SETTINGS)

    assert_no_trace(between, optimizer=optimizer, extra=extra)


@pytest.mark.parametrize("error", [None, KeyboardInterrupt()])
def test_the_stacked_test_leaves_no_trace(error, monkeypatch):
    def between(model):
        with monkeypatch.context() as patch:
            if error is None:
                lr_range_test(model, X, Y, seeds=[5, 6], engine="stacked", **SETTINGS)
                return
            whole = Shard.train

            def train(self, n_visits):
                if self._done:
                    raise error
                return whole(self, n_visits)

            patch.setattr(Shard, "train", train)
            with pytest.raises(type(error)):
                lr_range_test(model, X, Y, seeds=[5, 6], engine="stacked", **SETTINGS)

    assert_no_trace(between, optimizer="adam", extra="dropout")


def test_a_test_before_the_first_fit_leaves_no_trace():
    """The optimizer has no slots yet, and the metrics no variables."""

    def history(test_first):
        keras.utils.set_random_seed(2)
        model = build_model("adam", "dropout")
        if test_first:
            lr_range_test(model, X, Y, seeds=[0], **SETTINGS)
        return model.fit(X, Y, 16, 2, verbose=0).history

    assert history(True) == history(False)


def test_a_builder_leaves_no_trace():
    def between(model):
        lr_range_test(build_model, X, Y, seeds=[0, 1], engine="loop", **SETTINGS)

    assert_no_trace(between, optimizer="adam", extra="dropout")


def test_a_builder_that_raises_leaves_no_trace():
    def build():
        keras.random.uniform(())
        raise RuntimeError("in the builder")

    def between(model):
        with pytest.raises(RuntimeError, match="in the builder"):
            lr_range_test(build, X, Y, seeds=[0], **SETTINGS)

    assert_no_trace(between, optimizer="adam", extra="dropout")


def test_unset_seeds_stay_unset():
    context = library_hooks._tensorflow_context()
    kept = context._seed
    try:
        context._seed = None
        with library_hooks.everything_restored():
            keras.utils.set_random_seed(3)
        assert context._seed is None
    finally:
        context._seed = kept
