"""The table of results that every experiment gives, the fate of its runs, and the seeds.

A row per run and epoch: ``learning_rate, seed, epoch, loss[, val_loss, accuracy, …], status,
diverged_at``. What tells its runs apart are its *keys*: the columns that ``attrs["keys"]`` of the
table names, and those of `KEY_COLUMNS`, which are keys in every table, one read from a CSV file
too. The order of columns and rows, and any other column, mean nothing.
"""

import os
from functools import partial

import numpy as np
import pandas as pd

from course_utils.runs.measures import counts_upwards
from course_utils.runs.status import judge_run
from course_utils.validation import as_count, told

KEY_COLUMNS = (
    "learning_rate", "seed", "optimizer", "rate_from", "momentum", "batch_size", "fold", "split",
    "schedule", "features", "start", "data",
)  # fmt: skip


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


def run_keys(runs, keys=()):
    """Return the names of the columns that tell the runs of a table apart, in its order.

    Parameters
    ----------
    runs : DataFrame
    keys : sequence of str
        Columns that count besides ``runs.attrs["keys"]`` and `KEY_COLUMNS`.
    """
    if not isinstance(keys, (str, list, tuple)):
        raise TypeError(f"keys is {told(keys)}; give a list of columns, such as ['batch_size'].")
    keys = [keys] if isinstance(keys, str) else list(keys)
    for name in keys:
        if name not in runs:
            raise ValueError(f"keys names {name!r}; runs has only {', '.join(map(str, runs))}.")
    known = {*KEY_COLUMNS, *runs.attrs.get("keys", ()), *keys}
    return [column for column in runs.columns if column in known]


def last_epochs(runs, keys=()):
    """Return the row of each run's last epoch, in the order in which the runs first come.

    Parameters
    ----------
    runs : DataFrame
        With ``learning_rate`` and ``epoch`` at least, in any order of rows.
    keys : sequence of str
        As in `run_keys`.

    Raises
    ------
    ValueError
        If two rows are the same epoch of what the keys call one run.
    """
    keys = run_keys(runs, keys)
    runs = runs.reset_index(drop=True)
    twice = runs.duplicated([*keys, "epoch"])
    if twice.any():
        which = ", ".join(f"{name} {runs[name][twice.idxmax()]}" for name in [*keys, "epoch"])
        raise ValueError(
            f"runs has more than one row with {which}: two runs with the same keys. Before you "
            "join tables, add a column that tells them apart, such as "
            "runs.assign(batch_size=32); a column of another name also needs keys=['its name']."
        )
    last = runs.groupby(keys, sort=False, dropna=False)["epoch"].idxmax()
    return runs.loc[last].reset_index(drop=True)


def run_status(runs, keys=()):
    """Return what became of each run: one row per run, taken at its last epoch.

    The baseline loss is the training loss of the best constant prediction. A run is **diverged**
    if its loss became infinite, or ends above ten baseline losses and above where it started;
    ``diverged_at`` is the epoch from which on that is so. It is **oscillating** if, in its last
    quarter, its loss jumps by more than 1 % of the baseline loss from epoch to epoch; **slow** if
    it still falls by more than that over its last quarter. A run that has not beaten the baseline
    loss by 1 % is slow if it still falls steadily, and **stuck** if it no longer moves, as a dead
    network. Every other run is **converged**. The status is that of the whole run, also in a table
    that you have cut at an earlier epoch.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep, in any order; columns that you added change nothing.
    keys : sequence of str, optional
        Columns of yours that tell runs apart, besides those of the sweep and those named
        ``learning_rate, seed, optimizer, rate_from, momentum, batch_size, fold, split, schedule,
        features, start, data``.

    Returns
    -------
    DataFrame
        One row per run, in the order of the table: its keys (``learning_rate``, ``seed``, …),
        ``epoch`` (the last), its final measures, ``status`` and ``diverged_at``.

    Raises
    ------
    ValueError
        If `runs` is not the table of a sweep, or holds two runs with the same keys.

    Examples
    --------
    >>> from course_utils import sweep
    >>> from sklearn.linear_model import SGDRegressor
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.1, 9.0], [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0])
    >>> run_status(runs)[["learning_rate", "epoch", "status"]]
       learning_rate  epoch     status
    0            0.1    100  converged
    1            9.0    100   diverged
    """
    if not isinstance(runs, pd.DataFrame):
        raise TypeError(f"runs is {told(runs)}; give the table of a sweep.")
    missing = {"learning_rate", "seed", "epoch", "status"} - set(runs.columns)
    if missing:
        raise ValueError(
            f"runs has no column {', '.join(sorted(missing))}; give the table of a sweep."
        )
    if not pd.api.types.is_numeric_dtype(runs["epoch"]):
        raise ValueError(
            "runs has epochs that are no numbers; turn them into numbers by .astype(int)."
        )
    if not len(runs):
        raise ValueError("runs is empty; give the table of a sweep, with a row per epoch.")
    return last_epochs(runs, keys)


def final(runs, measure=None, *, by=None, larger_is_better=None, keys=()):
    """Return the final value of each run, or its median over the runs of each group.

    The final value is that at the run's last epoch. A run that diverged, or whose value is no
    number, counts as the worst there is: a loss or an error of inf. Of a score such as accuracy a
    diverged run has what it reached, and -inf where that is no number.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    measure : str, optional
        By default ``"val_loss"`` where there is validation data, else ``"loss"``.
    by : str or list of str, optional
        Key columns whose groups get a median each, such as ``"learning_rate"``.
    larger_is_better : bool, optional
        Needed only for measures whose names do not tell.
    keys : sequence of str, optional
        As in `run_status`.

    Returns
    -------
    Series
        Named after the measure. Without `by`, indexed by the keys of the runs, in their order;
        else by the values of `by`, in order of first appearance.

    Raises
    ------
    TypeError, ValueError
        If `runs` is no such table, or has no such columns.

    Examples
    --------
    >>> from course_utils import sweep
    >>> from sklearn.linear_model import SGDRegressor
    >>> model = SGDRegressor(learning_rate="constant")
    >>> x, y = [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0]
    >>> runs = sweep(model, [0.01, 0.1, 9.0], x, y, seeds=range(3))
    >>> final(runs, by="learning_rate").round(2).to_dict()
    {0.01: 0.05, 0.1: 0.0, 9.0: inf}
    """
    last = run_status(runs, keys)
    measure = ("val_loss" if "val_loss" in last else "loss") if measure is None else measure
    if not isinstance(measure, str):
        raise TypeError(f"measure is {told(measure)}; give the name of a column, such as 'loss'.")
    if measure not in last:
        raise ValueError(f"measure is {measure!r}; runs has only {', '.join(map(str, last))}.")
    if not pd.api.types.is_numeric_dtype(last[measure]):
        raise ValueError(f"measure is {measure!r}, a column that holds no numbers.")
    names = run_keys(last, keys)
    if counts_upwards(measure, larger_is_better):
        values = last[measure].fillna(-np.inf)
    else:
        diverged = last["status"] == "diverged"
        if "diverged_at" in last:  # of a table cut at an earlier epoch, not yet
            diverged &= ~(last["diverged_at"] > last["epoch"]).fillna(False).astype(bool)
        values = last[measure].fillna(np.inf).mask(diverged, np.inf)
    if by is None:
        return values.set_axis(pd.MultiIndex.from_frame(last[names]))
    by = [by] if isinstance(by, str) else by
    if not isinstance(by, (list, tuple)) or not by or not set(by) <= set(names):
        raise ValueError(f"by is {told(by)}; give key columns of runs: {', '.join(names)}.")
    return values.groupby([last[name] for name in by], sort=False).median()


def runs_table(keys, measures, baseline_loss, start_loss=lambda run: -np.inf, end_losses=None):
    """Build the table of results from what a sweep measured.

    Parameters
    ----------
    keys : dict of str to sequence of length n_runs
        What tells the runs apart: ``learning_rate``, ``seed``, …
    measures : dict of str to array of shape (n_runs, n_epochs)
        ``loss`` and what else was measured after each epoch.
    baseline_loss : float
        The training loss of the best constant prediction, by which runs are judged.
    start_loss : callable, optional
        Returns the training loss before training of the run of a number. It is asked only about
        runs that end far above the baseline loss.
    end_losses : sequence of length n_runs, optional
        The training losses after the last step, where ``loss`` was measured before it; runs are
        judged by these.

    Returns
    -------
    DataFrame
        n_runs × n_epochs rows; ``attrs["keys"]`` names the keys. Losses that are not finite are
        written as inf.
    """
    losses = {name: np.asarray(values, dtype=float) for name, values in measures.items()}
    for name, values in losses.items():
        if name.endswith("loss"):
            losses[name] = np.where(np.isfinite(values), values, np.inf)
    n_runs, n_epochs = losses["loss"].shape
    judged = losses["loss"].copy()
    if end_losses is not None:
        judged[:, -1] = end_losses
    if "val_loss" in losses:
        judged[~np.isfinite(losses["val_loss"][:, -1]), -1] = np.inf
    fates = [
        judge_run(curve, baseline_loss, partial(start_loss, run))
        for run, curve in enumerate(judged)
    ]
    table = {name: np.repeat(np.asarray(values), n_epochs) for name, values in keys.items()}
    table["epoch"] = np.tile(np.arange(1, n_epochs + 1), n_runs)
    table |= {name: values.ravel() for name, values in losses.items()}
    table["status"] = np.repeat([status for status, _ in fates], n_epochs)
    table["diverged_at"] = pd.array(np.repeat([epoch for _, epoch in fates], n_epochs), "Int64")
    table = pd.DataFrame(table)
    table.attrs["keys"] = list(keys)
    return table
