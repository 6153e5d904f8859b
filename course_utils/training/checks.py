"""Checks before any training: the model against the data.

Every message says what was got, what is allowed, and what to do.
"""

import numpy as np

from course_utils.training.baseline import loss_name
from course_utils.training.keras_setup import keras, tf
from course_utils.training.loss_checks import (
    check_classes,
    check_labels,
    check_last_layer,
    check_loss,
    check_measures,
    check_softmax,
)
from course_utils.training.optimizer import own_schedule, rate_of
from course_utils.validation import check_builder

ROWS = 256  # that are shown to a model before training


def check_model(job):
    """Raise an error that explains itself if the model of a job does not fit its data.

    Raises
    ------
    TypeError, ValueError
        If ``build_model`` gives no compiled model, or one that does not fit.
    """
    check_builder(job.build_model)
    model = job.template
    _check_model(model, job.x)
    check_loss(model.loss)
    check_softmax(model)
    outputs = _outputs(model, job.x)
    check_labels(model.loss, outputs.shape[1:], job.y, "y")
    if job.validation_data is not None:
        check_labels(model.loss, outputs.shape[1:], job.validation_data[1], "validation_data[1]")
    check_classes(loss_name(model.loss), job.y)
    check_last_layer(model, outputs)
    check_measures(model, job.x, job.y)


def check_new_models(job):
    """Raise an error unless each call of ``build_model`` gives a new model that reports its loss.

    Raises
    ------
    ValueError
    """
    model = job.new_model(0)
    if {id(variable) for variable in model.variables} & {id(v) for v in job.template.variables}:
        raise ValueError(
            "build_model returns the same layers at each call, so a run would start from the "
            "weights of the run before; make the model and its layers inside build_model."
        )
    batch = tuple(tf.constant(values[: job.batch_size]) for values in (job.x, job.y))
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
    rate = rate_of(model.optimizer)
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
