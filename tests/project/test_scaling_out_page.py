"""The page on more machines, its figures, and the address of a cluster."""

import re

import joblib
import pytest

from experiments import cluster

FOUND = {
    "start": 30.0,
    "workers": 2,
    "load": 0.5,
    "sweeps": {
        name: {"units": 64, "epochs": 5, "here": here, "there": 2.0, "difference": 1e-7}
        for name, here in (("small", 1.0), ("large", 3.0))
    },
}


@pytest.fixture
def scaling_out():
    return pytest.importorskip("experiments.scaling_out")


def test_the_figures_of_the_page_are_measured(root, scaling_out):
    page = (root / "docs/scaling_out.md").read_text(encoding="utf-8")
    prose = scaling_out.BLOCK.sub("", page)
    assert "Measured on" in page
    assert not re.search(r"\d\s*(s|seconds|×)\b", prose)
    changed = scaling_out.page_with(page, FOUND)
    assert scaling_out.BLOCK.sub("", changed) == prose
    assert "30 s passed" in changed
    assert "| 2 | 60 s |" in changed  # 30 s and half of 60 s
    assert "| small | 2 × 64 | 5 | 1 s | 2 s | 0.5 × | 1e-07 |" in changed


def test_the_sentence_says_what_was_faster(scaling_out):
    page = "<!-- measured --><!-- end of measured -->".replace("><", ">\n<")
    assert "faster on the cluster: large." in scaling_out.page_with(page, FOUND)
    slow = {name: {**row, "here": 0.1} for name, row in FOUND["sweeps"].items()}
    told = scaling_out.page_with(page, FOUND | {"sweeps": slow})
    assert "no sweep was faster there." in told


def test_a_page_without_a_place_for_figures_is_refused(scaling_out):
    with pytest.raises(ValueError, match="put them back"):
        scaling_out.page_with("# More than one machine", FOUND)


def test_the_environment_names_the_cluster(monkeypatch):
    for name in cluster.VARIABLES:
        monkeypatch.delenv(name, raising=False)
    assert cluster.scheduler_address() is None
    with cluster.workers_of(None) as client:
        assert client is None
        assert joblib.effective_n_jobs(None) == 1
    monkeypatch.setenv("DASK_SCHEDULER_ADDRESS", "tcp://one:8786")
    assert cluster.scheduler_address() == "tcp://one:8786"
    monkeypatch.setenv("COURSE_DASK_SCHEDULER", "tcp://other:8786")
    assert cluster.scheduler_address() == "tcp://other:8786"


def test_a_scheduler_that_is_not_there_is_told_in_words(monkeypatch):
    def silent(*_, **settings):
        raise OSError("timed out")

    monkeypatch.setattr("distributed.Client", silent)
    words = "No Dask scheduler answers at 'tcp://one:8786', which COURSE_DASK_SCHEDULER or"
    with pytest.raises(ConnectionError, match=words), cluster.workers_of("tcp://one:8786"):
        pass


def test_nothing_names_a_device(root):
    """So the same code runs on a GPU."""
    pinned = re.compile(r"tf\.device|set_visible_devices|environ.*CUDA_VISIBLE_DEVICES|/(CPU|GPU):")
    files = [*(root / "course_utils").rglob("*.py"), *(root / "experiments").rglob("*.py")]
    assert len(files) > 50
    assert [path.name for path in files if pinned.search(path.read_text(encoding="utf-8"))] == []
