"""Checks before any training: a model's loss, metrics and last layer against the targets."""

import numpy as np

from course_utils.training.baseline import loss_name, one_loss, takes_probabilities
from course_utils.training.keras_setup import keras, tf
from course_utils.training.support import compiled_metrics, meet_data


def check_loss(given):
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


def check_classes(loss, y):
    """Raise an error if the targets of a classifier are all of one class.

    Parameters
    ----------
    loss : str
        As from `loss_name`.
    y : ndarray

    Raises
    ------
    ValueError
    """
    if ("crossentropy" in loss or "hinge" in loss) and (y == y[0]).all():
        raise ValueError(
            f"y holds one class only, {y[0].tolist()!r}; the loss {loss} needs two, so choose "
            "other rows."
        )


def check_last_layer(model, outputs):
    """Raise an error if a model's last layer does not give what its loss takes.

    Parameters
    ----------
    model : keras.Model
    outputs : ndarray of shape (n_samples, ..., n_outputs)
        Of the untrained model.

    Raises
    ------
    ValueError
    """
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


def check_softmax(model):
    """Raise an error if a model ends in a softmax over a single unit.

    Raises
    ------
    ValueError
    """
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


def check_labels(given_loss, output_shape, y, name):
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


def check_measures(model, x, y):
    try:
        meet_data(model, x, y)
    except (TypeError, ValueError, tf.errors.OpError) as error:
        message = str(error).strip().splitlines()[0]
        raise ValueError(
            "The loss and metrics of the model's compile cannot be measured on these data "
            f"(Keras says: {message}); use names such as 'accuracy', and metrics that fit the "
            f"targets, here of shape {y.shape}."
        ) from error
    metrics = compiled_metrics(model)
    for name, value in (metrics.result() if metrics and metrics.built else {}).items():
        if np.size(value) != 1:
            raise ValueError(
                f"The metric {name!r} gives {np.size(value)} numbers; give one that gives a single "
                "number, such as keras.metrics.F1Score(average='macro')."
            )
