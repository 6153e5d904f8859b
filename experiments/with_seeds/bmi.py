"""The BMI data as E2, E3 and E4 use them, and the network that they train."""

from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from course_utils import load_bmi
from course_utils.training.keras_setup import keras

N_TRAIN = 300


@dataclass(frozen=True)
class People:
    """The first 300 people to train with, the last 100 to validate, as they are and scaled."""

    source: str
    raw: dict
    scaled: dict
    baselines: dict


def load(source):
    """Return the data of the three experiments."""
    X, y = load_bmi(source, verbose=False)
    words, X, y = X.attrs["source"], X.to_numpy("float32"), y.to_numpy()
    scaler = StandardScaler().fit(X[:N_TRAIN])

    def split(X):
        return {
            "x": X[:N_TRAIN],
            "y": y[:N_TRAIN],
            "validation_data": (X[N_TRAIN:], y[N_TRAIN:]),
        }

    raw, scaled = split(X), split(scaler.transform(X))
    logistic = LogisticRegression(max_iter=1000).fit(scaled["x"], scaled["y"])
    baselines = {
        "largest class": float(np.mean(y[N_TRAIN:] == np.bincount(y[:N_TRAIN]).argmax())),
        "logistic regression": float(logistic.score(*scaled["validation_data"])),
    }
    return People(words, raw, scaled, baselines)


def build_model(optimizer="sgd"):
    """Return the network of E2, E3 and E4."""
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
    model.compile(optimizer, loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def level(runs, by, measure="val_accuracy"):
    """Return the median of the last quarter of the epochs: a row per seed, a column per `by`."""
    late = runs[runs["epoch"] > 0.75 * runs["epoch"].max()]
    if "seed" not in late:
        return late.groupby(by, sort=False)[measure].median()
    return late.pivot_table(measure, "seed", by, aggfunc="median", sort=False)


def jumps(runs, by):
    """Return by how much accuracy moves from epoch to epoch, in the mean of the second half."""
    late = runs[runs["epoch"] > 0.5 * runs["epoch"].max()]
    moves = {"aggfunc": lambda accuracy: accuracy.diff().abs().mean(), "sort": False}
    return late.pivot_table("val_accuracy", "seed", by, **moves)
