"""The range test of scikit-learn's SGDRegressor and SGDClassifier, by ``partial_fit``."""

import copy

import numpy as np
from sklearn import config_context
from sklearn.base import is_classifier
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.metrics import hinge_loss, log_loss

from course_utils.progress import progress_bar
from course_utils.range_test.batches import full_batches
from course_utils.range_test.checks import check_batch, finished_ones_kept
from course_utils.range_test.rules import StopRule
from course_utils.validation import (
    as_features,
    as_targets,
    as_validation_data,
    check_labels,
    check_settings,
    told,
)


def constant_rate(estimator):
    """Return a copy with ``learning_rate="constant"``, and a note if it had a schedule.

    Raises
    ------
    TypeError
        If the estimator has no such thing.
    ValueError
        If one of its parameters cannot be used.
    """
    if not isinstance(estimator, (SGDRegressor, SGDClassifier)):
        raise TypeError(
            f"model is {told(estimator)}, which cannot take another rate at each step; give an "
            "SGDRegressor, an SGDClassifier, a compiled Keras model or a function that returns one."
        )
    check_settings(
        estimator, "model"
    )  # `partial_fit` would look at them only once training has begun
    found = copy.deepcopy(estimator).set_params(learning_rate="constant")
    if estimator.learning_rate == "constant":
        return found, []
    note = (
        f"the estimator has learning_rate={estimator.learning_rate!r}, a schedule; it was set "
        'aside here, and the answer is for learning_rate="constant" with eta0'
    )
    return found, [note]


def record(estimator, x, y, rates, batch_size, seeds, validation_data, every, progress):
    """Return (losses, val_losses or None, stop reasons) of each repeat; None of an unfinished one.

    A repeat is the plain loop: ``set_params(eta0=rate)``, the loss of the next batch, and
    ``partial_fit`` on it, which visits its rows one by one.
    """
    x = as_features(x)
    y = as_targets(y, len(x))
    validation_data = as_validation_data(validation_data, x.shape[1])
    check_batch(len(x), batch_size)
    classes = np.unique(y) if is_classifier(estimator) else None
    check_labels(y, validation_data, classes)
    losses = np.full((len(seeds), len(rates)), np.nan)
    val_losses, reasons = np.full_like(losses, np.nan), [None] * len(seeds)
    checked_already = config_context(assume_finite=True, skip_parameter_validation=True)
    bar = progress_bar(len(seeds), "repeat", progress)
    quiet = np.errstate(over="ignore", invalid="ignore")
    with bar, checked_already, quiet, finished_ones_kept(reasons):
        for repeat, seed in enumerate(seeds):
            model = copy.deepcopy(estimator)
            model.set_params(random_state=np.random.RandomState(seed))
            stop, reason = StopRule(), None
            for step, rows in enumerate(full_batches(seed, len(x), batch_size, len(rates))):
                if validation_data is not None and step % every == 0:
                    val_losses[repeat, step] = _loss(model, *validation_data, classes)
                loss = _loss(model, x[rows], y[rows], classes)
                losses[repeat, step] = loss if np.isfinite(loss) else np.inf
                reason = stop(loss)
                if reason:
                    break
                _step(model, rates[step], x[rows], y[rows], classes)
            reasons[repeat] = reason or "end"
            bar.update()
    return losses, None if validation_data is None else val_losses, reasons


def _step(model, rate, x, y, classes):
    model.set_params(eta0=float(rate))
    try:
        model.partial_fit(x, y, **({} if classes is None else {"classes": classes}))
    except ValueError as error:
        if "overflow" not in str(error):
            raise
        model.coef_[:] = np.inf


def _loss(model, x, y, classes):
    """Return the mean squared error, log loss or hinge loss; inf once the model has overflowed."""
    started = hasattr(model, "coef_")
    if started and not np.isfinite(model.coef_).all():
        return np.inf
    if classes is None:
        errors = (x @ model.coef_ + model.intercept_ if started else 0.0) - y
        return np.mean(errors**2)
    if len(classes) == 2 and started and model.loss == "log_loss":  # as below, without its checks
        signs = np.where(y == classes[1], 1.0, -1.0)
        return np.mean(np.logaddexp(0, -signs * (x @ model.coef_[0] + model.intercept_)))
    n = len(classes)
    if hasattr(model, "predict_proba"):
        shares = model.predict_proba(x) if started else np.full((len(y), n), 1 / n)
        return log_loss(y, shares, labels=classes)
    scores = np.zeros((len(y), n) if n > 2 else len(y))
    return hinge_loss(y, model.decision_function(x) if started else scores, labels=classes)
