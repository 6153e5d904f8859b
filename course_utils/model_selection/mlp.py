"""The classifier and the regressor."""

import numpy as np
from sklearn.base import ClassifierMixin, RegressorMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from course_utils.model_selection.network import KerasMLP, refuse_lost_cells
from course_utils.validation import check_labels


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
        Rows per step; the last batch of an epoch may be short.
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
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Where `X` has column names.
    model_ : keras.Sequential
        The trained network.
    history_ : dict of str to list of float
        ``loss`` and ``accuracy`` of each epoch.
    seed_ : int
        That of the weights, of dropout, and of `stack.batch_order`.

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

        Returns
        -------
        KerasMLPClassifier
            Itself.

        Raises
        ------
        TypeError, ValueError
            Before any training, if a parameter or the data cannot be used.
        """
        self.check_parameters()
        refuse_lost_cells(X=X, y=y)
        x, y = validate_data(self, X, y, dtype=np.float32)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        check_labels(y, None, self.classes_)
        return self._fit(x, labels, len(self.classes_))

    def predict_proba(self, X):
        """Return the probability of each class, an array of shape (n_samples, n_classes).

        Raises
        ------
        ValueError
            If the network has diverged to outputs that are not finite.
        """
        return self._outputs(X)

    def predict(self, X):
        """Return the most probable class of each row, an array of shape (n_samples,)."""
        most_probable = self.predict_proba(X).argmax(axis=1)
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
        """Build the network and train it.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
        y : array-like of shape (n_samples,)

        Returns
        -------
        KerasMLPRegressor
            Itself.

        Raises
        ------
        TypeError, ValueError
            Before any training, if a parameter or the data cannot be used.
        """
        self.check_parameters()
        refuse_lost_cells(X=X, y=y)
        x, y = validate_data(self, X, y, dtype=np.float32, y_numeric=True)
        return self._fit(x, y.astype(np.float32), 1)

    def predict(self, X):
        """Return the prediction for each row, an array of shape (n_samples,).

        Raises
        ------
        ValueError
            If the network has diverged to outputs that are not finite.
        """
        return self._outputs(X)[:, 0]
