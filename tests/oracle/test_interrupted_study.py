"""The study of lesson 10 in a process of its own, killed without warning."""

import importlib
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


def open_when_there(storage, file, process):
    """Return the study of a file that a process has just begun to write."""
    while process.poll() is None:
        try:
            return optuna.load_study(study_name="wine", storage=storage(file))
        except (KeyError, optuna.exceptions.StorageInternalError, AssertionError):
            time.sleep(0.1)
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
        study = open_when_there(storage, file, process)
        while True:
            states = [trial.state.name for trial in study.get_trials(deepcopy=False)]
            if len(states) > 4 and states[-1] == "RUNNING":
                break
            assert process.poll() is None, process.communicate()
            time.sleep(0.02)
    finally:
        process.kill()
        process.communicate()
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
