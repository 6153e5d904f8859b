"""The time that grid_cost predicts, against the search itself: within a factor 1.5, on E6 and E7.

The load of the machine drifts, so the prediction is made before and after each search.
"""

import warnings
from time import perf_counter

import numpy as np
import pytest
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import grid_cost


def sgd_grid():
    """E6a: the pipeline whose eta0 does nothing."""
    X, y = make_classification(1000, 20, random_state=42)
    model = SGDClassifier(loss="log_loss", random_state=42)
    grid = {"model__alpha": np.logspace(-4, 0, 5), "model__eta0": np.logspace(-3, -1, 3)}
    return Pipeline([("scale", StandardScaler()), ("model", model)]), grid, 5, X, y


def mlp_grid():
    """E6b: networks whose time depends on the rate, since they stop by themselves."""
    X, y = make_classification(1000, 20, n_informative=10, random_state=42)
    grid = {
        "model__hidden_layer_sizes": [(50,), (100,), (50, 50)],
        "model__learning_rate_init": [0.001, 0.01, 0.1],
    }
    model = MLPClassifier(random_state=42)
    return Pipeline([("scale", StandardScaler()), ("model", model)]), grid, 3, X, y


def keras_grid():
    """E7a: rate, batch size and epochs of one small network."""
    from course_utils.model_selection.estimators import KerasMLPClassifier

    X, y = make_classification(1000, 20, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    grid = {
        "learning_rate": np.logspace(-4, -1, 3),
        "batch_size": [32, 64],
        "epochs": [10, 20],
    }
    return KerasMLPClassifier(units=128, optimizer="adam", random_state=0), grid, 3, X, y


def keras_explosion():
    """E7b: 36 candidates, 108 fits, minutes."""
    from course_utils.model_selection.estimators import KerasMLPClassifier

    X, y = make_classification(500, 20, n_informative=10, n_classes=3, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    grid = {
        "units": [32, 64, 128],
        "learning_rate": [0.001, 0.01],
        "batch_size": [16, 32, 64],
        "epochs": [10, 20],
    }
    model = KerasMLPClassifier(optimizer="adam", random_state=0)
    return model, grid, 3, StandardScaler().fit_transform(X), y


@pytest.mark.parametrize("search", [sgd_grid, mlp_grid, keras_grid, keras_explosion])
def test_the_prediction_is_within_a_factor(search, measured):
    model, grid, cv, X, y = search()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # networks that have not converged
        before = grid_cost(model, grid, cv, X, y)
        start = perf_counter()
        GridSearchCV(model, grid, cv=cv).fit(X, y)
        took = perf_counter() - start
        after = grid_cost(model, grid, cv, X, y)
    told = np.sqrt(before.seconds * after.seconds)
    share = before.timed["seconds"].sum() / took
    what = f"`grid_cost` of {search.__doc__.rstrip('.')}: predicted time over the real one"
    measured(what, f"{told / took:.2f}, for {share:.0%} of it", "0.67 to 1.5")
    assert 1 / 1.5 < told / took < 1.5
