"""Grids of Keras networks, searched for all seeds at once."""

from course_utils import StackedGridSearchCV, seeds
from experiments.with_seeds.grids import scores_of
from experiments.with_seeds.lengths import n_seeds


def stacked_scores(network, grid, X, y, short):
    """Search a grid for every seed at once: the seed of a network is one more axis.

    Returns
    -------
    DataFrame
        A row per candidate and seed: its parameters, ``seed``, ``score`` (the mean of the folds)
        and ``sd`` (of the folds).
    """
    search = StackedGridSearchCV(
        network, {**grid, "random_state": seeds(n_seeds(short))}, cv=3, refit=False
    ).fit(X, y)
    return scores_of(search.cv_results_).rename(columns={"random_state": "seed"})
