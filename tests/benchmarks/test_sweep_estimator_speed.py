"""The sweep of E1 against the plain double loop, in one run: a ratio, never seconds."""

from time import perf_counter

import numpy as np
from sklearn.linear_model import SGDRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils import load_bmi, sweep

RATES = [0.0001, 0.001, 0.01, 0.1, 0.2, 0.5, 0.8, 1.0]
EPOCHS = 200


def plain_double_loop(x, y, x_test, y_test):
    losses = []
    for eta0 in RATES:
        model = SGDRegressor(learning_rate="constant", eta0=eta0, random_state=0)
        for _ in range(EPOCHS):
            model.partial_fit(x, y)
            losses.append(
                (
                    mean_squared_error(y, model.predict(x)),
                    mean_squared_error(y_test, model.predict(x_test)),
                )
            )
    return losses


def seconds(call):
    start = perf_counter()
    call()
    return perf_counter() - start


def test_the_sweep_is_no_slower_than_the_plain_loop(measured):
    x, x_test, y, y_test = train_test_split(
        *load_bmi(verbose=False), test_size=0.3, random_state=42
    )
    scaler = StandardScaler().fit(x)
    x, x_test = scaler.transform(x), scaler.transform(x_test)
    y, y_test = y.to_numpy(), y_test.to_numpy()
    model = SGDRegressor(learning_rate="constant")
    ratios = []
    for _ in range(3):
        plain = seconds(lambda: plain_double_loop(x, y, x_test, y_test))
        ours = seconds(
            lambda: sweep(
                model,
                RATES,
                x,
                y,
                validation_data=(x_test, y_test),
                epochs=EPOCHS,
                seeds=[0],
                progress=False,
            )
        )
        ratios.append(plain / ours)
    what = f"E1, 8 rates × {EPOCHS} passes: a plain double loop against `sweep`"
    measured(what, f"{np.median(ratios):.1f} ×", "at least 1 ×")
    assert np.median(ratios) > 1
