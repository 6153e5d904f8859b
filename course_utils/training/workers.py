"""Shards of runs, trained by the workers of a joblib backend, where the user has set one.

``with joblib.parallel_config("loky", n_jobs=2):`` around an experiment is all, or with a Dask
``Client``, ``parallel_config("dask")``; see ``docs/scaling_out.md``.
"""

import pickle
import signal
import threading
import warnings
from concurrent.futures import BrokenExecutor
from dataclasses import replace

import joblib
import numpy as np
from joblib.parallel import MultiprocessingBackend, SequentialBackend, get_active_backend

from course_utils.progress import progress_bar
from course_utils.training.runs import Trained

TRIES = 4  # of a shard whose worker dies, as many as Dask's own
_one_at_a_time = threading.Lock()  # the threads of a process share its random states


def n_workers():
    """Return how many workers the user's joblib backend has; 0 where runs train in this process.

    So with a backend of threads, which share the random states, and of forks, in which TensorFlow
    stands still.
    """
    backend, _ = get_active_backend()
    if getattr(backend, "supports_sharedmem", False) or type(backend) is MultiprocessingBackend:
        return 0
    n = joblib.effective_n_jobs(None)
    # Without n_jobs loky means this process; one worker of a cluster may be a better machine.
    return 0 if n == backend.default_n_jobs == 1 else n


def n_cores():
    """Return how many cores a training may use: one, where joblib's backend is sequential."""
    sequential = isinstance(get_active_backend()[0], SequentialBackend)
    return 1 if sequential else joblib.cpu_count()  # which knows of a container's share


def train_by_workers(train, runs, progress):
    """Train runs in shards, one for each worker, and return what came of them, in their order.

    The shard of a worker that died is trained again: by Dask itself, and with loky by a new pool.

    Parameters
    ----------
    train : callable
        ``train(runs)`` returns a `Trained`; here or in another process, with the same result.
    runs : Runs
    progress : bool

    Returns
    -------
    Trained
        After an interrupt: the runs of the shards that are finished.
    """
    places = np.array_split(np.arange(runs.size), min(n_workers(), runs.size))
    shards = [_packed(train, runs.only(which)) for which in places]
    done = {}
    try:
        with progress_bar(runs.size, "run", progress) as bar:
            for number, trained in _from_workers(shards):
                done[number] = trained
                bar.update(len(places[number]))
    except KeyboardInterrupt:
        if not done:
            raise
        kept = np.concatenate([places[number] for number in sorted(done)])
        print(f"Interrupted: {len(kept)} of {runs.size} runs are finished and returned.")
        runs = runs.only(kept)
    return _joined(runs, [done[number] for number in sorted(done)])


def _from_workers(shards):
    """Yield the number of each shard and what came of it; those that were lost are sent again."""
    missing, tries = dict(enumerate(shards)), TRIES
    while missing:
        calls = [joblib.delayed(_train_shard)(*shard) for shard in missing.items()]
        at_once = {"return_as": "generator_unordered", "batch_size": 1, "pre_dispatch": "all"}
        try:
            for number, trained in joblib.Parallel(**at_once)(calls):
                del missing[number]
                yield number, trained
        except BrokenExecutor:
            tries -= 1
            if not tries:
                raise


def _packed(train, runs):
    """Return a shard as bytes.

    Joblib leaves every other argument on one worker of a Dask cluster, and if that dies the shard
    is lost. Bytes travel in the task, which Dask gives to another worker.
    """
    import cloudpickle  # the browser edition lacks it, and sends nothing

    try:
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # Keras's own
            return cloudpickle.dumps((train, runs))
    except Exception as error:  # whatever the code of what is pickled raises
        raise TypeError(
            f"The model or its data cannot be sent to another process ({error}); make inside "
            "build_model what cannot be pickled, or train here, without a joblib backend."
        ) from error


def _train_shard(number, packed):
    try:
        train, runs = pickle.loads(packed)
    except Exception as error:
        raise RuntimeError(
            f"A worker cannot load what it is to train ({error}); install there what is here: the "
            "course, the same versions, and the module that build_model stands in."
        ) from error
    # Loky's workers get the interrupt key as well; it is left to the process that waits for them.
    in_main_thread = threading.current_thread() is threading.main_thread()
    handler = in_main_thread and signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with _one_at_a_time, joblib.parallel_config("sequential"):
            return number, replace(train(runs), runs=None)
    finally:
        if in_main_thread:
            signal.signal(signal.SIGINT, handler)


def _joined(runs, parts):
    def stacked(weights):
        return [np.concatenate(same) for same in zip(*weights, strict=True)]

    first = parts[0]
    return Trained(
        runs,
        {name: np.concatenate([part.history[name] for part in parts]) for name in first.history},
        first.weights and stacked([part.weights for part in parts]),
        {epoch: stacked([part.snapshots[epoch] for part in parts]) for epoch in first.snapshots},
        runs.table,
        first.stop_reasons and [why for part in parts for why in part.stop_reasons],
    )
