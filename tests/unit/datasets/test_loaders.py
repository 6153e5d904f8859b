"""What the loaders return, and how they choose and name the data."""

import os
import shutil
import subprocess
import sys

import numpy as np
import pytest

from course_utils import load_bmi, load_wine_quality
from course_utils.datasets import __main__ as command_line
from course_utils.datasets import sources
from course_utils.datasets.sources import data_in_use

PROJECT = sources.PROJECT
RED, WHITE = "winequality-red.csv", "winequality-white.csv"
# As the tests were started; each test begins with an empty folder instead.
STARTED_WITH = os.environ.get("COURSE_DATA_DIR", "")


def test_load_bmi(capsys):
    X, y = load_bmi()
    assert list(X.columns) == ["Height", "Weight", "Gender"]
    assert X.shape == (400, 3)
    assert y.name == "Index"
    assert y.dtype == np.int64
    assert capsys.readouterr() == ("BMI data: bundled, simulated (400 rows)\n", "")
    assert X.attrs["source"] == "BMI data: bundled, simulated (400 rows)"
    assert X.attrs["units"]["Weight"] == "kg"


def test_load_wine_quality(capsys, header):
    X, y = load_wine_quality()
    assert list(X.columns) == [*header[:-1], "is_white"]
    assert list(X.index) == list(range(6459))
    assert not X.isna().any(axis=None)
    assert y.name == "good"
    assert set(y) == {0, 1}
    line = "Wine quality data: bundled, simulated (6,459 rows; 38 with missing cells dropped)"
    assert capsys.readouterr() == (line + "\n", "")
    assert X.attrs["source"] == line
    assert set(X.attrs["units"]) == set(X.columns)


def test_missing_and_duplicate_rows_go_or_stay():
    X, _ = load_wine_quality(drop_missing=False, verbose=False)
    assert (len(X), X.isna().sum().sum()) == (6497, 38)
    X, _ = load_wine_quality(drop_duplicates=True, verbose=False)
    assert (len(X), X.duplicated().sum()) == (5282, 0)
    assert "38 with missing cells and 1,177 duplicates dropped" in X.attrs["source"]


def test_quiet(capsys):
    load_bmi(verbose=False)
    load_wine_quality(verbose=False)
    assert capsys.readouterr() == ("", "")


def test_a_fresh_interpreter_stays_light_and_quiet():
    code = (
        "import runpy, sys; from course_utils.datasets.loaders import *;"
        "load_bmi(); load_wine_quality();"
        "assert not {'tensorflow', 'pooch', 'requests'} & set(sys.modules);"
        "sys.argv[1:] = ['--help']; runpy.run_module('course_utils.datasets', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error::RuntimeWarning", "-c", code],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "--optional" in done.stdout


# --- which data


@pytest.mark.parametrize("load", [load_bmi, load_wine_quality])
def test_unknown_source(load, monkeypatch):
    with pytest.raises(ValueError, match=r"source is 'rael'; choose one of 'auto', 'real', 'bun"):
        load("rael")
    monkeypatch.setenv("COURSE_DATA", "Real")
    with pytest.raises(ValueError, match=r"variable COURSE_DATA is 'Real'; choose one of 'auto'"):
        load()
    assert load("bundled", verbose=False), "what is asked for comes before the environment"


def test_real_wine_is_read_where_it_is_there(folder, put_wine, capsys):
    put_wine(folder)
    X, y = load_wine_quality()
    assert capsys.readouterr().out == "Wine quality data: real, UCI (2 rows)\n"
    assert X["is_white"].tolist() == [1, 0]
    assert y.tolist() == [1, 0]
    assert "bundled" in load_wine_quality("bundled", verbose=False)[0].attrs["source"]


def test_auto_takes_the_bundled_wine_when_a_real_file_is_not_there(folder, put_wine):
    put_wine(folder)
    (folder / WHITE).unlink()
    assert "bundled" in load_wine_quality(verbose=False)[0].attrs["source"]


@pytest.mark.parametrize("by_environment", [True, False])
def test_real_wine_that_is_not_there(monkeypatch, by_environment):
    monkeypatch.setenv("COURSE_DATA", "real")
    message = rf"no {RED} and no {WHITE} in the folder 'real'; .*`make data`.*COURSE_DATA=bundled"
    with pytest.raises(FileNotFoundError, match=message):
        load_wine_quality(None if by_environment else "real")


@pytest.mark.parametrize("source", ["auto", "real"])
def test_real_wine_with_other_content(folder, source):
    for name in (RED, WHITE):
        (folder / name).write_text("something else")
    with pytest.raises(ValueError, match=rf"{RED} is not the file .* instead of 4a402cf0.* Delete"):
        load_wine_quality(source)


def test_real_bmi(folder, monkeypatch, capsys):
    with pytest.raises(FileNotFoundError, match=r"no bmi_data\.csv in the folder 'real'.*licence"):
        load_bmi("real")
    monkeypatch.setenv("COURSE_DATA", "real")
    load_bmi()
    assert "BMI data: bundled, simulated; no real file is there" in capsys.readouterr().out
    (folder / "bmi_data.csv").write_text("Height,Weight,Index,Gender\n161,89,4,1\n")
    load_bmi()
    assert capsys.readouterr().out == "BMI data: real, bmi_data.csv (1 rows)\n"
    assert len(load_bmi("real", verbose=False)[0]) == 1
    assert len(load_bmi("auto", verbose=False)[0]) == 400


def test_relative_folder_starts_at_the_project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COURSE_DATA_DIR", "../elsewhere")
    assert sources.real_folder().resolve() == PROJECT.parent / "elsewhere"
    monkeypatch.delenv("COURSE_DATA_DIR")
    assert sources.real_folder() == PROJECT / "data" / "downloads"


def test_data_in_use(folder, put_wine, monkeypatch):
    assert data_in_use().splitlines() == [
        "BMI data: bundled, simulated",
        "Wine quality data: bundled, simulated",
        "COURSE_DATA: not set, COURSE_DATA_DIR: real",
    ]
    put_wine(folder)
    assert "Wine quality data: real, UCI" in data_in_use()
    (folder / WHITE).write_text("cut off")
    assert "Wine quality data: none. winequality-white.csv is not the file" in data_in_use()
    monkeypatch.setenv("COURSE_DATA", "bundled")
    assert "Wine quality data: bundled, simulated\nCOURSE_DATA: bundled" in data_in_use()
    assert str(folder.parent) not in data_in_use()


def test_bundled_file_that_is_not_there(monkeypatch, tmp_path):
    monkeypatch.setitem(sources.BUNDLED, "wine", tmp_path / "wine.csv")
    with pytest.raises(FileNotFoundError, match=r"wine\.csv is missing.*pip install -e \."):
        load_wine_quality("bundled")


def test_the_real_files_of_this_machine(monkeypatch):
    monkeypatch.setenv("COURSE_DATA_DIR", STARTED_WITH)
    if not (sources.real_folder() / RED).is_file():
        pytest.skip("the real wine data have not been downloaded")
    X, y = load_wine_quality("real", verbose=False)
    assert len(X) == 6497
    assert y.mean() == pytest.approx(0.633, abs=0.0005)
    assert X.duplicated().sum() == 1177


@pytest.mark.parametrize("name", ["a file", "~nobody-of-that-name/data", "x" * 300])
def test_a_folder_that_is_none(folder, monkeypatch, capfd, name):
    (folder / "a file").write_text("")
    name = str(folder / name) if name == "a file" else name
    monkeypatch.setenv("COURSE_DATA_DIR", name)
    words = "COURSE_DATA_DIR is .* not the name of a folder; give it one, or unset it"
    with pytest.raises(ValueError, match=words):
        load_wine_quality()
    with pytest.raises(ValueError, match=words):
        load_bmi("real")
    assert len(load_wine_quality("bundled")[0]) > 6000
    assert "not the name of a folder" in data_in_use()
    assert command_line.main([]) == 1
    assert command_line.main(["--optional"]) == 0
    assert "not the name of a folder" in capfd.readouterr().err


def test_a_checkout_path_with_spaces_and_letters(root, tmp_path):
    copy = tmp_path / "Kürs – ü b"
    ignored = shutil.ignore_patterns("__pycache__", "downloads")
    shutil.copytree(root / "course_utils", copy / "course_utils", ignore=ignored)
    shutil.copytree(root / "data", copy / "data", ignore=ignored)
    shutil.copy(root / "Makefile", copy)
    code = """
import course_utils
print(course_utils.__file__)
X, y = course_utils.load_bmi("bundled")
course_utils.load_wine_quality("auto")
course_utils.use_course_style()
from sklearn.linear_model import SGDRegressor
model = SGDRegressor(learning_rate="constant")
print(course_utils.sweep(model, [1e-6], X, y, epochs=2)["epoch"].tolist())
course_utils.hint("02.1")
"""
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONUTF8": "1"}
    environment |= {"COURSE_DATA_DIR": "my own däta", "COURSE_SEED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, env=environment, capture_output=True,
        encoding="utf-8", timeout=120, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0] == str(copy / "course_utils" / "__init__.py")
    assert lines[1:4] == [
        "BMI data: bundled, simulated (400 rows)",
        "Wine quality data: bundled, simulated (6,459 rows; 38 with missing cells dropped)",
        "[1, 2]",
    ]
    listed = subprocess.run(
        ["make", "help"], cwd=copy, capture_output=True, encoding="utf-8", check=False,
        env=environment,
    )  # fmt: skip
    assert (listed.returncode, listed.stderr) == (0, "")
    assert "make data" in listed.stdout
