"""E7b: a grid for a Keras network that is written as a class: 36 candidates, 108 fits.

``python -c "from experiments.as_told.e7b import run; print(run())"``
"""

import keras
import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.preprocessing import StandardScaler

GRID = {
    "units": [32, 64, 128],
    "learning_rate": [0.001, 0.01],
    "batch_size": [16, 32, 64],
    "epochs": [10, 20],
}
SHORT = {"units": [32], "learning_rate": [0.001, 0.01], "batch_size": [64], "epochs": [2]}


class KerasClassifier(ClassifierMixin, BaseEstimator):  # told: BaseEstimator first, see E7c
    def __init__(self, units=64, learning_rate=0.001, batch_size=32, epochs=10, seed=0):
        self.units = units
        self.learning_rate = learning_rate
        self.batch_size = batch_size
        self.epochs = epochs
        self.seed = seed

    def fit(self, X, y):
        keras.utils.set_random_seed(self.seed)  # not told: a seed
        self.classes_ = np.unique(y)
        hidden = keras.layers.Dense(self.units, activation="relu")
        output = keras.layers.Dense(len(self.classes_), activation="softmax")
        self.model_ = keras.Sequential([keras.Input((X.shape[1],)), hidden, output])
        optimizer = keras.optimizers.Adam(learning_rate=self.learning_rate)
        self.model_.compile(optimizer, loss="sparse_categorical_crossentropy")
        self.model_.fit(X, y, batch_size=self.batch_size, epochs=self.epochs, verbose=0)
        return self

    def predict(self, X):
        # Told: model.predict_classes(X), which has vanished.
        return np.argmax(self.model_.predict(X, verbose=0), axis=1)


def load():
    X, y = make_classification(500, 20, n_informative=10, n_classes=3, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    return StandardScaler().fit_transform(X), y


def run(data=None, seed=0, short=False):
    """Return the score of each candidate."""
    search = GridSearchCV(KerasClassifier(seed=seed), SHORT if short else GRID, cv=3).fit(*load())
    results = pd.DataFrame(search.cv_results_["params"])
    return results.assign(score=search.cv_results_["mean_test_score"])
