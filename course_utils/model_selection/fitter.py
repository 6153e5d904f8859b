"""Fits of a grid's candidates under equal chance, and what tells the fitted models apart."""

import random
import sys
import warnings
from copy import deepcopy

import numpy as np

from course_utils.model_selection.checks import candidate_of, parts_of

ANSWERS = ("predict_proba", "decision_function", "transform", "predict")
SMALL = 1e-9
"""Relative differences below this are rounding."""


class Fitter:
    """Fits candidates on the same data, from the same random state, and remembers each.

    A candidate is a place in the grid: a dict of parameter name and index.

    Attributes
    ----------
    tried : dict of tuple of int to (fingerprint or None, reason why there is none)
        By the indices of the candidate.
    noise : set of str
        What differs between two fits of one candidate.
    fits : int
    """

    def __init__(self, estimator, grid, data, scorer, random_state):
        self.estimator, self.grid, self.data = estimator, grid, data
        self.scorer, self.random_state = scorer, random_state
        self.tried, self.noise, self.fits = {}, set(), 0

    def differ(self, places):
        """Tell whether the fitted models differ; None if fewer than two could be fitted."""
        first, *others = [f for f in map(self.fit, places) if f is not None] or [None]
        return any(differences(first, other) - self.noise for other in others) if others else None

    def fit(self, place):
        """Return the fingerprint of the fitted candidate, or None if it failed."""
        key = tuple(place[name] for name in self.grid)
        if key not in self.tried:
            self.tried[key] = self._fit(place)
        return self.tried[key][0]

    def repeats(self, place):
        """Fit a candidate again, note what differs, and tell whether the predictions agree."""
        if self.fit(place) is None:
            return True
        # What is loaded at the first fit may draw random numbers of its own: compare later ones.
        second, third = self._fit(place), self._fit(place)
        if second[0] is None or third[0] is None:
            return False
        self.noise = differences(second[0], third[0])
        self.tried = dict.fromkeys(self.tried, third)
        return not self.noise & {"score", *ANSWERS}

    def _fit(self, place):
        self.fits += 1
        candidate = {name: self.grid[name][i] for name, i in place.items()}
        states = np.random.get_state(), random.getstate()  # noqa: NPY002
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                return self._fingerprint(candidate), None
        except Exception as error:  # the search would write nan and go on
            known = isinstance(error, _NotFiniteError)
            return None, str(error) if known else f"{type(error).__name__}: {error}"
        finally:
            np.random.set_state(states[0])  # noqa: NPY002
            random.setstate(states[1])

    def _fingerprint(self, candidate):
        """Return what a fitted candidate holds, answers and scores: {name: array}."""
        random.seed(self.random_state)
        np.random.seed(self.random_state)  # noqa: NPY002
        if hasattr(sys.modules.get("keras"), "utils"):  # only where the estimator has loaded it
            sys.modules["keras"].utils.set_random_seed(self.random_state)
        model = candidate_of(self.estimator, candidate)
        for name, value in model.get_params().items():
            is_state = name.rpartition("__")[2] == "random_state"
            if is_state and value is None and name not in candidate:
                model.set_params(**{name: self.random_state})
        # Some estimators write to what they are given, so each call gets a copy.
        X, y = deepcopy(self.data)
        model.fit(X) if y is None else model.fit(X, y)
        score = self.scorer(model, *deepcopy(self.data))
        if not np.isfinite(score):
            raise _NotFiniteError(f"the score is {score}")
        found = {**_numbers_held(model, candidate), "score": np.asarray(score)}
        for name in [name for name in ANSWERS if hasattr(model, name)]:
            found[name] = np.asarray(_dense(getattr(model, name)(deepcopy(self.data[0]))))
            if found[name].dtype.kind == "f" and not np.isfinite(found[name]).all():
                raise _NotFiniteError(f"{name} gives {found[name][~np.isfinite(found[name])][0]}")
        return found


class _NotFiniteError(Exception):
    """A fit without a usable score or answer."""


def differences(one, other):
    """Return the names of what differs between two fingerprints."""
    return {
        name
        for name in {*one, *other}
        if name not in one or name not in other or not _equal(one[name], other[name])
    }


def _equal(a, b):
    if a.dtype.kind not in "fc" or a.shape != b.shape or a.dtype.kind != b.dtype.kind:
        return a.dtype.kind == b.dtype.kind and np.array_equal(a, b)
    scale = max(np.abs(a).max(initial=0.0), np.abs(b).max(initial=0.0))
    return np.allclose(a, b, rtol=SMALL, atol=SMALL * scale, equal_nan=True)


def _numbers_held(model, candidate):
    """Return the fitted numbers of an estimator and of the steps inside it: {name: array}."""
    held = {}
    for prefix, part in parts_of(model).items():
        for name, value in vars(part).items():
            numbers = _numbers(value) if name.endswith("_") and name[0] != "_" else None
            # A parameter that is only kept, under a name such as `size_`, is no effect.
            kept = any(
                value is own or (np.isscalar(value) and np.isscalar(own) and value == own)
                for own in candidate.values()
            )
            if numbers is not None and not kept:
                held[prefix + name] = numbers
    return held


def _numbers(value):
    """Return a number, an array, or a list or dict of them, as one array; else None."""
    if isinstance(value, (dict, list, tuple)):
        parts = list(map(_numbers, value.values() if isinstance(value, dict) else value))
        if not parts or any(part is None for part in parts):
            return None
        return np.concatenate([np.ravel(part).astype(float) for part in parts])
    try:
        numbers = np.asarray(_dense(value))
    except (TypeError, ValueError):
        return None
    return numbers if numbers.dtype.kind in "biuf" else None


def _dense(values):
    return values.toarray() if hasattr(values, "toarray") else values
