"""Searches and sweeps on a Dask cluster: the same numbers, also when a worker dies."""

import logging
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from dask.distributed import Client, LocalCluster
from joblib import parallel_config
from sklearn.datasets import make_classification
from sklearn.linear_model import SGDClassifier, SGDRegressor
from sklearn.model_selection import GridSearchCV, cross_val_score

from course_utils import sweep

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
    lesson = (root / "notebooks/11_beyond_grid_search.ipynb").read_text(encoding="utf-8")
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


def killing_once(mark):
    """Return a function that kills the process it is called in, the first time and not in ours."""
    ours = os.getpid()

    def kill():
        if os.getpid() == ours:
            return
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)

    return kill


def swept(kill):
    class Regressor(SGDRegressor):
        def partial_fit(self, *data, **settings):
            kill()
            return super().partial_fit(*data, **settings)

    seeds = {"seeds": [0, 1, 2], "epochs": 3, "progress": False}
    return sweep(Regressor(learning_rate="constant"), [1e-3, 0.01, 0.1], X, X[:, 0], **seeds)


def test_a_sweep_on_the_cluster_is_that_of_this_machine(client, tmp_path):
    with parallel_config(backend="dask"):
        spread = swept(killing_once(tmp_path / "killed"))
    assert (tmp_path / "killed").exists()
    assert spread.equals(swept(lambda: None))


def test_a_killed_worker_of_loky_does_not_lose_the_sweep(tmp_path):
    with parallel_config(backend="loky", n_jobs=2):
        spread = swept(killing_once(tmp_path / "killed"))
    assert (tmp_path / "killed").exists()
    assert spread.equals(swept(lambda: None))


def test_keras_on_the_cluster_too(client, tmp_path):
    """A sweep whose worker is killed, optimizers, a range test from a model, a stacked search."""
    import keras

    from course_utils import KerasMLPClassifier, StackedGridSearchCV, lr_range_test
    from course_utils import compare_optimizers as compare

    kill = killing_once(tmp_path / "killed")

    def build():
        import keras

        kill()
        model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(2, "softmax")])
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    def everything():
        runs = sweep(build, [0.001, 0.1], X, Y, epochs=3, seeds=[0, 1, 2], progress=False)
        settings = {"learning_rates": [0.01, 0.1], "epochs": 2, "seeds": [0, 1], "progress": False}
        ranks = compare(build, ["SGD", "Adam"], X, Y, **settings)
        keras.utils.set_random_seed(0)
        model = build()
        model.fit(X, Y, verbose=0)  # its optimizer has a state
        test = lr_range_test(model, X, Y, seeds=[0, 1, 2], steps=20, progress=False)
        network = KerasMLPClassifier(units=4, epochs=3, random_state=0)
        grid = {"learning_rate": [0.01, 0.1], "epochs": [1, 3]}
        search = StackedGridSearchCV(network, grid, cv=2, progress=False).fit(X, Y)
        return runs, ranks, test.to_frame(), search.cv_results_["mean_test_score"]

    here = everything()
    with parallel_config(backend="dask"):
        spread = everything()
    assert (tmp_path / "killed").exists()
    for one, other in zip(here[:3], spread[:3], strict=True):
        pd.testing.assert_frame_equal(one, other, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(here[3], spread[3], atol=0.005)  # one sample of 300 at most


def test_an_experiment_goes_to_the_cluster_that_is_named(client, root, tmp_path):
    code = (
        "import sys; from pathlib import Path; from experiments import page, store; "
        f"folder = Path({str(tmp_path)!r}); store.FOLDER = folder; page.HTML = folder / 'a.html'; "
        "from experiments.__main__ import main; sys.exit(main(['E1', '--short']))"
    )
    address = {"COURSE_DASK_SCHEDULER": client.cluster.scheduler_address}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, env=os.environ | address, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "They trained on 2 workers" in (tmp_path / "experiments-short.html").read_text(
        encoding="utf-8"
    )
