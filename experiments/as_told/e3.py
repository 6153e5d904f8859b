"""E3: four values of momentum at the learning rate 0.001, on the features as they are.

Alone: ``python -m experiments.as_told.e3 data/bmi.csv``
"""

import sys

import keras
import pandas as pd

MOMENTA = [0.0, 0.1, 0.5, 0.9]


def build_model(momentum):
    model = keras.Sequential(
        [
            keras.Input((3,)),  # told: input_dim=3 in the first layer, which Keras 3 has dropped
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
    # Told: SGD(lr=0.001, …). Today the name is learning_rate.
    optimizer = keras.optimizers.SGD(learning_rate=0.001, momentum=momentum)
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def run(people, seed=0, short=False):
    """Return loss and accuracy of each epoch: a row per momentum and epoch."""
    X = people[["Height", "Weight", "Gender"]].to_numpy(float)
    y = keras.utils.to_categorical(people["Index"])
    histories = []
    for momentum in MOMENTA:
        keras.utils.set_random_seed(seed)  # not told: a seed
        history = build_model(momentum).fit(
            X[:300],
            y[:300],
            epochs=20 if short else 200,
            batch_size=32,
            validation_data=(X[300:], y[300:]),
            verbose=0,
        )
        histories.append(pd.DataFrame(history.history).assign(momentum=momentum))
    results = pd.concat(histories)
    return results.assign(epoch=results.index + 1).reset_index(drop=True)


if __name__ == "__main__":
    results = run(pd.read_csv(sys.argv[1]))
    print(results[results["epoch"] == 200].to_string(index=False))
