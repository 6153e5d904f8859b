"""Both engines behind one door, and the stacked one from the host's side."""

import math
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from joblib import cpu_count  # knows of a container's share

from course_utils.progress import progress_bar
from course_utils.training.job import Trained
from course_utils.training.keras_setup import give_memory_back, tensorflow_notes_hidden, tf
from course_utils.training.loop import train_in_loop
from course_utils.training.optimizer import reason_against_optimizer
from course_utils.training.part import MOST_EPOCHS_AT_ONCE, Part
from course_utils.training.support import (
    accuracies,
    meet_data,
    mixes_rows,
    reason_against_stacking,
)
from course_utils.validation import as_choice

ENGINES = ("auto", "stacked", "loop")
SECONDS_AT_ONCE = 0.5  # between two looks at the progress bar and at the interrupt key
FLOPS_WORTH_A_CORE = 1e11  # some seconds; a second program takes two to compile, and 100 MB


class CannotStackError(ValueError):
    """The job cannot be trained as one; the message says why."""


def train(job, engine="auto", progress=True, snapshots=()):
    """Train the runs of a job.

    Parameters
    ----------
    job : Job
    engine : str
        ``"stacked"`` trains all runs as one model, ``"loop"`` one after the other by Keras's
        ``fit``; ``"auto"`` stacks what it can, and prints why where it cannot.
    progress : bool
        Show a progress bar when the work takes longer than two seconds.
    snapshots : sequence of int
        Epochs from 1 to ``job.epochs`` after which the weights are kept too.

    Returns
    -------
    Trained
        The same from both engines, up to rounding. After an interrupt: the epochs (stacked) or
        the runs (loop) finished until then.

    Raises
    ------
    ValueError
        If `engine` is unknown, or is ``"stacked"`` and the job cannot be stacked; if a snapshot
        lies outside the training.
    """
    engine = as_choice(engine, "engine", ENGINES)
    outside = sorted(set(snapshots) - set(range(1, job.epochs + 1)))
    if outside:
        raise ValueError(
            f"snapshots holds {outside} and the job trains {job.epochs} epochs; "
            f"give epochs from 1 to {job.epochs}."
        )
    with tensorflow_notes_hidden():
        if engine != "loop":
            try:
                with progress_bar(job.epochs, "epoch", progress) as bar:
                    return _without_accuracy(_train_stacked(job, bar, snapshots), job)
            except CannotStackError as reason:
                if engine == "stacked":
                    raise
                print(f"Training one model after the other: {reason}.")
        with progress_bar(job.size, "run", progress) as bar:
            return _without_accuracy(train_in_loop(job, bar, snapshots), job)


def _without_accuracy(trained, job):
    """Let no answer count as right while the loss is no number.

    Which class is the largest of outputs that are NaN, each compiler answers in its own way.
    """
    for name in accuracies(job.template):
        for prefix in ("", "val_"):
            if prefix + name in trained.history:
                lost = ~np.isfinite(trained.history[f"{prefix}loss"])
                trained.history[prefix + name][lost] = 0.0
    return trained


def _train_stacked(job, bar, snapshots):
    meet_data(job.template, job.x, job.y)
    reasons = map(reason_against_optimizer, dict.fromkeys(job.optimizers or []))
    reason = reason_against_stacking(job.template) or next(filter(None, reasons), None)
    if reason:
        raise CannotStackError(reason)
    runs = _split(job)
    weights, state = _initial_values(job)
    as_given = np.argsort(np.concatenate(runs))
    blocks, done, kept = [], 0, {}
    try:
        parts = [Part(job, part, weights, state, i) for i, part in enumerate(runs)]
        with ThreadPoolExecutor(len(parts)) as pool:
            for n_epochs in _paced(job.epochs, snapshots):
                measured = list(pool.map(lambda part, n=n_epochs: part.train(n), parts))
                blocks.append(np.concatenate(measured, axis=1))
                bar.update(n_epochs)
                if len(blocks) == 1:  # the first one compiled
                    give_memory_back()
                done += n_epochs
                if done in snapshots:
                    kept[done] = _weights(parts, as_given)
    except KeyboardInterrupt:
        if not blocks:
            raise
        print(f"Interrupted: {done} of {job.epochs} epochs are finished and returned.")
    curves = np.concatenate(blocks, axis=-1)[:, as_given]
    measures = parts[0].program.measures
    names = [*measures, *(f"val_{name}" for name in measures)]
    trained = Trained(dict(zip(names, curves, strict=False)), _weights(parts, as_given), kept)
    del parts
    give_memory_back()
    return trained


def _weights(parts, as_given):
    """Return the present weights of all runs, each of shape (K, ...), in the job's order."""
    of_parts = zip(*(part.program.final_weights() for part in parts), strict=True)
    return [np.concatenate(same)[as_given] for same in of_parts]


def _split(job):
    """Return the runs of each part.

    Runs of as many steps an epoch train together, a short last batch being filled up with rows
    that do not count; if rows of a batch see each other, runs of as many rows. A compiled loop
    keeps one core busy, so long work is split once more.
    """
    n_rows = np.array([len(job.rows_of(run)) for run in range(job.size)])
    kinds = n_rows if mixes_rows(job.template) else -(-n_rows // job.batch_size)
    optimizers = [id(job.optimizer_of(run)) for run in range(job.size)]
    by_optimizer = np.argsort([optimizers.index(one) for one in optimizers], kind="stable")
    groups = [by_optimizer[kinds[by_optimizer] == kind] for kind in np.unique(kinds)]
    flops = 6 * job.template.count_params() * n_rows.sum() * job.epochs
    cores = 1 if tf.config.list_physical_devices("GPU") else cpu_count()
    shards = int(np.clip(flops / FLOPS_WORTH_A_CORE, 1, cores))
    return [part for group in groups for part in np.array_split(group, min(shards, len(group)))]


def _initial_values(job):
    """Return the weights and the other variables of the untrained runs, each of shape (K, ...)."""
    first_runs = {seed: job.seeds.index(seed) for seed in job.seeds}
    models = {seed: job.new_model(run) if run else job.template for seed, run in first_runs.items()}
    if len({tuple(tuple(v.shape) for v in model.variables) for model in models.values()}) > 1:
        raise ValueError(
            "build_model returned models of different shapes in different calls; it must build "
            "the same layers each time."
        )

    def stacked(kind):
        by_seed = {seed: [v.numpy() for v in getattr(m, kind)] for seed, m in models.items()}
        return [np.stack(same) for same in zip(*map(by_seed.get, job.seeds), strict=True)]

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
        at_once = math.ceil(np.clip(pace * SECONDS_AT_ONCE, 1, MOST_EPOCHS_AT_ONCE))
