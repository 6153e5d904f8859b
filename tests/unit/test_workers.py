"""Shards of runs: where they train, what is sent again, and what an interrupt leaves."""

import threading
from concurrent.futures import BrokenExecutor

import joblib
import numpy as np
import pytest
from joblib.parallel import SequentialBackend, get_active_backend
from sklearn.linear_model import SGDRegressor

from course_utils import sweep
from course_utils.training import workers

X = np.random.RandomState(0).normal(size=(40, 3))
Y = X @ [1.0, 2.0, 3.0]
RATES = [0.001, 0.01, 0.1]


def swept(model=None):
    model = model or SGDRegressor(learning_rate="constant")
    return sweep(model, RATES, X, Y, epochs=3, seeds=[0, 1], progress=False)


class HereInTurn:
    """Stands in for joblib's Parallel: shards one by one, in this process, and then an accident.

    `accidents` holds, for each call in turn, after how many shards it comes and what it is.
    """

    accidents, sent = [], []

    def __init__(self, **settings):
        assert settings["return_as"] == "generator_unordered"

    def __call__(self, calls):
        self.sent.append([arguments[0] for _, arguments, _ in calls])
        after, accident = self.accidents.pop(0) if self.accidents else (len(calls), None)
        for function, arguments, settings in calls[:after]:
            yield function(*arguments, **settings)
        if accident:
            raise accident


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(workers, "n_workers", lambda: 3)
    monkeypatch.setattr("course_utils.training.fit.n_workers", _three_outside_of_shards)
    monkeypatch.setattr(joblib, "Parallel", HereInTurn)
    monkeypatch.setattr(HereInTurn, "accidents", [])
    monkeypatch.setattr(HereInTurn, "sent", [])
    return HereInTurn


def _three_outside_of_shards():
    return 0 if isinstance(get_active_backend()[0], SequentialBackend) else 3


@pytest.mark.parametrize("backend", [None, "sequential", "threading", "multiprocessing"])
def test_these_train_in_this_process(backend):
    """Threads share the random states, and TensorFlow stands still in a fork."""
    with joblib.parallel_config(backend or "loky", n_jobs=None if backend is None else 2):
        assert workers.n_workers() == 0
    assert workers.n_workers() == 0


def test_loky_with_two_jobs_has_two_workers():
    with joblib.parallel_config("loky", n_jobs=2):
        assert workers.n_workers() == 2


def test_a_shard_has_one_core():
    with joblib.parallel_config("sequential"):
        assert workers.n_cores() == 1
    assert workers.n_cores() == joblib.cpu_count()


def test_shards_come_back_in_the_order_of_the_runs(fake):
    here = swept()
    assert fake.sent == [[0, 1, 2]]
    assert here.attrs["keys"] == ["learning_rate", "seed"]
    fake.sent.clear()
    with joblib.parallel_config("sequential"):
        assert swept().equals(here)
    assert fake.sent == []


def test_only_lost_shards_are_sent_again(fake):
    fake.accidents[:] = [(1, BrokenExecutor("a worker died")), (1, BrokenExecutor("another"))]
    again = swept()
    assert fake.sent == [[0, 1, 2], [1, 2], [2]]
    fake.accidents.clear()
    assert again.equals(swept())


def test_a_shard_that_always_kills_its_worker_is_given_up(fake):
    fake.accidents[:] = [(0, BrokenExecutor("out of memory"))] * 100
    with pytest.raises(BrokenExecutor, match="out of memory"):
        swept()
    assert len(fake.sent) == workers.TRIES


def test_an_interrupt_keeps_the_shards_that_are_finished(fake, capsys):
    whole = swept()
    fake.accidents[:] = [(2, KeyboardInterrupt())]
    runs = swept()
    assert "Interrupted: 4 of 6 runs are finished and returned." in capsys.readouterr().out
    assert runs.equals(whole.head(len(runs)))
    assert len(runs) == 4 * 3
    fake.accidents[:] = [(0, KeyboardInterrupt())]
    with pytest.raises(KeyboardInterrupt):
        swept()


def test_what_cannot_be_pickled_is_said_before_anything_is_sent(fake):
    model = SGDRegressor(learning_rate="constant")
    model.lock = threading.Lock()
    runs = type("Runs", (), {"only": lambda self, which: model, "size": 1})()
    with pytest.raises(TypeError, match=r"cannot be sent to another process .*joblib backend"):
        workers.train_by_workers(swept, runs, False)
    assert fake.sent == []


def test_what_a_worker_cannot_load_says_what_to_install():
    with pytest.raises(RuntimeError, match=r"No module named 'of_my_own'.*install there"):
        workers._train_shard(0, b"cof_my_own\nbuild\n.")
