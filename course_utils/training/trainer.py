"""The stacked engine from the host's side: all runs as one model, shard by shard."""

import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor, wait

import numpy as np

from course_utils.training.cache import program_for
from course_utils.training.keras_setup import give_memory_back, tf
from course_utils.training.optimizer import own_schedule, peak_rate
from course_utils.training.record import StepRecord, interruptible
from course_utils.training.runs import Trained
from course_utils.training.support import is_random, mixes_samples
from course_utils.training.workers import n_cores

SECONDS_AT_ONCE = 0.5  # between two looks at the progress bar and at the interrupt key
STEPS_AT_ONCE = 10  # between two looks at the stop rules
FLOPS_WORTH_A_CORE = 1e11  # some seconds; a second program takes two to compile, and 100 MB
MOST_AT_ONCE = 25  # visits that the program has room for; fewer are no new program
MOST_ROOM = 100_000  # samples a visit (10 MB in all): room for each run's own order, used or not,
# so that 2 rates × 9 seeds and 9 rates × 2 seeds are one program


def train_stacked(runs, bar):
    """Train `KerasRuns` as one model and return what came of them; the bar counts visits."""
    with ThreadPoolExecutor() as pool:
        shards = Shards(runs, pool)
        trained = (_by_step if runs.by_step else _by_epoch)(runs, shards, bar)
    del shards
    give_memory_back()
    return trained


def _by_epoch(runs, shards, bar):
    blocks, done, kept = [], 0, {}
    with interruptible(lambda: done, runs.visits, "epochs"):
        for n_epochs in _paced(runs.visits, runs.snapshots):
            blocks.append(shards.train(n_epochs))
            done += n_epochs
            bar.update(n_epochs)
            if len(blocks) == 1:  # the first one compiled
                give_memory_back()
            if done in runs.snapshots:
                kept[done] = shards.weights()
            shards.go_on()
    names = [*shards.measures, *(f"val_{name}" for name in shards.measures)]
    history = dict(zip(names, np.concatenate(blocks, axis=-1), strict=False))
    return Trained(runs, history, shards.weights(), kept, runs.table)


def _by_step(runs, shards, bar):
    record = StepRecord(runs)
    every = runs.visits if runs.validation_data is None else runs.validation_every
    stops = {*range(0, runs.visits, STEPS_AT_ONCE), *range(0, runs.visits, every), runs.visits}
    with interruptible(record.n_ended, runs.size):
        for first, end in itertools.pairwise(sorted(stops)):
            going = [run for run, reason in enumerate(record.reasons) if reason is None]
            if not going:
                break
            if runs.validation_data is not None and first % every == 0:
                record.val_losses[going, first] = shards.validation_losses()[going]
            losses = shards.train(end - first)[0]  # (K, end - first)
            for run in going:
                for step, loss in enumerate(losses[run], first):
                    if record.add(run, step, loss):
                        break
            bar.update(end - first)
            shards.go_on()
    return record.trained(runs)


class Shards:
    """All runs, in shards that train side by side; what they give is in the order of the runs."""

    def __init__(self, runs, pool):
        groups, start = _split(runs), _initial_values(runs)
        self._shards = [Shard(runs, which, *start, number) for number, which in enumerate(groups)]
        self._order, self._pool = np.argsort(np.concatenate(groups)), pool
        self.measures, self._interrupted = self._shards[0].program.measures, False

    def train(self, n_visits):
        """Train some more visits; return what they measured, shape (n_measures, K, n_visits).

        An interrupt waits for all shards, so that none is ahead of the others; see `go_on`.
        """
        working = [self._pool.submit(shard.train, n_visits) for shard in self._shards]
        try:
            wait(working)
        except KeyboardInterrupt:
            self._interrupted = True
            wait(working)
        measured = [shard.result() for shard in working]
        return np.concatenate(measured, axis=1)[:, self._order]

    def go_on(self):
        """Raise the interrupt that came while the shards trained."""
        if self._interrupted:
            raise KeyboardInterrupt

    def validation_losses(self):
        """Return the present losses on the validation data, shape (K,)."""
        measured = [shard.program.measure(*shard.validation)[0] for shard in self._shards]
        return np.concatenate(measured)[self._order]

    def weights(self):
        """Return the present weights, each of shape (K, ...), in the order of get_weights()."""
        by_shard = zip(*(shard.program.final_weights() for shard in self._shards), strict=True)
        return [np.concatenate(same)[self._order] for same in by_shard]


def _split(runs):
    """Return the runs of each shard.

    Runs of as many steps a visit train as one, a short last batch being filled up with samples
    that do not count; if samples of a batch see each other, runs of as many samples. A compiled
    loop keeps one core busy, so long work is split once more.
    """
    samples = np.array([runs.visit_size(run) for run in range(runs.size)])
    kinds = samples if mixes_samples(runs.template) else -(-samples // runs.batch_size)
    optimizers = [id(mover) for mover in runs.movers]
    by_optimizer = np.argsort([optimizers.index(one) for one in optimizers], kind="stable")
    groups = [by_optimizer[kinds[by_optimizer] == kind] for kind in np.unique(kinds)]
    flops = 6 * runs.template.count_params() * samples.sum() * runs.visits
    cores = 1 if tf.config.list_physical_devices("GPU") else n_cores()
    shards = int(np.clip(flops / FLOPS_WORTH_A_CORE, 1, cores))
    return [shard for group in groups for shard in np.array_split(group, min(shards, len(group)))]


def _initial_values(runs):
    """Return the weights and the other variables of the untrained runs, each of shape (K, ...)."""
    first_runs = {seed: runs.seeds.index(seed) for seed in runs.seeds}
    models = {
        seed: runs.new_model(run) if run else runs.template for seed, run in first_runs.items()
    }
    if len({tuple(tuple(v.shape) for v in model.variables) for model in models.values()}) > 1:
        raise ValueError(
            "build_model returned models of different shapes in different calls; it must build "
            "the same layers each time."
        )

    def stacked(kind):
        by_seed = {seed: [v.numpy() for v in getattr(m, kind)] for seed, m in models.items()}
        return [np.stack(same) for same in zip(*map(by_seed.get, runs.seeds), strict=True)]

    return stacked("trainable_variables"), stacked("non_trainable_variables")


def _paced(epochs, stops=()):
    """Yield how many epochs to train next: about half a second's work, and not past a stop."""
    done, at_once = 0, 1
    while done < epochs:
        at_once = min(at_once, *(stop - done for stop in (epochs, *stops) if stop > done))
        started = time.perf_counter()
        yield at_once
        done += at_once
        pace = at_once / (time.perf_counter() - started)
        at_once = math.ceil(np.clip(pace * SECONDS_AT_ONCE, 1, MOST_AT_ONCE))


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
        samples = [runs.visit_size(run) for run in which]
        batch_size = min(runs.batch_size, max(samples))
        steps = math.ceil(max(samples) / batch_size)
        width = max(samples) if mixes_samples(runs.template) else steps * batch_size
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
            runs.given.optimizer if runs.given is not None and runs.optimizers is None else None,
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
        inputs = (tf.constant(orders), tf.constant(rates), *self._inputs)
        self.program.compile(*inputs)
        self._done += n_visits
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
