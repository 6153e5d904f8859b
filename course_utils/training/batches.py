"""Which rows are visited when: one rule for both engines, and for whoever repeats a run."""

import numpy as np


def batch_order(seed, n_samples, shuffle=True):
    """Yield the order of the rows, epoch after epoch, without end.

    Epoch by epoch the next ``permutation(n_samples)`` of one ``numpy.random.RandomState(seed)``;
    with ``shuffle=False`` always 0, 1, 2, … An epoch's batches are consecutive slices of it, the
    last one being short where the batch size does not divide `n_samples`.

    Examples
    --------
    >>> order = batch_order(seed=0, n_samples=4)
    >>> next(order).tolist(), next(order).tolist()
    ([2, 3, 1, 0], [0, 2, 1, 3])
    """
    random = np.random.RandomState(seed)
    while True:
        yield random.permutation(n_samples) if shuffle else np.arange(n_samples)


def ordered_batches(x, y, batch_size, seed, shuffle=True):
    """Yield the batches (x, y) of `batch_order`, epoch after epoch, without end.

    Parameters
    ----------
    x : ndarray of shape (n_samples, ...)
    y : ndarray of shape (n_samples, ...)
    batch_size : int
    seed : int
    shuffle : bool

    Examples
    --------
    The run of a sweep with ``seed=3``, by hand, of 300 rows and so 10 batches an epoch::

        keras.utils.set_random_seed(3)
        model = build_model()
        model.optimizer.learning_rate = 0.01
        model.fit(ordered_batches(x, y, 32, seed=3), steps_per_epoch=10, epochs=200)
    """
    for order in batch_order(seed, len(x), shuffle):
        for start in range(0, len(x), batch_size):
            rows = order[start : start + batch_size]
            yield x[rows], y[rows]
