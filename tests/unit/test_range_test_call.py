"""The range test itself: what it takes, what it refuses, and how it says so."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, SGDClassifier, SGDRegressor

from course_utils import confirm, lr_range_test
from course_utils.keras_setup import keras
from course_utils.range_test import LRRangeTest, stacked
from course_utils.range_test.stacked import StackedSteps

RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(160, 3)).astype(np.float32)
Y = (X @ [2.0, -1.0, 0.5] > 0).astype(np.float32)
FEW = {"steps": 30, "batch_size": 16, "progress": False}


@pytest.fixture(autouse=True)
def _without_xla(monkeypatch):
    monkeypatch.setattr(StackedSteps, "jit_compile", False)
    stacked._programs.clear()
    yield
    stacked._programs.clear()


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
    with pytest.raises(ValueError, match="a regressor needs numbers"):
        lr_range_test(SGDRegressor(), X, np.where(Y == 1, "a", "b"), **FEW)


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


def test_the_callback_explains_what_it_cannot_do():
    with pytest.raises(TypeError, match="ExponentialDecay"):
        with_schedule().fit(X, Y, callbacks=[LRRangeTest()], verbose=0)
    model = build_model()
    model.compile("sgd", "mse", steps_per_execution=5)
    with pytest.raises(ValueError, match="steps_per_execution=5"):
        model.fit(X, Y, callbacks=[LRRangeTest()], verbose=0)
    with pytest.raises(ValueError, match="start is 2"):
        LRRangeTest(start=2.0, end=1.0)


def test_a_fit_that_is_too_short_is_a_result():
    model, finder = build_model(), LRRangeTest(steps=100)
    model.fit(X, Y, 16, 1, callbacks=[finder], verbose=0)
    assert finder.result.stop_reasons == ["fit ended"]
    assert np.isfinite(finder.result.losses).sum() == 10
    assert "fit ended before the last rate" in repr(finder.result)


def test_a_model_that_cannot_be_stacked_is_looped_with_the_reason(capsys):
    class Own(keras.Sequential):
        pass

    def build():
        return build_model(model_class=Own)

    test = lr_range_test(build, X, Y, seeds=[0, 1], **FEW)
    assert "one repeat after the other: Own is a model with code of its own" in (
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
    (program,) = stacked._programs.values()
    assert program._take.experimental_get_tracing_count() == 1


def test_confirm_on_a_regressor():
    model = SGDRegressor(learning_rate="constant")
    y = X @ np.array([2.0, -1.0, 0.5]) + RANDOM.normal(size=160)
    test = lr_range_test(model, X, y, batch_size=8, seeds=[0, 1, 2])
    shown = confirm(test, model, X[:120], y[:120], (X[120:], y[120:]), epochs=5, seeds=[0, 1])
    losses = shown.losses
    assert shown.measure == "val_loss"
    assert {*test.band, test.suggestion} <= set(losses.index)
    assert losses.index.min() == pytest.approx(test.band[0] / 10)
    assert losses.index.max() == pytest.approx(test.band[1] * 10)
    assert shown.regret == pytest.approx(losses[test.suggestion] / losses.min())
    assert 1 <= shown.band_regret <= shown.regret
    assert shown.inside == (test.band[0] <= losses.idxmin() <= test.band[1])
    assert f"{shown.regret:.2f} × the best" in repr(shown)
    assert model.learning_rate == "constant"
    with pytest.raises(ValueError, match="reach"):
        confirm(test, model, X, y, reach=1.0)


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
    shown = confirm(test, model, X, y, epochs=2, batch_size=16, seeds=[0, 1], progress=False)
    assert shown.measure == "loss"
    assert shown.runs["seed"].nunique() == 2
    first = shown.runs.query("epoch == 1").groupby("seed")["loss"].first()
    assert first.nunique() == 2
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
