"""Scripted ways to choose a learning rate with 60 fits, to compare one's own with.

Each is a function of ``error(learning_rate, seed)``, which costs a fit, of rows to train with, and
of a seed; it returns the rate that it chooses.
"""

import numpy as np
import optuna
from scipy.stats import loguniform
from sklearn.linear_model import SGDRegressor
from sklearn.preprocessing import StandardScaler

from course_utils.range_test import lr_range_test

LOW, HIGH = 1e-4, 1.0
SEEDS = range(5)


def best_of(rates, error):
    """Return the rate with the lowest mean error over five seeds."""
    return min(rates, key=lambda rate: np.mean([error(rate, seed) for seed in SEEDS]))


def default(error, rows, seed):
    """No fit: the `eta0` that scikit-learn has by default."""
    return SGDRegressor().eta0


def grid(error, rows, seed):
    """Twelve rates at equal factors, five seeds each."""
    return best_of(np.geomspace(LOW, HIGH, 12), error)


def random(error, rows, seed):
    """Twelve rates from log-uniform dice, five seeds each."""
    return best_of(loguniform(LOW, HIGH).rvs(12, random_state=seed), error)


def halving(error, rows, seed):
    """Twenty rates with one seed, the best seven with three more, the best three with six more."""
    rates = np.geomspace(LOW, HIGH, 20)
    for n_seeds, kept in [(1, 7), (4, 3), (10, 1)]:
        spent = range(n_seeds)
        rates = sorted(rates, key=lambda rate: np.mean([error(rate, s) for s in spent]))[:kept]
    return rates[0]


def range_test(error, rows, seed):
    """Twelve rates in the two decades around what an LR range test suggests, five seeds each."""
    X, y = rows
    test = lr_range_test(
        SGDRegressor(), StandardScaler().fit_transform(X), y, start=1e-5, end=1.0, batch_size=10,
        seeds=range(10), progress=False,
    )  # fmt: skip
    if test.refusal is not None:
        return grid(error, rows, seed)
    return best_of(test.suggestion * np.geomspace(0.1, 10, 12), error)


def tpe(error, rows, seed):
    """Twelve trials of Optuna's TPE, five seeds each; the first five trials are random."""
    before = optuna.logging.get_verbosity()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    try:
        sampler = optuna.samplers.TPESampler(n_startup_trials=5, seed=seed % 2**32)
        study = optuna.create_study(sampler=sampler)
        for _ in range(12):
            trial = study.ask()
            rate = trial.suggest_float("rate", LOW, HIGH, log=True)
            study.tell(trial, min(np.mean([error(rate, s) for s in SEEDS]), 1e6))
    finally:
        optuna.logging.set_verbosity(before)
    return study.best_params["rate"]


STRATEGIES = {
    "the default": default,
    "grid": grid,
    "random": random,
    "range test": range_test,
    "halving": halving,
    "TPE": tpe,
}
