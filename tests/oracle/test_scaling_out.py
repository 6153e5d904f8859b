"""A scikit-learn search on a Dask cluster: the same scores, also when a worker dies."""

import logging
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
from dask.distributed import Client, LocalCluster
from joblib import parallel_config
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV, cross_val_score

X, Y = make_classification(300, 8, random_state=0)


def search(**settings):
    model = SGDClassifier(loss="log_loss", learning_rate="constant", random_state=0)
    grid = {"eta0": np.geomspace(1e-4, 1, 12)}
    return GridSearchCV(model.set_params(**settings), grid, cv=3, scoring="neg_log_loss")


@pytest.fixture(scope="module")
def client():
    logging.getLogger("distributed").setLevel(logging.CRITICAL)
    settings = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    with LocalCluster(**settings, silence_logs=logging.CRITICAL) as cluster, Client(cluster) as it:
        yield it


def test_the_cluster_opens_no_port_of_a_fixed_number(client, root):
    """Dask serves pages also without a dashboard, at 8787 where no address is given."""
    assert client.cluster.scheduler.http_server.port != 8787
    lesson = (root / "notebooks/10_beyond_grid_search.ipynb").read_text(encoding="utf-8")
    assert lesson.count(r"\"dashboard_address\": \":0\"") == 1


def test_scores_are_those_of_the_serial_search(client):
    serial = search().fit(X, Y)
    with parallel_config(backend="dask"):
        spread = search().fit(X, Y)
    for name in ("mean_test_score", "std_test_score", "rank_test_score"):
        np.testing.assert_array_equal(spread.cv_results_[name], serial.cv_results_[name])


def test_a_killed_worker_does_not_lose_the_search(client, tmp_path):
    """A task that carries its data is given to another worker; joblib parks data on one worker."""
    candidates = np.geomspace(1e-4, 1, 8)

    def score(eta0, seconds=0.0):
        Path(tmp_path, f"{os.getpid()}-{time.monotonic_ns()}").touch()
        time.sleep(seconds)
        return cross_val_score(search(eta0=eta0).estimator, X, Y, cv=3).mean()

    def marks():
        return sorted(tmp_path.iterdir(), key=lambda mark: mark.stat().st_mtime)

    futures = client.map(score, candidates, seconds=0.8)
    while len(marks()) < 4:
        time.sleep(0.02)
    time.sleep(0.3)
    victim = int(marks()[-1].name.split("-")[0])
    assert victim != os.getpid()
    os.kill(victim, signal.SIGKILL)
    np.testing.assert_array_equal(client.gather(futures), [score(eta0) for eta0 in candidates])
    assert victim not in client.run(os.getpid).values()
