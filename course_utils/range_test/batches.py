"""Which rows each step of a range test sees: full batches only, so that all losses compare."""

import numpy as np


def full_batches(seed, n_rows, batch_size, steps):
    """Return the rows of each step, shape (steps, batch_size).

    Pass after pass, the next permutation of one ``numpy.random.RandomState(seed)``; the rows at
    its end that do not fill a batch sit this pass out.

    Examples
    --------
    >>> full_batches(seed=0, n_rows=5, batch_size=2, steps=3).tolist()
    [[2, 0], [1, 3], [0, 2]]
    """
    random, batches = np.random.RandomState(seed), []
    while len(batches) < steps:
        order = random.permutation(n_rows)
        starts = range(0, n_rows - batch_size + 1, batch_size)
        batches += [order[start : start + batch_size] for start in starts]
    return np.array(batches[:steps])
