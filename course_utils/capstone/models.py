"""The models that the capstone's task allows, and how one of them is trained."""

import warnings

import numpy as np
from sklearn.base import clone
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, SGDRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils.validation import as_number

BASELINES = LinearRegression, DummyRegressor
RULES = {"learning_rate": "constant", "max_iter": 1, "tol": None}


def make_model(learning_rate):
    """Return the model whose rate is handed in: scaled columns, and SGD by the rules."""
    return make_pipeline(StandardScaler(), SGDRegressor(eta0=learning_rate, **RULES))


def parts_of(model):
    """Return the scaler (or None) and the last step of a model that the task allows.

    Raises
    ------
    TypeError, ValueError
        If it is another model; the message says which there are.
    """
    if isinstance(model, type):
        raise TypeError(f"model is the class {model.__name__}; make one: {model.__name__}().")
    scaler, last = None, model
    if isinstance(model, Pipeline):
        *before, last = (step for _, step in model.steps)
        scaler = before[0] if len(before) == 1 else None
        if len(before) > 1 or type(scaler) not in (StandardScaler, type(None)):
            names = ", ".join(type(step).__name__ for step in before)
            raise ValueError(f"Before the model stands {names}; a StandardScaler may, or nothing.")
    if type(last) not in (SGDRegressor, *BASELINES):
        raise ValueError(
            f"model is {last!r}; fit an SGDRegressor, alone or behind a StandardScaler, or one of "
            f"the baselines: {', '.join(kind.__name__ for kind in BASELINES)}."
        )
    if type(last) is SGDRegressor:
        as_number(last.eta0, "eta0", above=0)
        ours = SGDRegressor(**RULES | {"eta0": last.eta0, "random_state": last.random_state})
        wanted = ours.get_params()
        got = {name: value for name, value in last.get_params().items() if value != wanted[name]}
        if got:
            words = ", ".join(f"{name}={value!r}" for name, value in got.items())
            rules = ", ".join(f"{name}={wanted[name]!r}" for name in got)
            raise ValueError(f"The SGDRegressor has {words}; on all machines it has {rules}.")
    return scaler, last


def trained_error(model, train, test, seed):
    """Train a copy of a model, and return its root mean square error; inf if it diverged."""
    dice = [name for name in model.get_params() if name.endswith("random_state")]
    model = clone(model).set_params(**dict.fromkeys(dice, seed))
    (X, y), (X_test, y_test) = train, test
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a diverged run is a result
        try:
            model.fit(X, y)
        except ValueError as error:
            if "overflow" not in str(error):
                raise
            return np.inf
        error = float(np.sqrt(np.mean((model.predict(X_test) - y_test) ** 2)))
    return error if error < 100 * y.std() else np.inf
