"""A search that may be interrupted: ``python interrupted_study.py study.db 30``.

Every finished trial is in the file at once, so whoever starts the script again goes on from there.
"""

import subprocess
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import optuna
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
from sqlalchemy.pool import NullPool

from course_utils import load_wine_quality, seeds

N_REPORTS, PASSES = 5, 4  # so many reports of a trial, so many passes before each


def load():
    """Return 800 rows to train on and 800 to validate on, scaled."""
    X, y = load_wine_quality(drop_duplicates=True)
    sizes = {"train_size": 800, "test_size": 800, "random_state": seeds(1)[0]}
    X_train, X_val, y_train, y_val = train_test_split(X, y, **sizes)
    scaler = StandardScaler().fit(X_train)
    return scaler.transform(X_train), y_train, scaler.transform(X_val), y_val


def objective(trial, X_train, y_train, X_val, y_val):
    """Train at the rate and penalty that the study suggests; report the loss now and then."""
    model = SGDClassifier(
        loss="log_loss",
        learning_rate="constant",
        eta0=trial.suggest_float("eta0", 1e-5, 10, log=True),
        alpha=trial.suggest_float("alpha", 1e-7, 1, log=True),
        random_state=seeds(1)[0],
    )
    for report in range(N_REPORTS):
        for _ in range(PASSES):
            model.partial_fit(X_train, y_train, classes=[0, 1])
        share = np.clip(model.predict_proba(X_val), 1e-6, 1 - 1e-6)
        loss = log_loss(y_val, share)
        trial.report(loss, report)
        if trial.should_prune():
            raise optuna.TrialPruned()
    return loss


def storage(path):
    """Return the file as Optuna's storage; it is open only while something is read or written."""
    return optuna.storages.RDBStorage(f"sqlite:///{path}", engine_kwargs={"poolclass": NullPool})


def open_study(path):
    """Return the study that is kept in a file; it is made if there is none."""
    study = optuna.create_study(
        study_name="wine",
        storage=storage(path),
        load_if_exists=True,
        pruner=optuna.pruners.MedianPruner(n_startup_trials=5, n_warmup_steps=1),
    )
    # A sampler with the old seed would throw the old dice once more.
    study.sampler = optuna.samplers.TPESampler(seed=seeds(1)[0] + len(study.trials))
    return study


def in_a_trial(study):
    """Tell whether the last of some trials has begun to report and has not ended."""
    trials = study.get_trials(deepcopy=False)
    running = bool(trials) and trials[-1].state.name == "RUNNING"
    return len(trials) > 8 and running and len(trials[-1].intermediate_values) > 0


def run_and_kill(path):
    """Run this script in a process of its own, and kill that in the middle of a trial.

    Returns what it had said by then of its finished trials: {number: value}.
    """
    study, log = open_study(path), Path(path).with_suffix(".log")
    for _ in range(5):  # should it ever die just between two trials, we try again
        with log.open("a") as said:
            process = subprocess.Popen([sys.executable, __file__, str(path), "1000"], stdout=said)
        while process.poll() is None and not in_a_trial(study):
            time.sleep(0.01)
        process.kill()
        process.wait()
        if in_a_trial(study):
            lines = [line.split() for line in log.read_text().splitlines()]
            return {int(line[0]): float(line[1]) for line in lines if line[0].isdigit()}
    raise RuntimeError(f"The study in {path} was never killed in the middle of a trial.")


if __name__ == "__main__":
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    warnings.simplefilter("ignore")
    data = load()
    open_study(sys.argv[1]).optimize(
        lambda trial: objective(trial, *data),
        int(sys.argv[2]),
        callbacks=[lambda _, trial: print(trial.number, trial.value, flush=True)],
    )
