"""The check of a grid on real Keras networks: one built too early, one built in time."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.datasets import make_classification

from course_utils import unused_parameters
from course_utils.training.keras_setup import keras

X, Y = make_classification(80, 6, random_state=0)
GRID = {"units": [2, 8], "learning_rate": [0.01, 0.1], "kernel_size": [2, 3], "epochs": [1, 3]}


class BuiltInInit(ClassifierMixin, BaseEstimator):
    def __init__(self, units=4, learning_rate=0.01, kernel_size=3, epochs=1):
        self.units = units
        self.learning_rate = learning_rate
        self.kernel_size = kernel_size
        self.epochs = epochs
        self.network = self.build()

    def build(self):
        layers = keras.layers.Dense(self.units, activation="relu"), keras.layers.Dense(2, "softmax")
        network = keras.Sequential([keras.Input((6,)), *layers])
        optimizer = keras.optimizers.SGD(self.learning_rate)
        network.compile(optimizer, loss="sparse_categorical_crossentropy")
        return network

    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.network.fit(X, y, epochs=self.epochs, verbose=0)
        return self

    def predict_proba(self, X):
        return self.network.predict_on_batch(X)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class BuiltInFit(BuiltInInit):
    def fit(self, X, y):
        self.network = self.build()
        return super().fit(X, y)


@pytest.mark.parametrize(
    ("estimator", "unused"),
    [
        (BuiltInInit(), ["units", "learning_rate", "kernel_size"]),
        (BuiltInFit(), ["kernel_size"]),
    ],
    ids=["built in init", "built in fit"],
)
def test_only_what_the_network_reads_counts_as_used(estimator, unused):
    report = unused_parameters(estimator, GRID, X, Y)
    assert report.unused == unused
    assert "not repeatable" not in repr(report)
