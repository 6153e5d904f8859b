"""The stacked engine from the host's side: all runs as one model, shard by shard."""

import itertools
import math
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from joblib import cpu_count  # knows of a container's share

from course_utils.training.keras_setup import give_memory_back, tf
from course_utils.training.optimizer import reason_against_optimizer
from course_utils.training.runs import StepRecord, Trained
from course_utils.training.shard import MOST_AT_ONCE, Shard
from course_utils.training.support import meet_data, mixes_rows, reason_against_stacking

SECONDS_AT_ONCE = 0.5  # between two looks at the progress bar and at the interrupt key
STEPS_AT_ONCE = 10  # between two looks at the stop rules
FLOPS_WORTH_A_CORE = 1e11  # some seconds; a second program takes two to compile, and 100 MB


def reason_against(runs):
    """Return why runs cannot be trained as one, or None."""
    meet_data(runs.template, runs.x, runs.y)
    against_movers = map(reason_against_optimizer, dict.fromkeys(runs.movers))
    return reason_against_stacking(runs.template) or next(filter(None, against_movers), None)


def train_stacked(runs, bar):
    """Train all runs as one model.

    Parameters
    ----------
    runs : KerasRuns
    bar : progress bar
        Of visits.

    Returns
    -------
    Trained
    """
    groups = _split(runs)
    start = _initial_values(runs)
    shards = [Shard(runs, which, *start, number) for number, which in enumerate(groups)]
    as_given = np.argsort(np.concatenate(groups))
    with ThreadPoolExecutor(len(shards)) as pool:
        train = partial(_train, shards, pool, as_given)
        if runs.by_step:
            trained = _by_step(runs, shards, train, as_given, bar)
        else:
            trained = _by_epoch(runs, shards, train, as_given, bar)
    del shards
    give_memory_back()
    return trained


def _train(shards, pool, as_given, n_visits):
    """Return what some more visits measured, shape (n_measures, K, n_visits)."""
    measured = pool.map(lambda shard: shard.train(n_visits), shards)
    return np.concatenate(list(measured), axis=1)[:, as_given]


def _by_epoch(runs, shards, train, as_given, bar):
    blocks, done, kept = [], 0, {}
    try:
        for n_epochs in _paced(runs.visits, runs.snapshots):
            blocks.append(train(n_epochs))
            bar.update(n_epochs)
            if len(blocks) == 1:  # the first one compiled
                give_memory_back()
            done += n_epochs
            if done in runs.snapshots:
                kept[done] = _weights(shards, as_given)
    except KeyboardInterrupt:
        if not blocks:
            raise
        print(f"Interrupted: {done} of {runs.visits} epochs are finished and returned.")
    measures = shards[0].program.measures
    names = [*measures, *(f"val_{name}" for name in measures)]
    history = dict(zip(names, np.concatenate(blocks, axis=-1), strict=False))
    return Trained(runs, history, _weights(shards, as_given), kept, runs.table)


def _by_step(runs, shards, train, as_given, bar):
    record = StepRecord(runs)
    every = runs.visits if runs.validation_data is None else runs.validation_every
    stops = {*range(0, runs.visits, STEPS_AT_ONCE), *range(0, runs.visits, every), runs.visits}
    with record.interruptible():
        for first, end in itertools.pairwise(sorted(stops)):
            going = [run for run, reason in enumerate(record.reasons) if reason is None]
            if not going:
                break
            if runs.validation_data is not None and first % every == 0:
                measured = [shard.program.measure(*shard.validation)[0] for shard in shards]
                record.val_losses[going, first] = np.concatenate(measured)[as_given][going]
            losses = train(end - first)[0]  # (K, end - first)
            for run in going:
                for step, loss in enumerate(losses[run], first):
                    if record.add(run, step, loss):
                        break
            bar.update(end - first)
    return record.trained(runs)


def _weights(shards, as_given):
    """Return the present weights of all runs, each of shape (K, ...), in the order of the table."""
    by_shard = zip(*(shard.program.final_weights() for shard in shards), strict=True)
    return [np.concatenate(same)[as_given] for same in by_shard]


def _split(runs):
    """Return the runs of each shard.

    Runs of as many steps a visit train as one, a short last batch being filled up with samples
    that do not count; if samples of a batch see each other, runs of as many samples. A compiled
    loop keeps one core busy, so long work is split once more.
    """
    samples = np.array([len(runs.samples_of(run)) for run in range(runs.size)])
    if runs.by_step:
        samples[:] = runs.batch_size
    kinds = samples if mixes_rows(runs.template) else -(-samples // runs.batch_size)
    optimizers = [id(mover) for mover in runs.movers]
    by_optimizer = np.argsort([optimizers.index(one) for one in optimizers], kind="stable")
    groups = [by_optimizer[kinds[by_optimizer] == kind] for kind in np.unique(kinds)]
    flops = 6 * runs.template.count_params() * samples.sum() * runs.visits
    cores = 1 if tf.config.list_physical_devices("GPU") else cpu_count()
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
