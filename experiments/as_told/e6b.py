"""E6b: a grid of layers and learning rates for MLPClassifier.

Alone: ``python -m experiments.as_told.e6b``
"""

import pandas as pd
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

GRID = {
    "net__hidden_layer_sizes": [(50,), (100,), (50, 50)],
    "net__learning_rate_init": [0.001, 0.01, 0.1],
}


def run(data=None, seed=0, short=False):
    """Return the score of each candidate, and the seconds of one of its fits."""
    rows = 100 if short else 1000
    X, y = make_classification(rows, 20, n_informative=10, random_state=42)
    net = MLPClassifier(random_state=seed)
    search = GridSearchCV(
        Pipeline([("scale", StandardScaler()), ("net", net)]), GRID, cv=StratifiedKFold(3)
    )
    search.fit(X, y)
    results = pd.DataFrame(search.cv_results_["params"])
    names = {"score": "mean_test_score", "sd": "std_test_score", "seconds": "mean_fit_time"}
    return results.assign(**{name: search.cv_results_[of] for name, of in names.items()})


if __name__ == "__main__":
    print(run().to_string(index=False))
