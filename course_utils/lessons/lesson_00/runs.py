"""Four real runs of one model, for the exercise that reads their losses."""

import numpy as np

RATES = {"A": 0.005, "B": 1.9, "C": 0.0005, "D": 1.0}


def four_runs(people, index, seed, epochs=40, batch_size=8):
    """Train a linear model at four learning rates.

    Parameters
    ----------
    people, index : DataFrame, Series
        As from `load_bmi`; the number of rows is a multiple of `batch_size`.
    seed : int
        For the order of the people in each epoch, the same at all four rates.
    epochs, batch_size : int

    Returns
    -------
    dict
        For each run its losses: the mean squared error over all people, before training and after
        each epoch, an array of shape (epochs + 1,).
    """
    x = ((people - people.mean()) / people.std()).to_numpy()
    y = (index - index.mean()).to_numpy(float)
    losses = {}
    for run, learning_rate in RATES.items():
        random, w = np.random.default_rng(seed), np.zeros(x.shape[1])
        losses[run] = [np.mean(y**2)]
        for _ in range(epochs):
            for rows in np.split(random.permutation(len(x)), len(x) // batch_size):
                slope = x[rows].T @ (x[rows] @ w - y[rows]) / batch_size
                w = w - learning_rate * slope
            losses[run].append(np.mean((x @ w - y) ** 2))
    return {run: np.array(loss) for run, loss in losses.items()}
