"""The table of results that every experiment gives, the fate of its runs, and the seeds.

A row per run and epoch: ``learning_rate, seed, epoch, loss[, val_loss, accuracy, …], status,
diverged_at``. A run is one learning rate with one seed (and one optimizer, where it has a column).
"""

import os

import numpy as np
import pandas as pd

from course_utils.validation import as_count

STATUSES = ("converged", "slow", "oscillating", "diverged")
MEASURES = ("loss", "val_loss", "accuracy", "val_accuracy")

# Shares of the yardstick: the training loss of the best constant prediction.
DIVERGED = 10.0
MOVING = 0.01


def seeds(n):
    """Return `n` seeds, starting at the environment variable ``COURSE_SEED`` (0 when unset).

    Everything random in a lesson comes from these, so that a whole class can repeat the course
    with numbers of its own: ``COURSE_SEED=2026 make lab``.

    Raises
    ------
    ValueError
        If `n` is below 1, or ``COURSE_SEED`` is not a whole number from 0 to 2**32 − 1 − n.

    Examples
    --------
    >>> len(seeds(10))
    10
    """
    n = as_count(n, "n")
    text = os.environ.get("COURSE_SEED", "").strip() or "0"
    if not text.isdecimal() or int(text) + n > 2**32:
        raise ValueError(
            f"COURSE_SEED is {text!r}; set it to a whole number from 0 to 4000000000, or unset it."
        )
    return list(range(int(text), int(text) + n))


def run_keys(runs):
    """Return the names of the columns that tell the runs of a table apart.

    From ``epoch`` to ``diverged_at`` stands what happened to a run, in a sweep's table; whatever a
    reader has put beside that, such as ``momentum``, is a key.
    """
    columns = list(runs.columns)
    happened = {"epoch", "status", "diverged_at", *MEASURES}
    if {"epoch", "diverged_at"} <= set(columns):
        happened |= set(columns[columns.index("epoch") : columns.index("diverged_at")])
    return [
        column
        for column in columns
        if column not in happened
        and not column.startswith("val_")
        and f"val_{column}" not in columns
    ]


def run_status(runs):
    """Return what became of each run: one row per run, taken at its last epoch.

    The yardstick is the training loss of the best constant prediction. A run is **diverged** if
    its loss became infinite, or ends above ten yardsticks without having come down from still
    higher; ``diverged_at`` is the epoch from which on that is so. It is **oscillating** if, in its
    last quarter, its loss jumps by more than 1 % of the yardstick from epoch to epoch; **slow** if
    it still falls by more than that over its last quarter, or has not beaten the yardstick at all;
    and **converged** otherwise.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.

    Returns
    -------
    DataFrame
        One row per run, in the order of the table: its keys (``learning_rate``, ``seed``, …),
        ``epoch`` (the last), its final measures, ``status`` and ``diverged_at``.

    Raises
    ------
    ValueError
        If `runs` is not the table of a sweep.
    """
    missing = {"learning_rate", "seed", "epoch", "status"} - set(getattr(runs, "columns", ()))
    if missing:
        raise ValueError(
            f"runs has no column {', '.join(sorted(missing))}; give the table of a sweep."
        )
    return runs.groupby(run_keys(runs), sort=False, dropna=False).tail(1).reset_index(drop=True)


def runs_table(keys, measures, constant_loss):
    """Build the table of results from what a sweep measured.

    Parameters
    ----------
    keys : dict of str to sequence of length n_runs
        What tells the runs apart: ``learning_rate``, ``seed``, …
    measures : dict of str to array of shape (n_runs, n_epochs)
        ``loss`` and what else was measured after each epoch.
    constant_loss : float
        The training loss of the best constant prediction, the yardstick of divergence.

    Returns
    -------
    DataFrame
        n_runs × n_epochs rows. Losses that are not finite are written as inf.
    """
    losses = {name: np.asarray(values, dtype=float) for name, values in measures.items()}
    for name, values in losses.items():
        if name.endswith("loss"):
            losses[name] = np.where(np.isfinite(values), values, np.inf)
    n_runs, n_epochs = losses["loss"].shape
    fates = [judge_run(curve, constant_loss) for curve in losses["loss"]]
    table = {name: np.repeat(np.asarray(values), n_epochs) for name, values in keys.items()}
    table["epoch"] = np.tile(np.arange(1, n_epochs + 1), n_runs)
    table |= {name: values.ravel() for name, values in losses.items()}
    table["status"] = np.repeat([status for status, _ in fates], n_epochs)
    table["diverged_at"] = pd.array(np.repeat([epoch for _, epoch in fates], n_epochs), "Int64")
    return pd.DataFrame(table)


def judge_run(loss, constant_loss):
    """Return (status, epoch of divergence or NA) of one run from its loss after each epoch."""
    loss = np.asarray(loss, dtype=float)
    yardstick = constant_loss or 1.0
    fine = loss <= DIVERGED * yardstick
    on_its_way_down = np.isfinite(loss).all() and np.mean(np.diff(loss, prepend=np.inf) < 0) > 0.75
    if not (fine[-1] or on_its_way_down) or not np.isfinite(loss).all():
        return "diverged", (np.flatnonzero(fine)[-1] + 2 if fine.any() else 1)
    late = loss[-max(len(loss) // 4, 2) :]
    half = max(len(late) // 2, 1)
    fall = np.median(late[:half]) - np.median(late[-half:])
    steps = np.diff(late, prepend=late[0])
    jitters = (steps > 0).mean() > 0.2
    if jitters and np.median(np.abs(steps)) > MOVING * yardstick:
        return "oscillating", pd.NA
    if fall > MOVING * yardstick or loss[-1] >= yardstick:
        return "slow", pd.NA
    return "converged", pd.NA
