"""Convolution, pooling and embedding, stacked: each run equals plain Keras."""

import numpy as np
import pytest

from course_utils import compare_optimizers, sweep
from course_utils.training.convolution import as_products
from course_utils.training.keras_setup import keras

L = keras.layers
EPOCHS, BATCH_SIZE = 3, 8
RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.normal(size=(22, 8, 7, 2)).astype(np.float32)  # the last batch is short
SERIES = RANDOM.normal(size=(22, 9, 2)).astype(np.float32)
WORDS = RANDOM.integers(0, 7, size=(22, 5))
LABELS = RANDOM.integers(0, 3, size=22)

pytestmark = pytest.mark.usefixtures("without_xla")


def builder(x, layers, optimizer="Adam", **settings):
    """Return a build_model: the layers, then a softmax."""

    def build_model():
        made = [make() for make in layers]
        model = keras.Sequential(
            [keras.Input(x.shape[1:]), *made, L.Flatten(), L.Dense(3, activation="softmax")]
        )
        model.compile(
            optimizer=getattr(keras.optimizers, optimizer)(**settings),
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
        )
        return model

    return build_model


def run(build_model, x, engine="stacked"):
    validation = (x[:9], LABELS[:9])
    return sweep(
        build_model, [0.03, 0.01], x, LABELS, validation_data=validation, epochs=EPOCHS,
        batch_size=BATCH_SIZE, seeds=[3, 4], shuffle=False, engine=engine, progress=False,
    )  # fmt: skip


def assert_equals_keras(build_model, x):
    """Compare the last of the runs, so that a neighbour's numbers would show."""
    runs = run(build_model, x)
    last = runs[(runs["learning_rate"] == 0.01) & (runs["seed"] == 4)]
    keras.utils.set_random_seed(4)
    model = build_model()
    model.optimizer.learning_rate = 0.01
    history = model.fit(
        x, LABELS, BATCH_SIZE, EPOCHS, shuffle=False, verbose=0,
        validation_data=(x[:9], LABELS[:9]),
    ).history  # fmt: skip
    for name, curve in history.items():
        np.testing.assert_allclose(last[name], curve, rtol=1e-4, atol=1e-5, err_msg=name)


def conv2d(**settings):
    return lambda: L.Conv2D(3, 3, **settings)


def conv1d(**settings):
    return lambda: L.Conv1D(3, 3, **settings)


# Several layers a model, for most of the time goes into making the model's function.
MODELS = {
    "plain, max": (IMAGES, [conv2d(activation="relu"), L.MaxPooling2D, conv2d(padding="same")]),
    "strides": (
        IMAGES,
        [
            conv2d(strides=(2, 1), kernel_regularizer="l2", padding="same", use_bias=False),
            conv2d(strides=2, activation="tanh"),
        ],
    ),
    "dilation, even kernel": (
        IMAGES,
        [conv2d(dilation_rate=(2, 1), padding="same"), lambda: L.Conv2D(3, (2, 4), padding="same")],
    ),
    "depthwise, global max": (
        IMAGES,
        [lambda: L.DepthwiseConv2D(3, depth_multiplier=2, padding="same"), L.GlobalMaxPooling2D],
    ),
    "separable, average": (
        IMAGES,
        [
            lambda: L.SeparableConv2D(4, 3, activation="relu"),
            lambda: L.AveragePooling2D(3, strides=2, padding="same"),
            lambda: L.SeparableConv2D(4, 3, strides=2, padding="same"),
        ],
    ),
    "batch norm, overlapping max": (
        IMAGES,
        [
            conv2d(use_bias=False),
            L.BatchNormalization,
            L.ReLU,
            lambda: L.MaxPooling2D(3, strides=2, padding="same"),
        ],
    ),
    "sizes, group norm, global average": (
        IMAGES,
        [
            lambda: L.ZeroPadding2D((1, 2)),
            lambda: L.Conv2D(4, 3),
            lambda: L.GroupNormalization(2),
            lambda: L.Cropping2D(1),
            L.UpSampling2D,
            L.GlobalAveragePooling2D,
        ],
    ),
    "series, causal, max": (
        SERIES,
        [
            conv1d(padding="causal", dilation_rate=2, activation="relu"),
            lambda: L.SeparableConv1D(4, 3, padding="same"),
            L.MaxPooling1D,
        ],
    ),
    "series, strides, average": (
        SERIES,
        [conv1d(strides=2, padding="same"), lambda: L.AveragePooling1D(2), L.GlobalMaxPooling1D],
    ),
    "series, depthwise, sizes": (
        SERIES,
        [
            lambda: L.ZeroPadding1D(1),
            lambda: L.DepthwiseConv1D(3, strides=2),
            L.UpSampling1D,
            lambda: L.Cropping1D(1),
            L.GlobalAveragePooling1D,
        ],
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_layers(name):
    x, layers = MODELS[name]
    assert_equals_keras(builder(x, layers), x)


@pytest.mark.parametrize("settings", [{}, {"momentum": 0.9, "nesterov": True}])
def test_embedding(settings):
    layers = [lambda: L.Embedding(7, 4), L.GlobalAveragePooling1D]
    assert_equals_keras(builder(WORDS, layers, "SGD", **settings), WORDS)


def test_merges():
    def branches():
        inputs = keras.Input(IMAGES.shape[1:])
        one, other = (L.Conv2D(3, 3, padding="same")(inputs) for _ in range(2))
        return keras.Model(inputs, L.Concatenate()([L.Add()([one, other]), inputs]))

    assert_equals_keras(builder(IMAGES, [branches]), IMAGES)


@pytest.mark.compiled
def test_compiled():
    layers = [conv2d(activation="relu"), L.MaxPooling2D, lambda: L.SeparableConv2D(4, 2)]
    assert_equals_keras(builder(IMAGES, layers), IMAGES)


def test_the_model_computes_as_before_afterwards():
    """Layers multiply matrices only while a program is traced."""
    model = builder(IMAGES, [conv2d()])()
    before = model(IMAGES).numpy()
    with as_products(model.layers):
        np.testing.assert_allclose(model(IMAGES).numpy(), before, rtol=1e-4, atol=1e-5)
        assert "call" in vars(model.layers[0])
    assert "call" not in vars(model.layers[0])
    np.testing.assert_array_equal(model(IMAGES).numpy(), before)


REFUSED = {
    "groups": (IMAGES, [lambda: L.Conv2D(4, 3, groups=2)], "Adam", "groups"),
    "transposed": (IMAGES, [lambda: L.Conv2DTranspose(3, 3)], "Adam", "Conv2DTranspose"),
    "mask": (
        WORDS,
        [lambda: L.Embedding(7, 4, mask_zero=True), L.GlobalAveragePooling1D],
        "SGD",
        "mask",
    ),
    "sparse gradient": (WORDS, [lambda: L.Embedding(7, 4)], "Adam", "Embedding"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_stacked_says_why(name):
    x, layers, optimizer, word = REFUSED[name]
    with pytest.raises(ValueError, match=word):
        run(builder(x, layers, optimizer), x)


def test_an_embedding_is_not_stacked_with_optimizers_that_are_compared(capsys):
    build_model = builder(WORDS, [lambda: L.Embedding(7, 4)], "SGD")
    compare_optimizers(
        build_model, ["SGD", "Adam"], WORDS, LABELS, epochs=1, seeds=[3], progress=False
    )
    assert "an Embedding, whose gradient Keras hands to Adam" in capsys.readouterr().out


def test_channels_first_is_not_stacked():
    x = np.moveaxis(IMAGES, -1, 1)
    layers = [lambda: L.ZeroPadding2D(1, data_format="channels_first")]
    with pytest.raises(ValueError, match="channels_first"):
        run(builder(x, layers), x)
