"""Some of the runs, stepping in one compiled program: its host's side."""

import itertools
import math

import numpy as np

from course_utils.training.cache import program_for
from course_utils.training.keras_setup import tf
from course_utils.training.optimizer import own_schedule, peak_rate
from course_utils.training.support import is_random, mixes_rows

MOST_AT_ONCE = 25  # visits that the program has room for; fewer are no new program
MOST_ROOM = 100_000  # samples a visit (10 MB in all): room for each run's own order, used or not,
# so that 2 rates × 9 seeds and 9 rates × 2 seeds are one program


class Shard:
    """Runs that train as one, a few visits at a time.

    Parameters
    ----------
    runs : KerasRuns
    which : sequence of int
        Runs with as many steps a visit; with as many samples, if the model mixes them. Runs of one
        optimizer stand next to each other.
    weights, state : list of ndarray of shape (K of all runs, ...)
        Initial values of the trainable and of the other variables.
    number : int
        Shards of different numbers never share a program.
    """

    def __init__(self, runs, which, weights, state, number):
        samples = [runs.batch_size if runs.by_step else len(runs.samples_of(run)) for run in which]
        batch_size = min(runs.batch_size, max(samples))
        steps = math.ceil(max(samples) / batch_size)
        width = max(samples) if mixes_rows(runs.template) else steps * batch_size
        stream_of, self._orders = _streams(runs, which, width)
        self._rates, self._done = runs.rates[which].T, 0  # (visits, K)
        self.validation = _validation(runs, which)
        self._inputs = (
            tf.constant(runs.x),
            tf.constant(runs.y),
            tf.constant(stream_of),
            tf.constant(samples),
            None if runs.by_step else self.validation,
        )
        groups = [
            (optimizer, len(list(same)))
            for optimizer, same in itertools.groupby(which, key=lambda run: runs.movers[run])
        ]
        xla = runs.xla and not is_random(runs.template)  # XLA draws other numbers than Keras does
        self.program = program_for(runs.template, groups, batch_size, number, xla)
        self.program.reset(
            [values[which] for values in weights],
            [values[which] for values in state],
            [peak_rate(own_schedule(optimizer), runs.visits * steps) for optimizer, _ in groups],
            None if runs.given is None else runs.given.optimizer,
        )
        streams = len(which) if len(which) * width <= MOST_ROOM else len(self._orders)
        self._room = (MOST_AT_ONCE, streams, width)
        rates = tf.zeros((MOST_AT_ONCE, len(which)))
        self.program.prepare(tf.zeros(self._room, tf.int32), rates, *self._inputs)

    def train(self, n_visits):
        """Train some more visits; return what was measured, shape (n_measures, K, n_visits)."""
        orders = np.zeros(self._room, np.int32)
        for visit in range(n_visits):
            orders[visit, : len(self._orders)] = [next(order) for order in self._orders]
        rates = np.zeros((MOST_AT_ONCE, self._rates.shape[1]), np.float32)
        rates[:n_visits] = self._rates[self._done : self._done + n_visits]
        self._done += n_visits
        inputs = (tf.constant(orders), tf.constant(rates), *self._inputs)
        measured = self.program.run(*inputs, tf.constant(n_visits)).numpy()
        return measured[:n_visits].transpose(1, 2, 0).astype(float)


def _streams(runs, which, width):
    """Return which stream of samples each run follows, and the generator of each stream.

    Runs of the same seed and samples share a stream. A short one is filled up with its last
    sample, so that what does not count stands in a batch where it already is.
    """
    known = {}
    stream_of = [
        known.setdefault((runs.seeds[run], runs.samples_of(run).tobytes()), len(known))
        for run in which
    ]

    def filled(run):
        for order in runs.visited_by(run):
            yield np.pad(order, (0, width - len(order)), mode="edge")

    first = [which[stream_of.index(stream)] for stream in range(len(known))]
    return stream_of, [filled(run) for run in first]


def _validation(runs, which):
    if runs.validation_data is None:
        return None
    chosen = [runs.validation_samples_of(run) for run in which]
    sizes = [len(of_run) for of_run in chosen]
    filled = [np.pad(of_run, (0, max(sizes) - len(of_run)), mode="edge") for of_run in chosen]
    x, y = runs.validation_data
    return tuple(map(tf.constant, (x, y, np.array(filled, np.int32), np.array(sizes, np.int32))))
