"""The classes that exercises of lesson 10 ask for, right and typically wrong, and their trial.

No network is trained here: what a learner's class builds is a stand-in, so that an answer is judged
at once, and without TensorFlow.
"""

from dataclasses import dataclass, field
from functools import partial

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin, clone, is_regressor

from course_utils.grading.functions import Function, agree, call
from course_utils.grading.graders import Unreadable, quote


@dataclass(frozen=True)
class Written(Function):
    """A class, tried on cases by ``tried(class, *case)``: what comes back is compared.

    The target and the mistakes are classes. `looks_at` says what an answer has to do that is like
    none of them.
    """

    tried: object = field(kw_only=True)
    looks_at: str = field(kw_only=True)

    def read(self, answer):
        if not isinstance(answer, type):
            raise Unreadable("Hand in the class itself: its name, without brackets behind it.")
        return super().read(partial(self.tried, answer))

    def same(self, given, function):
        return super().same(given, partial(self.tried, function))

    def otherwise(self, given):
        right = [call(partial(self.tried, self.target), case) for case in self.cases]
        wrong = [a for a, b in zip(given, right, strict=True) if not agree(a, b)]
        if wrong[0].error is not None:
            return f"Your class stops with {quote(wrong[0].error)}. {self.looks_at}"
        return f"Your class runs, and does not do what was asked. {self.looks_at}"


class StandIn:
    """What stands in for a Keras model: it answers with the class whose centre is nearest."""

    def __init__(self, units, learning_rate, n_features, n_classes):
        self.told = [units, learning_rate]
        self.n_features, self.n_classes = n_features, n_classes
        self.epochs = 0

    def fit(self, X, y, epochs=1, **options):
        X, y = np.asarray(X), np.asarray(y)
        if y.dtype.kind not in "iuf":
            raise ValueError(f"Invalid dtype: {y.dtype.name}")
        if X.shape[1] != self.n_features:
            raise ValueError(f"expected {self.n_features} columns, found {X.shape[1]}")
        if y.min() < 0 or y.max() >= self.n_classes:
            raise ValueError(f"a label of {y.max()} is outside [0, {self.n_classes})")
        self.centres = np.array([X[y == label].mean(axis=0) for label in range(self.n_classes)])
        self.epochs += epochs

    def __call__(self, X, **options):
        away = ((np.asarray(X)[:, None] - self.centres) ** 2).sum(axis=2)
        return np.exp(-away) / np.exp(-away).sum(axis=1, keepdims=True)

    predict = __call__


def with_stand_in(cls):
    """Return a subclass that builds stand-ins, and keeps them in ``built``."""

    def build_model(self, n_features=20, n_classes=3):
        self.built.append(StandIn(self.units, self.learning_rate, n_features, n_classes))
        return self.built[-1]

    return type(cls.__name__, (cls,), {"build_model": build_model, "built": []})


def rows(n_features, labels, seed):
    """Return rows around a centre for each label."""
    rng = np.random.default_rng(seed)
    places = np.unique(labels, return_inverse=True)[1]
    return rng.normal(size=(len(labels), n_features)) / 4 + places[:, None]


def trained(cls, units, learning_rate, epochs):
    """Return what the networks hold that a candidate trains in two fits."""
    kind, y = with_stand_in(cls), np.array([0, 1, 2, 2, 1, 0])
    X = rows(20, y, 0)
    if kind().fit(X, y) is ...:
        return ...
    kind.built.clear()
    candidate = clone(kind()).set_params(units=units, learning_rate=learning_rate, epochs=epochs)
    candidate.fit(X, y)
    returned = candidate.fit(X, y)
    networks = [value for net in kind.built if net.epochs for value in (*net.told, net.epochs)]
    return [*networks, returned is candidate, returned is None]


class Mine(ClassifierMixin, BaseEstimator):
    def __init__(self, units=32, learning_rate=0.01, epochs=2, random_state=0):
        self.units = units
        self.learning_rate = learning_rate
        self.epochs = epochs
        self.random_state = random_state

    def fit(self, X, y):
        self.model = self.build_model()
        self.model.fit(X, y, epochs=self.epochs, verbose=0)
        return self


class BuiltEarly(Mine):
    def __init__(self, units=32, learning_rate=0.01, epochs=2, random_state=0):
        super().__init__(units, learning_rate, epochs, random_state)
        self.model = self.build_model()

    def fit(self, X, y):
        self.model.fit(X, y, epochs=self.epochs, verbose=0)
        return self


class GoesOn(Mine):
    def fit(self, X, y):
        if not hasattr(self, "model"):
            self.model = self.build_model()
        self.model.fit(X, y, epochs=self.epochs, verbose=0)
        return self


class ReturnsNothing(Mine):
    def fit(self, X, y):
        super().fit(X, y)


class ReturnsModel(Mine):
    def fit(self, X, y):
        return super().fit(X, y).model


class OneEpoch(Mine):
    def fit(self, X, y):
        self.model = self.build_model()
        self.model.fit(X, y, verbose=0)
        return self


def named(cls, labels, n_features):
    """Return the labels that a class predicts for rows it has not seen, and its ``classes_``."""
    labels = np.asarray(labels)
    candidate = with_stand_in(cls)()
    if candidate.fit(rows(n_features, labels, 1), labels) is ...:
        return ...
    predicted = candidate.predict(rows(n_features, labels, 2)[::-1])
    if predicted is ...:
        return ...
    return np.concatenate([np.atleast_1d(predicted), candidate.classes_])


class Labelled(Mine):
    def fit(self, X, y):
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.model = self.build_model(X.shape[1], len(self.classes_))
        self.model.fit(X, labels, epochs=self.epochs, verbose=0)
        return self

    def predict(self, X):
        return self.classes_[np.argmax(self.model(X), axis=1)]


class Numbered(Labelled):
    def predict(self, X):
        return np.argmax(self.model(X), axis=1)


class FixedSizes(Labelled):
    def fit(self, X, y):
        self.classes_, labels = np.unique(y, return_inverse=True)
        self.model = self.build_model()
        self.model.fit(X, labels, epochs=self.epochs, verbose=0)
        return self


class Untranslated(Labelled):
    def fit(self, X, y):
        self.classes_ = np.unique(y)
        self.model = self.build_model(X.shape[1], len(self.classes_))
        self.model.fit(X, y, epochs=self.epochs, verbose=0)
        return self


class AsTheyCome(Labelled):
    def fit(self, X, y):
        self.classes_ = np.array(list(dict.fromkeys(y)))
        labels = np.array([list(self.classes_).index(label) for label in y])
        self.model = self.build_model(X.shape[1], len(self.classes_))
        self.model.fit(X, labels, epochs=self.epochs, verbose=0)
        return self


class OneForAll(Labelled):
    def predict(self, X):
        return self.classes_[np.argmax(self.model(X)) % len(self.classes_)]


def fitted_line(cls, settings, X, y):
    """Return what a line predicts after one fit and after two, and whether it is a regressor."""
    if cls().fit(X, y) is ...:
        return ...
    line = clone(cls()).set_params(**settings)
    returned = line.fit(X, y)
    once = np.array(line.predict(X[:3]))
    line.fit(X, y)
    return [*once, *line.predict(X[:3]), returned is line, is_regressor(line)]


class Line(RegressorMixin, BaseEstimator):
    def __init__(self, learning_rate=0.1, decay=1.0, epochs=50):
        self.learning_rate = learning_rate
        self.decay = decay
        self.epochs = epochs

    def fit(self, X, y):
        self.w_ = self.start(X)
        for rate in self.rates():
            self.w_ = self.w_ - rate * 2 * X.T @ (X @ self.w_ - y) / len(y)
        return self

    def start(self, X):
        return np.zeros(X.shape[1])

    def rates(self):
        return self.learning_rate * self.decay ** np.arange(self.epochs)

    def predict(self, X):
        return X @ self.w_


class RatesEarly(Line):
    def __init__(self, learning_rate=0.1, decay=1.0, epochs=50):
        super().__init__(learning_rate, decay, epochs)
        self.early = super().rates()

    def rates(self):
        return self.early


class LineGoesOn(Line):
    def start(self, X):
        return getattr(self, "w_", super().start(X))


class TwoColumns(Line):
    def start(self, X):
        return np.zeros(2)


class ConstantRate(Line):
    def rates(self):
        return [self.learning_rate] * self.epochs


class LineReturnsNothing(Line):
    def fit(self, X, y):
        super().fit(X, y)


class MixinLast(BaseEstimator, RegressorMixin):
    __init__, start, rates, fit = Line.__init__, Line.start, Line.rates, Line.fit
    predict = Line.predict
