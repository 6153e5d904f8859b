"""E6c: from a coarse grid of alpha to a fine one, in three rounds that were fixed beforehand.

Alone: ``python -m experiments.as_told.e6c``
"""

import numpy as np
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

# Told: each range follows the results of the round before. It does not read them.
ROUNDS = [np.logspace(-4, 0, 3), np.logspace(-3, -1, 3), np.logspace(-2, 0, 3)]


def run(data=None, seed=0, short=False):
    """Return the score of each candidate of each round."""
    X, y = make_classification(100 if short else 1000, 20, random_state=42)
    model = SGDClassifier(loss="log_loss", random_state=seed)  # told before 1.1: loss="log"
    pipeline = Pipeline([("scale", StandardScaler()), ("sgd", model)])
    rounds = []
    for number, alphas in enumerate(ROUNDS, start=1):
        search = GridSearchCV(pipeline, {"sgd__alpha": alphas}, cv=5)
        search.fit(X, y)
        scores = search.cv_results_["mean_test_score"]
        rounds.append(pd.DataFrame({"round": number, "sgd__alpha": alphas, "score": scores}))
    return pd.concat(rounds, ignore_index=True)


if __name__ == "__main__":
    print(run().to_string(index=False))
