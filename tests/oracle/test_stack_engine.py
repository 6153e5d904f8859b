"""The engine around the mathematics: folds, re-use, memory, fallback, interrupts."""

import gc
import time

import numpy as np
import pytest
from fitting import train

from course_utils.training import batch_order, cache, disk_cache, trainer
from course_utils.training.keras_setup import keras, tf
from course_utils.training.program import Program
from course_utils.training.support import meet_data
from course_utils.training.trainer import Shard

layers = keras.layers
RANDOM = np.random.default_rng(3)
X = RANDOM.normal(size=(30, 3)).astype(np.float32)
Y = (X[:, 0] > 0).astype(int)

pytestmark = pytest.mark.usefixtures("without_xla")


def build_model(*extra, optimizer="sgd", loss="sparse_categorical_crossentropy", metrics=("acc",)):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), *extra])
    model.add(layers.Dense(2, activation="softmax"))
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    return model


def trained(build=build_model, rates=(0.1, 0.01), epochs=3, seeds=(1,), engine="stacked", **more):
    runs = zip(*[(rate, seed) for seed in seeds for rate in rates], strict=True)
    settings = {"validation_data": (X, Y), "epochs": epochs, "batch_size": 8} | more
    return train(build, *runs, X, Y, engine, **settings)


def met_model(*extra, **settings):
    """A model whose metrics Keras has made from their names, which it does at the first rows."""
    model = build_model(*extra, **settings)
    meet_data(model, X, Y)
    return model


def programs():
    return list(cache._programs.values())


def traces():
    return [program.run.experimental_get_tracing_count() for program in programs()]


@pytest.mark.parametrize("normalization", [False, True])
def test_folds_of_unequal_size_train_as_one(normalization):
    """As separate runs on their own rows; where rows see each other, sizes train apart."""

    def build():
        return build_model(*([layers.BatchNormalization()] if normalization else []))

    folds = [np.arange(0, 20), np.arange(3, 24), np.arange(9, 30)]
    tests = [np.setdiff1d(np.arange(30), fold) for fold in folds]
    settings, seeds = {"epochs": 3, "batch_size": 8}, [1, 1, 2]
    split = {"keys": {"fold": [0, 1, 2]}, "folds": dict(enumerate(zip(folds, tests, strict=True)))}
    all_folds = train(
        build, [0.1] * 3, seeds, X, Y, "stacked", validation_data=(X, Y), **split, **settings
    )
    assert len(programs()) == (2 if normalization else 1)
    for run, (fold, test) in enumerate(zip(folds, tests, strict=True)):
        settings["validation_data"] = X[test], Y[test]
        engine = "loop" if run == 0 else "stacked"
        alone = train(build, [0.1], [seeds[run]], X[fold], Y[fold], engine, **settings)
        for name, curve in alone.history.items():
            np.testing.assert_allclose(
                all_folds.history[name][run], curve[0], rtol=1e-5, atol=1e-6, err_msg=name
            )


def test_long_validation_sets_of_unequal_size():
    """They are measured in blocks, of which the shorter set fills one less."""
    x, y = np.resize(X, (300, 3)), np.resize(Y, 300)
    sizes = [256, 257, 300]
    result = trained(
        rates=[0.1],
        seeds=[1, 1, 1],
        epochs=2,
        validation_data=(x, y),
        keys={"fold": sizes},
        folds={size: (None, np.arange(size)) for size in sizes},
    )
    model = build_model()
    model.set_weights(result.weights_of(0))
    for size, losses in zip(sizes, result.history["val_loss"], strict=True):
        expected = model.evaluate(x[:size], y[:size], verbose=0)[0]
        assert losses[-1] == pytest.approx(expected, rel=1e-5)


def test_final_weights_continue_in_keras():
    result = trained()
    model = build_model()
    model.set_weights(result.weights_of(1))
    assert model.evaluate(X, Y, verbose=0)[0] == pytest.approx(
        result.history["val_loss"][1, -1], rel=1e-5
    )


def test_new_rates_and_more_epochs_compile_nothing():
    first = trained(rates=(0.1, 0.01))
    assert traces() == [1]
    other = trained(rates=(0.5, 0.02), epochs=40)
    again = trained(rates=(0.1, 0.01))
    assert traces() == [1]
    assert not np.allclose(other.history["loss"][:, :3], first.history["loss"])
    for name, curves in first.history.items():
        assert np.array_equal(curves, again.history[name])


def test_a_program_is_looked_for_on_the_disk_once(monkeypatch):
    looks = []
    monkeypatch.setattr(disk_cache, "keep", lambda: looks.append("kept"))
    for rates in ((0.1, 0.01), (0.5, 0.02)):
        trained(rates=rates, epochs=30)
    assert looks == ["kept"]


def test_as_many_runs_of_other_seeds_compile_nothing():
    trained(rates=(0.1, 0.01), seeds=(0, 1, 2))
    trained(rates=(0.1, 0.01, 0.001), seeds=(0, 1))
    assert traces() == [1]


@pytest.mark.parametrize("size", [1, 3])
def test_xla_compiles_once(size, monkeypatch):
    """Where XLA takes a tensor for a constant of the program, it compiles at every call."""
    monkeypatch.setattr(Program, "jit_compile", True)

    def build():
        model = keras.Sequential([keras.Input((3,)), layers.Dense(4), layers.Dense(1)])
        model.compile(optimizer="adam", loss="mse", metrics=["mae"])
        return model

    times = []
    for rate in (0.1, 0.2):
        started = time.perf_counter()
        trained(build, [rate + run for run in range(size)], epochs=2)
        times.append(time.perf_counter() - started)
    assert times[1] < times[0] / 2


@pytest.mark.parametrize(
    "changed",
    [
        lambda: build_model(layers.Dense(4)),
        lambda: build_model(optimizer=keras.optimizers.SGD(momentum=0.9)),
        lambda: build_model(optimizer=keras.optimizers.SGD(weight_decay=0.1)),
        lambda: build_model(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True)),
        lambda: build_model(metrics=[]),
    ],
)
def test_another_model_is_another_program(changed):
    def key(model):
        return cache.program_key(model, [(model.optimizer, 2)], 8)

    assert key(build_model()) == key(build_model())
    assert key(build_model()) != key(changed())


def test_cache_is_bounded():
    for size in range(1, cache.CAPACITY + 4):
        model = met_model()
        cache.program_for(model, [(model.optimizer, size)], 8)
    assert len(programs()) == cache.CAPACITY


def test_old_programs_make_room_for_large_ones(monkeypatch):
    model = met_model()
    monkeypatch.setattr(cache, "MOST_WEIGHTS", 10 * model.count_params())
    kept = {(3, 0): [3], (4, 0): [3, 4], (5, 0): [4, 5], (20, 0): [20], (20, 1): [20, 20]}
    for (size, number), sizes in kept.items():
        cache.program_for(model, [(model.optimizer, size)], 8, number)
        assert [program.size for program in programs()] == sizes


@pytest.mark.parametrize("size", [1, 7])
def test_memory_is_k_times_one_model(size):
    def of(variables):
        return sum(v.numpy().nbytes for v in variables if np.ndim(v.numpy()))

    model = met_model(layers.BatchNormalization(), optimizer="adam")
    model.optimizer.build(model.trainable_variables)
    one = of(model.variables) + of(model.optimizer.variables)
    program = Program(model, [(model.optimizer, size)], 8)
    (moved,) = program.groups
    assert of([moved.weights, *program.state, *moved._optimizer.variables]) == size * one


def test_a_forgotten_program_holds_no_weights(monkeypatch):
    made = []
    init = Program.__init__

    def noted(program, *arguments, **settings):
        init(program, *arguments, **settings)
        variables = [each for group in program.groups for each in group.variables]
        made.extend(each.handle for each in variables if each.dtype == tf.float32)

    def floats(handle):
        return tf.size(tf.raw_ops.ReadVariableOp(resource=handle, dtype=tf.float32)).numpy()

    monkeypatch.setattr(Program, "__init__", noted)
    trained()
    assert sum(map(floats, made)) > 2 * build_model().count_params()
    cache.clear()
    gc.collect()
    assert sum(map(floats, made)) == 0


def test_runs_with_optimizers_of_their_own(monkeypatch):
    """Runs of one optimizer need not stand together, nor fill a shard."""
    monkeypatch.setattr(trainer, "FLOPS_WORTH_A_CORE", 1)
    monkeypatch.setattr(trainer, "n_cores", lambda: 2)
    sgd, adam = keras.optimizers.SGD(momentum=0.9), keras.optimizers.Adam()
    decay = keras.optimizers.schedules.ExponentialDecay(0.2, 4, 0.5)
    decaying = keras.optimizers.SGD(decay)
    optimizers = [adam, sgd, decaying, adam, sgd]
    rates = [0.3, 0.1, 0.03, 0.01, 0.003]
    named = {
        "keys": {"optimizer": [optimizers.index(one) for one in optimizers]},
        "optimizers": dict(enumerate(optimizers)),
    }
    results = trained(rates=rates, **named)
    loop = trained(rates=rates, engine="loop", **named)
    for run, optimizer in enumerate(optimizers):

        def build(like=optimizer):
            return build_model(optimizer=type(like).from_config(like.get_config()))

        expected = trained(build, [rates[run]], engine="loop")
        for name, curves in expected.history.items():
            np.testing.assert_array_equal(loop.history[name][run], curves[0])
            np.testing.assert_allclose(results.history[name][run], curves[0], rtol=1e-5, atol=1e-6)
        for of_run, weight in zip(results.weights_of(run), expected.weights_of(0), strict=True):
            np.testing.assert_allclose(of_run, weight, rtol=1e-4, atol=1e-6)


def test_each_group_has_its_own_rates_by_xla_too(monkeypatch):
    monkeypatch.setattr(Program, "jit_compile", True)
    optimizers = {0: keras.optimizers.SGD(), 1: keras.optimizers.SGD(momentum=0.5)}
    named = {"keys": {"optimizer": [0, 0, 1, 1]}, "optimizers": optimizers}
    rates = [0.3, 0.1, 0.03, 0.01]
    stacked, loop = (
        trained(rates=rates, epochs=2, engine=engine, **named) for engine in ("stacked", "loop")
    )
    np.testing.assert_allclose(stacked.history["loss"], loop.history["loss"], rtol=1e-5)


def test_an_optimizer_that_cannot_be_stacked_is_named():
    optimizers = [keras.optimizers.SGD(), keras.optimizers.Adam(clipnorm=1.0)]
    with pytest.raises(ValueError, match="clipnorm"):
        trained(keys={"optimizer": [0, 1]}, optimizers=dict(enumerate(optimizers)))


def test_shards_change_nothing(monkeypatch):
    rates = [0.3, 0.1, 0.03, 0.01, 0.003]
    whole = trained(rates=rates)
    monkeypatch.setattr(trainer, "FLOPS_WORTH_A_CORE", 1)
    monkeypatch.setattr(trainer, "n_cores", lambda: 2)
    split = trained(rates=rates)
    assert len(programs()) == 3
    for name, curves in whole.history.items():
        np.testing.assert_allclose(split.history[name], curves, rtol=1e-5, atol=1e-6)


def test_diverged_neighbour_touches_nobody():
    def build():
        model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
        model.compile(optimizer="sgd", loss="mse")
        return model

    wild = trained(build, (0.01, 1e30, 0.1), 6).history["loss"]
    calm = trained(build, (0.01, 0.02, 0.1), 6).history["loss"]
    assert not np.isfinite(wild[1]).all()
    assert np.array_equal(wild[[0, 2]], calm[[0, 2]])


class OwnLayer(layers.Dense):
    pass


class OwnMetric(keras.metrics.Mean):
    def update_state(self, y_true, y_pred, sample_weight=None):
        super().update_state(y_pred)


def own_error(y_true, y_pred):
    return keras.losses.mean_squared_error(y_true, y_pred)


def line(loss):
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
    model.compile(optimizer="sgd", loss=loss)
    return model


def own_loss(y_true, y_pred):
    return keras.losses.sparse_categorical_crossentropy(y_true, y_pred)


@pytest.mark.parametrize(
    ("build", "reason"),
    [
        (lambda: build_model(optimizer=keras.optimizers.Muon()), "Muon"),
        (lambda: build_model(optimizer=keras.optimizers.Adafactor()), "Adafactor"),
        (lambda: build_model(optimizer=keras.optimizers.Lamb()), "Lamb"),
        (lambda: build_model(optimizer=keras.optimizers.SGD(clipnorm=1.0)), "clipnorm"),
        (lambda: build_model(optimizer=keras.optimizers.SGD(global_clipnorm=1.0)), "clipnorm"),
        (lambda: build_model(optimizer=keras.optimizers.Adam(use_ema=True)), "use_ema"),
        (
            lambda: build_model(optimizer=keras.optimizers.SGD(gradient_accumulation_steps=2)),
            "gradient_accumulation_steps",
        ),
        (lambda: build_model(OwnLayer(2)), "OwnLayer"),
        (lambda: build_model(layers.Reshape((4, 1)), layers.GRU(2)), "GRU"),
        (lambda: build_model(layers.Dense(2, dtype="mixed_bfloat16")), "bfloat16"),
        (lambda: build_model(layers.Dense(2, activation=lambda x: x)), "of your own"),
        (lambda: build_model(layers.Dense(2, kernel_constraint="max_norm")), "constraint"),
        (lambda: line(own_error), "loss is a function of your own"),
        (lambda: build_model(metrics=[own_loss]), "own_loss"),
        (lambda: build_model(metrics=[OwnMetric()]), "mean over rows"),
    ],
)
def test_stacked_engine_says_why_it_cannot(build, reason):
    with pytest.raises(ValueError, match=reason):
        trained(build)


def test_auto_falls_back_and_says_so_once(capsys):
    def build():
        return build_model(optimizer=keras.optimizers.Adam(clipnorm=1.0))

    result = trained(build, epochs=2, engine="auto")
    printed = capsys.readouterr()
    assert result.history["val_loss"].shape == (2, 2)
    assert printed.out.count("clipnorm") == 1
    assert printed.out.count("\n") == 1
    assert printed.err == ""


def test_unknown_engine_is_refused():
    with pytest.raises(ValueError, match="choose one of 'auto', 'stacked', 'loop'"):
        trained(engine="turbo")


def test_interrupt_returns_the_finished_epochs(monkeypatch, capsys):
    whole = trained(epochs=6)
    calls = []

    def interrupted(shard, n_epochs, go=Shard.train):
        calls.append(n_epochs)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return go(shard, n_epochs)

    monkeypatch.setattr(Shard, "train", interrupted)
    result = trained(epochs=6)
    assert result.history["loss"].shape[1] == 1
    assert np.array_equal(result.history["loss"], whole.history["loss"][:, :1])
    assert "1 of 6 epochs" in capsys.readouterr().out
    with pytest.raises(KeyboardInterrupt):
        trained()


def test_an_interrupt_leaves_no_shard_ahead_of_the_others(monkeypatch):
    monkeypatch.setattr(trainer, "FLOPS_WORTH_A_CORE", 1)
    monkeypatch.setattr(trainer, "n_cores", lambda: 2)
    monkeypatch.setattr(trainer, "_paced", lambda epochs, stops: iter([1, 2, 3]))
    whole = trained(epochs=6, snapshots=(3,))
    calls = []

    def interrupted(working, wait=trainer.wait):
        calls.append(working)
        if len(calls) == 2:
            raise KeyboardInterrupt
        wait(working)

    monkeypatch.setattr(trainer, "wait", interrupted)
    result = trained(epochs=6)
    assert result.history["loss"].shape[1] == 3
    for weight, expected in zip(result.weights, whole.snapshots[3], strict=True):
        np.testing.assert_array_equal(weight, expected)


def test_a_model_of_another_shape_is_refused():
    widths = iter([4, 5, 6, 7])

    def build():
        return build_model(layers.Dense(next(widths)))

    with pytest.raises(ValueError, match="same layers each time"):
        trained(build, [0.1], seeds=[0, 1], validation_data=None, epochs=1)


def test_random_states_stay_as_they_are():
    np.random.seed(11)  # noqa: NPY002
    expected = np.random.RandomState(11).random_sample()
    trained(epochs=1)
    assert np.random.random_sample() == expected  # noqa: NPY002


def test_batch_order():
    order = batch_order(4, 10)
    generator = np.random.RandomState(4)
    assert all(np.array_equal(next(order), generator.permutation(10)) for _ in range(3))
    assert next(batch_order(4, 3, shuffle=False)).tolist() == [0, 1, 2]
