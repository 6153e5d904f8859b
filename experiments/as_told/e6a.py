"""E6a: a grid of alpha and eta0 for SGDClassifier. Alone: ``python -m experiments.as_told.e6a``."""

import numpy as np
import pandas as pd
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

GRID = {"sgd__alpha": np.logspace(-4, 0, 5), "sgd__eta0": np.logspace(-3, -1, 3)}


def run(data=None, seed=0, short=False):
    """Return the score of each candidate."""
    X, y = make_classification(100 if short else 1000, 20, random_state=42)
    model = SGDClassifier(loss="log_loss", random_state=seed)  # told before 1.1: loss="log"
    pipeline = Pipeline([("scale", StandardScaler()), ("sgd", model)])
    search = GridSearchCV(pipeline, GRID, cv=5)
    search.fit(X, y)
    results = pd.DataFrame(search.cv_results_["params"])
    return results.assign(
        score=search.cv_results_["mean_test_score"], sd=search.cv_results_["std_test_score"]
    )


if __name__ == "__main__":
    print(run().to_string(index=False))
