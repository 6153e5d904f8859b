"""The study of lesson 11 in a process of its own, killed without warning."""

import contextlib
import importlib
import sqlite3
import subprocess
import sys
import time

import optuna
import psutil
import pytest


@pytest.fixture
def script(root):
    return root / "notebooks" / "interrupted_study.py"


@pytest.fixture
def storage(script, monkeypatch):
    """Return the script's function that opens a file."""
    monkeypatch.syspath_prepend(script.parent)
    return importlib.import_module(script.stem).storage


def start(script, file, n_trials):
    return subprocess.Popen(
        [sys.executable, str(script), str(file), str(n_trials)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def trial_states(file):
    """Return the states of a study's trials, read from the file without Optuna.

    Optuna that opens a file while another process makes its tables would make them too.
    """
    with contextlib.closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as database:
        return [state for (state,) in database.execute("select state from trials order by number")]


def wait_until_in_a_trial(file, process):
    """Return when four trials of a running search have ended and another one is running."""
    while process.poll() is None:
        try:
            states = trial_states(file)
        except sqlite3.OperationalError:  # no file or no table yet
            states = []
        if len(states) > 4 and states[-1] == "RUNNING":
            return
        time.sleep(0.02)
    raise AssertionError(process.communicate())


def finished(study):
    return {
        trial.number: (trial.state, trial.value, trial.params, trial.intermediate_values)
        for trial in study.get_trials()
        if trial.state.is_finished()
    }


def test_killed_study_keeps_every_finished_trial(script, storage, tmp_path):
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    file = tmp_path / "study.db"
    process = start(script, file, 10_000)
    try:
        wait_until_in_a_trial(file, process)
    finally:
        process.kill()
        process.communicate()
    study = optuna.load_study(study_name="wine", storage=storage(file))
    before = finished(study)
    assert len(before) >= 4

    again = start(script, file, 3)
    out, err = again.communicate(timeout=300)
    assert (again.returncode, err) == (0, ""), out + err
    after = finished(study)
    assert {number: after[number] for number in before} == before
    assert len(after) == len(before) + 3


def test_the_file_is_open_only_while_it_is_used(storage, tmp_path):
    file = tmp_path / "study.db"
    study = optuna.create_study(storage=storage(file))
    study.optimize(lambda trial: trial.suggest_float("eta0", 0, 1), n_trials=2)
    opened = [each.path for each in psutil.Process().open_files()]
    assert str(file) not in opened


@pytest.mark.filterwarnings("ignore::optuna.exceptions.ExperimentalWarning")
@pytest.mark.filterwarnings("ignore:Heartbeat of storage")
def test_a_heartbeat_finds_the_dead_trial_and_a_callback_repeats_it(tmp_path):
    """What the lesson says that Optuna can do by itself."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    storages = optuna.storages
    new = hasattr(storages, "RetryHeartbeatStaleTrialCallback")  # its name since Optuna 5
    name = "heartbeat_stale_trial_callback" if new else "failed_trial_callback"
    retry = storages.RetryHeartbeatStaleTrialCallback if new else storages.RetryFailedTrialCallback
    file = storages.RDBStorage(
        f"sqlite:///{tmp_path / 'study.db'}",
        heartbeat_interval=1,
        grace_period=1,
        **{name: retry()},
    )
    study = optuna.create_study(storage=file)
    dead = study.ask()
    rate = dead.suggest_float("eta0", 0, 1)
    file.record_heartbeat(dead._trial_id)  # the last one before its process was killed
    time.sleep(3)
    study.optimize(lambda trial: trial.suggest_float("eta0", 0, 1), n_trials=1)
    assert [trial.state.name for trial in study.trials] == ["FAIL", "COMPLETE"]
    assert study.trials[1].params == {"eta0": rate}
