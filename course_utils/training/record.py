"""Runs one after the other, or step by step, and what is kept of them after an interrupt."""

import contextlib

import numpy as np

from course_utils.training.runs import Trained


@contextlib.contextmanager
def interruptible(n_finished, total, what="runs"):
    """Let an interrupt end the block, unless nothing is finished by then."""
    try:
        yield
    except KeyboardInterrupt:
        if not n_finished():
            raise
        print(f"Interrupted: {n_finished()} of {total} {what} are finished and returned.")


def record_epochs(runs, bar, fit):
    """Train runs one by one: ``fit(run)`` returns history, weights (or None) and snapshots."""
    finished = []
    with interruptible(lambda: len(finished), runs.size):
        for run in range(runs.size):
            finished.append(fit(run))
            bar.update()
    histories, weights, kept = zip(*finished, strict=True)
    curves = zip(*(history.values() for history in histories), strict=True)
    return Trained(
        runs,
        dict(zip(histories[0], map(np.array, curves), strict=True)),
        weights[0] and _stacked(weights),
        {epoch: _stacked([of_run[epoch] for of_run in kept]) for epoch in kept[0]},
        runs.table.head(len(finished)),
    )


def _stacked(weights):
    return [np.stack(of_all_runs) for of_all_runs in zip(*weights, strict=True)]


def record_steps(runs, bar, start):
    """Train runs step by step, one after the other, and return what came of them.

    Parameters
    ----------
    runs : Runs
    bar : progress bar
        Of runs.
    start : callable
        ``start(run)`` is a context that yields two functions: of (x, y, rate), which takes a step
        and returns the loss of the batch before it, and of (x, y), which returns a loss.
    """
    record = StepRecord(runs)
    with interruptible(record.n_ended, runs.size):
        for run in range(runs.size):
            validation = runs.validation_of(run)
            with start(run) as (take_step, measure):
                for step, samples in enumerate(runs.visited_by(run)):
                    if validation is not None and step % runs.validation_every == 0:
                        record.val_losses[run, step] = measure(*validation)
                    loss = take_step(runs.x[samples], runs.y[samples], runs.rates[run, step])
                    if record.add(run, step, loss):
                        break
            bar.update()
    return record.trained(runs)


class StepRecord:
    """The losses of K runs, step by step, and the reason why each has ended.

    Parameters
    ----------
    runs : Runs

    Attributes
    ----------
    losses, val_losses : ndarray of shape (K, n_steps)
        NaN where nothing was measured, inf where it was no number.
    reasons : list of (str or None)
        What the stop rule said, ``"end"`` after the last step, None before.
    """

    def __init__(self, runs):
        self.losses = np.full((runs.size, runs.visits), np.nan)
        self.val_losses = self.losses.copy()
        self.reasons = [None] * runs.size
        self._rules = [runs.stop() if runs.stop else None for _ in range(runs.size)]
        self._validated = runs.validation_data is not None

    def add(self, run, step, loss):
        """Record the loss of a step and return why the run ends with it, or None."""
        self.losses[run, step] = loss if np.isfinite(loss) else np.inf
        rule = self._rules[run]
        self.reasons[run] = rule and rule(loss)
        if self.reasons[run] is None and step + 1 == self.losses.shape[1]:
            self.reasons[run] = "end"
        return self.reasons[run]

    def n_ended(self):
        """Return how many runs have ended."""
        return len(self.reasons) - self.reasons.count(None)

    def trained(self, runs):
        """Return the runs that have ended, as a `Trained`."""
        ended = [run for run, reason in enumerate(self.reasons) if reason is not None]
        history = {"loss": self.losses[ended]}
        if self._validated:
            history["val_loss"] = self.val_losses[ended]
        return Trained(
            runs,
            history,
            table=runs.table.iloc[ended],
            stop_reasons=[self.reasons[run] for run in ended],
        )
