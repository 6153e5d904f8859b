"""The private parts of libraries that the engine reads are still what it takes them for."""

import ast
import random
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import Ridge
from sklearn.model_selection import GridSearchCV, check_cv

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


@pytest.mark.parametrize(("given", "weight"), [(None, 1.0), (0.5, 0.5), ([0.25], 0.25)])
def test_loss_weight_of_a_model_that_cannot_be_saved(given, weight):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", lambda y, outputs: (y - outputs) ** 2, loss_weights=given)
    assert hooks.loss_weight(model) == weight


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


def looks_inside(node):
    """Return whether a piece of code reads a private part of a library."""
    if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
        own = isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")
        above = isinstance(node.value, ast.Call) and ast.unparse(node.value.func) == "super"
        protocol = node.attr.endswith("_")  # of IPython, such as _repr_mimebundle_
        return not (own or above or protocol)
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and text.startswith(("keras.src", "tensorflow.python"))


def test_no_other_module_looks_inside_a_library(root):
    package = root / "course_utils"
    inside = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if any(map(looks_inside, ast.walk(ast.parse(path.read_text(encoding="utf-8")))))
    }
    assert inside == {"training/library_hooks.py"}


def test_the_steps_of_a_search_that_the_stacked_one_changes():
    """They are methods of scikit-learn's class, so they stand where its subclass does."""
    steps, half = [], [(np.arange(10), np.arange(10, 20))]

    class Search(GridSearchCV):
        def _check_input_parameters(self, X, y, split_params):
            assert self._checked_cv_orig.get_n_splits() == 5
            assert split_params.get("groups") is None
            self._checked_cv_orig = check_cv(half)
            steps.append("_check_input_parameters")

        def _run_search(self, evaluate_candidates):
            results = evaluate_candidates([{"alpha": 1.0}, {"alpha": 2.0}])
            steps.append(len(results["params"]))

        def _format_results(self, candidate_params, n_splits, out, more_results=None):
            steps.append((len(candidate_params), n_splits, [set(fit) for fit in out]))
            return super()._format_results(candidate_params, n_splits, out, more_results)

    x = np.arange(20.0).reshape(-1, 1)
    Search(Ridge(), {"alpha": [1.0]}).fit(x, x[:, 0])
    first, (n_candidates, n_splits, fits), found = steps
    assert (first, n_candidates, n_splits, found) == ("_check_input_parameters", 2, 1, 2)
    assert all({"fit_time", "fit_error"} <= fit for fit in fits)


def test_trace_forgotten_takes_the_place_of_the_sum_over_replicas(monkeypatch):
    """Which Keras still calls, by this name, and which is there again after the block."""

    def summed(self, gradients):
        raise RuntimeError("summed over replicas")

    optimizer = keras.optimizers.SGD
    holder = next(k for k in optimizer.__mro__ if "_all_reduce_sum_gradients" in vars(k))
    monkeypatch.setattr(holder, "_all_reduce_sum_gradients", summed)
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile(optimizer(), "mse")
    with hooks.trace_forgotten(model):
        model.fit(np.ones((4, 1)), np.ones(4), verbose=0)
    model.train_function = None
    with pytest.raises(RuntimeError, match="summed over replicas"):
        model.fit(np.ones((4, 1)), np.ones(4), verbose=0)


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
