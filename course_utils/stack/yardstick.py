"""The loss of the best constant prediction: what a model must beat to have learned anything.

A diverged softmax network stays finite, so that only such a yardstick tells that it has diverged.
"""

import re

import numpy as np

from course_utils.keras_setup import keras

ENTROPIES = ("sparse_categorical_crossentropy", "categorical_crossentropy", "binary_crossentropy")


def loss_name(loss):
    """Return the snake-case name of a loss: a string, a function or a Loss object."""
    if isinstance(loss, str):
        return getattr(_found(loss), "__name__", loss)
    name = getattr(loss, "__name__", type(loss).__name__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def constant_loss(loss, y):
    """Return the training loss of the best constant prediction.

    Parameters
    ----------
    loss : str, function or keras.losses.Loss
    y : ndarray of shape (n_samples,) or (n_samples, n_outputs)

    Returns
    -------
    float
        The entropy of the class shares for the cross-entropies; otherwise the loss of predicting
        the mean or the median of `y`, whichever is smaller; 1.0 where that is not a number.

    Examples
    --------
    >>> constant_loss("mse", np.array([0.0, 2.0]))
    1.0
    """
    name = loss_name(loss)
    columns = np.asarray(y, dtype=float).reshape(len(y), -1)
    if name == "sparse_categorical_crossentropy":
        return _entropy(np.unique(columns, return_counts=True)[1] / len(y))
    if name == "categorical_crossentropy":
        return _entropy(columns.mean(axis=0))
    if name == "binary_crossentropy":
        return float(np.mean([_entropy([share, 1 - share]) for share in columns.mean(axis=0)]))
    constants = [summary(columns, axis=0) for summary in (np.mean, np.median)]
    losses = [_mean_loss(loss, columns, np.broadcast_to(c, columns.shape)) for c in constants]
    finite = [value for value in losses if np.isfinite(value)]
    return min(finite) if finite else 1.0


def _mean_loss(loss, y_true, y_pred):
    function = _found(loss)
    return float(np.mean(function(y_true.astype(np.float32), y_pred.astype(np.float32))))


def _entropy(shares):
    shares = np.asarray(shares, dtype=float)
    shares = shares[shares > 0]
    return float(-(shares * np.log(shares)).sum())


def _found(loss):
    try:
        return keras.losses.get(loss)
    except ValueError:
        return loss
