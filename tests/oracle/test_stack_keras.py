"""Run k of a stack equals plain Keras: same weights, same batches, same history."""

import numpy as np
import pytest
from fitting import train

from course_utils.training.keras_setup import keras, tf

layers, optimizers = keras.layers, keras.optimizers
EPOCHS = 10
IN_ORDER = {"epochs": EPOCHS, "batch_size": 8, "shuffle": False}
RANDOM = np.random.default_rng(7)
X = RANDOM.normal(size=(22, 3)).astype(np.float32)
LABELS = (X[:, 0] > 0).astype(int) + 2 * (X[:, 1] > 0)
VALIDATION = slice(0, 9)

pytestmark = pytest.mark.usefixtures("without_xla")


def builder(optimizer="SGD", body=(), output=None, loss=None, metrics=("accuracy",), **settings):
    """Return a build_model: a small network, the body's layers between input and output."""

    def build_model():
        model = keras.Sequential([keras.Input((3,))])
        for make in body or [lambda: layers.Dense(5, activation="tanh")]:
            model.add(make())
        model.add(output() if output else layers.Dense(4, activation="softmax"))
        model.compile(
            optimizer=getattr(optimizers, optimizer)(**settings),
            loss=loss or "sparse_categorical_crossentropy",
            metrics=list(metrics),
        )
        return model

    return build_model


def plain_keras(build_model, rate, seed, y, batch_size=8, validation=None):
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.optimizer.learning_rate = rate
    history = model.fit(
        X,
        y,
        batch_size=batch_size,
        epochs=EPOCHS,
        shuffle=False,
        validation_data=validation,
        verbose=0,
    )
    return history.history, model.get_weights()


def assert_equals_keras(
    build_model, y=LABELS, rates=(0.3, 0.01), engine="stacked", validate=True, epochs=EPOCHS
):
    """Compare the last of the runs, so that a neighbour's numbers would show."""
    validation = (X[VALIDATION], y[VALIDATION]) if validate else None
    settings = IN_ORDER | {"validation_data": validation}
    trained = train(build_model, rates, [3, 4], X, y, engine, **settings)
    history, weights = plain_keras(build_model, rates[-1], 4, y, validation=validation)
    assert set(trained.history) == set(history)
    for name, curve in history.items():
        ours, theirs = trained.history[name][-1][:epochs], curve[:epochs]
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-6, err_msg=name)
    if epochs == EPOCHS:
        for own, of_keras in zip(trained.weights_of(-1), weights, strict=True):
            np.testing.assert_allclose(own, of_keras, rtol=1e-4, atol=1e-5)
    return trained


def losses_step_by_step(build_model, rate, seed):
    """The loss of each epoch, by Keras's own optimizer; not traced, which takes most time."""
    keras.utils.set_random_seed(seed)
    model = build_model()
    model.optimizer.learning_rate = rate
    losses = []
    for _ in range(EPOCHS):
        total = 0.0
        for x, y in ((X[i : i + 8], LABELS[i : i + 8]) for i in range(0, len(X), 8)):
            with tf.GradientTape() as tape:
                loss = model.compute_loss(x, y, model(x, training=True))
            gradients = tape.gradient(loss, model.trainable_variables)
            model.optimizer.apply(gradients, model.trainable_variables)
            total += float(loss) * len(x)
        losses.append(total / len(X))
    return losses


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("SGD", {}),
        ("SGD", {"momentum": 0.9, "weight_decay": 0.01}),
        ("SGD", {"momentum": 0.9, "nesterov": True, "clipvalue": 0.05}),
        ("Adam", {}),
        ("Adam", {"amsgrad": True}),
        ("AdamW", {"weight_decay": 0.1}),
        ("RMSprop", {}),
        ("RMSprop", {"centered": True, "momentum": 0.5}),
        ("Adagrad", {}),
        ("Adadelta", {}),
        ("Adamax", {}),
        ("Nadam", {}),
        ("Lion", {}),
        ("Ftrl", {"l1_regularization_strength": 0.001}),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(value) or "default",
)
def test_optimizer(name, settings):
    build_model = builder(name, metrics=[], **settings)
    trained = train(build_model, [0.3, 0.01], [3, 4], X, LABELS, "stacked", **IN_ORDER)
    expected = losses_step_by_step(build_model, 0.01, 4)
    np.testing.assert_allclose(trained.history["loss"][1], expected, rtol=1e-5)


@pytest.mark.compiled
def test_saturated_softmax():
    """Keras takes the loss from the softmax's input: it is not clipped at -log(1e-7)."""
    rates = (0.1, 100.0)  # far beyond the edge, where rounding soon grows
    trained = assert_equals_keras(builder(metrics=[]), rates=rates, validate=False, epochs=1)
    assert trained.history["loss"].max() > 20


@pytest.mark.parametrize("name", ["Adam", "Nadam"])
@pytest.mark.compiled
def test_compiled_optimizer(name):
    assert_equals_keras(builder(name, weight_decay=0.01), validate=False)


@pytest.mark.compiled
def test_compiled_layers():
    body = [lambda: layers.Dense(5, use_bias=False), layers.BatchNormalization, layers.ReLU]
    assert_equals_keras(builder("Adam", body))


def test_learning_rate_schedule_keeps_its_shape_and_peaks_at_the_rate():
    steps = 3 * EPOCHS

    def schedule(rate):
        return optimizers.schedules.CosineDecay(0.0, steps, warmup_target=rate, warmup_steps=5)

    def build_model(rate=0.02):
        return builder("Adam", learning_rate=schedule(rate))()

    trained = train(build_model, [0.1, 0.04], [4, 4], X, LABELS, "stacked", **IN_ORDER)
    keras.utils.set_random_seed(4)
    model = build_model(0.04)
    history = model.fit(X, LABELS, batch_size=8, epochs=EPOCHS, shuffle=False, verbose=0).history
    np.testing.assert_allclose(trained.history["loss"][1], history["loss"], rtol=1e-5)


def functional_body():
    inputs = keras.Input((3,))
    wide = layers.Dense(4)(layers.Rescaling(0.5, offset=0.1)(inputs))
    shaped = layers.Flatten()(layers.Permute((2, 1))(layers.Reshape((2, 2))(wide)))
    joined = layers.Concatenate()([shaped, inputs, layers.Add()([wide, shaped])])
    return keras.Model(inputs, joined)


@pytest.mark.parametrize(
    "body",
    [
        # A bias before batch normalization has gradient zero, and Adam turns its rounding to steps.
        [
            lambda: layers.Dense(5, use_bias=False),
            layers.BatchNormalization,
            lambda: layers.Activation("relu"),
        ],
        [
            lambda: layers.Dense(5),
            *(layers.LayerNormalization, layers.LeakyReLU, layers.PReLU),
            layers.UnitNormalization,
        ],
        [functional_body],
        [
            lambda: layers.Dense(
                6,
                activation="gelu",
                kernel_regularizer=keras.regularizers.L1L2(0.01, 0.02),
                bias_regularizer="l2",
                activity_regularizer="l2",
            )
        ],
        [
            lambda: layers.Dense(5, trainable=False),
            lambda: layers.Dropout(0.0),
            lambda: layers.Dense(4, activation="elu"),
        ],
    ],
    ids=["batch norm", "row by row", "shapes", "regularizers", "frozen"],
)
def test_layers(body):
    assert_equals_keras(builder("Adam", body))


ONE_HOT = np.eye(4, dtype=np.float32)[LABELS]
BINARY = (LABELS > 0).astype(int)
TARGET = (X @ [1.0, -2.0, 0.5] + 0.3).astype(np.float32)


def linear(units):
    return lambda: layers.Dense(units)


def sigmoid():
    return layers.Dense(1, activation="sigmoid")


@pytest.mark.parametrize(
    ("y", "output", "loss", "metrics"),
    [
        (ONE_HOT, None, "categorical_crossentropy", ["accuracy", "top_k_categorical_accuracy"]),
        (
            LABELS,
            linear(4),
            keras.losses.SparseCategoricalCrossentropy(from_logits=True),
            ["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2, name="top2")],
        ),
        (
            ONE_HOT,
            linear(4),
            keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1),
            ["accuracy"],
        ),
        (BINARY, sigmoid, "binary_crossentropy", ["accuracy", "mae"]),
        (
            BINARY[:, None],
            linear(1),
            keras.losses.BinaryCrossentropy(from_logits=True),
            [keras.metrics.BinaryAccuracy(threshold=0.0)],
        ),
        (TARGET, linear(1), "mse", ["mae", "mse"]),
        (np.stack([TARGET, -TARGET], 1), linear(2), "mae", ["mse"]),
        (TARGET, linear(1), keras.losses.Huber(delta=0.5), []),
        (TARGET, linear(1), keras.losses.log_cosh, []),
    ],
    ids=[
        "categorical",
        "sparse logits",
        "smoothed",
        "binary",
        "binary logits",
        "mse",
        "mae",
        "huber",
        "log cosh",
    ],
)
def test_losses_and_metrics(y, output, loss, metrics):
    build_model = builder(output=output, loss=loss, metrics=metrics)
    assert_equals_keras(build_model, y, rates=(0.1, 0.03), validate=False)


def test_loop_engine():
    assert_equals_keras(builder("Adam"), engine="loop")


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_shuffled_run_can_be_repeated_by_hand(engine):
    build_model = builder("SGD", momentum=0.5)
    settings = {"epochs": 3, "batch_size": 8}
    trained = train(build_model, [0.1, 0.05], [2, 5], X, LABELS, engine, **settings)

    keras.utils.set_random_seed(5)
    model = build_model()
    model.optimizer.learning_rate = 0.05
    model.run_eagerly = True
    order = np.random.RandomState(5)
    for _ in range(3):
        rows = order.permutation(len(X))
        for start in range(0, len(X), 8):
            batch = rows[start : start + 8]
            model.train_on_batch(X[batch], LABELS[batch])
    for own, of_keras in zip(trained.weights_of(1), model.get_weights(), strict=True):
        np.testing.assert_allclose(own, of_keras, rtol=1e-5, atol=1e-6)


@pytest.mark.compiled
def test_dropout_draws_what_keras_draws():
    assert_equals_keras(
        builder("Adam", [lambda: layers.Dense(16, activation="relu"), lambda: layers.Dropout(0.5)])
    )


@pytest.mark.compiled
def test_dropout_draws_for_each_run_by_itself():
    body = [lambda: layers.Dense(64, activation="relu"), lambda: layers.Dropout(0.5)]
    build_model = builder(body=body)
    settings = IN_ORDER | {"epochs": 3}
    trained = train(build_model, [0.01] * 3, [4, 5, 4], X, LABELS, "stacked", **settings)
    losses = trained.history["loss"]
    assert np.array_equal(losses[0], losses[2])
    assert not np.allclose(losses[0], losses[1], rtol=1e-3)
