"""The networks of a search: written down, trained together, looked up."""

import hashlib
import itertools
import math
import time
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.utils.metaestimators import _safe_split

from course_utils.model_selection import KerasMLPClassifier, KerasMLPRegressor, trained_by
from course_utils.training import CannotStackError, fit_runs

NETWORKS = (KerasMLPClassifier, KerasMLPRegressor)
# What may differ between runs that train as one; all else is the shape of their graph.
PER_RUN = ("learning_rate", "optimizer", "momentum", "epochs", "random_state", "verbose")
STEPS_WORTH_XLA = 1500  # about as many as take, without it, the second that it takes to compile


def reason_against(network):
    """Return why a network is not trained together with others, or None."""
    for name in ("build_model", "build_optimizer"):
        if getattr(type(network), name) not in [getattr(kind, name) for kind in NETWORKS]:
            return f"{type(network).__name__} has a {name} of its own"
    return None


def networks_in(estimator):
    """Return the networks that an estimator is, or has inside."""
    inner = estimator.get_params().values() if hasattr(estimator, "get_params") else ()
    return [part for part in (estimator, *inner) if isinstance(part, NETWORKS)]


def check_networks(estimator, candidates, pairs):
    """Raise the first error in the parameters of the candidates' networks.

    Two values that do not go together are one only with `pairs`: a grid may hold such candidates.
    """
    for parameters in candidates:
        candidate = clone(estimator).set_params(**clone(parameters, safe=False))
        for network in networks_in(candidate):
            network.check_parameters() if pairs else network.check_values()


class Together:
    """What a search trains as one: first `note`, then `train`, then `look_up`.

    Parameters
    ----------
    apart : bool
        Build a network for each fitted estimator. By default those of one shape share one, since
        scikit-learn scores an estimator and drops it before it fits the next.

    Attributes
    ----------
    shares : list of float
        The seconds of training of each fit.
    n_missed : int
        Fits that asked for a network that was not written down.
    interrupted : bool
        Whether the training broke off.
    """

    def __init__(self, apart=False):
        self.apart, self.shares, self.n_missed = apart, [], 0
        self._data, self._groups, self._noted, self._reasons = {}, {}, [], {}
        self.interrupted = False

    def note(self, estimator, X, y, candidates, splits):
        """Write down what each candidate would train on in each fold.

        Transformers are fitted for it, networks are not. An error will come again in the fit.
        """
        for parameters, (rows, _) in itertools.product(candidates, splits):
            self._noted.append([])
            try:
                candidate = clone(estimator).set_params(**clone(parameters, safe=False))
                with trained_by(self._note):
                    candidate.fit(*_safe_split(candidate, X, y, rows))
            except Exception:
                self.apart = True
        self.apart |= any(len(places) > 1 for places in self._noted)

    def train(self, progress=True):
        """Train all that was written down, and say once why where that cannot be done."""
        for group in self._groups.values():
            try:
                group.train(self._data, self.apart, progress)
            except CannotStackError as error:
                self._reasons.setdefault(str(error))
            except KeyboardInterrupt:
                self.interrupted = True
                break
        for reason in self._reasons:
            print(f"Fitting one by one: {reason}.")
        self.shares = [sum(group.share for group, _ in places) for places in self._noted]

    def finished(self, n_folds):
        """Return the positions of the candidates that are trained in all folds, and say how many.

        Raises
        ------
        KeyboardInterrupt
            If none is.
        """
        trained = [
            bool(places) and all(group.trained for group, _ in places) for places in self._noted
        ]
        by_candidate = np.reshape(trained, (-1, n_folds)).all(axis=1)
        if not by_candidate.any():
            raise KeyboardInterrupt
        print(
            f"Interrupted: {by_candidate.sum()} of {len(by_candidate)} candidates are finished and "
            "returned."
        )
        return np.flatnonzero(by_candidate)

    def look_up(self, network, x, y):
        """Return the trained network and its history; None if it was not trained."""
        group = self._groups.get(_shape(network, x))
        run = _run(network, x, y)
        if group is None or (run, network.epochs) not in group.trained:
            self.n_missed += reason_against(network) is None
            return None
        return group.look_up(network, run, self.apart)

    def _note(self, network, x, y):
        reason = reason_against(network)
        if reason:
            self._reasons.setdefault(reason)
            return None, {}
        run = _run(network, x, y)
        self._data.setdefault(run[-1], (x, y))
        group = self._groups.setdefault(_shape(network, x), Group(network))
        group.epochs.setdefault(run, set()).add(network.epochs)
        group.n_fits += 1
        self._noted[-1].append((group, run))
        return None, {}


@dataclass
class Group:
    """Runs of one graph shape and one seed: rates × optimizers × data, read off at some epochs."""

    network: object
    epochs: dict = field(default_factory=dict)
    trained: dict = field(default_factory=dict)
    n_fits: int = 0
    share: float = 0.0
    with_metrics: bool = True

    def train(self, data, apart, progress):
        """Train every run to the longest epochs of all, and keep what each was asked for."""
        self.with_metrics = apart  # else nobody will look at the histories
        started = time.perf_counter()
        runs, asked = list(self.epochs), sorted(set().union(*self.epochs.values()))
        copies = list(dict.fromkeys(run[-1] for run in runs))
        ends = np.cumsum([len(data[copy][0]) for copy in copies])
        rows_of = dict(zip(copies, np.split(np.arange(ends[-1]), ends[:-1]), strict=True))
        batch_size = self.network.batch_size
        n_steps = asked[-1] * math.ceil(max(map(len, rows_of.values())) / batch_size)
        optimizers = self._optimizers(runs)
        table = pd.DataFrame(
            {
                "learning_rate": [rate for rate, *_ in runs],
                "seed": self.network.seed_,
                "optimizer": [run[1:3] for run in runs],
                "fold": [run[-1] for run in runs],
            }
        )
        trained = fit_runs(
            self._build,
            table,
            *(np.concatenate([data[copy][i] for copy in copies]) for i in (0, 1)),
            epochs=asked[-1],
            batch_size=batch_size,
            folds={copy: (rows, None) for copy, rows in rows_of.items()},
            optimizers=optimizers,
            engine="stacked",
            xla=n_steps > STEPS_WORTH_XLA,
            snapshots=asked,
            progress=progress,
        )
        if trained.epochs < asked[-1]:
            raise KeyboardInterrupt
        for number, run in enumerate(runs):
            for epochs in self.epochs[run]:
                self.trained[run, epochs] = (
                    trained.weights_of(number, epochs),
                    {name: c[number, :epochs].tolist() for name, c in trained.history.items()},
                )
        self.model = trained.runs.template
        self.share = (time.perf_counter() - started) / self.n_fits

    def look_up(self, network, run, apart):
        """Return a model with the weights of a run after the epochs of `network`, and a history."""
        weights, history = self.trained[run, network.epochs]
        network.seed_ = self.network.seed_
        model = self._build() if apart else self.model
        model.set_weights(weights)
        return model, history

    def _build(self):
        network = self.network
        model = network.build_model(network.n_features_in_, network.n_outputs_, network.seed_)
        if not self.with_metrics:
            model.compile(model.optimizer, model.loss)
        return model

    def _optimizers(self, runs):
        """Return {(optimizer, momentum): what a network with these settings is trained by}."""
        made = {}
        for _, optimizer, momentum, _ in runs:
            if (optimizer, momentum) not in made:
                kind = clone(self.network).set_params(optimizer=optimizer, momentum=momentum)
                made[optimizer, momentum] = kind.build_optimizer()
        return made


def _shape(network, x):
    """Return what networks must have in common to train as one, the seed included."""
    parameters = network.get_params()
    for name in (*PER_RUN, "units"):
        del parameters[name]
    fixed = tuple((name, repr(value)) for name, value in sorted(parameters.items()))
    seed = None if network.random_state is None else network.seed_
    return type(network), tuple(network._widths()), x.shape[1], network.n_outputs_, fixed, seed


def _run(network, x, y):
    """Return what tells the runs of one shape apart; the last part stands for the data."""
    digest = hashlib.sha256(repr((x.shape, x.dtype, y.dtype)).encode())
    for values in (x, y):
        digest.update(np.ascontiguousarray(values).tobytes())
    rate, momentum = float(network.learning_rate), float(network.momentum)
    return rate, network.optimizer, momentum, digest.hexdigest()
