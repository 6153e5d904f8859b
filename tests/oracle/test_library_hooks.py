"""The private parts of libraries that the engine reads are still what it takes them for."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from course_utils.training import fit_runs
from course_utils.training import library_hooks as hooks
from course_utils.training.keras_setup import keras
from course_utils.training.optimizer import ELEMENTWISE


def built(optimizer, *shapes):
    optimizer.build([keras.Variable(np.ones(shape, np.float32)) for shape in shapes])
    return optimizer


def test_rate_source_is_the_schedule_and_not_its_value():
    schedule = keras.optimizers.schedules.CosineDecay(0.1, 10)
    assert hooks.rate_source(keras.optimizers.SGD(schedule)) is schedule
    inner = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(schedule))
    assert hooks.rate_source(inner) is schedule
    assert float(hooks.rate_source(keras.optimizers.SGD(0.3))) == np.float32(0.3)


@pytest.mark.parametrize("kind", ELEMENTWISE)
def test_optimizer_state_holds_all_variables_but_weights_and_rate(kind):
    shapes = [(2, 3), (3,), (2, 3)]
    optimizer = built(kind(), *shapes)
    state = hooks.optimizer_state(optimizer)
    for variables in state.values():
        assert [tuple(v.shape) for v in variables] in ([()], shapes)
    held = {id(v) for variables in state.values() for v in variables}
    rate = hooks.rate_source(optimizer)
    assert {id(v) for v in optimizer.variables} - {id(rate)} <= held


@pytest.mark.parametrize(
    ("settings", "slots"),
    [({}, {"_momentums", "_velocities"}), ({"amsgrad": True}, {"_velocity_hats"})],
)
def test_optimizer_state_knows_the_slots_of_adam(settings, slots):
    state = hooks.optimizer_state(built(keras.optimizers.Adam(**settings), (2,)))
    assert slots <= set(state)
    assert "_iterations" in state


def test_function_of_a_metric_and_its_settings():
    metric = keras.metrics.BinaryAccuracy(threshold=0.25)
    assert hooks.function_of(metric) is keras.metrics.binary_accuracy
    assert hooks.settings_of(metric) == {"threshold": 0.25}
    assert hooks.function_of(keras.metrics.AUC()) is None


def test_excludes_weights():
    optimizer = keras.optimizers.AdamW()
    assert not hooks.excludes_weights(optimizer)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    assert hooks.excludes_weights(optimizer)


def test_everything_restored_reads_the_state_of_tensorflow_and_keras():
    context = hooks._tensorflow_context()
    keras.utils.set_random_seed(5)
    assert context._seed == 5
    assert hooks._keras_state.get_global_attribute("global_random_seed") == 5
    with hooks.everything_restored():
        keras.utils.set_random_seed(6)
    assert context._seed == 5
    assert hooks._keras_state.get_global_attribute("global_random_seed") == 5


def test_keep_model_reads_what_a_step_changes():
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("adam", "mse")
    assert hasattr(model, "train_function")
    assert hasattr(model, "stop_training")
    undo = hooks.keep_model(model)
    variables = [*model.variables, *model.optimizer.variables]
    before = [variable.numpy() for variable in variables]
    model.train_on_batch(np.ones((3, 2), np.float32), np.ones(3, np.float32))
    undo()
    for variable, value in zip(variables, before, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)


def test_stable_names_sets_the_count_of_tensorflow_and_puts_it_back():
    counted = hooks._tensorflow_ops.uid
    with hooks.stable_names("a program"):
        first = hooks._tensorflow_ops.uid()
        assert hooks._tensorflow_ops.uid() == first + 1
    assert hooks._tensorflow_ops.uid is counted


def test_no_other_module_looks_inside_keras_or_tensorflow(root):
    package = root / "course_utils"
    files = [
        path
        for name in ("training", "sweeps", "range_test")
        for path in (package / name).rglob("*.py")
    ]
    inside = [
        path.relative_to(package).as_posix()
        for path in files
        if any(
            name in path.read_text(encoding="utf-8") for name in ("keras.src", "tensorflow.python")
        )
    ]
    assert inside == ["training/library_hooks.py"]


def test_draws_of_other_threads_change_no_weight():
    """As those of a Dask worker, between the seeding and the building of a model."""

    def build():
        in_worker = threading.current_thread() is not threading.main_thread()
        if in_worker:
            other = threading.Thread(target=random.random)
            other.start()
            other.join()
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), keras.layers.Dense(1)])
        model.compile("sgd", "mse")
        return model

    def weights():
        runs = pd.DataFrame({"learning_rate": 0.01, "seed": [0, 1]})
        return fit_runs(build, runs, np.eye(3), np.ones(3), engine="loop", progress=False).weights

    with ThreadPoolExecutor() as pool:
        in_worker = pool.submit(weights).result()
    for one, other in zip(weights(), in_worker, strict=True):
        np.testing.assert_array_equal(one, other)
