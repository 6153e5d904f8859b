"""A loss per step, against ``train_on_batch`` by hand, from models that were trained before."""

import numpy as np
import pandas as pd
import pytest

from course_utils.training import cache, fit_runs, full_batches
from course_utils.training.keras_setup import keras
from course_utils.training.trainer import Shard

layers = keras.layers
RANDOM = np.random.default_rng(2)
X = RANDOM.normal(size=(70, 3)).astype(np.float32)
Y = (X @ [2.0, -1.0, 0.5] > 0).astype(np.float32)
STEPS, BATCH_SIZE = 30, 16
SEEDS = [3, 4]
RATES = np.geomspace(1e-5, 1, STEPS)
OPTIMIZERS = {
    "Adam": {},
    "Nadam": {},
    "SGD": {"momentum": 0.9},
    "RMSprop": {"centered": True, "momentum": 0.5},
    "Ftrl": {},
}

pytestmark = pytest.mark.usefixtures("without_xla")


def trained_model(name="Adam", *extra, learning_rate=0.01, **settings):
    """Return a model whose optimizer has slots, with two weights of the same shape."""
    keras.utils.set_random_seed(0)
    square = [layers.Dense(3, use_bias=False), layers.Dense(3, use_bias=False)]
    model = keras.Sequential([keras.Input((3,)), *square, *extra, layers.Dense(1, "sigmoid")])
    optimizer = getattr(keras.optimizers, name)(learning_rate, **settings)
    model.compile(optimizer, "binary_crossentropy", metrics=["accuracy"])
    model.fit(X, Y, BATCH_SIZE, 2, verbose=0)
    return model


def steps(model, engine, rates=RATES, **settings):
    runs = pd.DataFrame({"seed": SEEDS})
    settings = {"batch_size": BATCH_SIZE, "record": "step", "learning_rates": rates} | settings
    return fit_runs(model, runs, X, Y, engine=engine, progress=False, **settings)


def by_hand(model, seed, rates):
    """The losses of the batches before their steps; the model is put back by its variables."""
    variables = [*model.variables, *model.optimizer.variables]
    kept, losses = [variable.numpy() for variable in variables], []
    for rate, samples in zip(rates, full_batches(seed, len(X), BATCH_SIZE), strict=False):
        model.optimizer.learning_rate = rate
        model.reset_metrics()
        losses.append(model.train_on_batch(X[samples], Y[samples], return_dict=True)["loss"])
    for variable, value in zip(variables, kept, strict=True):
        variable.assign(value)
    return losses


@pytest.mark.parametrize("engine", ["stacked", "loop"])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_given_model_goes_on_from_its_weights_and_slots(name, engine):
    model = trained_model(name, **OPTIMIZERS[name])
    before = [v.numpy() for v in (*model.variables, *model.optimizer.variables)]
    trained = steps(model, engine)
    for variable, value in zip((*model.variables, *model.optimizer.variables), before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    for run, seed in enumerate(SEEDS):
        expected = by_hand(model, seed, RATES)
        np.testing.assert_allclose(trained.history["loss"][run], expected, rtol=2e-4, atol=1e-6)
    assert trained.stop_reasons == ["end", "end"]


@pytest.mark.compiled
def test_the_compiled_program_has_the_slots_too():
    test_a_given_model_goes_on_from_its_weights_and_slots("Adam", "stacked")


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_each_run_has_rates_of_its_own(engine):
    model = trained_model()
    rates = np.stack([RATES, RATES[::-1]])
    trained = steps(model, engine, rates)
    for run, seed in enumerate(SEEDS):
        expected = by_hand(model, seed, rates[run])
        np.testing.assert_allclose(trained.history["loss"][run], expected, rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("engine", ["stacked", "loop"])
@pytest.mark.parametrize("every", [4, 25])
def test_validation_loss_before_every_kth_step(engine, every):
    model = trained_model("SGD", layers.BatchNormalization())
    settings = {"validation_data": (X[:40], Y[:40]), "validation_every": every}
    val_losses = steps(model, engine, **settings).history["val_loss"]
    measured = np.arange(STEPS) % every == 0
    assert np.isfinite(val_losses[:, measured]).all()
    assert np.isnan(val_losses[:, ~measured]).all()
    before = model.evaluate(X[:40], Y[:40], verbose=0, return_dict=True)["loss"]
    np.testing.assert_allclose(val_losses[:, 0], before, rtol=1e-5)


def test_a_schedule_is_set_aside():
    decay = keras.optimizers.schedules.ExponentialDecay(0.01, 3, 0.5)
    scheduled, plain = trained_model(learning_rate=decay), trained_model()
    plain.set_weights(scheduled.get_weights())
    slots = [v for v in plain.optimizer.variables if v is not plain.optimizer._learning_rate]
    for variable, other in zip(slots, scheduled.optimizer.variables, strict=True):
        variable.assign(other)
    expected = steps(plain, "loop").history["loss"]
    for engine in ("stacked", "loop"):
        np.testing.assert_allclose(
            steps(scheduled, engine).history["loss"], expected, rtol=2e-4, atol=1e-6
        )
    assert scheduled.optimizer._learning_rate is decay


class After:
    """A stop rule: the first run made ends with its step 4, the second with its step 12."""

    made = 0

    def __init__(self):
        After.made += 1
        self.last, self.seen = 4 if After.made % 2 else 12, 0

    def __call__(self, loss):
        self.seen += 1
        return "enough" if self.seen == self.last else None


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_a_stop_rule_ends_single_runs_and_everything(engine, monkeypatch):
    blocks = []

    def train(shard, n_visits, go=Shard.train):
        blocks.append(n_visits)
        return go(shard, n_visits)

    monkeypatch.setattr(Shard, "train", train)
    model = trained_model()
    trained = steps(model, engine, stop=After, validation_data=(X, Y), validation_every=5)
    assert trained.stop_reasons == ["enough", "enough"]
    assert np.isfinite(trained.history["loss"]).sum(axis=1).tolist() == [4, 12]
    assert np.isfinite(trained.history["val_loss"]).sum(axis=1).tolist() == [1, 3]
    assert sum(blocks) == (15 if engine == "stacked" else 0)
    whole = steps(model, engine).history["loss"]
    np.testing.assert_allclose(trained.history["loss"][1, :12], whole[1, :12], rtol=1e-6)


def test_new_rates_and_seeds_compile_nothing():
    model = trained_model()
    for rates in (RATES, RATES / 2):
        steps(model, "stacked", rates)
    (program,) = cache._programs.values()
    assert program.run.experimental_get_tracing_count() == 1


def test_epochs_from_a_given_model():
    """By epoch, too, a run goes on from the model's weights and slots."""
    model = trained_model()
    runs = pd.DataFrame({"learning_rate": [0.02, 0.01], "seed": SEEDS})
    settings = {"epochs": 3, "batch_size": BATCH_SIZE, "progress": False}
    stacked, loop = (
        fit_runs(model, runs, X, Y, engine=engine, **settings) for engine in ("stacked", "loop")
    )
    for name, curves in loop.history.items():
        np.testing.assert_allclose(stacked.history[name], curves, rtol=2e-4, atol=1e-6)
    assert stacked.history["loss"][1, 0] < 1.01 * model.evaluate(X, Y, verbose=0)[0]


def test_a_given_model_keeps_its_steps_per_execution():
    model = trained_model()
    model.compile(model.optimizer, model.loss, steps_per_execution=3)
    model.fit(X, Y, BATCH_SIZE, 1, verbose=0)
    train_function = model.train_function
    runs = pd.DataFrame({"learning_rate": [0.02], "seed": [3]})
    fit_runs(model, runs, X, Y, batch_size=BATCH_SIZE, engine="loop", progress=False)
    assert model.steps_per_execution == 3
    assert model.train_function is train_function
