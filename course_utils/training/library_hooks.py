"""What Keras, TensorFlow and scikit-learn offer no public way to read: all of it, in one place.

(But the steps of scikit-learn's search, which its subclass in `model_selection.search` changes.)
Each hook says what it is needed for; ``tests/oracle/test_library_hooks.py`` tries each by its name.
"""

import contextlib
import hashlib
import itertools
import random
import threading
from importlib import import_module
from unittest.mock import patch

import numpy as np

from course_utils.training.baseline import one_loss
from course_utils.training.keras_setup import tf  # before what is imported below by name

_tensorflow_context = import_module("tensorflow.python.eager.context").context
_tensorflow_ops = import_module("tensorflow.python.framework.ops")
_keras_state = import_module("keras.src.backend.common.global_state")
_keras_layer_seeds = import_module("keras.src.random.seed_generator")
_keras_seeding = import_module("keras.src.utils.rng_utils")
_KERAS_CHANCE = ("global_random_seed", "global_seed_generator")
_one_at_a_time = threading.Lock()
_traced = {}  # how many programs of each key were traced here; no two functions may share a name


def rate_source(optimizer):
    """Return what an optimizer takes its rates from: a variable, a schedule or a function.

    ``optimizer.learning_rate`` is the value at the present step, which does not tell a schedule.
    """
    inner = getattr(optimizer, "inner_optimizer", optimizer)  # within a LossScaleOptimizer
    return inner._learning_rate


def optimizer_state(optimizer):
    """Return {attribute: list of variables} of a built optimizer: one per weight, or a single one.

    Without the weights and the learning rate. The order of ``optimizer.variables`` does not say
    which variable belongs to which weight.
    """
    weights = {id(weight) for weight in optimizer._trainable_variables}
    found = {}
    for name, value in vars(optimizer).items():
        variables = list(value) if isinstance(value, (list, tuple)) else [value]
        if name in ("_variables", "_learning_rate") or not variables:
            continue
        if all(hasattr(v, "assign") and id(v) not in weights for v in variables):
            found[name] = variables
    return found


def function_of(metric):
    """Return the function (y_true, y_pred) -> value of each sample that a metric is the mean of.

    None if it is no such metric.
    """
    function = getattr(metric, "_fn", None)
    return function if callable(function) else None


def settings_of(measure):
    """Return the keyword arguments that a loss or a metric gives to its function.

    Its ``get_config()`` leaves some of them out: the delta of Huber, the axis of CosineSimilarity.
    """
    return getattr(measure, "_fn_kwargs", {})


def loss_weight(model):
    """Return what ``compile(loss_weights=...)`` multiplies the one loss of a model by.

    ``get_compile_config()`` tells it only where loss and optimizer can be saved as well.
    """
    given = one_loss(getattr(model._compile_loss, "_user_loss_weights", None))
    return 1.0 if given is None else float(given)


def excludes_weights(optimizer):
    """Return whether an optimizer excludes some weights from its weight decay."""
    names = ("_exclude_from_weight_decay", "_exclude_from_weight_decay_pattern")
    return any(getattr(optimizer, name, None) for name in names)


@contextlib.contextmanager
def stable_names(key):
    """Give the functions traced in the block names that tell what they do, not when.

    TensorFlow counts all its tensors and functions together and writes the number into a
    function's name, and the name into the key of a compiled program, so that a program would be
    found on disk only by luck.

    Parameters
    ----------
    key : str
        What tells one program from another.
    """
    with _one_at_a_time:
        number = _traced[key] = _traced.get(key, -1) + 1
        digest = hashlib.sha256(f"{number} {key}".encode()).digest()
        count = itertools.count(2**62 + (int.from_bytes(digest[:5], "big") << 20))
        with patch.object(_tensorflow_ops, "uid", lambda: next(count)):
            yield


@contextlib.contextmanager
def trace_forgotten(model):
    """Keep TensorFlow from holding on to what the training of a model has traced.

    Its sum of the gradients over replicas enters every trace in a register for ever, and there is
    one replica only; its cache of kernels keeps what no function calls any more.
    """
    alone = tf.distribute.get_strategy().num_replicas_in_sync == 1
    if alone:
        model.optimizer._all_reduce_sum_gradients = lambda gradients: gradients
    try:
        yield
    finally:
        if alone:
            del model.optimizer._all_reduce_sum_gradients
        _tensorflow_context().clear_kernel_cache()


@contextlib.contextmanager
def everything_restored(model=None):
    """Undo whatever the block does to a model and to chance, however the block ends.

    Of a compiled and built model: all variables, those that ``get_weights()`` leaves out too, of
    its metrics and of its optimizer (slots, step, learning rate or schedule). Of chance: the states
    of Python, NumPy, Keras and TensorFlow, except the count of calls of old operations with a seed
    of their own, such as ``tf.random.normal((2,), seed=1)``, which nobody can read.
    """
    kept_chance = _chance()
    undo_model = None if model is None else keep_model(model)
    try:
        yield
    finally:
        if undo_model is not None:
            undo_model()
        _set_chance(kept_chance)


class OwnChance(random.Random):
    """A generator that no other thread draws from; seeding it seeds Python's own as well."""

    def seed(self, *args, **settings):
        super().seed(*args, **settings)
        random.seed(*args, **settings)


@contextlib.contextmanager
def chance_of_one_thread():
    """Let nobody draw between the seeding and the building of a model in a worker's thread.

    Keras draws the seeds of layers from Python's ``random``, and so do Dask's own threads.
    """
    with contextlib.ExitStack() as stack:
        if threading.current_thread() is not threading.main_thread():
            own = OwnChance()
            stack.enter_context(patch.object(_keras_layer_seeds, "python_random", own))
            stack.enter_context(patch.object(_keras_seeding, "random", own))
        yield


def keep_model(model):
    """Return a function that puts a compiled and built model back to its state of now."""
    optimizer = model.optimizer
    if not optimizer.built:
        optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.metrics_variables, *optimizer.variables]
    kept = [(variable, variable.numpy()) for variable in variables]
    rate = rate_source(optimizer)
    train_function, stop_training = model.train_function, model.stop_training
    steps_at_once = model.steps_per_execution
    seen = {id(variable) for variable, _ in kept}

    def undo():
        other_rate = rate_source(optimizer) is not rate
        if other_rate:
            optimizer.learning_rate = rate
        if other_rate or model.steps_per_execution != steps_at_once:
            model.steps_per_execution = steps_at_once
            model.train_function = train_function  # the newer one has what was changed in it
        for variable, value in kept:
            variable.assign(value)
        for variable in model.metrics_variables:
            if id(variable) not in seen:  # Keras has made these metrics at the first samples
                variable.assign(np.zeros(variable.shape))
        model.stop_training = stop_training

    return undo


def _chance():
    context = _tensorflow_context()
    of_tensorflow = getattr(context, "_rng", None)
    generator = _keras_state.get_global_attribute("global_seed_generator")
    return {
        "python": random.getstate(),
        "numpy": np.random.get_state(),  # noqa: NPY002
        "tensorflow": (context._seed, of_tensorflow, of_tensorflow and of_tensorflow.getstate()),
        "keras": {name: _keras_state.get_global_attribute(name) for name in _KERAS_CHANCE},
        "generator": None if generator is None else generator.state.numpy(),
    }


def _set_chance(kept):
    context = _tensorflow_context()
    context._seed, of_tensorflow, state = kept["tensorflow"]
    if of_tensorflow is not None:
        context._rng = of_tensorflow
        of_tensorflow.setstate(state)
    for name, value in kept["keras"].items():
        _keras_state.set_global_attribute(name, value)
    if kept["generator"] is not None:
        kept["keras"]["global_seed_generator"].state.assign(kept["generator"])
    np.random.set_state(kept["numpy"])  # noqa: NPY002
    random.setstate(kept["python"])
