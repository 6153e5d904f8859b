"""Which samples are visited when: one rule for all engines, and for whoever repeats a run."""

import numpy as np


def batch_order(seed, n_samples, shuffle=True):
    """Yield the order of the samples, epoch after epoch, without end.

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


def full_batches(seed, n_samples, batch_size, shuffle=True):
    """Yield the samples of batch after batch, all of one size, so that their losses compare.

    Those at the end of an epoch's `batch_order` that do not fill a batch sit this epoch out.

    Examples
    --------
    >>> batches = full_batches(seed=0, n_samples=5, batch_size=2)
    >>> [next(batches).tolist() for _ in range(3)]
    [[2, 0], [1, 3], [0, 2]]
    """
    for order in batch_order(seed, n_samples, shuffle):
        for start in range(0, n_samples - batch_size + 1, batch_size):
            yield order[start : start + batch_size]


def ordered_batches(x, y, batch_size, seed, shuffle=True):
    """Yield the batches (x, y) of `batch_order`, epoch after epoch, without end.

    Examples
    --------
    The run of a sweep with ``seed=3``, by hand, of 300 samples and so 10 batches an epoch::

        keras.utils.set_random_seed(3)
        model = build_model()
        model.optimizer.learning_rate = 0.01
        model.fit(ordered_batches(x, y, 32, seed=3), steps_per_epoch=10, epochs=200)
    """
    for order in batch_order(seed, len(x), shuffle):
        for start in range(0, len(x), batch_size):
            samples = order[start : start + batch_size]
            yield x[samples], y[samples]
