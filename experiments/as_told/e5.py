"""E5: a learning rate that rises from epoch to epoch, and the rate that is read off its curve.

Alone: ``python -m experiments.as_told.e5 data/wine_quality_simulated.csv``
"""

import sys

import keras
import pandas as pd
from sklearn.metrics import confusion_matrix
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

READ_OFF = 0.007  # told: the minimum of the curve
CELLS = ["tn", "fp", "fn", "tp"]  # of the confusion matrix


def build_model(learning_rate=0.001):
    model = keras.Sequential(
        [
            keras.Input((12,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(256, activation="relu"),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    optimizer = keras.optimizers.Adam(learning_rate=learning_rate)
    model.compile(optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    return model


def run(wines, seed=0, short=False):
    """Return the rising rate's loss of each epoch, then the test of 0.007 and of the default."""
    wines = wines[:: 10 if short else 1].dropna()
    wines = wines.assign(is_white=(wines["type"] == "white").astype(float))
    X, y = wines.drop(columns=["type", "quality"]), (wines["quality"] >= 6).astype(int)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=42)
    scaler = StandardScaler().fit(X_train)
    X_train, X_test = scaler.transform(X_train), scaler.transform(X_test)
    epochs = 10 if short else 100

    keras.utils.set_random_seed(seed)  # not told: a seed
    rising = keras.callbacks.LearningRateScheduler(lambda epoch: 1e-3 * 10 ** (epoch / 30))
    history = build_model().fit(X_train, y_train, epochs=epochs, callbacks=[rising], verbose=0)
    # Told: history["lr"]. Today the name is learning_rate.
    results = [pd.DataFrame(history.history).assign(what="rising", epoch=range(1, epochs + 1))]
    for what, model in (("read off", build_model(READ_OFF)), ("default", build_model())):
        model.fit(X_train, y_train, epochs=epochs, verbose=0)
        good = model.predict(X_test, verbose=0)[:, 0] > 0.5
        matrix = pd.DataFrame([confusion_matrix(y_test, good).ravel()], columns=CELLS)
        accuracy = (matrix["tn"] + matrix["tp"]) / len(y_test)
        results.append(matrix.assign(what=what, epoch=epochs, val_accuracy=accuracy))
    return pd.concat(results, ignore_index=True)


if __name__ == "__main__":
    print(run(pd.read_csv(sys.argv[1])).to_string(index=False))
