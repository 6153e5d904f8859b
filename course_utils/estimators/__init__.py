"""Keras networks as scikit-learn estimators: flat parameters, a network built in ``fit``."""

from course_utils.estimators.mlp import KerasMLPClassifier, KerasMLPRegressor
from course_utils.estimators.network import trained_by

__all__ = ["KerasMLPClassifier", "KerasMLPRegressor", "trained_by"]
