"""E4: four optimizers at their default rates, on the features as they are.

Alone: ``python -m experiments.as_told.e4 data/bmi.csv``
"""

import sys

import keras
import pandas as pd

OPTIMIZERS = ["adamax", "adam", "adagrad", "rmsprop"]


def build_model(optimizer):
    model = keras.Sequential(
        [
            keras.Input((3,)),  # told: input_dim=3 in the first layer, which Keras 3 has dropped
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def run(people, seed=0, short=False):
    """Return loss and accuracy of each epoch: a row per optimizer and epoch."""
    X = people[["Height", "Weight", "Gender"]].to_numpy(float)
    y = keras.utils.to_categorical(people["Index"])
    histories = []
    for optimizer in OPTIMIZERS:
        keras.utils.set_random_seed(seed)  # not told: a seed
        history = build_model(optimizer).fit(
            X[:300],
            y[:300],
            epochs=20 if short else 200,
            batch_size=32,
            validation_data=(X[300:], y[300:]),
            verbose=0,
        )
        histories.append(pd.DataFrame(history.history).assign(optimizer=optimizer))
    results = pd.concat(histories)
    return results.assign(epoch=results.index + 1).reset_index(drop=True)


if __name__ == "__main__":
    results = run(pd.read_csv(sys.argv[1]))
    print(results[results["epoch"] == 200].to_string(index=False))
