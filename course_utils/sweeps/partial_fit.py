"""Learning rates × seeds of a scikit-learn estimator, each run as one would write it by hand."""

from contextlib import contextmanager
from functools import cache

import numpy as np
from sklearn import config_context
from sklearn.base import clone, is_classifier
from sklearn.linear_model import SGDRegressor
from sklearn.metrics import hinge_loss, log_loss

from course_utils.progress import progress_bar
from course_utils.runs import runs_table
from course_utils.runs import seeds as course_seeds
from course_utils.validation import (
    as_count,
    as_features,
    as_learning_rates,
    as_seeds,
    as_targets,
    as_validation_data,
    check_labels,
    check_settings,
    told,
)

RATE_PARAMETERS = ("eta0", "learning_rate_init")
UNREAD = (  # settings that do not read the rate, and what to set instead
    ("learning_rate", "optimal", "constant"),
    ("solver", "lbfgs", "sgd"),
)
OVERFLOW_WORDS = ("overflow", "non-finite")  # of scikit-learn's linear models and neural networks
NO_RATE = 1e-300  # so small that training changes nothing


def sweep_sgd(
    estimator, learning_rates, x, y, validation_data=None, epochs=200, seeds=None, progress=True
):
    """Train a scikit-learn estimator by ``partial_fit`` at every learning rate, with every seed.

    A run is the plain loop: a clone of the estimator with ``eta0`` (``learning_rate_init`` for
    the neural networks) at the rate and ``random_state=numpy.random.RandomState(seed)``, then
    ``partial_fit(x, y)`` once per epoch. A generator, not the number itself: with a number,
    scikit-learn would visit the rows in one and the same order in every pass.

    Parameters
    ----------
    estimator : scikit-learn estimator with ``partial_fit``
        Such as ``SGDRegressor(learning_rate="constant")``. It is not changed.
    learning_rates : sequence of float
        Rates above 0.
    x : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
    validation_data : tuple (x, y), optional
        Measured after each epoch, never trained on.
    epochs : int
        Passes over the data.
    seeds : sequence of int, optional
        One run per rate and seed; by default ``seeds(1)``.
    progress : bool
        Show a progress bar when the sweep takes longer than two seconds.

    Returns
    -------
    DataFrame
        A row per run and epoch: ``learning_rate, seed, epoch, loss[, val_loss]`` (mean squared
        error for regressors; log loss or hinge loss for classifiers, with ``accuracy`` and
        ``val_accuracy``), ``status`` and ``diverged_at``; see `run_status`. A run that diverged
        is a result, not an error. After an interrupt: the seeds finished until then.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used; so with ``learning_rate="optimal"``
        (the default of SGDClassifier) and ``solver="lbfgs"``, which do not read the rate.

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> x = [[-1.0], [0.0], [1.0]]
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep_sgd(model, [0.1, 9.0], x, [-2.0, 0.0, 2.0], epochs=100)
    >>> runs.groupby("learning_rate")["status"].last().tolist()
    ['converged', 'diverged']
    """
    rates = as_learning_rates(learning_rates)
    rate_parameter = _rate_parameter(estimator)
    features = as_features(x)
    targets = as_targets(y, len(features))
    validation = as_validation_data(validation_data, features.shape[1])
    epochs = as_count(epochs, "epochs")
    seeds = course_seeds(1) if seeds is None else as_seeds(seeds)
    measure = _measure_classifier if is_classifier(estimator) else _measure_regressor
    classes = np.unique(targets) if is_classifier(estimator) else None
    check_labels(targets, validation, classes)
    _refuse_unread(estimator, rate_parameter)

    finished = []
    bar = progress_bar(total=len(seeds) * len(rates), unit="run", show=progress)
    with bar, _checked_already():
        try:
            for seed in seeds:
                of_this_seed = []
                for rate in rates:
                    model = _model(estimator, rate_parameter, rate, seed)
                    of_this_seed.append(
                        _train(model, features, targets, validation, epochs, classes, measure)
                    )
                    bar.update()
                finished.append((seed, of_this_seed))
        except KeyboardInterrupt:
            if not finished:
                raise
            print(f"Interrupted: {len(finished)} of {len(seeds)} seeds are finished and returned.")
    keys = {
        "learning_rate": rates * len(finished),
        "seed": [seed for seed, _ in finished for _ in rates],
    }
    histories = [history for _, of_a_seed in finished for history in of_a_seed]
    measures = {name: np.array([h[name] for h in histories]) for name in histories[0]}

    @cache
    def start_loss_of(seed):
        model = _model(estimator, rate_parameter, NO_RATE, seed)
        with _checked_already():
            return _train(model, features, targets, None, 1, classes, measure)["loss"][0]

    return runs_table(
        keys,
        measures,
        _constant_loss(estimator, targets, classes),
        start_loss=lambda run: start_loss_of(keys["seed"][run]),
    )


@contextmanager
def _checked_already():
    """Let scikit-learn skip its checks of what was checked before, and NumPy its warnings."""
    skipped = config_context(assume_finite=True, skip_parameter_validation=True)
    with skipped, np.errstate(over="ignore", invalid="ignore"):
        yield


def _model(estimator, rate_parameter, rate, seed):
    model = clone(estimator).set_params(**{rate_parameter: rate})
    if "random_state" in model.get_params():
        model.set_params(random_state=np.random.RandomState(seed))
    return model


def _train(model, x, y, validation, epochs, classes, measure):
    """Return {measure: one value per epoch}; a model that overflows has infinite loss."""
    history = {}
    overflowed = False
    first_call = {} if classes is None else {"classes": classes}
    for _ in range(epochs):
        if not overflowed:
            try:
                model.partial_fit(x, y, **first_call)
            except ValueError as error:
                if not any(word in str(error) for word in OVERFLOW_WORDS):
                    raise
                overflowed = True
        for prefix, data in (("", (x, y)), ("val_", validation)):
            if data is not None:
                for name, value in measure(model, *data, overflowed).items():
                    history.setdefault(prefix + name, []).append(value)
    return history


def _measure_regressor(model, x, y, overflowed):
    if overflowed:
        return {"loss": np.inf}
    if isinstance(model, SGDRegressor):
        errors = x @ model.coef_ + model.intercept_ - y  # predict(), less its checks of x
    else:
        errors = model.predict(x) - y
    return {"loss": errors @ errors / len(errors)}


def _measure_classifier(model, x, y, overflowed):
    if overflowed:
        return {"loss": np.inf, "accuracy": 0.0}
    if hasattr(model, "predict_proba"):
        loss = log_loss(y, model.predict_proba(x), labels=model.classes_)
    else:
        loss = hinge_loss(y, model.decision_function(x), labels=model.classes_)
    return {"loss": loss, "accuracy": (model.predict(x) == y).mean()}


def _constant_loss(estimator, y, classes):
    """Return the training loss of the best constant prediction."""
    if classes is None:
        return float(np.var(y))
    shares = np.unique(y, return_counts=True)[1] / len(y)
    if hasattr(estimator, "predict_proba"):
        return float(-(shares * np.log(shares)).sum())
    return float(min(1.0, 2 * (1 - shares.max())))  # hinge loss: no score, or 1 for the largest


def _rate_parameter(estimator):
    """Return the name of the estimator's learning rate, its parameters checked."""
    if isinstance(estimator, type):
        raise TypeError(
            f"estimator is the class {estimator.__name__}; give an estimator made from it, "
            f"{estimator.__name__}()."
        )
    if not hasattr(estimator, "partial_fit"):
        raise TypeError(
            f"estimator is {told(estimator)}, which has no partial_fit, so it cannot be trained "
            "pass by pass; give an estimator such as SGDRegressor(), or an MLPClassifier whose "
            "solver is 'sgd' or 'adam'."
        )
    parameters = estimator.get_params()
    name = next((name for name in RATE_PARAMETERS if name in parameters), None)
    if name is None:
        raise TypeError(
            f"estimator is {told(estimator)}, which has neither eta0 nor learning_rate_init, so "
            "there is no learning rate to sweep."
        )
    check_settings(estimator, "estimator")
    return name


def _refuse_unread(estimator, rate_parameter):
    """Raise an error if the estimator is set so that its training does not read the rate."""
    parameters = estimator.get_params()
    for parameter, value, instead in UNREAD:
        if parameters.get(parameter) == value:
            raise ValueError(
                f"estimator is {estimator!r}, whose {parameter}={value!r} does not read "
                f"{rate_parameter}: every rate would give the same runs; set "
                f"{parameter}={instead!r}."
            )
