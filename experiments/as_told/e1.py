"""E1: eight values of eta0 for SGDRegressor, on the features as they are.

Alone: ``python -m experiments.as_told.e1 data/bmi.csv``
"""

import sys

import pandas as pd
from sklearn.linear_model import SGDRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split

ETA0S = [0.0001, 0.001, 0.01, 0.1, 0.2, 0.5, 0.8, 1]


def run(people, seed=0, short=False):
    """Return the error of each pass: a row per eta0 and pass."""
    X, y = people[["Height", "Weight", "Gender"]].to_numpy(), people["Index"].to_numpy()
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
    rows = []
    for eta0 in ETA0S:
        # Not told: random_state, without which no run can be repeated.
        model = SGDRegressor(learning_rate="constant", eta0=eta0, random_state=seed)
        for epoch in range(1, (20 if short else 200) + 1):
            model.partial_fit(X_train, y_train)
            train_mse = mean_squared_error(y_train, model.predict(X_train))
            test_mse = mean_squared_error(y_test, model.predict(X_test))
            rows.append((float(eta0), epoch, train_mse, test_mse))
    return pd.DataFrame(rows, columns=["learning_rate", "epoch", "loss", "val_loss"])


if __name__ == "__main__":
    results = run(pd.read_csv(sys.argv[1]))
    print(results[results["epoch"] == 200].to_string(index=False))
