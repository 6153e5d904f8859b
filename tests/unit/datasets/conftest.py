"""What the tests of the data sets share."""

import hashlib

import pytest

from course_utils.datasets import sources

HEADER = (
    "fixed acidity;volatile acidity;citric acid;residual sugar;chlorides;free sulfur dioxide;"
    "total sulfur dioxide;density;pH;sulphates;alcohol;quality"
)
TINY_WINE = {
    "winequality-red.csv": f"{HEADER}\n7.4;0.7;0;1.9;0.076;11;34;0.9978;3.51;0.56;9.4;5\n",
    "winequality-white.csv": f"{HEADER}\n7;0.27;0.36;20.7;0.045;45;170;1.001;3;0.45;8.8;6\n",
}


@pytest.fixture(scope="session")
def header():
    """Return the column names of the real wine files."""
    return HEADER.split(";")


@pytest.fixture(autouse=True)
def folder(monkeypatch, tmp_path):
    """Return an empty folder for the real files; the environment chooses nothing else."""
    monkeypatch.delenv("COURSE_DATA", raising=False)
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path / "real"))
    (tmp_path / "real").mkdir()
    return tmp_path / "real"


@pytest.fixture
def put_wine(monkeypatch):
    """Return a function that puts two small files, which pass for the real ones, in a folder."""
    for name, text in TINY_WINE.items():
        monkeypatch.setitem(sources.REAL_WINE, name, hashlib.sha256(text.encode()).hexdigest())

    def put(folder):
        for name, text in TINY_WINE.items():
            (folder / name).write_bytes(text.encode())

    return put
