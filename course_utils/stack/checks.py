"""Checks before any training: the data by themselves, and the model against the data.

Every message says what was got, what is allowed, and what to do.
"""

import inspect
from numbers import Real

import numpy as np

from course_utils.keras_setup import keras, tf
from course_utils.stack.loss_checks import (
    check_classes,
    check_labels,
    check_last_layer,
    check_loss,
    check_measures,
    check_softmax,
)
from course_utils.stack.optimizer import own_schedule, rate_of
from course_utils.stack.yardstick import loss_name
from course_utils.validation import as_features, as_targets

ROWS = 256  # that are shown to a model before training


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
    _check_function(job.build_model)
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


def _check_function(build_model):
    if isinstance(build_model, keras.Model) or not callable(build_model):
        raise TypeError(
            f"build_model is {build_model!r}; give a function that returns a compiled model, "
            "without calling it: build_model, not build_model()."
        )
    try:
        inspect.signature(build_model).bind()
    except ValueError:  # it has no signature that Python could read
        return
    except TypeError as error:
        raise TypeError(
            f"build_model is {build_model!r}, which cannot be called without arguments ({error}); "
            "give a function that needs none, such as lambda: build_model(64)."
        ) from None


def _check_filled(values, name):
    if np.ma.is_masked(values):
        raise ValueError(
            f"{name} has {np.ma.count_masked(values)} masked cells; drop their rows, or fill them "
            f"in by {name}.filled(...)."
        )
    if hasattr(values, "toarray"):
        raise TypeError(f"{name} is a sparse {type(values).__name__}; give {name}.toarray().")


def _unboxed(values):
    """Return an array of Python's own numbers as one of NumPy's; any other as it is."""
    values = np.asarray(values)
    if values.dtype == object and all(isinstance(value, Real) for value in values.flat):
        values = np.array(values.tolist())
    return values


def _plain(value):
    return value.item() if isinstance(value, np.generic) else value


def _as_inputs(x, name):
    _check_filled(x, name)
    if np.ndim(x) <= 2:
        return as_features(x, name)
    x = _unboxed(x)
    if x.size == 0 or x.dtype.kind not in "fiu" or not np.isfinite(x).all():
        raise ValueError(f"{name} is empty or holds missing cells; give finite numbers.")
    return x


def _as_outputs(y, name, n_rows):
    _check_filled(y, name)
    y = _unboxed(y)
    if y.ndim < 2:
        y = as_targets(y, n_rows, name)
    if len(y) != n_rows:
        raise ValueError(
            f"{name} has {len(y)} rows for {n_rows} rows of features; "
            "x and y must come from the same rows."
        )
    if y.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} holds {_plain(y.flat[0])!r}; Keras needs numbers, so encode the labels as "
            "0, 1, 2, …"
        )
    bad = ~np.isfinite(y)
    if bad.any():
        raise ValueError(
            f"{name} has {bad.sum()} missing or infinite values, the first in row "
            f"{np.argwhere(bad)[0][0]}; drop those rows first."
        )
    return y


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
