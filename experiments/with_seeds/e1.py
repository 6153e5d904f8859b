"""E1 with ten seeds: the sweep of eta0 for SGDRegressor, raw and standardised."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils import (
    load_bmi,
    mark_baselines,
    plot_sweep,
    run_status,
    seeds,
    set_alt_text,
    stability_limits,
    sweep,
)
from course_utils.plotting import marks, style
from experiments.report import settings_table
from experiments.verdicts import counted, paired, stated
from experiments.with_seeds.lengths import n_epochs, n_seeds

TITLE = "Eight values of eta0 for SGDRegressor"
TOLD = (
    "With `partial_fit`, 200 passes: 0.001 and 0.01 do well, and 0.1 significantly better. "
    "`constant` is the default, and `partial_fit` uses small batches."
)
ETA0S = [0.0001, 0.001, 0.01, 0.1, 0.2, 0.5, 0.8, 1.0]


def load(source):
    """Return the split of E1, raw and standardised."""
    X, y = load_bmi(source, verbose=False)
    words = X.attrs["source"]
    parts = train_test_split(X.to_numpy(float), y.to_numpy(), test_size=0.3, random_state=42)
    X_train, X_test, y_train, y_test = parts
    scaler = StandardScaler().fit(X_train)
    Z_train, Z_test = scaler.transform(X_train), scaler.transform(X_test)
    least_squares = LinearRegression().fit(Z_train, y_train).predict(Z_test)
    baselines = {
        "predict the mean": float(np.mean((y_test - y_train.mean()) ** 2)),
        "least squares": float(np.mean((y_test - least_squares) ** 2)),
    }
    raw = {"x": X_train, "y": y_train, "validation_data": (X_test, y_test)}
    scaled = {"x": Z_train, "y": y_train, "validation_data": (Z_test, y_test)}
    return SimpleNamespace(source=words, raw=raw, scaled=scaled, baselines=baselines)


def train(data, short):
    model = SGDRegressor(learning_rate="constant")
    return sweep(model, ETA0S, **data.raw, epochs=n_epochs(short), seeds=seeds(n_seeds(short)))


def control(data, short, raw):
    model = SGDRegressor(learning_rate="constant")
    return sweep(model, ETA0S, **data.scaled, epochs=n_epochs(short), seeds=seeds(n_seeds(short)))


def last(runs):
    """Return the final test error, a row per seed."""
    ends = runs[runs["epoch"] == runs["epoch"].max()]
    return ends.pivot_table("val_loss", "seed", "learning_rate")


def judge(data, told, raw, scaled):
    typical = raw[raw["epoch"] > 10].pivot_table(
        "val_loss", "seed", "learning_rate", aggfunc="median"
    )
    ends, of_scaled = last(raw), last(scaled)
    gone = run_status(raw).pivot_table("status", "seed", "learning_rate", aggfunc="first")
    of_mean, of_line = data.baselines.values()
    limit = stability_limits(data.scaled["x"]).one_sample_max
    stable = [rate for rate in ETA0S if rate < limit]
    fates = run_status(scaled).pivot_table("status", "seed", "learning_rate", aggfunc="first")
    once = SGDRegressor().partial_fit(data.scaled["x"], data.scaled["y"])
    default = SGDRegressor().learning_rate
    verdicts = [
        counted(
            "0.001 and 0.01 do well: both beat the prediction of the mean",
            (ends[[0.001, 0.01]] < of_mean).all(axis=1),
            f"smallest test error {ends[[0.001, 0.01]].min().min():.1e}, of the mean {of_mean:.2f}",
            told=True,
        ),
        paired(
            "0.1 is better than 0.001",
            np.log10(typical[0.001] / typical[0.1]),
            unit="decades of error",
            scale=1,
            told=True,
        ),
        stated("`constant` is the default", default == "constant", f"it is {default}", told=True),
        stated(
            "`partial_fit` trains on small batches",
            once.t_ - 1 != len(data.scaled["x"]),
            f"one call makes {once.t_ - 1:.0f} steps for {len(data.scaled['x'])} rows",
            told=True,
        ),
        counted(
            "On raw features every one of the eight diverges, without a warning",
            (gone == "diverged").all(axis=1),
        ),
        counted(
            f"Standardised, the eta0 below 2/max(‖x‖² + 1) = {limit:.2f} do not diverge",
            (fates[stable] != "diverged").all(axis=1),
            f"{len(stable)} of the eight lie below",
        ),
        counted(
            "Standardised, the best of them comes within 5 % of least squares",
            of_scaled[stable].min(axis=1) < 1.05 * of_line,
            f"{of_scaled[stable].min(axis=1).median():.3f} against {of_line:.3f}",
        ),
    ]
    of_told = told[told["epoch"] == told["epoch"].max()].set_index("learning_rate")["val_loss"]
    table = settings_table("eta0", of_told, ends, "{:.3g}", standardised=of_scaled)
    return table, verdicts


def draw(data, told, raw, scaled):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5))
    marks.log_rate_axis(left, "eta0")
    for _, errors in last(raw).iterrows():
        left.plot(errors.index, errors, "o", color=style.PALE, markersize=6)
    of_told = told[told["epoch"] == told["epoch"].max()]
    left.plot(of_told["learning_rate"], of_told["val_loss"], "-", color=style.INK)
    left.set(yscale="log", ylabel="test error (MSE)", ylim=(1e-2, None))
    left.set_title("as told: raw features")
    left.set_xticks([1e-4, 1e-2, 1])
    mark_baselines(left, {"predict the mean": data.baselines["predict the mean"]})
    plot_sweep(
        scaled,
        baselines=data.baselines,
        limits={"limit": stability_limits(data.scaled["x"]).one_sample_max},
        ax=right,
    )
    right.set(xlabel="eta0", ylabel="test error (MSE)", xticks=[1e-4, 1e-2, 1])
    right.set_title("standardised")
    low, high = last(raw).min().min(), last(raw).max().max()
    set_alt_text(left, f"Raw features: every test error lies between {low:.0e} and {high:.0e}.")
    return figure
