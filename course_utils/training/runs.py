"""What to train, and what came of it: the same for every kind of model."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import islice

import numpy as np
import pandas as pd

from course_utils.runs import runs_table
from course_utils.training.batches import batch_order, full_batches


class CannotStackError(ValueError):
    """The runs cannot be trained as one; the message says why."""


@dataclass(frozen=True, eq=False)
class Runs:
    """K runs of one model, their data, and what is to be recorded; see `fit_runs`.

    Each kind of model adds a ``baseline_loss``, the training loss of the best constant prediction,
    and ``_start_loss(run)``, that of a run before training.

    A run visits its samples again and again and records a loss of each visit. By epoch, a visit is
    all of its samples in batches; by step, it is one full batch.

    Attributes
    ----------
    table : DataFrame
        A row per run: its keys.
    visits : int
        How many losses are recorded of each run: epochs, or steps.
    by_step : bool
    rates : ndarray of shape (K, visits)
        The learning rate of each visit.
    """

    model: object
    table: pd.DataFrame
    x: np.ndarray
    y: np.ndarray
    validation_data: tuple | None
    visits: int
    batch_size: int
    shuffle: bool
    by_step: bool
    rates: np.ndarray
    optimizers: dict | None = None
    folds: dict | None = None
    snapshots: tuple = ()
    validation_every: int = 1
    stop: Callable | None = None
    xla: bool = True

    def __post_init__(self):
        """Raise an error if the data do not fill one of the batches that must be full."""
        if self.by_step and len(self.x) < self.batch_size:
            raise ValueError(
                f"x has {len(self.x)} rows and batch_size is {self.batch_size}; a step needs a "
                f"full batch, so give batch_size={len(self.x)} at most, or more rows."
            )

    @property
    def size(self):
        """K."""
        return len(self.table)

    def only(self, which):
        """Return the runs of these numbers, as new ones: what is cached stays behind."""
        return replace(self, table=self.table.iloc[which], rates=self.rates[which])

    @cached_property
    def seeds(self):
        return self.table["seed"].tolist()

    def samples_of(self, run):
        return self._of_fold(run, 0, self.x)

    def validation_samples_of(self, run):
        return self._of_fold(run, 1, self.validation_data[0])

    def data_of(self, run):
        """Return the training data (x, y) of a run."""
        samples = self.samples_of(run)
        return self.x[samples], self.y[samples]

    def validation_of(self, run):
        """Return the validation data (x, y) of a run, or None."""
        if self.validation_data is None:
            return None
        samples = self.validation_samples_of(run)
        return tuple(values[samples] for values in self.validation_data)

    @cached_property
    def start_loss(self):
        """The function that gives the training loss of a run before training, once for a seed."""
        of_run = cache(self._start_loss)
        return lambda run: of_run(self.seeds.index(self.seeds[run]))

    def end_losses(self, trained):
        """Return the training losses after the last step where ``loss`` is from before it."""
        return None

    def _of_fold(self, run, side, x):
        own = None if self.folds is None else self.folds[self.table["fold"].iloc[run]][side]
        return np.arange(len(x)) if own is None else np.asarray(own)

    def visit_size(self, run):
        """Return how many samples a run sees in one visit."""
        return self.batch_size if self.by_step else len(self.samples_of(run))

    def visited_by(self, run):
        """Yield the samples of each visit of a run, in their order."""
        own, seed = self.samples_of(run), self.seeds[run]
        if self.by_step:
            orders = full_batches(seed, len(own), self.batch_size, self.shuffle)
        else:
            orders = batch_order(seed, len(own), self.shuffle)
        return (own[order] for order in islice(orders, self.visits))


@dataclass(frozen=True, eq=False)
class Trained:
    """What came of runs.

    Attributes
    ----------
    runs : Runs
        What was asked for.
    history : dict of str to ndarray of shape (n_finished, n_visits)
        As in Keras's ``History``: ``loss``, the metrics of ``compile``, and ``val_…`` of each. Of
        steps: ``loss`` and ``val_loss``, NaN where nothing was measured.
    weights : list of ndarray of shape (n_finished, ...)
        The final weights, in the order of ``model.get_weights()``; of Keras models only.
    snapshots : dict of int to list of ndarray of shape (n_finished, ...)
        The weights after the epochs that were asked for.
    table : DataFrame
        The rows of ``runs.table`` that are finished; after an interrupt not all.
    stop_reasons : list of str
        Of steps: why each run has ended.
    """

    runs: Runs
    history: dict
    weights: list | None = None
    snapshots: dict = field(default_factory=dict)
    table: pd.DataFrame | None = None
    stop_reasons: list | None = None

    def weights_of(self, run, epoch=None):
        """Return what ``model.set_weights`` takes to continue with a run, by default at its end."""
        weights = self.weights if epoch is None else self.snapshots[epoch]
        return [weight[run] for weight in weights]

    def to_frame(self):
        """Return the table of results, a row per run and epoch, with the status of each run."""
        keys, runs = self.table.to_dict("list"), self.runs
        ends = runs.start_loss, runs.end_losses(self)
        return runs_table(keys, self.history, runs.baseline_loss, *ends)
