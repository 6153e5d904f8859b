"""E7b': the 36 candidates of E7b, for the class with a Dropout layer.

``python -c "from experiments.as_told.e7b_prime import run; print(run())"``
"""

import keras
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV

from experiments.as_told.e7b import GRID, SHORT, load


class KerasClassifier(ClassifierMixin, BaseEstimator):  # told: BaseEstimator first, see E7c
    def __init__(
        self, units=64, dropout=0.2, learning_rate=0.001, batch_size=32, epochs=10, seed=0
    ):
        self.units = units
        self.dropout = dropout  # how much is not told
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.seed = seed

    def fit(self, X, y):
        keras.utils.set_random_seed(self.seed)  # not told: a seed
        self.classes_ = np.unique(y)
        layers = [
            keras.layers.Dense(self.units, activation="relu"),
            keras.layers.Dropout(self.dropout),
            keras.layers.Dense(len(self.classes_), activation="softmax"),
        ]
        self.model_ = keras.Sequential([keras.Input((X.shape[1],)), *layers])
        optimizer = keras.optimizers.Adam(learning_rate=self.learning_rate)
        self.model_.compile(optimizer, loss="sparse_categorical_crossentropy")
        self.model_.fit(X, y, batch_size=self.batch_size, epochs=self.epochs, verbose=0)
        return self

    def predict(self, X):
        # Told: model.predict_classes(X), which has vanished.
        return np.argmax(self.model_.predict(X, verbose=0), axis=1)


def run(data=None, seed=0, short=False):
    """Return the score of each candidate."""
    search = GridSearchCV(KerasClassifier(seed=seed), SHORT if short else GRID, cv=3).fit(*load())
    results = pd.DataFrame(search.cv_results_["params"])
    return results.assign(score=search.cv_results_["mean_test_score"])
