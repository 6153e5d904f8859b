"""E2: eight learning rates for SGD in Keras, on the features as they are.

Alone: ``python -m experiments.as_told.e2 data/bmi.csv``
"""

import sys

import keras
import pandas as pd

RATES = [1, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]


def build_model(learning_rate):
    model = keras.Sequential(
        [
            keras.Input((3,)),  # told: input_dim=3 in the first layer, which Keras 3 has dropped
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
    # Told: SGD(lr=1). Today the name is learning_rate, and an integer is refused.
    optimizer = keras.optimizers.SGD(learning_rate=float(learning_rate))
    model.compile(optimizer, loss="categorical_crossentropy", metrics=["accuracy"])
    return model


def run(people, seed=0, short=False):
    """Return loss and accuracy of each epoch: a row per rate and epoch."""
    X = people[["Height", "Weight", "Gender"]].to_numpy(float)
    y = keras.utils.to_categorical(people["Index"])
    histories = []
    for rate in RATES:
        keras.utils.set_random_seed(seed)  # not told: a seed
        history = build_model(rate).fit(
            X[:300],
            y[:300],
            epochs=20 if short else 200,
            batch_size=32,
            validation_data=(X[300:], y[300:]),
            verbose=0,
        )
        histories.append(pd.DataFrame(history.history).assign(learning_rate=float(rate)))
    results = pd.concat(histories)
    return results.assign(epoch=results.index + 1).reset_index(drop=True)


if __name__ == "__main__":
    results = run(pd.read_csv(sys.argv[1]))
    print(results[results["epoch"] == 200].to_string(index=False))
