"""What became of a run, told from its losses alone."""

import numpy as np
import pandas as pd

STATUSES = ("converged", "slow", "oscillating", "diverged", "stuck")

# Shares of the baseline loss: the training loss of the best constant prediction.
DIVERGED = 10.0
MOVING = 0.01
STEADY = 0.75  # share of the epochs in which a loss must fall to be on its way down
CREEPING = 0.02  # share of the whole fall that the last quarter has, 0.25 at an even pace
ENOUGH_EPOCHS = 10  # to tell a steady fall from luck


def judge_run(loss, baseline_loss, start_loss=None):
    """Return (status, epoch of divergence or NA) of one run from its loss after each epoch.

    Parameters
    ----------
    loss : array of shape (n_epochs,)
    baseline_loss : float
        The training loss of the best constant prediction.
    start_loss : callable, optional
        Returns the loss before training. Without it, a run that ends far above the baseline counts
        as one that came from still higher if it has fallen steadily through ten epochs or more.
    """
    loss = np.asarray(loss, dtype=float)
    baseline = baseline_loss or 1.0
    fine = loss <= DIVERGED * baseline
    if not np.isfinite(loss).all() or not (fine[-1] or _has_come_down(loss, start_loss)):
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


def _has_come_down(loss, start_loss):
    """Return whether a loss far above the baseline is below where training began."""
    if start_loss is not None:
        return loss[-1] < start_loss()
    return len(loss) >= ENOUGH_EPOCHS and loss[-1] < loss[0] and _falls_steadily(loss)


def _creeps(loss, late):
    """Return whether a flat curve still falls, at a pace that is not small beside its past one."""
    if len(loss) == 1:
        return True
    return _falls_steadily(late) and late[0] - late[-1] > CREEPING * abs(loss[0] - loss[-1])


def _falls_steadily(loss):
    return np.mean(np.diff(loss) < 0) > STEADY
