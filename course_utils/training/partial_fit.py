"""The engine of scikit-learn's estimators: plain ``partial_fit``, one run after the other."""

import copy
from contextlib import contextmanager
from functools import cached_property, partial

import numpy as np
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.linear_model import SGDRegressor
from sklearn.metrics import hinge_loss, log_loss

from course_utils.training.record import record_epochs, record_steps
from course_utils.training.runs import Runs
from course_utils.validation import as_data, check_labels, check_settings, told

RATE_PARAMETERS = ("eta0", "learning_rate_init")
UNREAD = (  # settings that do not read the rate, and what to set instead
    ("learning_rate", "optimal", "constant"),
    ("solver", "lbfgs", "sgd"),
)
OVERFLOW_WORDS = ("overflow", "non-finite")  # of scikit-learn's linear models and neural networks
NO_RATE = 1e-300  # so small that training changes nothing


class EstimatorRuns(Runs):
    """`Runs` of a scikit-learn estimator.

    By epoch a run starts from a clone, by step from a copy: from the weights that it has.
    """

    @cached_property
    def classes(self):
        """The labels of a classifier, None for a regressor."""
        return np.unique(self.y) if is_classifier(self.model) else None

    @cached_property
    def rate_parameter(self):
        return next(name for name in RATE_PARAMETERS if name in self.model.get_params())

    @cached_property
    def baseline_loss(self):
        return baseline_loss(self.model, self.y, self.classes)

    def _start_loss(self, run):
        with _checked_already():
            model = self.new_model(run, NO_RATE)
            _partial_fit(model, self.x, self.y, self.classes)
            return _measures(model, self.x, self.y, self.classes)["loss"]

    def new_model(self, run, rate):
        model = copy.deepcopy(self.model) if self.by_step else clone(self.model)
        model.set_params(**{self.rate_parameter: rate})
        if "random_state" in model.get_params():
            model.set_params(random_state=np.random.RandomState(self.seeds[run]))
        return model


def as_estimator_data(estimator, x, y, validation_data):
    """Return the data as arrays; they are checked, and the estimator is as well."""
    _check_estimator(estimator)
    x, y, validation_data = as_data(x, y, validation_data, for_network=False)
    check_labels(y, validation_data, np.unique(y) if is_classifier(estimator) else None)
    _refuse_unread(estimator)
    return x, y, validation_data


def train_estimator(runs, bar):
    """Train `EstimatorRuns` one by one; an interrupt keeps those that are finished."""
    with _checked_already():
        if runs.by_step:
            return record_steps(runs, bar, partial(_steps, runs))
        return record_epochs(runs, bar, partial(_history, runs))


@contextmanager
def _checked_already():
    """Let scikit-learn skip its checks of what was checked before, and NumPy its warnings."""
    skipped = config_context(assume_finite=True, skip_parameter_validation=True)
    with skipped, np.errstate(over="ignore", invalid="ignore"):
        yield


def _history(runs, run):
    """Return {name: one value per epoch}, with infinite loss after an overflow; keep no weights."""
    model, overflowed, history = runs.new_model(run, runs.rates[run, 0]), False, {}
    data = {"": runs.data_of(run), "val_": runs.validation_of(run)}
    for _ in range(runs.visits):
        overflowed = overflowed or not _partial_fit(model, *data[""], runs.classes)
        for prefix, xy in data.items():
            if xy is not None:
                for name, value in _measures(model, *xy, runs.classes, overflowed).items():
                    history.setdefault(prefix + name, []).append(value)
    return history, None, {}


@contextmanager
def _steps(runs, run):
    model, overflowed = runs.new_model(run, 1.0), False

    def take_step(x, y, rate):
        nonlocal overflowed
        loss = measure(x, y)
        model.set_params(**{runs.rate_parameter: float(rate)})
        overflowed = overflowed or not _partial_fit(model, x, y, runs.classes)
        return loss

    def measure(x, y):
        return _step_loss(model, x, y, runs.classes, overflowed)

    yield take_step, measure


def _partial_fit(model, x, y, classes):
    """Train on some samples, each once; return whether the weights are still numbers."""
    try:
        model.partial_fit(x, y, **({} if classes is None else {"classes": classes}))
    except ValueError as error:
        if not any(word in str(error) for word in OVERFLOW_WORDS):
            raise
        return False
    return True


def _measures(model, x, y, classes, overflowed=False):
    """Return the loss and, of a classifier, the accuracy of a fitted estimator."""
    loss = np.inf if overflowed else _loss(model, x, y, classes)
    if classes is None:
        return {"loss": loss}
    return {"loss": loss, "accuracy": 0.0 if overflowed else (model.predict(x) == y).mean()}


def _loss(model, x, y, classes):
    """Return the mean squared error, the log loss or the hinge loss of a fitted estimator."""
    if classes is None:
        if isinstance(model, SGDRegressor):
            errors = x @ model.coef_ + model.intercept_ - y  # predict(), less its checks of x
        else:
            errors = model.predict(x) - y
        return errors @ errors / len(errors)
    if hasattr(model, "predict_proba"):
        return log_loss(y, model.predict_proba(x), labels=classes)
    return hinge_loss(y, model.decision_function(x), labels=classes)


def _step_loss(model, x, y, classes, overflowed):
    """Return the loss also before the first step, when all outputs are 0; inf after an overflow."""
    started = hasattr(model, "coef_")
    if overflowed or (started and not np.isfinite(model.coef_).all()):
        return np.inf
    if started and classes is not None and len(classes) == 2 and model.loss == "log_loss":
        signs = np.where(y == classes[1], 1.0, -1.0)  # as `_loss`, without its checks
        return np.mean(np.logaddexp(0, -signs * (x @ model.coef_[0] + model.intercept_)))
    if started:
        return _loss(model, x, y, classes)
    if classes is None:
        return np.mean(np.square(y))
    n = len(classes)
    if hasattr(model, "predict_proba"):
        return np.log(n)
    return 1.0 if n == 2 else hinge_loss(y, np.zeros((len(y), n)), labels=classes)


def baseline_loss(estimator, y, classes):
    """Return the training loss of the best constant prediction; `classes` are None to regress."""
    if classes is None:
        return float(np.var(y))
    shares = np.unique(y, return_counts=True)[1] / len(y)
    if hasattr(estimator, "predict_proba"):
        return float(-(shares * np.log(shares)).sum())
    return float(min(1.0, 2 * (1 - shares.max())))  # hinge loss: no score, or 1 for the largest


def _check_estimator(estimator):
    if isinstance(estimator, type):
        name = estimator.__name__
        raise TypeError(f"model is the class {name}; give an estimator made from it, {name}().")
    if not hasattr(estimator, "partial_fit"):
        raise TypeError(
            f"model is {told(estimator)}, which has no partial_fit, so it cannot be trained "
            "pass by pass; give an estimator such as SGDRegressor(), or an MLPClassifier whose "
            "solver is 'sgd' or 'adam'."
        )
    if not set(RATE_PARAMETERS) & set(estimator.get_params()):
        raise TypeError(
            f"model is {told(estimator)}, which has neither eta0 nor learning_rate_init, so "
            "there is no learning rate to sweep."
        )
    check_settings(estimator, "model")


def _refuse_unread(estimator):
    """Raise an error if the estimator is set so that its training does not read the rate."""
    parameters = estimator.get_params()
    for parameter, value, instead in UNREAD:
        if parameters.get(parameter) == value:
            raise ValueError(
                f"model is {estimator!r}, whose {parameter}={value!r} does not read its learning "
                f"rate: every rate would give the same runs; set {parameter}={instead!r}."
            )
