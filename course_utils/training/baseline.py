"""The loss of the best constant prediction: what a model must beat to have learned anything.

A diverged softmax network stays finite, so that only such a baseline tells that it has diverged.
"""

import re

import numpy as np
from scipy.optimize import minimize
from scipy.special import entr, expit, softmax

from course_utils.training.keras_setup import keras

ONE_OF_MANY = (
    "categorical_crossentropy",
    "sparse_categorical_crossentropy",
    "categorical_focal_crossentropy",
    "kl_divergence",
    "kldivergence",
)
YES_OR_NO = ("binary_crossentropy", "binary_focal_crossentropy")
MOST_OUTPUTS = 10  # beyond them, searching a constant takes too long


def one_loss(loss):
    """Return the one loss, or the one weight, that a list or dict holds; any other as it is."""
    while isinstance(loss, (list, tuple, dict)) and len(loss) == 1:
        (loss,) = loss.values() if isinstance(loss, dict) else loss
    return loss


def loss_name(loss):
    """Return the snake-case name of a loss: a string, a function or a Loss object."""
    loss = one_loss(loss)
    if isinstance(loss, str):
        return getattr(_found(loss), "__name__", loss)
    name = getattr(loss, "__name__", type(loss).__name__)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def baseline_loss(loss, y):
    """Return the training loss of the best constant prediction.

    Parameters
    ----------
    loss : str, function or keras.losses.Loss, or one of them in a list or dict
    y : ndarray of shape (n_samples,) or (n_samples, n_outputs)

    Returns
    -------
    float
        The entropy of the class shares for the cross-entropies; otherwise the smallest loss found
        among constants, the mean and the median of `y` first; 1.0 where none gives a number.

    Examples
    --------
    >>> baseline_loss("mse", np.array([0.0, 2.0]))
    1.0
    """
    name, loss = loss_name(loss), _found(one_loss(loss))
    columns = np.asarray(y, dtype=float).reshape(len(y), -1)
    if isinstance(loss, str):  # which cross-entropy it is, Keras sees from the targets
        name = "categorical_crossentropy" if columns.shape[1] > 1 else f"sparse_categorical_{name}"
    if name.startswith("sparse_categorical_"):
        labels = columns[columns != getattr(loss, "ignore_class", None)]
        return float(entr(np.unique(labels, return_counts=True)[1] / len(labels)).sum())
    if not getattr(loss, "label_smoothing", 0.0):
        shares = columns.mean(axis=0)
        if name == "categorical_crossentropy":
            return float(entr(shares).sum())
        if name == "binary_crossentropy":
            return float(np.mean(entr(shares) + entr(1 - shares)))
    mean, median = (summary(columns, axis=0) for summary in (np.mean, np.median))
    if name in ("mean_squared_error", "mean_absolute_error"):
        return _mean_loss(loss, columns, mean if "squared" in name else median)
    return _smallest_loss(loss, columns, [mean, median], _link(name, loss))


def takes_probabilities(loss):
    """Whether a loss is a cross-entropy from probabilities, not from the logits."""
    name = loss_name(loss)
    return "crossentropy" in name and not getattr(_found(one_loss(loss)), "from_logits", False)


def _link(name, loss):
    """Return what a loss takes its outputs to be: any numbers, or shares made of them."""
    if getattr(loss, "from_logits", False):
        return None
    if name in ONE_OF_MANY:
        return softmax
    return expit if name in YES_OR_NO else None


def _smallest_loss(loss, columns, constants, link):
    """Return the smallest mean loss of a constant: of those given, and of a search from them."""
    samples, counts = np.unique(columns, axis=0, return_counts=True)
    if np.ndim(_by_sample(loss, columns, constants[0])) == 0:
        samples, counts = columns, None
    one = np.ones(columns.shape[1])
    constants = [*constants, samples[np.argmax(counts)], one, -one]

    def of_numbers(numbers):
        value = _mean_loss(loss, samples, numbers if link is None else link(numbers), counts)
        return value if np.isfinite(value) else np.inf

    losses = [_mean_loss(loss, samples, constant, counts) for constant in constants]
    if link is not None:  # only the mean and the median are sure to be shares
        losses, constants = losses[:2], [0 * one]
    losses = [value for value in losses if np.isfinite(value)]
    if not losses:
        return 1.0
    start = constants[int(np.argmin([of_numbers(constant) for constant in constants]))]
    if len(start) <= MOST_OUTPUTS:
        losses.append(minimize(of_numbers, start, method="Powell", options={"maxfev": 500}).fun)
    return float(min(losses))


def _by_sample(loss, samples, constant):
    function = loss.call if isinstance(loss, keras.losses.Loss) else loss
    predicted = np.broadcast_to(constant, samples.shape).astype(np.float32)
    return np.asarray(function(samples.astype(np.float32), predicted), dtype=float)


def _mean_loss(loss, samples, constant, counts=None):
    """Return the mean loss of a constant prediction over samples that stand for `counts` each."""
    values = _by_sample(loss, samples, constant)
    if values.ndim == 0:
        return float(values)
    return float(np.average(values.reshape(len(samples), -1).mean(axis=1), weights=counts))


def _found(loss):
    try:
        return keras.losses.get(loss)
    except ValueError:
        return loss
