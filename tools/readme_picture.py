"""Draw the README's picture: the cliff of SGDRegressor, predicted before the training."""

from pathlib import Path

import numpy as np
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.metrics import mean_squared_error
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils import (
    load_bmi,
    plot_sweep,
    seeds,
    stability_limits,
    sweep,
    use_course_style,
)

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "cliff.png"


def main():
    """Train 16 rates × 10 seeds on the bundled data and save the picture."""
    use_course_style()
    X_train, X_test, y_train, y_test = train_test_split(
        *load_bmi(source="bundled", verbose=False), test_size=0.3, random_state=42
    )
    scaler = StandardScaler().fit(X_train)
    Z_train, Z_test = scaler.transform(X_train), scaler.transform(X_test)
    baselines = {
        name: mean_squared_error(y_test, model.fit(Z_train, y_train).predict(Z_test))
        for name, model in [
            ("predict the mean", DummyRegressor()),
            ("least squares", LinearRegression()),
        ]
    }
    limits = stability_limits(Z_train)
    runs = sweep(
        SGDRegressor(learning_rate="constant"),
        np.geomspace(1e-5, 1, 16).tolist(),
        Z_train,
        y_train,
        validation_data=(Z_test, y_test),
        epochs=100,
        seeds=seeds(10),
        progress=False,
    )
    ax = plot_sweep(
        runs,
        baselines=baselines,
        limits={
            "2 / max(‖x‖² + 1)": limits.one_sample_max,
            "2 / mean(‖x‖² + 1)": limits.one_sample_mean,
        },
    )
    ax.set_title("The red lines were computed from the data, before any training")
    PICTURE.parent.mkdir(exist_ok=True)
    ax.figure.savefig(PICTURE, metadata={"Software": None})


if __name__ == "__main__":
    main()
