"""Some runs of a job that step together, on the host's side of their compiled program."""

import itertools
import math

import numpy as np

from course_utils.training.batches import batch_order
from course_utils.training.cache import program_for
from course_utils.training.keras_setup import tf
from course_utils.training.optimizer import own_schedule, peak_rate
from course_utils.training.support import is_random, mixes_rows

MOST_EPOCHS_AT_ONCE = 25  # the program's room for orders and results; fewer are no new program
MOST_ROOM = 100_000  # rows an epoch (10 MB in all): room for each run's own order, used or not,
# so that 2 rates × 9 seeds and 9 rates × 2 seeds are one program


class Part:
    """Runs of a job that train as one, a few epochs at a time.

    Parameters
    ----------
    job : Job
    runs : sequence of int
        Runs with as many steps an epoch; with as many rows, if the model mixes rows. Runs of one
        optimizer stand together.
    weights, state : list of ndarray of shape (K of the whole job, ...)
        Initial values of the trainable and of the other variables.
    number : int
        Parts of one job with different numbers never share a program.
    """

    def __init__(self, job, runs, weights, state, number):
        rows = [job.rows_of(run) for run in runs]
        n_rows = [len(of_run) for of_run in rows]
        batch_size = min(job.batch_size, max(n_rows))
        steps = math.ceil(max(n_rows) / batch_size)
        width = max(n_rows) if mixes_rows(job.template) else steps * batch_size
        stream_of, self.orders = _streams([job.seeds[run] for run in runs], rows, width, job)
        self.inputs = (
            tf.constant(job.x),
            tf.constant(job.y),
            tf.constant(stream_of),
            tf.constant(n_rows),
            _validation(job, runs),
        )
        groups = [
            (optimizer, len(list(same)))
            for optimizer, same in itertools.groupby(runs, key=job.optimizer_of)
        ]
        xla = job.xla and not is_random(job.template)  # XLA draws other numbers than Keras does
        self.program = program_for(job.template, groups, batch_size, number, xla)
        self.program.reset(
            [values[runs] for values in weights],
            [values[runs] for values in state],
            [job.learning_rates[run] for run in runs],
            [peak_rate(own_schedule(optimizer), job.epochs * steps) for optimizer, _ in groups],
        )
        streams = len(runs) if len(runs) * width <= MOST_ROOM else len(self.orders)
        self.room = (MOST_EPOCHS_AT_ONCE, streams, width)
        self.program.prepare(tf.zeros(self.room, tf.int32), *self.inputs)

    def train(self, n_epochs):
        """Train some more epochs; return what was measured, shape (n_measures, runs, n_epochs)."""
        drawn = [[next(order) for order in self.orders] for _ in range(n_epochs)]
        orders = np.zeros(self.room, np.int32)
        orders[:n_epochs, : len(self.orders)] = drawn
        measured = self.program.run_epochs(tf.constant(orders), *self.inputs, tf.constant(n_epochs))
        return measured.numpy()[:n_epochs].transpose(1, 2, 0).astype(float)


def _streams(seeds, rows, width, job):
    """Return which stream of rows each run follows, and a generator for each stream.

    Runs of the same seed and rows share a stream. A short one is filled up with its last row, so
    that the rows that do not count stand in a batch where they already are.
    """
    known = {}
    stream_of = [
        known.setdefault((seed, own.tobytes()), len(known))
        for seed, own in zip(seeds, rows, strict=True)
    ]

    def orders(seed, own):
        for visit in batch_order(seed, len(own), job.shuffle):
            yield np.pad(own[visit], (0, width - len(own)), mode="edge")

    first = [stream_of.index(stream) for stream in range(len(known))]
    return stream_of, [orders(seeds[run], rows[run]) for run in first]


def _validation(job, runs):
    if job.validation_data is None:
        return None
    rows = [job.validation_rows_of(run) for run in runs]
    n_rows = [len(of_run) for of_run in rows]
    filled = [np.pad(of_run, (0, max(n_rows) - len(of_run)), mode="edge") for of_run in rows]
    x, y = job.validation_data
    return tuple(map(tf.constant, (x, y, np.array(filled, np.int32), np.array(n_rows, np.int32))))
