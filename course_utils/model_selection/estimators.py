"""Keras networks of dense layers as scikit-learn estimators."""

import contextlib
import math
from contextvars import ContextVar
from numbers import Integral

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
from sklearn.utils import check_random_state
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from course_utils.training import ordered_batches
from course_utils.training.keras_runs import in_single_precision
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden
from course_utils.training.library_hooks import trace_forgotten
from course_utils.validation import (
    as_choice,
    as_count,
    as_features,
    as_number,
    as_seed,
    as_targets,
    check_labels,
)

OPTIMIZERS = (
    "adadelta", "adagrad", "adam", "adamax", "adamw", "lion", "nadam", "rmsprop", "sgd",
)  # fmt: skip
WITH_MOMENTUM = ("rmsprop", "sgd")
SAMPLES_AT_ONCE = 8192  # in prediction
_trainer = ContextVar("trainer", default=None)


@contextlib.contextmanager
def trained_by(function):
    """Let ``function(estimator, x, y)`` give the model and its history while the block runs.

    It stands in for Keras's ``fit``, in this thread only; None changes nothing.
    """
    token = _trainer.set(function)
    try:
        yield
    finally:
        _trainer.reset(token)


class KerasMLP(BaseEstimator):
    """What the classifier and the regressor share: all but the last layer and the loss."""

    def __init__(
        self, units=(64,), learning_rate=0.01, optimizer="sgd", momentum=0.0, dropout=0.0,
        batch_size=32, epochs=50, random_state=None, verbose=0,
    ):  # fmt: skip
        self.units = units
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.momentum = momentum
        self.dropout = dropout
        self.batch_size = batch_size
        self.epochs = epochs
        self.random_state = random_state
        self.verbose = verbose

    def build_model(self, n_features, n_outputs, seed):
        """Return the model, compiled and untrained; everything random in it has its own seed."""
        seeds = map(int, np.random.SeedSequence(seed).generate_state(2 * len(self._widths()) + 1))
        model = keras.Sequential([keras.Input((n_features,))])
        for width in self._widths():
            start = keras.initializers.GlorotUniform(seed=next(seeds))
            model.add(keras.layers.Dense(width, activation="relu", kernel_initializer=start))
            if self.dropout:
                model.add(keras.layers.Dropout(self.dropout, seed=next(seeds)))
        start = keras.initializers.GlorotUniform(seed=next(seeds))
        model.add(keras.layers.Dense(n_outputs, self._activation, kernel_initializer=start))
        model.compile(self.build_optimizer(), loss=self._loss, metrics=self._metrics)
        return model

    def build_optimizer(self):
        """Return the optimizer, at the learning rate and the momentum of this estimator."""
        settings = {"momentum": float(self.momentum)} if self.momentum else {}
        settings["learning_rate"] = float(self.learning_rate)
        return keras.optimizers.get({"class_name": self.optimizer, "config": settings})

    def check_parameters(self, pairs=True):
        """Raise a TypeError or ValueError if a parameter cannot be used, or a pair of them."""
        for width in self._widths():
            as_count(width, "a number in units")
        as_number(self.learning_rate, "learning_rate", above=0)
        for name in ("dropout", "momentum"):
            as_number(getattr(self, name), name, least=0, below=1)
        as_choice(self.optimizer, "optimizer", OPTIMIZERS)
        as_count(self.batch_size, "batch_size")
        as_count(self.epochs, "epochs")
        if not isinstance(self.random_state, (np.random.RandomState, type(None))):
            as_seed(self.random_state, "random_state")
        if pairs and self.momentum and self.optimizer not in WITH_MOMENTUM:
            raise ValueError(
                f"momentum is {self.momentum} and the optimizer {self.optimizer!r} takes none; "
                f"give it to one of {', '.join(map(repr, WITH_MOMENTUM))}, or leave it at 0."
            )

    def _widths(self):
        several = isinstance(self.units, (tuple, list, np.ndarray))
        return list(self.units) if several else [self.units]

    def train_alone(self, x, y):
        """Return the model of this estimator, trained by Keras's ``fit``, and its history."""
        model = self.build_model(x.shape[1], self.n_outputs_, self.seed_)
        with tensorflow_notes_hidden(), trace_forgotten(model):
            history = model.fit(
                ordered_batches(x, y, self.batch_size, self.seed_),
                steps_per_epoch=math.ceil(len(x) / self.batch_size),
                epochs=self.epochs,
                shuffle=False,  # `ordered_batches` has done it, from the seed
                verbose=self.verbose,
            )
        return model, history.history

    def _fit(self, x, y, n_outputs):
        seed = self.random_state
        if not isinstance(seed, Integral):
            seed = check_random_state(seed).randint(2**31)
        self.n_outputs_, self.seed_ = n_outputs, int(seed)
        train = _trainer.get() or type(self).train_alone
        self.model_, self.history_ = train(self, x, y)
        return self

    def _outputs(self, X):
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float32, reset=False)
        # Called, not `predict`: that would trace a function for each fitted network.
        blocks = [
            keras.ops.convert_to_numpy(self.model_(x[start : start + SAMPLES_AT_ONCE]))
            for start in range(0, len(x), SAMPLES_AT_ONCE)
        ]
        outputs = np.concatenate(blocks)
        if not np.isfinite(outputs).all():
            raise ValueError(
                f"The network has diverged: its outputs are {outputs[~np.isfinite(outputs)][0]}; "
                f"fit it with a learning_rate below {self.learning_rate}."
            )
        return outputs


class KerasMLPClassifier(ClassifierMixin, KerasMLP):
    """A Keras network of dense layers that classifies, as a scikit-learn estimator.

    ``Dense(units, "relu")`` for each hidden layer, ``Dense(n_classes, "softmax")``, and the
    cross-entropy as loss. The network is built in ``fit``, when all parameters are known.

    Parameters
    ----------
    units : int or tuple of int
        The width of each hidden layer.
    learning_rate : float
        Above 0.
    optimizer : str
        "sgd", "adam", "adamw", "rmsprop", "adagrad", "adadelta", "adamax", "nadam" or "lion".
    momentum : float
        For "sgd" and "rmsprop", from 0 up to, not with, 1.
    dropout : float
        The share of the outputs that each hidden layer drops in training, below 1.
    batch_size : int
        Samples per step; the last batch of an epoch may be short.
    epochs : int
        Passes over the data.
    random_state : int, RandomState or None
        An int gives the same network in every process and thread.
    verbose : int
        As in Keras's ``fit``.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features,)
        Where `X` has column names.
    model_ : keras.Sequential
        The trained network.
    history_ : dict of str to list of float
        ``loss`` and ``accuracy`` of each epoch.
    seed_ : int
        That of the weights, of dropout, and of `course_utils.training.batch_order`.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> X, y = load_iris(return_X_y=True)
    >>> network = KerasMLPClassifier(units=16, optimizer="adam", random_state=0)
    >>> network.fit(X, y).score(X, y) > 0.9
    True
    """

    _activation, _loss, _metrics = "softmax", "sparse_categorical_crossentropy", ["accuracy"]

    def fit(self, X, y):
        """Build the network and train it.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)
            Labels: numbers or strings.

        Raises
        ------
        TypeError, ValueError
            Before any training, if a parameter or the data cannot be used.
        """
        self.check_parameters()
        _refuse_lost_cells(X, y)
        x, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        check_labels(y, None, self.classes_)
        return self._fit(x, labels, len(self.classes_))

    def predict_proba(self, X):
        """Return the probability of each class, an array of shape (n_samples, n_classes).

        A network that has diverged to outputs that are not finite has none: a ValueError.
        """
        return self._outputs(X)

    def predict(self, X):
        """Return the most probable class of each sample, an array of shape (n_samples,)."""
        most_probable = self.predict_proba(X).argmax(
            axis=1
        )  # before `classes_`: it may be unfitted
        return self.classes_[most_probable]


class KerasMLPRegressor(RegressorMixin, KerasMLP):
    """A Keras network of dense layers that predicts numbers, as a scikit-learn estimator.

    As `KerasMLPClassifier`, with one linear output and the mean squared error as loss. Scale the
    targets too (``TransformedTargetRegressor``): the best learning rate depends on their size.

    Examples
    --------
    >>> X = np.linspace(-1, 1, 50).reshape(-1, 1)
    >>> network = KerasMLPRegressor(units=16, optimizer="adam", random_state=0)
    >>> network.fit(X, X[:, 0] ** 2).predict(X).shape
    (50,)
    """

    _activation, _loss, _metrics = None, "mse", []

    def fit(self, X, y):
        """Build the network and train it; `y` holds numbers, otherwise as the classifier's."""
        self.check_parameters()
        _refuse_lost_cells(X, y)
        x, y = validate_data(self, X, y, dtype=np.float32, y_numeric=True)
        return self._fit(x, in_single_precision(y.astype(float), "y"), 1)

    def predict(self, X):
        """Return the prediction for each sample, an array of shape (n_samples,).

        A network that has diverged to outputs that are not finite has none: a ValueError.
        """
        return self._outputs(X)[:, 0]


def _refuse_lost_cells(X, y):
    """Refuse cells that a conversion to numbers would fill or reinterpret."""
    for values, check in ((X, lambda: as_features(X, "X")), (y, lambda: as_targets(y, len(y)))):
        dtypes = np.atleast_1d(getattr(values, "dtypes", getattr(values, "dtype", None)))
        dates = any(getattr(dtype, "kind", "") in ("m", "M") for dtype in dtypes)
        if dates or np.ma.is_masked(values):
            check()
