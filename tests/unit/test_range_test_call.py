"""The range test itself: what it takes, what it refuses, and how it says so."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LinearRegression, SGDClassifier, SGDRegressor

from course_utils import confirm, final, lr_range_test
from course_utils.range_test import test as range_test
from course_utils.range_test.confirm import builder_of
from course_utils.range_test.rules import StopRule
from course_utils.training import cache, loop, partial_fit
from course_utils.training.keras_setup import keras
from course_utils.training.library_hooks import rate_source
from course_utils.training.trainer import Shard

RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(160, 3)).astype(np.float32)
Y = (X @ [2.0, -1.0, 0.5] > 0).astype(np.float32)
FEW = {"steps": 30, "batch_size": 16, "progress": False}

pytestmark = pytest.mark.usefixtures("without_xla")


def build_model(optimizer="sgd", compiled=True, model_class=keras.Sequential, columns=3):
    model = model_class([keras.Input((columns,)), keras.layers.Dense(1, activation="sigmoid")])
    if compiled:
        model.compile(optimizer=optimizer, loss="binary_crossentropy")
    return model


def with_schedule():
    return build_model(
        keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.9))
    )


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"start": 1.0, "end": 0.1}, ValueError, "start is 1 and end is 0.1"),
        ({"start": 0.1, "end": 0.1}, ValueError, "start below"),
        ({"start": 0.0}, ValueError, "start is 0.0"),
        ({"start": -1.0}, ValueError, "above 0"),
        ({"end": np.inf}, ValueError, "end is inf"),
        ({"end": "10"}, TypeError, "end is '10'"),
        ({"start": True}, TypeError, "start is True"),
        ({"steps": 9}, ValueError, "steps is 9; it must be at least 10"),
        ({"steps": 10.5}, TypeError, "steps"),
        ({"smoothing": 1.0}, ValueError, "smoothing is 1.0"),
        ({"batch_size": 161}, ValueError, "160 rows and batch_size is 161"),
        ({"batch_size": 0}, ValueError, "batch_size"),
        ({"validation_every": 0}, ValueError, "validation_every"),
        ({"seeds": []}, ValueError, "seeds is empty"),
        ({"engine": "fast"}, ValueError, "engine is 'fast'"),
        ({"x": X[:0], "y": Y[:0]}, ValueError, "at least"),
        ({"x": np.where(X[3, 1] == X, np.nan, X)}, ValueError, "holds nan in column .*, row 3"),
        ({"y": np.where(Y == 1, np.nan, Y)}, ValueError, "missing"),
        ({"y": Y[:-1]}, ValueError, "159 values for 160 rows"),
        ({"validation_data": (X[:, :2], Y)}, ValueError, "validation_data"),
    ],
)
@pytest.mark.parametrize("kind", ["keras", "builder", "sklearn"])
def test_bad_input_is_refused_before_any_work(kind, changes, error, message):
    model = {
        "keras": build_model,
        "builder": lambda: build_model,
        "sklearn": lambda: SGDRegressor(learning_rate="constant"),
    }[kind]()
    arguments = {"x": X, "y": Y, **FEW, **changes}
    with pytest.raises(error, match=message):
        lr_range_test(model, arguments.pop("x"), arguments.pop("y"), **arguments)


@pytest.mark.parametrize(
    ("model", "error", "message"),
    [
        (lambda: build_model(compiled=False), ValueError, "The model is not compiled"),
        (lambda: lambda: build_model(compiled=False), ValueError, "without optimizer or loss"),
        (lambda: lambda: None, TypeError, "build_model returned None"),
        (lambda: "model", TypeError, "model is 'model'"),
        (lambda: build_model(columns=2), ValueError, "takes rows of shape"),
        (lambda: lambda: build_model(columns=2), ValueError, "takes rows of shape"),
        (LinearRegression, TypeError, "cannot take another rate"),
        (lambda: SGDRegressor, TypeError, "model is the class SGDRegressor; give an instance"),
        (lambda: keras.Sequential, TypeError, "model is the class Sequential; give an instance"),
        (lambda: SGDRegressor(alpha=-1.0), ValueError, "'alpha' .* must be .* Got -1.0"),
        (lambda: SGDRegressor(loss="squared_eror"), ValueError, "'loss' .* Got 'squared_eror'"),
    ],
)
def test_models_that_cannot_be_tested(model, error, message):
    with pytest.raises(error, match=message):
        lr_range_test(model(), X, Y, **FEW)


def test_a_classifier_needs_two_classes_and_known_labels():
    model = SGDClassifier(learning_rate="constant", eta0=1.0)
    with pytest.raises(ValueError, match="one class only"):
        lr_range_test(model, X, np.zeros(160), **FEW)
    with pytest.raises(ValueError, match="labels that y lacks"):
        lr_range_test(model, X, Y, validation_data=(X, Y + 1), **FEW)
    text = np.where(Y == 1, "a", "b")
    with pytest.raises(ValueError, match=r"y holds .*a regressor needs numbers"):
        lr_range_test(SGDRegressor(), X, text, **FEW)
    with pytest.raises(ValueError, match=r"validation_data\[1\] holds .*a regressor needs numbers"):
        lr_range_test(SGDRegressor(), X, Y, validation_data=(X, text), **FEW)


@pytest.mark.parametrize("kind", ["keras", "sklearn"])
@pytest.mark.parametrize(
    "data",
    [
        {"x": csr_array(X)},
        {"y": np.where(Y == 1, "a", "b")},
        {"validation_data": (X, np.where(Y == 1, "a", "b"))},
        {"validation_data": (csr_array(X), Y)},
    ],
    ids=["sparse x", "text y", "text to validate", "sparse to validate"],
)
def test_data_that_cannot_be_trained_on(kind, data):
    model = build_model() if kind == "keras" else SGDRegressor(learning_rate="constant")
    arguments = {"x": X, "y": Y, **FEW, **data}
    (name,) = data
    with pytest.raises((TypeError, ValueError), match=rf"^{name}"):
        lr_range_test(model, arguments.pop("x"), arguments.pop("y"), **arguments)


def test_a_schedule_is_set_aside_and_noted(capsys):
    plain = lr_range_test(lambda: build_model(keras.optimizers.SGD()), X, Y, seeds=[3], **FEW)
    model = with_schedule()
    for engine in ("loop", "stacked"):
        test = lr_range_test(with_schedule, X, Y, seeds=[3], engine=engine, **FEW)
        np.testing.assert_allclose(test.losses, plain.losses, rtol=1e-5)
    assert "compiled with ExponentialDecay" in repr(test)
    assert lr_range_test(model, X, Y, seeds=[3], **FEW).notes == test.notes
    estimator = SGDRegressor()
    note = lr_range_test(estimator, X, Y, seeds=[3], **FEW).notes[0]
    assert "learning_rate='invscaling'" in note
    assert estimator.learning_rate == "invscaling"
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("rate", [0.01, keras.optimizers.schedules.ExponentialDecay(0.01, 5, 0.5)])
def test_a_loss_scale_optimizer_is_tested_as_the_one_in_it(rate):
    """Keras wraps the optimizer so in mixed precision."""

    def tested(wrap):
        keras.utils.set_random_seed(1)
        model = build_model(wrap(keras.optimizers.Adam(rate)))
        model.fit(X, Y, 16, 1, verbose=0)
        before = [v.numpy() for v in (*model.variables, *model.optimizer.variables)]
        test = lr_range_test(model, X, Y, seeds=[3], **FEW)
        after = [v.numpy() for v in (*model.variables, *model.optimizer.variables)]
        for now, then in zip(after, before, strict=True):
            np.testing.assert_array_equal(now, then)
        return test, model

    plain, _ = tested(lambda optimizer: optimizer)
    test, model = tested(keras.optimizers.LossScaleOptimizer)
    np.testing.assert_allclose(test.losses, plain.losses, rtol=1e-4)
    assert test.label == f"LossScaleOptimizer({plain.label})"
    assert test.notes == plain.notes
    assert len(test.notes) == (rate != 0.01)
    if test.notes:
        assert rate_source(model.optimizer) is rate


def test_a_model_that_cannot_be_stacked_is_looped_with_the_reason(capsys):
    class Own(keras.Sequential):
        pass

    def build():
        return build_model(model_class=Own)

    test = lr_range_test(build, X, Y, seeds=[0, 1], **FEW)
    assert "one run after the other: Own is a model with code of its own" in (
        capsys.readouterr().out
    )
    assert len(test.losses) == 2
    with pytest.raises(ValueError, match="code of its own"):
        lr_range_test(build, X, Y, seeds=[0, 1], engine="stacked", **FEW)


def test_a_train_step_without_a_loss_is_explained():
    class Silent(keras.Model):
        def train_step(self, data):
            return {"other": 1.0}

    inputs = keras.Input((3,))
    model = Silent(inputs, keras.layers.Dense(1)(inputs))
    model.compile("sgd", "mse")
    with pytest.raises(ValueError, match="no 'loss'"):
        lr_range_test(model, X, Y, seeds=[0], **FEW)


def test_new_rates_and_seeds_compile_nothing():
    for start, seeds in ((1e-6, [0, 1]), (1e-4, [5, 6])):
        lr_range_test(build_model, X, Y, start=start, seeds=seeds, **FEW)
    (program,) = cache._programs.values()
    assert program.run.experimental_get_tracing_count() == 1


def test_confirm_on_a_regressor():
    model = SGDRegressor(learning_rate="constant")
    y = X @ np.array([2.0, -1.0, 0.5]) + RANDOM.normal(size=160)
    test = lr_range_test(model, X, y, batch_size=8, seeds=[0, 1, 2])
    unseen = X[120:], y[120:]
    runs = confirm(test, model, X[:120], y[:120], validation_data=unseen, epochs=5, seeds=[0, 1])
    losses = final(runs, by="learning_rate")
    assert losses.name == "val_loss"
    assert losses.index.is_monotonic_increasing
    assert {*test.band, test.suggestion} <= set(losses.index)
    assert losses.index[0] == pytest.approx(test.band[0] / 10)
    assert losses.index[-1] == pytest.approx(test.band[1] * 10)
    low, high = test.band
    assert losses.min() <= losses.loc[low:high].min() <= losses[test.suggestion]
    assert len(losses.loc[low:high]) == len(losses) - 4
    assert model.learning_rate == "constant"
    with pytest.raises(ValueError, match="reach"):
        confirm(test, model, X, y, reach=1.0)


def test_confirm_keeps_what_a_layer_has_learnt_by_adapt():
    normalization = keras.layers.Normalization()
    normalization.adapt(5 + 3 * X)
    model = keras.Sequential([keras.Input((3,)), normalization, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    build = builder_of(model)
    copy = build()
    x = RANDOM.normal(5, 3, size=(10, 3)).astype(np.float32)
    np.testing.assert_allclose(copy.layers[0](x), normalization(x), rtol=1e-6)
    assert not np.allclose(copy.layers[1].kernel, model.layers[1].kernel)
    assert copy.layers[1].kernel.shape == model.layers[1].kernel.shape


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"test": "test"}, TypeError, "test is 'test'; give the result of lr_range_test"),
        ({"model": SGDRegressor}, TypeError, "model is the class SGDRegressor"),
        ({"model": build_model(compiled=False)}, ValueError, "The model is not compiled"),
        ({"reach": "10"}, TypeError, "reach is '10'"),
        ({"reach": np.inf}, ValueError, "reach is inf"),
        ({"epochs": 0}, ValueError, "epochs is 0"),
    ],
)
def test_confirm_refuses_bad_input(changes, error, message):
    y = X @ np.array([2.0, -1.0, 0.5]) + RANDOM.normal(size=160)
    regressor = SGDRegressor(learning_rate="constant")
    test = lr_range_test(regressor, X, y, batch_size=8, seeds=[0, 1, 2], progress=False)
    with pytest.raises(error, match=message):
        confirm(**{"test": test, "model": regressor, "x": X, "y": y, **changes})


def test_confirm_needs_a_suggestion():
    test = lr_range_test(SGDRegressor(), X, Y, end=1e-4, seeds=[0], **FEW)
    with pytest.raises(ValueError, match="suggests no learning rate"):
        confirm(test, SGDRegressor(), X, Y)


def test_confirm_on_a_model_trains_copies_of_it():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    before = [weight.copy() for weight in model.get_weights()]
    y = X @ np.array([20.0, -10.0, 5.0]) + RANDOM.normal(size=160)
    test = lr_range_test(model, X, y, batch_size=16, seeds=[0, 1], progress=False)
    runs = confirm(test, model, X, y, epochs=2, batch_size=16, seeds=[0, 1], progress=False)
    assert "val_loss" not in runs
    assert runs["seed"].nunique() == 2
    first = runs.query("epoch == 1").groupby("seed")["loss"].first()
    assert first.nunique() == 2
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)


# An interrupt.


def interrupt_at(monkeypatch, place, name, call):
    """Press the interrupt key when a function is called for the n-th time."""
    whole, calls = getattr(place, name), []

    def interrupted(*args, **options):
        calls.append(0)
        if len(calls) == call:
            raise KeyboardInterrupt
        return whole(*args, **options)

    monkeypatch.setattr(place, name, interrupted)


INTERRUPTED = {
    "sklearn": (lambda: SGDClassifier(loss="log_loss"), partial_fit, "_partial_fit", "auto"),
    "loop": (lambda: build_model, loop, "train_on_batch", "loop"),
}


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_after_an_interrupt_the_finished_repeats_are_returned(kind, monkeypatch, capsys):
    model, place, name, engine = INTERRUPTED[kind]
    data = {"validation_data": (X, Y), "end": 1e-2, "engine": engine, **FEW}
    whole = lr_range_test(model(), X, Y, seeds=[5, 6, 7], **data)
    assert whole.stop_reasons == ["end"] * 3
    interrupt_at(monkeypatch, place, name, 2 * FEW["steps"] + 7)
    test = lr_range_test(model(), X, Y, seeds=[5, 6, 7], **data)
    assert "Interrupted: 2 of 3 runs are finished and returned." in capsys.readouterr().out
    assert (test.seeds, test.stop_reasons) == ([5, 6], ["end"] * 2)
    np.testing.assert_allclose(test.losses, whole.losses[:2], rtol=1e-5)
    np.testing.assert_allclose(test.val_losses, whole.val_losses[:2], rtol=1e-5)


@pytest.mark.parametrize("kind", INTERRUPTED)
def test_an_interrupt_before_a_repeat_is_finished_is_an_interrupt(kind, monkeypatch):
    model, place, name, engine = INTERRUPTED[kind]
    interrupt_at(monkeypatch, place, name, 7)
    with pytest.raises(KeyboardInterrupt):
        lr_range_test(model(), X, Y, seeds=[5, 6], engine=engine, **FEW)


def test_interrupted_as_one_the_stopped_repeats_are_returned(monkeypatch, capsys):
    class OneEnds(StopRule):
        made = 0

        def __init__(self):
            super().__init__()
            OneEnds.made += 1
            self.ends, self.seen = OneEnds.made == 2, 0

        def __call__(self, loss):
            self.seen += 1
            return "diverged" if self.ends and self.seen == 15 else None

    monkeypatch.setattr(range_test, "StopRule", OneEnds)
    interrupt_at(monkeypatch, Shard, "train", 3)
    test = lr_range_test(build_model, X, Y, seeds=[5, 6, 7], engine="stacked", **FEW)
    assert (test.seeds, test.stop_reasons) == ([6], ["diverged"])
    assert np.isfinite(test.losses).sum() == 15
    assert "Interrupted: 1 of 3 runs" in capsys.readouterr().out
    interrupt_at(monkeypatch, Shard, "train", 1)
    with pytest.raises(KeyboardInterrupt):
        lr_range_test(build_model, X, Y, seeds=[5, 6], engine="stacked", **FEW)
