"""Odd models and data: each is trained as Keras trains it, or refused in words before training."""

from functools import partial

import numpy as np
import pytest
from fitting import train
from scipy.sparse import csr_matrix

from course_utils import lr_range_test
from course_utils.runs import run_status
from course_utils.sweeps import compare_optimizers, sweep
from course_utils.training import Trained, fit_runs, loop, trainer
from course_utils.training.keras_setup import keras, tf

layers = keras.layers
RANDOM = np.random.default_rng(11)
X = RANDOM.normal(size=(20, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)
LABELS = Y + (X[:, 1] > 0)
ONE_HOT = np.eye(3)[LABELS]
BATCHES = {"epochs": 3, "batch_size": 8, "seeds": [1], "progress": False}

pytestmark = pytest.mark.usefixtures("without_xla")


def model_of(*body, optimizer="sgd", loss="mse", **settings):
    model = keras.Sequential([keras.Input((3,)), *body])
    model.compile(optimizer, loss, **settings)
    return model


def binary(**settings):
    return model_of(layers.Dense(1, "sigmoid"), loss="binary_crossentropy", **settings)


def multiclass(loss="sparse_categorical_crossentropy", **settings):
    return model_of(layers.Dense(4), layers.Dense(3, "softmax"), loss=loss, **settings)


def both_engines(build_model, y, rates=(0.1, 0.01), **settings):
    return [
        sweep(build_model, list(rates), X, y, engine=engine, **(BATCHES | settings))
        for engine in ("auto", "loop")
    ]


def assert_engines_agree(build_model, y, **settings):
    auto, loop = both_engines(build_model, y, **settings)
    assert list(auto) == list(loop)
    for column in auto.columns.drop(["status", "diverged_at"]):
        np.testing.assert_allclose(auto[column], loop[column], rtol=1e-4, err_msg=column)


# Errors of the engine


@pytest.mark.parametrize("error", [TypeError, ValueError, NotImplementedError])
def test_an_error_in_the_engine_is_an_error(error, monkeypatch):
    def broken(*args):
        raise error("a bug")

    monkeypatch.setattr(trainer, "Shard", broken)
    with pytest.raises(error, match=r"^a bug$"):
        sweep(binary, [0.1], X, Y, **BATCHES)


def test_an_error_in_the_program_of_a_range_test_is_an_error(monkeypatch):
    def broken(*args):
        raise TypeError("a bug")

    monkeypatch.setattr("course_utils.training.trainer.program_for", broken)
    with pytest.raises(TypeError, match=r"^a bug$"):
        lr_range_test(binary, X, Y, steps=10, batch_size=8, seeds=[1, 2], progress=False)


class OwnSchedule(keras.optimizers.schedules.LearningRateSchedule):
    def __init__(self, rate=0.1):
        self.rate = rate

    def __call__(self, step):
        return self.rate / (1.0 + tf.cast(step, tf.float32))


class ForeignSchedule(OwnSchedule):
    """In Python, which XLA cannot compile."""

    def __call__(self, step):
        rate = tf.py_function(lambda at: self.rate / (1.0 + float(at)), [step], tf.float32)
        return tf.ensure_shape(rate, ())

    def get_config(self):
        return {"rate": self.rate}


class SecretSchedule(OwnSchedule):
    """Its config does not tell what it does."""

    def __call__(self, step):
        return 1.0 / (1.0 + self.rate * tf.cast(step, tf.float32))

    def get_config(self):
        return {}


@pytest.mark.parametrize(
    ("build_model", "y", "reason"),
    [
        (lambda: model_of(layers.Dense(1), loss="hinge"), Y, "hinge"),
        (lambda: binary(optimizer=keras.optimizers.SGD(OwnSchedule())), Y, "get_config"),
        (lambda: binary(optimizer=keras.optimizers.SGD(ForeignSchedule())), Y, "be compiled"),
        (lambda: model_of(layers.Dense(4, "sparsemax"), layers.Dense(1)), Y, "sparsemax"),
        (lambda: model_of(layers.Dense(1, "sigmoid"), loss="dice"), Y, "dice"),
        (
            lambda: multiclass(keras.losses.SparseCategoricalCrossentropy(ignore_class=0)),
            LABELS,
            "ignores the class 0",
        ),
        (lambda: model_of(layers.Softmax(axis=0), layers.Dense(1)), Y, "axis 0"),
        (lambda: model_of(layers.Softmax(axis=-2), layers.Dense(1)), Y, "axis 0"),
        (lambda: model_of(layers.UnitNormalization(axis=0), layers.Dense(1)), Y, "axis 0"),
        (lambda: model_of(layers.Dense(4, layers.PReLU()), layers.Dense(1)), Y, "layer within"),
    ],
)
def test_what_cannot_be_stacked_is_found_before_and_trained_by_keras(
    build_model, y, reason, capsys
):
    auto, loop = both_engines(build_model, y)
    assert reason in capsys.readouterr().out
    for name in ("loss", "status"):
        assert auto[name].tolist() == loop[name].tolist()


@pytest.mark.parametrize(
    ("build_model", "y"),
    [
        (lambda: model_of(layers.Dense(1), loss=["mse"], metrics=["mae"]), Y),
        (lambda: multiclass(steps_per_execution=3, metrics=["accuracy"]), LABELS),
        (lambda: multiclass(keras.losses.KLDivergence()), ONE_HOT),
    ],
    ids=["loss in a list", "steps_per_execution", "KL"],
)
def test_engines_agree(build_model, y):
    assert_engines_agree(build_model, y)


def test_two_schedules_of_one_config_are_two_programs():
    for rate in (0.0, 9.0):

        def build_model(rate=rate):
            return binary(optimizer=keras.optimizers.SGD(SecretSchedule(rate)))

        assert_engines_agree(build_model, Y)


@pytest.mark.parametrize(
    ("build_model", "y"),
    [
        (lambda: multiclass(metrics=["accuracy"]), LABELS),
        (lambda: multiclass("categorical_crossentropy", metrics=["acc", "categorical_accuracy"]),
         ONE_HOT),
        (lambda: binary(metrics=["accuracy"]), Y),
    ],
)  # fmt: skip
def test_accuracy_of_outputs_that_are_no_numbers(build_model, y):
    def too_fast():
        model = build_model()
        deep = [layers.Dense(3) for _ in range(3)]
        new = keras.Sequential([keras.Input((3,)), *deep, *model.layers])
        new.compile("sgd", model.loss, metrics=model.get_compile_config()["metrics"])
        return new

    tables = both_engines(too_fast, y, rates=[1e30], validation_data=(X, y))
    for runs in tables:
        assert run_status(runs)["status"].tolist() == ["diverged"]
        for column in runs.columns[runs.columns.str.contains("acc")]:
            assert (runs[column] == 0).all()


# Measures that came back under other names, after training


@pytest.mark.parametrize(
    ("metrics", "names"),
    [
        (lambda: [keras.metrics.AUC(), keras.metrics.AUC(curve="PR")], ["auc", "auc_1"]),
        (
            lambda: [keras.metrics.Precision(), keras.metrics.Recall(), "accuracy"],
            ["precision", "recall", "accuracy"],
        ),
        (lambda: [keras.metrics.F1Score(threshold=0.5)], ["f1_score"]),
    ],
)
def test_metrics_that_keras_counts(metrics, names):
    for _ in range(2):
        runs = sweep(
            lambda: binary(metrics=metrics()),
            [0.1, 0.01],
            X,
            Y[:, None],
            validation_data=(X, Y[:, None]),
            **BATCHES,
        )
        assert list(runs.columns[3:-2]) == [
            *("loss", *names),
            *("val_loss", *(f"val_{name}" for name in names)),
        ]


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(1)

    def call(self, x):
        return self.dense(x)


class Unspoken(Subclassed):
    def train_step(self, data):
        return {"cost": super().train_step(data)["loss"]}


def compiled(kind):
    model = kind()
    model.compile("sgd", "mse")
    return model


def test_subclassed_model(capsys):
    runs = sweep(lambda: compiled(Subclassed), [0.1, 0.01], X, X.sum(axis=1), **BATCHES)
    assert "Subclassed is a model with code of its own" in capsys.readouterr().out
    same = sweep(lambda: model_of(layers.Dense(1)), [0.1, 0.01], X, X.sum(axis=1), **BATCHES)
    np.testing.assert_allclose(runs["loss"], same["loss"], rtol=1e-5)


def mixed_precision():
    dense = layers.Dense(4, dtype="mixed_float16")
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 9)
    optimizer = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(schedule))
    return model_of(dense, layers.Dense(1), optimizer=optimizer)


def test_mixed_precision_with_a_schedule(capsys):
    runs = sweep(mixed_precision, [0.1, 0.001], X, X.sum(axis=1), **BATCHES)
    assert "float16" in capsys.readouterr().out
    fast, slow = run_status(runs)["loss"]
    assert fast < slow


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_an_optimizer_made_outside_is_not_carried_from_run_to_run(engine):
    adam = keras.optimizers.Adam()

    def outside():
        return binary(optimizer=adam)

    def inside():
        return binary(optimizer=keras.optimizers.Adam())

    settings = BATCHES | {"engine": engine}
    ours, expected = (sweep(build, [0.1, 0.01], X, Y, **settings) for build in (outside, inside))
    np.testing.assert_allclose(ours["loss"], expected["loss"], rtol=1e-6)
    assert not adam.built


def test_numbers_in_object_arrays():
    as_objects = sweep(binary, [0.1], X.astype(object), Y.astype(object), **BATCHES)
    assert as_objects.equals(sweep(binary, [0.1], X, Y, **BATCHES))


def two_outputs_in_a_dict():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, {"a": layers.Dense(1)(inputs)})
    model.compile("sgd", "mse")
    return model


THE_SAME = binary()
SHARED = layers.Dense(1, "sigmoid")
SHARED.build((None, 3))
BAD_ROW = ONE_HOT.copy()
BAD_ROW[4] = [1, 1, 0]
REFUSED = {
    "a model": ({"model": THE_SAME}, TypeError, "without calling it"),
    "a class": ({"model": Subclassed}, ValueError, "compile"),
    "arguments": ({"model": lambda units: units}, TypeError, "lambda: build_model"),
    "the same model": ({"model": lambda: THE_SAME}, ValueError, "same layers"),
    "the same layer": (
        {"model": lambda: model_of(SHARED, loss="binary_crossentropy")},
        ValueError,
        "inside build_model",
    ),
    "no loss reported": ({"model": lambda: compiled(Unspoken)}, ValueError, "no 'loss'"),
    "dict": ({"model": two_outputs_in_a_dict}, ValueError, "one tensor"),
    "two losses": (
        {"model": lambda: model_of(layers.Dense(1), loss=["mse", "mae"])},
        ValueError,
        "2 losses",
    ),
    "typo": (
        {"model": lambda: model_of(layers.Dense(1), loss="msee")},
        ValueError,
        "'msee', which Keras does not know",
    ),
    "no sigmoid": (
        {"model": lambda: model_of(layers.Dense(1), loss="binary_crossentropy")},
        ValueError,
        "activation='sigmoid'",
    ),
    "no softmax": (
        {
            "model": lambda: model_of(layers.Dense(2, "tanh"), layers.Dense(2),
                                            loss="sparse_categorical_crossentropy"),
        },
        ValueError,
        "activation='softmax'",
    ),
    "softmax of one": (
        {"model": lambda: model_of(layers.Dense(1, "softmax"), loss="binary_crossentropy")},
        ValueError,
        "always 1",
    ),
    "one class": ({"y": np.zeros(20, int)}, ValueError, "one class only, 0;"),
    "one-hot of two": (
        {"model": lambda: multiclass("categorical_crossentropy"), "y": BAD_ROW},
        ValueError,
        "row 4, with the sum 2",
    ),
    "text": ({"validation_data": (X, Y.astype(str))}, ValueError, r"\[1\] holds '[01]'; Keras"),
    "sparse x": ({"x": csr_matrix(X)}, TypeError, r"x is a sparse matrix; give x.toarray"),
    "sparse y": ({"y": csr_matrix(Y)}, TypeError, r"give y.toarray\(\)"),
    "masked x": ({"x": np.ma.masked_less(X, 0)}, ValueError, "masked cells"),
    "masked y": ({"y": np.ma.masked_equal(Y, 0)}, ValueError, "y is .* masked cells"),
    "many numbers": (
        {
            "model": lambda: multiclass("categorical_crossentropy",
                                              metrics=[keras.metrics.F1Score()]),
            "y": ONE_HOT,
        },
        ValueError,
        "'f1_score' gives 3 numbers",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "error", "message"), REFUSED.values(), ids=REFUSED)
def test_refused_before_training(change, error, message, monkeypatch):
    def trained(*args, **settings):
        raise AssertionError("it has trained")

    monkeypatch.setattr(loop, "train_in_loop", trained)
    monkeypatch.setattr(trainer, "train_stacked", trained)
    arguments = {"model": binary, "learning_rates": [0.1], "x": X, "y": Y} | BATCHES
    with pytest.raises(error, match=message) as caught:
        sweep(**(arguments | change))
    assert "np." not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("build_model", "y"),
    [
        (lambda: multiclass("crossentropy"), ONE_HOT),
        (lambda: model_of(layers.Dense(1, "sigmoid"), loss="crossentropy"), Y),
        (lambda: model_of(layers.Dense(1), loss=lambda y, p: (y - p[..., 0]) ** 2), Y),
    ],
    ids=["one-hot", "binary", "own"],
)
def test_losses_that_only_keras_trains(build_model, y):
    assert len(sweep(build_model, [0.1], X, y, **BATCHES)) == 3


def test_what_takes_logits_needs_no_sigmoid():
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    assert_engines_agree(lambda: model_of(layers.Dense(1), loss=loss), Y)


def test_a_seed_alone_can_be_interrupted_in_the_loop(monkeypatch):
    """What is finished comes back, whole runs of the loop."""
    fits = []

    def interrupted(self, *args, fit=keras.Model.fit, **settings):
        fits.append(self)
        if len(fits) > 2:
            raise KeyboardInterrupt
        return fit(self, *args, **settings)

    monkeypatch.setattr(keras.Sequential, "fit", interrupted, raising=False)
    runs = sweep(binary, [0.1, 0.03, 0.01], X, Y, engine="loop", **BATCHES)
    assert run_status(runs)["learning_rate"].tolist() == [0.1, 0.03]


def test_train_returns_accuracy_as_measured_where_the_loss_is_a_number():
    settings = {"epochs": 3, "batch_size": 8}
    build = partial(multiclass, metrics=["accuracy"])
    trained = train(build, [0.1], [1], X, LABELS, "stacked", **settings)
    assert (trained.history["accuracy"] > 0).all()


# An interrupt among several blocks of optimizers

PAIR = ["sgd", keras.optimizers.SGD(clipnorm=1.0)]


@pytest.mark.parametrize(("block", "done"), [(0, 1), (0, 0), (1, 0), (1, 1)])
def test_an_interrupt_ends_a_comparison(block, done, monkeypatch):
    calls = []

    def interrupted(*args, **settings):
        calls.append(0)
        if done or len(calls) <= block:
            trained = fit_runs(*args, **settings)
        if len(calls) <= block:
            return trained
        if done == 0:
            raise KeyboardInterrupt
        history = {name: curves[:, :1] for name, curves in trained.history.items()}
        return Trained(trained.runs, history, table=trained.table)

    monkeypatch.setattr("course_utils.sweeps.optimizers.fit_runs", interrupted)
    arguments = (binary, PAIR, X, Y)
    if block == done == 0:
        with pytest.raises(KeyboardInterrupt):
            compare_optimizers(*arguments, learning_rates=[0.1], **BATCHES)
    else:
        results = compare_optimizers(*arguments, learning_rates=[0.1], **BATCHES)
        epochs = results.groupby("optimizer", sort=False)["epoch"].max().to_dict()
        expected = [3] * block + [1] * done
        assert list(epochs.values()) == expected
    assert len(calls) == block + 1
