"""The fit cache of a stacked search: record what its fits ask for, train it, give it to them."""

import math
import time
import weakref
from contextlib import suppress
from dataclasses import dataclass, field

import joblib
import numpy as np
import pandas as pd

from course_utils.model_selection.checks import candidate_of, parts_of, rows_of
from course_utils.model_selection.estimators import (
    KerasMLPClassifier,
    KerasMLPRegressor,
    trained_by,
)
from course_utils.training import CannotStackError, fit_runs

NETWORKS = (KerasMLPClassifier, KerasMLPRegressor)
# What may differ between runs that train as one; all else is the shape of their graph.
PER_RUN = ("learning_rate", "optimizer", "momentum", "epochs", "random_state", "verbose")
STEPS_WORTH_XLA = 1500  # about as many as take, without it, the second that it takes to compile


def networks_in(estimator):
    """Return the networks that an estimator is, or has inside."""
    return [part for part in parts_of(estimator).values() if isinstance(part, NETWORKS)]


def check_networks(estimator, candidates, pairs):
    """Raise the first error in the parameters of the candidates' networks.

    Two values that do not go together are one only with `pairs`: a grid may hold such candidates.
    """
    for parameters in candidates:
        for network in networks_in(candidate_of(estimator, parameters)):
            network.check_parameters(pairs)


class InterruptedFitError(Exception):
    """A fit that the user has interrupted; scikit-learn gives it no score and goes on."""


@dataclass
class Run:
    """A network and its data, trained once for all fits that ask for them.

    ``trained`` holds (weights, history) by the numbers of epochs that fits ask for, or None;
    ``seconds`` is the share of each of its ``n_fits`` fits in the training.
    """

    network: object
    x: np.ndarray
    y: np.ndarray
    n_fits: int = 0
    trained: dict = field(default_factory=dict)
    seconds: float = 0.0


class FitCache:
    """The networks that the fits of a search need: first `record`, then `train`, then `get`.

    Attributes
    ----------
    runs : list of list of list of Run
        What the fits need, by candidate and fold.
    interrupted : bool
        Whether the user has pressed the interrupt key.
    n_missed : int
        Fits that asked for a network that had not been recorded.
    """

    def __init__(self):
        self.runs, self.interrupted, self.n_missed = [], False, 0
        self._shapes, self._data, self._models = {}, {}, {}

    def record(self, estimator, candidates, X, y, splits):
        """Fit each candidate in each fold with networks that only note what they would train on."""
        self.runs = [[[] for _ in splits] for _ in candidates]
        for parameters, folds in zip(candidates, self.runs, strict=True):
            for (rows, _), self._asked in zip(splits, folds, strict=True):
                candidate = candidate_of(estimator, parameters)
                if networks_in(candidate):
                    with suppress(Exception), trained_by(self._record):  # it comes again in the fit
                        candidate.fit(rows_of(X, rows), rows_of(y, rows))

    def _record(self, network, x, y):
        shape, key = _shape(network, x), _key(network, x, y)
        x, y = self._data.setdefault(key[-1], (x, y))  # one copy for all that train on it
        runs = self._shapes.setdefault(shape, {})
        run = runs.setdefault(key, Run(network, x, y))
        run.network.seed_ = next(iter(runs.values())).network.seed_  # one, where each drew its own
        run.trained.setdefault(network.epochs)
        run.n_fits += 1
        self._asked.append(run)
        return None, {}

    def train(self, progress=True):
        """Train what was recorded, the networks of one shape as one; say once where that cannot be.

        An interrupt ends it, and what was trained until then stays.
        """
        reasons = {}
        for shape in self._shapes.values():
            runs, started = list(shape.values()), time.perf_counter()
            try:
                results = train_as_one(runs, progress)
            except CannotStackError as error:
                reasons.setdefault(str(error))
                continue
            except KeyboardInterrupt:
                self.interrupted = True
                break
            seconds = (time.perf_counter() - started) / sum(run.n_fits for run in runs)
            for run, run.trained in zip(runs, results, strict=True):
                run.seconds = seconds
        for reason in reasons:
            print(f"Fitting one by one: {reason}.")

    def keep_finished(self, candidates):
        """Return the candidates that are trained in all folds; forget the runs of the others."""
        kept = [
            number
            for number, folds in enumerate(self.runs)
            if all(runs and all(None not in r.trained.values() for r in runs) for runs in folds)
        ]
        self.runs = [self.runs[number] for number in kept]
        return [candidates[number] for number in kept]

    def get(self, network, x, y):
        """Return the trained model and its history; what is not there is trained now.

        Raises
        ------
        InterruptedFitError
            If it is not there and the user has interrupted the search.
        """
        shape = _shape(network, x)
        run = self._shapes.get(shape, {}).get(_key(network, x, y))
        if run and run.trained.get(network.epochs):
            weights, history = run.trained[network.epochs]
            network.seed_ = run.network.seed_
            model = self._model(shape, network)
            model.set_weights(weights)
            return model, history
        try:
            if self.interrupted:
                raise KeyboardInterrupt
            self.n_missed += run is None
            return network.train_alone(x, y)
        except KeyboardInterrupt:
            self.interrupted = True
            raise InterruptedFitError("The search was interrupted.") from None

    def _model(self, shape, network):
        """Return a model of this shape that no living network has: to build one takes long."""
        model, user = self._models.get(shape, (None, None))
        if model is None or user() is not None:
            model = network.build_model(network.n_features_in_, network.n_outputs_, network.seed_)
        self._models[shape] = model, weakref.ref(network)
        return model


def train_as_one(runs, progress):
    """Train runs of one graph shape and one seed as one model, to the longest epochs asked for.

    Returns
    -------
    list of dict of int to (weights, history)
        For each run, what it is after each number of epochs that it was asked for.

    Raises
    ------
    CannotStackError
        If they cannot be trained as one.
    KeyboardInterrupt
        If the user ends the training.
    """
    network = runs[0].network
    for name in ("build_model", "build_optimizer"):
        if getattr(type(network), name) not in [getattr(kind, name) for kind in NETWORKS]:
            raise CannotStackError(f"{type(network).__name__} has a {name} of its own")
    asked = sorted(set().union(*(run.trained for run in runs)))
    data = {id(run.x): (run.x, run.y) for run in runs}  # of each fold and preprocessing
    ends = np.cumsum([len(x) for x, _ in data.values()])
    samples = dict(zip(data, np.split(np.arange(ends[-1]), ends[:-1]), strict=True))
    n_steps = asked[-1] * math.ceil(max(map(len, samples.values())) / network.batch_size)
    table = pd.DataFrame(
        {
            "learning_rate": [float(run.network.learning_rate) for run in runs],
            "seed": network.seed_,
            "optimizer": [_moved_by(run.network) for run in runs],
            "fold": [id(run.x) for run in runs],
        }
    )
    trained = fit_runs(
        lambda: network.build_model(network.n_features_in_, network.n_outputs_, network.seed_),
        table,
        *map(np.concatenate, zip(*data.values(), strict=True)),
        epochs=asked[-1],
        batch_size=network.batch_size,
        folds={fold: (places, None) for fold, places in samples.items()},
        optimizers={_moved_by(run.network): run.network.build_optimizer() for run in runs},
        engine="stacked",
        xla=n_steps > STEPS_WORTH_XLA,
        snapshots=asked,
        progress=progress,
    )
    if trained.history["loss"].shape != (len(runs), asked[-1]):
        raise KeyboardInterrupt
    return [
        {
            epochs: (
                trained.weights_of(number, epochs),
                {name: c[number, :epochs].tolist() for name, c in trained.history.items()},
            )
            for epochs in run.trained
        }
        for number, run in enumerate(runs)
    ]


def _shape(network, x):
    """Return what networks must have in common to train as one, a seed that is given included."""
    parameters = network.get_params()
    fixed = [(name, repr(value)) for name, value in parameters.items() if name not in PER_RUN]
    seed = None if network.random_state is None else network.seed_
    return type(network), x.shape[1], network.n_outputs_, seed, *fixed


def _key(network, x, y):
    """Return what tells the runs of one shape apart; the last part stands for the data."""
    return float(network.learning_rate), *_moved_by(network), joblib.hash((x, y))


def _moved_by(network):
    return network.optimizer, float(network.momentum)
