"""E7a: a grid of learning rate, batch size and epochs for a Keras network.

Alone: ``python -m experiments.as_told.e7a``
"""

import keras
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, train_test_split

GRID = {"learning_rate": np.logspace(-4, -1, 3), "batch_size": [32, 64], "epochs": [10, 20]}


def build_model(learning_rate):
    model = keras.Sequential(
        [
            keras.Input((20,)),  # told: input_dim=20 in the first layer, which Keras 3 has dropped
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    optimizer = keras.optimizers.Adam(learning_rate=float(learning_rate))
    model.compile(optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model


# Told: keras.wrappers.scikit_learn.KerasClassifier(build_fn=build_model), which has vanished.
class KerasClassifier(ClassifierMixin, BaseEstimator):
    def __init__(self, learning_rate=0.001, batch_size=32, epochs=10, seed=0):
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.seed = seed

    def fit(self, X, y):
        keras.utils.set_random_seed(self.seed)  # not told: a seed
        self.classes_ = np.unique(y)
        self.model_ = build_model(self.learning_rate)
        self.model_.fit(X, y, batch_size=self.batch_size, epochs=self.epochs, verbose=0)
        return self

    def predict(self, X):
        return (self.model_.predict(X, verbose=0)[:, 0] > 0.5).astype(int)


def run(data=None, seed=0, short=False):
    """Return the score of each candidate."""
    X, y = make_classification(1000, 20, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    grid = GRID | {"batch_size": [32], "epochs": [1]} if short else GRID
    search = GridSearchCV(KerasClassifier(seed=seed), grid, cv=3).fit(X, y)
    results = pd.DataFrame(search.cv_results_["params"])
    return results.assign(score=search.cv_results_["mean_test_score"])
