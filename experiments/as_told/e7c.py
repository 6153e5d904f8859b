"""E7c: a class that builds its network in ``__init__``, in a pipeline: all scores are nan.

Nothing is repaired here: this is what the code gives today. What stands in its way is a comment.
"""

import keras
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from experiments.as_told.e7b import load

GRID = {
    "net__units": [32, 64, 128],
    "net__learning_rate": [0.0001, 0.001, 0.01],
    "net__dropout": [0.2, 0.5],
    "net__kernel_size": [2, 3],
}


class KerasClassifier(BaseEstimator, ClassifierMixin):  # in this order the folds lose their strata
    def __init__(self, units=64, learning_rate=0.001, dropout=0.2, kernel_size=3, epochs=10):
        self.units = units
        self.learning_rate = learning_rate
        self.dropout = dropout
        self.kernel_size = kernel_size  # nobody reads it
        self.epochs = epochs
        self.model = self.build_model()  # too early: the search calls set_params afterwards

    def build_model(self):
        layers = [
            keras.layers.Dense(self.units, activation="relu"),
            keras.layers.Dropout(self.dropout),
            keras.layers.Dense(3, activation="softmax"),
        ]
        model = keras.Sequential([keras.Input((20,)), *layers])
        optimizer = keras.optimizers.Adam(learning_rate=self.learning_rate)
        model.compile(optimizer, loss="sparse_categorical_crossentropy")
        return model

    def fit(self, X, y):
        self.model.fit(X, y, epochs=self.epochs, verbose=0)
        return self

    def predict(self, X):
        return self.model.predict_classes(X)  # has vanished: an error, which becomes the score nan


def run(data=None, seed=0, short=False):
    """Return the score of each candidate."""
    keras.utils.set_random_seed(seed)
    pipeline = Pipeline([("scale", StandardScaler()), ("net", KerasClassifier())])
    grid = {"net__kernel_size": [2, 3]} if short else GRID
    search = GridSearchCV(pipeline.set_params(net__epochs=1 if short else 10), grid, cv=3)
    results = pd.DataFrame(search.fit(*load()).cv_results_["params"])
    return results.assign(score=np.asarray(search.cv_results_["mean_test_score"]))
