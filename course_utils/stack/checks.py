"""Checks before any training: the data by themselves, and the model against the data.

Every message says what was got, what is allowed, and what to do.
"""

import numpy as np

from course_utils.keras_setup import keras, tf
from course_utils.stack.optimizer import own_schedule
from course_utils.stack.support import meet_data
from course_utils.stack.yardstick import loss_name
from course_utils.validation import as_features, as_targets


def as_data(x, y, validation_data=None):
    """Return (x, y, validation_data) as arrays without a missing cell, rows and columns matching.

    Raises
    ------
    TypeError, ValueError
        If they cannot be used.
    """
    x = _as_inputs(x, "x")
    y = _as_outputs(y, "y", len(x))
    if validation_data is None:
        return x, y, None
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
        raise TypeError("validation_data must be a pair, such as (X_test, y_test).")
    validation_x = _as_inputs(validation_data[0], "validation_data[0]")
    if validation_x.shape[1:] != x.shape[1:]:
        raise ValueError(
            f"validation_data[0] has rows of shape {validation_x.shape[1:]} and x has rows of "
            f"shape {x.shape[1:]}; give both the same columns in the same order."
        )
    validation_y = _as_outputs(validation_data[1], "validation_data[1]", len(validation_x))
    return x, y, (validation_x, validation_y)


def check_model(job):
    """Raise an error that explains itself if the model of a job does not fit its data.

    Raises
    ------
    TypeError, ValueError
        If ``build_model`` gives no compiled model, or one that does not fit.
    """
    if not callable(job.build_model):
        raise TypeError(
            f"build_model is {job.build_model!r}; give a function that returns a compiled model, "
            "without calling it: build_model, not build_model()."
        )
    model = job.template
    _check_model(model, job.x)
    _check_labels(model, job.y, "y")
    if job.validation_data is not None:
        _check_labels(model, job.validation_data[1], "validation_data[1]")
    _check_measures(model, job.x, job.y)


def _as_inputs(x, name):
    if np.ndim(x) <= 2:
        return as_features(x, name)
    x = np.asarray(x)
    if x.size == 0 or x.dtype.kind not in "fiu" or not np.isfinite(x).all():
        raise ValueError(f"{name} is empty or holds missing cells; give finite numbers.")
    return x


def _as_outputs(y, name, n_rows):
    y = np.asarray(y)
    if y.ndim < 2:
        y = as_targets(y, n_rows, name)
    if len(y) != n_rows:
        raise ValueError(
            f"{name} has {len(y)} rows for {n_rows} rows of features; "
            "x and y must come from the same rows."
        )
    if y.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {y.flat[0]!r}; Keras needs numbers, so encode the labels as 0, 1, 2, …"
        )
    bad = ~np.isfinite(y)
    if bad.any():
        raise ValueError(
            f"{name} has {bad.sum()} missing or infinite values, the first in row "
            f"{np.argwhere(bad)[0][0]}; drop those rows first."
        )
    return y


def _check_model(model, x):
    if len(model.inputs or [0]) != 1 or len(model.outputs or [0]) != 1:
        raise ValueError(
            f"The model has {len(model.inputs)} inputs and {len(model.outputs)} outputs; "
            "a sweep trains models with one of each."
        )
    expected = tuple(model.inputs[0].shape[1:]) if model.inputs else x.shape[1:]
    fits = len(expected) == x.ndim - 1 and all(
        wanted in (None, got) for wanted, got in zip(expected, x.shape[1:], strict=True)
    )
    if not fits:
        raise ValueError(
            f"The model takes rows of shape {expected} and x has rows of shape {x.shape[1:]}; "
            "change keras.Input(...) or x."
        )
    rate = model.optimizer._learning_rate  # the property would call it
    if (
        callable(rate)
        and not isinstance(rate, keras.Variable)
        and not own_schedule(model.optimizer)
    ):
        raise TypeError(
            "The optimizer was made with a function as its learning_rate, which cannot be swept; "
            "give it a number or a LearningRateSchedule."
        )


def _check_labels(model, y, name):
    loss, outputs = loss_name(model.loss), model.output_shape[-1]
    one_each = y.ndim == 1 or y.shape[1:] == (1,)
    if loss == "sparse_categorical_crossentropy":
        if not one_each:
            raise ValueError(
                f"{name} has shape {y.shape} and the loss {loss} takes one label per row; use "
                "categorical_crossentropy for one-hot labels."
            )
        if y.min() < 0 or y.max() >= outputs or (y != np.floor(y)).any():
            raise ValueError(
                f"{name} holds labels from {y.min()} to {y.max()} and the model has {outputs} "
                f"outputs; labels must be whole numbers from 0 to {outputs - 1}."
            )
    elif loss == "categorical_crossentropy":
        if y.shape != (len(y), outputs):
            raise ValueError(
                f"{name} has shape {y.shape} and the loss {loss} takes one-hot rows "
                f"{(len(y), outputs)}; use keras.utils.to_categorical, or "
                "sparse_categorical_crossentropy for one label per row."
            )
    elif not (one_each and outputs == 1) and y.shape[1:] != model.output_shape[1:]:
        raise ValueError(
            f"{name} has rows of shape {y.shape[1:]} and the model has outputs of shape "
            f"{model.output_shape[1:]}; give the last layer one unit per target column."
        )
    if loss == "binary_crossentropy" and (y.min() < 0 or y.max() > 1):
        raise ValueError(
            f"{name} holds values from {y.min()} to {y.max()}; the loss {loss} takes 0 and 1."
        )


def _check_measures(model, x, y):
    try:
        meet_data(model, x, y)
    except (TypeError, ValueError, tf.errors.OpError) as error:
        message = str(error).strip().splitlines()[0]
        raise ValueError(
            "The loss and metrics of compile cannot be measured on these data "
            f"(Keras says: {message}); use names such as 'accuracy', and metrics that fit the "
            f"targets, here of shape {y.shape}."
        ) from error
