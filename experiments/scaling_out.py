"""Measure when more machines pay, and write the figures into ``docs/scaling_out.md``.

``python -m experiments.scaling_out``: on two processes of this machine, or on the cluster that
``COURSE_DASK_SCHEDULER`` names.
"""

import os
import re
import time
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import numpy as np

from course_utils import load_bmi, sweep
from experiments.cluster import VARIABLES, scheduler_address, workers_of
from experiments.store import processor

PAGE = Path(__file__).parents[1] / "docs" / "scaling_out.md"
BLOCK = re.compile(r"(<!-- measured -->\n).*?(<!-- end of measured -->)", re.DOTALL)
SWEEPS = {"small": (64, 5), "middle": (128, 100), "large": (256, 200)}  # units, epochs
RATES, SEEDS = (0.3, 0.1, 0.03, 0.01), (0, 1, 2, 3)
MACHINES = (2, 4, 8, 16)


def measure(sweeps=SWEEPS):
    """Return the figures of the page: each sweep here and on the cluster, and what a start takes.

    Parameters
    ----------
    sweeps : dict of str to (int, int)
        The width of two hidden layers, and the epochs.

    Returns
    -------
    dict
        ``start``, seconds until the workers are there and have loaded TensorFlow; ``workers``;
        ``sweeps``, by name: ``units, epochs, here, there, difference`` (the largest of any loss).
    """
    here = {name: _swept(*size) for name, size in sweeps.items()}
    load, begun = os.getloadavg()[0], time.perf_counter()
    with _cluster() as address, workers_of(address) as client:
        client.wait_for_workers(1)
        client.run(_load_tensorflow)
        start, workers = time.perf_counter() - begun, sum(client.ncores().values())
        there = {name: _swept(*size) for name, size in sweeps.items()}
    found = {}
    for name, (units, epochs) in sweeps.items():
        (seconds, losses), (seconds_there, losses_there) = here[name], there[name]
        found[name] = {
            "units": units,
            "epochs": epochs,
            "here": seconds,
            "there": seconds_there,
            "difference": float(np.abs(losses - losses_there).max()),
        }
    return {"start": start, "workers": workers, "load": load, "sweeps": found}


@contextmanager
def _cluster():
    """Yield the address of a scheduler: the environment's, or one of two processes here."""
    if scheduler_address() is not None:
        yield scheduler_address()
        return
    from distributed import LocalCluster

    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**settings, silence_logs="CRITICAL") as cluster:
        yield cluster.scheduler_address


def _load_tensorflow():
    import course_utils.training.keras_setup  # noqa: F401


def _swept(units, epochs):
    """Return the seconds of a sweep, compiling included, and its losses."""
    _load_tensorflow()
    X, y = load_bmi("bundled", verbose=False)
    x = ((X - X.mean()) / X.std()).to_numpy(np.float32)

    def build_model():
        import keras

        hidden = [keras.layers.Dense(units, "relu") for _ in range(2)]
        model = keras.Sequential([keras.Input((3,)), *hidden, keras.layers.Dense(6, "softmax")])
        model.compile("sgd", loss="sparse_categorical_crossentropy")
        return model

    started = time.perf_counter()
    runs = sweep(build_model, RATES, x, y, epochs=epochs, seeds=SEEDS, progress=False)
    return time.perf_counter() - started, runs["loss"].to_numpy()


def page_with(page, found):
    """Return the text of the page with the figures that `measure` has found.

    Raises
    ------
    ValueError
        If the page has no place for them.
    """
    if not BLOCK.search(page):
        raise ValueError(f"{PAGE.name} lacks the comments of {BLOCK.pattern}; put them back.")
    lines = "\n".join([_setting(found), "", *_table(found), "", _verdict(found), "", *_rule(found)])
    return BLOCK.sub(lambda match: f"{match[1]}\n{lines}\n\n{match[2]}", page)


def _setting(found):
    versions = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "dask", "joblib"))
    return (
        f"Measured on {processor()} with {os.cpu_count()} cores ({versions}), whose load was "
        f"{found['load']:.1f} at the start: {found['workers']} workers of one thread. Each sweep "
        f"has {len(RATES)} rates × {len(SEEDS)} seeds; compiling is included."
    )


def _table(found):
    head = ("sweep", "hidden units", "epochs", "here", "cluster", "here ÷ cluster", "differ by")
    yield "| " + " | ".join(head) + " |"
    yield "|---" * len(head) + "|"
    for name, row in found["sweeps"].items():
        ratio = f"{row['here'] / row['there']:.2g} ×"
        yield (
            f"| {name} | 2 × {row['units']} | {row['epochs']} | {row['here']:.3g} s | "
            f"{row['there']:.3g} s | {ratio} | {row['difference']:.0e} |"
        )


def _verdict(found):
    faster = [name for name, row in found["sweeps"].items() if row["there"] < row["here"]]
    told = f"faster on the cluster: {', '.join(faster)}" if faster else "no sweep was faster there"
    return (
        f"Until the workers were there and had loaded TensorFlow, {found['start']:.3g} s passed; "
        f"that is not in the table. With workers that had it loaded, {told}."
    )


def _rule(found):
    """Yield the table of how long a work must be here, for the start to be won back."""
    yield "| machines like this one | pays from, of work here |"
    yield "|---|---|"
    for machines in MACHINES:
        yield f"| {machines} | {found['start'] / (1 - 1 / machines):.0f} s |"


def main():
    """Measure, and write the page; as it was, if anything goes wrong."""
    text = page_with(PAGE.read_text(encoding="utf-8"), measure())
    beside = PAGE.with_suffix(".new")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, PAGE)
    print(f"{PAGE.name} is written. A cluster is named by {' or '.join(VARIABLES)}.")


if __name__ == "__main__":
    main()
