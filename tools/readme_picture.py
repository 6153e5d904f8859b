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
    rate_label,
    seeds,
    stability_limits,
    sweep,
    use_course_style,
)
from course_utils.plotting.style import RED

PICTURE = Path(__file__).resolve().parents[1] / "docs" / "cliff.png"


def name_above(ax, height, rate, words):
    """Draw a predicted limit up to a height above the picture, and name it there, left of it."""
    place = ax.get_xaxis_transform()
    ax.plot([rate, rate], [0, height], color=RED, linewidth=2, transform=place, clip_on=False)
    text = f"{words} = {rate_label(rate)}"
    offset = {"xytext": (-6, 0), "textcoords": "offset points", "ha": "right", "va": "top"}
    ax.annotate(text, (rate, height), xycoords=place, color=RED, **offset)


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
    ax = plot_sweep(runs, baselines=baselines)
    for label in [text for text in ax.texts if text.get_color() == RED]:
        label.remove()  # the caption says what the crosses are
    name_above(ax, 1.2, limits.one_sample_mean, "predicted: lost above 2 / mean(‖x‖² + 1)")
    name_above(ax, 1.09, limits.one_sample_max, "predicted: safe below 2 / max(‖x‖² + 1)")
    PICTURE.parent.mkdir(exist_ok=True)
    ax.figure.savefig(PICTURE, metadata={"Software": None})


if __name__ == "__main__":
    main()
