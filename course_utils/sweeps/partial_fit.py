"""Learning rates × seeds of a scikit-learn estimator, each run as one would write it by hand."""

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
)

RATE_PARAMETERS = ("eta0", "learning_rate_init")
OVERFLOW_WORDS = ("overflow", "non-finite")  # of scikit-learn's linear models and neural networks


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
        Before any training, if an argument cannot be used.

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

    finished = []
    bar = progress_bar(total=len(seeds) * len(rates), unit="run", show=progress)
    checked_already = config_context(assume_finite=True, skip_parameter_validation=True)
    with bar, checked_already, np.errstate(over="ignore", invalid="ignore"):
        try:
            for seed in seeds:
                of_this_seed = []
                for rate in rates:
                    model = clone(estimator).set_params(**{rate_parameter: rate})
                    if "random_state" in model.get_params():
                        model.set_params(random_state=np.random.RandomState(seed))
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
    return runs_table(keys, measures, _constant_loss(targets, classes))


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


def _constant_loss(y, classes):
    """Return the training loss of the best constant prediction."""
    if classes is None:
        return float(np.var(y))
    shares = np.unique(y, return_counts=True)[1] / len(y)
    return float(-(shares * np.log(shares)).sum())


def _rate_parameter(estimator):
    if not hasattr(estimator, "partial_fit"):
        raise TypeError(
            f"{estimator!r} has no partial_fit, so it cannot be trained pass by pass; give an "
            "estimator such as SGDRegressor(), or an MLPClassifier whose solver is 'sgd' or 'adam'."
        )
    parameters = estimator.get_params()
    for name in RATE_PARAMETERS:
        if name in parameters:
            return name
    raise TypeError(
        f"{estimator!r} has neither eta0 nor learning_rate_init, so there is no learning rate "
        "to sweep."
    )
