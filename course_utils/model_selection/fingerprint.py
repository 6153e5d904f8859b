"""Fits of candidates under equal chance, and what tells two fitted models apart."""

import random
import sys
import warnings

import numpy as np
from sklearn.base import BaseEstimator, clone

from course_utils.model_selection.checks import rows_of

SPEAKERS = ("predict_proba", "decision_function", "transform", "predict")
SMALL = 1e-9
"""Relative differences below this are rounding."""


class Fitter:
    """Fits candidates on the same rows, from the same random state, and remembers each.

    Parameters
    ----------
    estimator : estimator
    data : tuple (X, y)
    scorer : callable
    random_state : int
    """

    def __init__(self, estimator, data, scorer, random_state):
        self.estimator = estimator
        self.data = data
        self.n_rows = data[0].shape[0] if hasattr(data[0], "shape") else len(data[0])
        self.scorer = scorer
        self.random_state = random_state
        self.noisy = frozenset()
        self.tried = []
        self.first_error = None
        self.fits = 0
        self._known = []

    @property
    def successes(self):
        return sum(ok for _, ok, _ in self.tried)

    def fit(self, candidate):
        """Return the fingerprint of the fitted candidate, or None if it failed."""
        for known, fingerprint in self._known:
            if all(known[name] is candidate[name] for name in candidate):
                return fingerprint
        fingerprint, reason = self._fit(candidate)
        self.first_error = self.first_error or reason
        self._known.append((candidate, fingerprint))
        self.tried.append((candidate, fingerprint is not None, reason))
        return fingerprint

    def find_noise(self, candidate):
        """Fit one candidate again; note what differs, and return whether the predictions agree."""
        first = self.fit(candidate)
        if first is None:
            return True
        # What is loaded at the first fit may draw random numbers of its own: compare later ones.
        second, third = self._fit(candidate)[0], self._fit(candidate)[0]
        if second is None or third is None:
            return False
        self.noisy = frozenset(
            key
            for key in set(second) | set(third)
            if key not in second or key not in third or _unequal(second[key], third[key])
        )
        self._known = [(candidate, third)]
        return not self.noisy & {"score", *SPEAKERS}

    def _rows(self):
        """Return X and y as copies, since some estimators write to the rows that they are given."""
        return [rows_of(part, np.arange(self.n_rows)) for part in self.data]

    def _fit(self, candidate):
        """Return (fingerprint, None), or (None, the reason why there is none)."""
        self.fits += 1
        numpy_state, python_state = np.random.get_state(), random.getstate()  # noqa: NPY002
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                _seed_everything(self.random_state)
                # As GridSearchCV does it: first a clone, then its parameters.
                model = clone(self.estimator).set_params(**clone(candidate, safe=False))
                _fix_random_state(model, candidate, self.random_state)
                X, y = self._rows()
                model.fit(X) if y is None else model.fit(X, y)
                score = self.scorer(model, *self._rows())
                fingerprint = fingerprint_of(model, lambda: self._rows()[0], candidate)
        except Exception as error:  # the search would write nan and go on
            return None, f"{type(error).__name__}: {error}"
        finally:
            np.random.set_state(numpy_state)  # noqa: NPY002
            random.setstate(python_state)
        fingerprint["score"] = np.asarray(score)
        if not np.isfinite(score):
            return None, f"the score is {score}"
        for name in SPEAKERS:
            values = fingerprint.get(name)
            if values is not None and values.dtype.kind == "f" and not np.isfinite(values).all():
                return None, f"{name} gives {values[~np.isfinite(values)].flat[0]}"
        return fingerprint, None


def fingerprint_of(model, rows, candidate):
    """Return what a fitted model says of fresh `rows()`, and what it holds: {name: array}."""
    said = {}
    for name in SPEAKERS:
        if hasattr(model, name):
            said[name] = np.asarray(_dense(getattr(model, name)(rows())))
    held = {}
    parts = {"": model, **_inner(model)}
    for prefix, part in parts.items():
        for name, value in vars(part).items():
            if name.endswith("_") and not name.startswith("_"):
                numbers = _numbers(value)
                # A parameter that is only kept, under a name such as `size_`, is no effect.
                if numbers is not None and not _repeats(value, candidate):
                    held[f"{prefix}{name}"] = numbers
    return {**held, **said}


def differ(one, other, ignored=frozenset()):
    """Tell whether two fingerprints differ in anything that is not ignored."""
    if set(one) - ignored != set(other) - ignored:
        return True
    return any(_unequal(one[key], other[key]) for key in set(one) - ignored)


def _unequal(a, b):
    if a.shape != b.shape or a.dtype.kind != b.dtype.kind:
        return True
    if a.dtype.kind in "fc":
        scale = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
        return not np.allclose(a, b, rtol=SMALL, atol=SMALL * scale, equal_nan=True)
    return not np.array_equal(a, b)


def _seed_everything(seed):
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002
    keras = sys.modules.get("keras")  # only where the estimator has loaded it
    if keras is not None and hasattr(keras, "utils"):
        keras.utils.set_random_seed(seed)


def _fix_random_state(model, candidate, seed):
    for name, value in model.get_params(deep=True).items():
        is_state = name.rpartition("__")[2] == "random_state"
        if is_state and value is None and name not in candidate:
            model.set_params(**{name: seed})


def _inner(model):
    """Return the fitted steps of a pipeline and the like, by their names."""
    params = model.get_params(deep=True)
    return {f"{n}__": part for n, part in params.items() if isinstance(part, BaseEstimator)}


def _numbers(value):
    """Return a number, an array, or a list or dict of them, as one flat array; else None."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        parts = [_numbers(part) for part in value]
        if not parts or any(part is None for part in parts):
            return None
        return np.concatenate([np.ravel(part).astype(float) for part in parts])
    try:
        numbers = np.asarray(_dense(value))
    except (TypeError, ValueError):
        return None
    return numbers if numbers.dtype.kind in "biuf" else None


def _repeats(value, candidate):
    return any(
        value is own or (np.isscalar(value) and np.isscalar(own) and value == own)
        for own in candidate.values()
    )


def _dense(values):
    return values.toarray() if hasattr(values, "toarray") else values
