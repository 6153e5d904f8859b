"""Checks before any training: the model against the data.

Every message says what was got, what is allowed, and what to do.
"""

import numpy as np

from course_utils.training.baseline import loss_name
from course_utils.training.keras_setup import keras, tf
from course_utils.training.library_hooks import rate_source
from course_utils.training.loss_checks import (
    check_classes,
    check_labels,
    check_last_layer,
    check_loss,
    check_measures,
    check_softmax,
)
from course_utils.training.optimizer import own_schedule
from course_utils.validation import check_builder

ROWS = 256  # that are shown to a model before training


def check_start(runs):
    """Raise an error unless what runs start from is a function, or a compiled model."""
    if runs.given is None:
        check_builder(runs.model)
        return
    if not runs.given.compiled or runs.given.optimizer is None or runs.given.loss is None:
        raise ValueError(
            "The model is not compiled, so it has no loss and no optimizer; call "
            "model.compile(optimizer=..., loss=...) first."
        )
    if not runs.given.built:
        runs.given.build((None, *runs.x.shape[1:]))


def check_model(runs):
    """Raise an error that explains itself if the model of runs does not fit its data.

    Raises
    ------
    TypeError, ValueError
        If ``build_model`` gives no compiled model, one that does not fit, or twice the same.
    """
    model = runs.template
    _check_model(model, runs.x)
    check_loss(model.loss)
    check_softmax(model)
    outputs = _outputs(model, runs.x)
    check_labels(model.loss, outputs.shape[1:], runs.y, "y")
    if runs.validation_data is not None:
        check_labels(model.loss, outputs.shape[1:], runs.validation_data[1], "validation_data[1]")
    check_classes(loss_name(model.loss), runs.y)
    check_last_layer(model, outputs)
    check_measures(model, runs.x, runs.y)
    if runs.given is None:
        _check_new_model(runs)


def _check_new_model(runs):
    """Raise an error unless each call gives a new model that reports its loss."""
    model = runs.new_model(0)
    if {id(variable) for variable in model.variables} & {id(v) for v in runs.template.variables}:
        raise ValueError(
            "build_model returns the same layers at each call, so a run would start from the "
            "weights of the run before; make the model and its layers inside build_model."
        )
    batch = tuple(tf.constant(values[: runs.batch_size]) for values in (runs.x, runs.y))
    for step in ("train_step", "test_step"):
        if getattr(type(model), step) is not getattr(keras.Model, step):
            logs = getattr(model, step)(batch)
            if "loss" not in logs:
                raise ValueError(
                    f"The {step} of {type(model).__name__} returns {sorted(logs)} and no 'loss'; "
                    "return the batch's loss under that name."
                )


def _check_model(model, x):
    # A model with a `call` of its own has neither.
    inputs, outputs = (getattr(model, name, None) for name in ("inputs", "outputs"))
    if len(inputs or [0]) != 1 or len(outputs or [0]) != 1:
        raise ValueError(
            f"The model has {len(inputs)} inputs and {len(outputs)} outputs; "
            "a sweep trains models with one of each."
        )
    expected = tuple(inputs[0].shape[1:]) if inputs else x.shape[1:]
    fits = len(expected) == x.ndim - 1 and all(
        wanted in (None, got) for wanted, got in zip(expected, x.shape[1:], strict=True)
    )
    if not fits:
        raise ValueError(
            f"The model takes rows of shape {expected} and x has rows of shape {x.shape[1:]}; "
            "change keras.Input(...) or x."
        )
    rate = rate_source(model.optimizer)
    if (
        callable(rate)
        and not isinstance(rate, keras.Variable)
        and not own_schedule(model.optimizer)
    ):
        raise TypeError(
            "The optimizer was made with a function as its learning_rate, which cannot be swept; "
            "give it a number or a LearningRateSchedule."
        )


def _outputs(model, x):
    """Return the model's outputs for some rows."""
    outputs = model(x[:ROWS])
    if not hasattr(outputs, "shape") or len(outputs.shape) < 2:
        raise ValueError(
            f"The model returns a {type(outputs).__name__} for a batch of rows; a sweep trains "
            "models that return one tensor of shape (n_samples, n_outputs)."
        )
    return np.asarray(keras.ops.convert_to_numpy(outputs), dtype=np.float32)
