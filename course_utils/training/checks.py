"""Checks before any training: a Keras model against its data.

Every message says what was got, what is allowed, and what to do.
"""

import numpy as np

from course_utils.training.baseline import loss_name, one_loss, takes_probabilities
from course_utils.training.keras_setup import keras, tf
from course_utils.training.library_hooks import rate_source, settings_of
from course_utils.training.optimizer import own_schedule
from course_utils.training.support import compiled_metrics, is_along_samples, meet_data
from course_utils.validation import check_builder

SAMPLES = 256  # that are shown to a model before training


def check_start(runs):
    """Raise an error unless what runs start from is a function, or a compiled model."""
    if runs.given is None:
        check_builder(runs.model)
        return
    check_compiled(runs.given)
    if not runs.given.built:
        runs.given.build((None, *runs.x.shape[1:]))


def check_compiled(model):
    """Raise an error unless a model has an optimizer and a loss."""
    if not model.compiled or model.optimizer is None or model.loss is None:
        raise ValueError(
            "The model is not compiled, so it has no loss and no optimizer; call "
            "model.compile(optimizer=..., loss=...) first."
        )


def check_model(runs):
    """Raise an error that explains itself if the model of runs does not fit its data.

    Raises
    ------
    TypeError, ValueError
        If ``build_model`` gives no compiled model, one that does not fit, or twice the same.
    """
    model = runs.template
    _check_model(model, runs.x)
    _check_loss(model.loss)
    _check_softmax(model)
    _check_words(model, runs.x, "x")
    if runs.validation_data is not None:
        _check_words(model, runs.validation_data[0], "validation_data[0]")
    outputs = _outputs(model, runs.x)
    if not model.trainable_variables:
        raise ValueError(
            "The model has no weights that can be trained; leave trainable=True for one layer at "
            "least."
        )
    _check_axis(one_loss(model.loss), outputs.shape)
    _check_labels(model.loss, outputs.shape[1:], runs.y, "y")
    if runs.validation_data is not None:
        _check_labels(model.loss, outputs.shape[1:], runs.validation_data[1], "validation_data[1]")
    _check_classes(loss_name(model.loss), runs.y)
    _check_last_layer(model, outputs)
    _check_measures(model, runs.x, runs.y)
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
            loss_in(getattr(model, step)(batch), model, step)


def loss_in(logs, model, step="train_step"):
    """Return the loss that a step of a model reports, or raise an error if it does not."""
    if "loss" not in logs:
        raise ValueError(
            f"The {step} of {type(model).__name__} returns {sorted(logs)} and no 'loss'; "
            "return the batch's loss under that name."
        )
    return logs["loss"]


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
    check_rate(model.optimizer)


def check_rate(optimizer):
    """Raise an error if an optimizer takes its rates from a function."""
    rate = rate_source(optimizer)
    if callable(rate) and not isinstance(rate, keras.Variable) and not own_schedule(optimizer):
        raise TypeError(
            "The optimizer was made with a function as its learning_rate, which cannot be swept; "
            "give it a number or a LearningRateSchedule."
        )


def _outputs(model, x):
    """Return the model's outputs for some samples."""
    outputs = model(x[:SAMPLES])
    if not hasattr(outputs, "shape") or len(outputs.shape) < 2:
        raise ValueError(
            f"The model returns a {type(outputs).__name__} for a batch of rows; a sweep trains "
            "models that return one tensor of shape (n_samples, n_outputs)."
        )
    return np.asarray(keras.ops.convert_to_numpy(outputs), dtype=np.float32)


def _check_loss(given):
    loss = one_loss(given)
    if isinstance(loss, (list, tuple, dict)):
        raise ValueError(f"The model was compiled with {len(loss)} losses; give it one.")
    if isinstance(loss, str) and loss.lower() not in ("crossentropy", "ce"):
        try:
            keras.losses.get(loss)
        except ValueError:
            raise ValueError(
                f"The model was compiled with loss={loss!r}, which Keras does not know; give a "
                "name such as 'mse' or 'sparse_categorical_crossentropy', or a loss object."
            ) from None


def _check_words(model, x, name):
    """Raise an error if an Embedding meets a number that it has no row for: XLA does not."""
    for layer in model.layers if getattr(model, "inputs", None) else ():
        first = isinstance(layer, keras.layers.Embedding) and layer.input is model.inputs[0]
        if first and not (x.min() >= 0 and x.max() < layer.input_dim):
            raise ValueError(
                f"{name} holds numbers from {x.min():g} to {x.max():g} and the Embedding has "
                f"{layer.input_dim} rows, so it takes 0 to {layer.input_dim - 1}; give it a larger "
                "input_dim."
            )


def _check_axis(loss, output_shape):
    axis = settings_of(loss).get("axis")
    if is_along_samples(axis, output_shape):
        raise ValueError(
            f"The loss {loss_name(loss)} has axis={axis}, which is that of "
            "the rows, so each row's loss depends on the others; leave axis at -1."
        )


def _check_classes(loss, y):
    """Raise an error if the targets of a classifier are all of one class."""
    if ("crossentropy" in loss or "hinge" in loss) and (y == y[0]).all():
        raise ValueError(
            f"y holds one class only, {y[0].tolist()!r}; the loss {loss} needs two, so choose "
            "other rows."
        )


def _check_last_layer(model, outputs):
    """Raise an error if a model's last layer does not give what its loss takes."""
    if not takes_probabilities(model.loss):
        return
    last = _last_layer(model)
    any_number = isinstance(last, keras.layers.Dense) and (
        last.activation is keras.activations.linear
    )
    if any_number or outputs.min() < 0 or outputs.max() > 1 + 1e-5:
        name = loss_name(model.loss)
        end = "sigmoid" if name.startswith("binary") else "softmax"
        raise ValueError(
            f"The loss {name} takes probabilities, and the model's outputs are not (here from "
            f"{outputs.min():.3g} to {outputs.max():.3g}); end the model with "
            f"activation={end!r}, or give the loss as an object with from_logits=True."
        )


def _check_softmax(model):
    """Raise an error if a model ends in a softmax over a single unit."""
    last = _last_layer(model)
    softmax = isinstance(last, keras.layers.Softmax) or (
        getattr(last, "activation", None) is keras.activations.softmax
    )
    shape = getattr(model, "output_shape", None)
    if softmax and isinstance(shape, tuple) and shape[-1] == 1:
        raise ValueError(
            "The model ends in a softmax over one unit, which is always 1; for two classes end it "
            "with Dense(1, activation='sigmoid') and binary_crossentropy, or give it a unit per "
            "class."
        )


def _last_layer(model):
    while getattr(model, "layers", None):
        model = model.layers[-1]
    return model


def _check_labels(given_loss, output_shape, y, name):
    loss, outputs = loss_name(given_loss), output_shape[-1]
    one_each = y.ndim == 1 or y.shape[1:] == (1,)
    if loss == "sparse_categorical_crossentropy":
        if not one_each:
            raise ValueError(
                f"{name} has shape {y.shape} and the loss {loss} takes one label per row; use "
                "categorical_crossentropy for one-hot labels."
            )
        counted = y[y != getattr(one_loss(given_loss), "ignore_class", None)]
        if not counted.size:
            raise ValueError(f"{name} holds nothing but the class that the loss ignores.")
        if counted.min() < 0 or counted.max() >= outputs or (counted != np.floor(counted)).any():
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
        sums = y.sum(axis=1, dtype=float)
        wrong = (np.abs(sums - 1) > 1e-3) | (y < 0).any(axis=1)
        if wrong.any():
            raise ValueError(
                f"{name} has rows that are not shares of classes, the first, row "
                f"{wrong.argmax()}, with the sum {sums[wrong.argmax()]:g}; a one-hot row holds "
                "one 1 and else 0 (for several labels at once use binary_crossentropy)."
            )
    elif not (one_each and outputs == 1) and y.shape[1:] != output_shape:
        raise ValueError(
            f"{name} has rows of shape {y.shape[1:]} and the model has outputs of shape "
            f"{output_shape}; give the last layer one unit per target column."
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
            "The loss and metrics of the model's compile cannot be measured on these data "
            f"(Keras says: {message}); use names such as 'accuracy', and metrics that fit the "
            f"targets, here of shape {y.shape}."
        ) from error
    for name, metric in compiled_metrics(model).items():
        if (size := np.size(metric.result())) != 1:
            raise ValueError(
                f"The metric {name!r} gives {size} numbers; give one that gives a single "
                "number, such as keras.metrics.F1Score(average='macro')."
            )
