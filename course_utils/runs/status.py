"""What became of a run, told from its losses alone."""

import numpy as np
import pandas as pd

STATUSES = ("converged", "slow", "oscillating", "diverged", "stuck")

# Shares of the baseline loss: the training loss of the best constant prediction.
DIVERGED = 10.0
MOVING = 0.01
STEADY = 0.75  # share of the epochs in which a loss must fall to be on its way down
CREEPING = 0.02  # share of the whole fall that the last quarter has, 0.25 at an even pace


def judge_run(loss, baseline_loss, start_loss=lambda: -np.inf):
    """Return (status, epoch of divergence or NA) of one run from its loss after each epoch.

    Parameters
    ----------
    loss : array of shape (n_epochs,)
    baseline_loss : float
        The training loss of the best constant prediction.
    start_loss : callable, optional
        Returns the loss before training: a run that ends far above the baseline, and below this,
        has come down and not diverged.
    """
    loss = np.asarray(loss, dtype=float)
    baseline = baseline_loss or 1.0
    fine = loss <= DIVERGED * baseline
    if not np.isfinite(loss).all() or not (fine[-1] or loss[-1] < start_loss()):
        return "diverged", (np.flatnonzero(fine)[-1] + 2 if fine.any() else 1)
    late = loss[-max(len(loss) // 4, 2) :]
    half = max(len(late) // 2, 1)
    fall = np.median(late[:half]) - np.median(late[-half:])
    steps = np.diff(late, prepend=late[0])
    jitters = (steps > 0).mean() > 0.2
    if jitters and np.median(np.abs(steps)) > MOVING * baseline:
        return "oscillating", pd.NA
    if fall > MOVING * baseline:
        return "slow", pd.NA
    if loss[-1] < (1 - MOVING) * baseline:
        return "converged", pd.NA
    moves = abs(fall) > MOVING * baseline or _creeps(loss, late)
    return ("slow" if moves else "stuck"), pd.NA


def _creeps(loss, late):
    """Return whether a flat curve still falls, at a pace that is not small beside its past one."""
    if len(loss) == 1:
        return True
    steady = np.mean(np.diff(late) < 0) > STEADY
    return steady and late[0] - late[-1] > CREEPING * abs(loss[0] - loss[-1])
