"""E7d: three ways out of the explosion of E7b's grid, each with about a third of its budget.

The full grid trains 18 networks for 10 and for 20 epochs: 540 epochs a fold. Twelve candidates
of 15 epochs in the mean are 180; halving, from 2 epochs on, takes 160.
"""

import numpy as np
import optuna
import pandas as pd
from sklearn.experimental import enable_halving_search_cv  # noqa: F401, still needed
from sklearn.model_selection import HalvingGridSearchCV, RandomizedSearchCV, cross_val_score

from experiments.as_told.e7b import GRID, SHORT, KerasClassifier, load


def run(data=None, seed=0, short=False):
    """Return the candidates that each way has tried."""
    X, y = load()
    network = KerasClassifier(seed=seed)
    grid, tries = (SHORT, 2) if short else (GRID, 12)

    search = RandomizedSearchCV(network, grid, n_iter=tries, cv=3, random_state=seed).fit(X, y)
    by_chance = pd.DataFrame(search.cv_results_["params"])
    by_chance = by_chance.assign(score=search.cv_results_["mean_test_score"], way="random")

    others = {name: values for name, values in grid.items() if name != "epochs"}
    search = HalvingGridSearchCV(
        network,
        others,
        resource="epochs",
        min_resources=1 if short else 2,
        max_resources=2 if short else 20,
        factor=2,
        cv=3,
        random_state=seed,
    ).fit(X, y)
    by_halving = pd.DataFrame(search.cv_results_["params"])
    by_halving = by_halving.assign(score=search.cv_results_["mean_test_score"], way="halving")
    by_halving["epochs"] = search.cv_results_["n_resources"]

    def objective(trial):
        chosen = {name: trial.suggest_categorical(name, values) for name, values in grid.items()}
        return np.mean(cross_val_score(KerasClassifier(seed=seed, **chosen), X, y, cv=3))

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=tries)
    by_bayes = pd.DataFrame([{**t.params, "score": t.value} for t in study.trials])
    return pd.concat([by_chance, by_halving, by_bayes.assign(way="Bayesian")], ignore_index=True)
