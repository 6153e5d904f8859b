"""What live demos train, and how they tell what a try has reached."""

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.metrics import mean_squared_error

from course_utils import sweeps
from course_utils.plotting.style import GREY, measure_label
from course_utils.quadratic import stability_limits
from course_utils.runs import counts_upwards, final, run_status
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_data, check_builder, check_pair

OPTIMIZERS = ("SGD", "SGD(momentum=0.9)", "Adagrad", "RMSprop", "Adam", "Adamax")


def check_network(build_model, x, y, validation_data):
    """Raise an error unless a network may be trained and measured on these."""
    check_builder(build_model)
    check_pair(validation_data)
    as_data(x, y, validation_data)


def train_seeds(model, learning_rates, x, y, validation_data, epochs, batch_size=None):
    """Train a Keras builder or a scikit-learn estimator at some rates, with three seeds."""
    return sweeps.sweep(
        model, learning_rates, x, y, validation_data=validation_data, epochs=epochs,
        batch_size=batch_size, seeds=course_seeds(3), progress=False,
    )  # fmt: skip


def train_optimizers(
    build_model, optimizers, x, y, validation_data, epochs, seeds=None, learning_rates=None
):
    """Train a network with each optimizer at its own rate, and at others; by default 3 seeds."""
    return sweeps.compare_optimizers(
        build_model, optimizers, x, y, learning_rates=learning_rates, epochs=epochs,
        validation_data=validation_data, seeds=seeds or course_seeds(3), progress=False,
    )  # fmt: skip


def make_optimizer(name, **settings):
    """Return one of `OPTIMIZERS`, or SGD with another momentum; by default at the rate of Keras."""
    from course_utils.training.keras_setup import keras

    kind, _, momentum = name.rstrip(")").partition("(momentum=")
    if momentum:
        settings["momentum"] = float(momentum)
    return getattr(keras.optimizers, kind)(**settings)


def final_score(runs, measure):
    """Return the final median of the seeds; where there are several momenta, the best one."""
    by = "momentum" if "momentum" in runs else "learning_rate"
    return final(runs, measure, by=by).max()


def tell(tried, now, measure, beat=None):
    """Return in words what the try `now` reached, and all of them: a dict from values to runs."""
    sign = 1 if counts_upwards(measure) else -1
    scores = {settings: sign * final_score(runs, measure) for settings, runs in tried.items()}
    words = f"Tries: {len(tried)}"
    if tried:
        words += f", the best {abs(max(scores.values())):.4g}"
        if beat is not None:
            words += f", beyond the goal: {sum(each > sign * beat for each in scores.values())}"
    if now not in tried:
        return f"Not trained yet. {words}."
    fates = run_status(tried[now])["status"].value_counts()
    best_of = "best momentum, " if "momentum" in tried[now] else ""
    reached = f"<b>{abs(scores[now]):.4g}</b> ({best_of}median of 3 seeds)"
    return (
        f"{measure_label(measure).capitalize()} {reached}: "
        f"{' · '.join(f'{n} × {fate}' for fate, n in fates.items())}. {words}."
    )


def most_frequent(y, y_validation):
    """Return the validation accuracy of always saying the most frequent class of `y`."""
    labels, of_validation = (
        values.argmax(axis=1) if values.ndim == 2 and values.shape[1] > 1 else values.ravel()
        for values in map(np.asarray, (y, y_validation))
    )
    classes, counts = np.unique(labels, return_counts=True)
    return float(np.mean(of_validation == classes[counts.argmax()]))


def least_squares(x, y, validation_data):
    """Return the validation error of the best line through the training rows."""
    exact = LinearRegression().fit(x, y)
    return float(mean_squared_error(validation_data[1], exact.predict(validation_data[0])))


def two_lines(x):
    """Return the two predicted limits of lesson 02 by name."""
    limits = stability_limits(x)
    return {"1st line": limits.one_sample_max, "2nd line": limits.one_sample_mean}


def name_lines(ax, lines):
    """Draw horizontal lines, with their names at the right of the picture."""
    for name, value in lines.items():
        ax.axhline(value, color=GREY, linewidth=1.2, zorder=1)
        ax.annotate(f"{name}\n{value:.3g}", (1, value), (6, 0), xycoords=ax.get_yaxis_transform(),
                    textcoords="offset points", va="center", color=GREY)  # fmt: skip
