"""The files that ship: made again byte for byte, as their data sheet says, like the real data."""

import hashlib
import re
import runpy

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from course_utils import load_bmi, load_wine_quality
from course_utils.datasets import sources

pytestmark = pytest.mark.slow

DATA = sources.PROJECT / "data"
FILES = {"make_bmi.py": "bmi.csv", "make_wine_quality_simulated.py": "wine_quality_simulated.csv"}


@pytest.mark.parametrize(("script", "name"), FILES.items())
def test_script_makes_the_shipped_bytes_again(script, name, tmp_path):
    copy = tmp_path / script
    copy.write_bytes((DATA / script).read_bytes())
    runpy.run_path(str(copy), run_name="__main__")
    assert (tmp_path / name).read_bytes() == (DATA / name).read_bytes()
    assert b"\r" not in (DATA / name).read_bytes()


@pytest.mark.parametrize("name", [*FILES.values(), *sources.REAL_WINE])
def test_data_sheet_states_the_hash(name):
    digest = sources.REAL_WINE.get(name) or hashlib.sha256((DATA / name).read_bytes()).hexdigest()
    assert re.search(rf"`{re.escape(name)}`.*{digest}", (DATA / "README.md").read_text("utf-8"))


def test_bmi_follows_its_rule():
    people = pd.read_csv(DATA / "bmi.csv")
    assert list(people.columns) == ["Height", "Weight", "Index", "Gender"]
    assert (people.dtypes == np.int64).all()
    assert people["Height"].agg(["min", "max"]).tolist() == [140, 199]
    assert people["Weight"].agg(["min", "max"]).tolist() == [50, 160]
    assert set(people["Gender"]) == {0, 1}
    body_mass_index = people["Weight"] / (people["Height"] / 100) ** 2
    true_class = sum((body_mass_index >= cut).astype(int) for cut in (16, 18.5, 25, 30, 40))
    assert (true_class - people["Index"]).value_counts().to_dict() == {0: 391, 1: 9}
    assert people.duplicated().sum() == 8
    counts = people["Index"].value_counts().sort_index()
    assert counts.to_numpy() == pytest.approx([12, 18, 51, 60, 100, 159], abs=8)


def test_bmi_gives_the_figures_of_the_first_lessons():
    X, y = load_bmi(verbose=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=42)
    residuals = LinearRegression().fit(X_train, y_train).predict(X_test) - y_test
    assert np.mean(residuals**2) == pytest.approx(0.36, abs=0.02)
    assert np.mean((y_test - y_train.mean()) ** 2) == pytest.approx(1.97, abs=0.1)
    assert y[-100:].value_counts(normalize=True).max() == pytest.approx(0.41, abs=0.02)


def test_simulated_wine_has_the_schema_and_size_of_the_real_data(header):
    wines = pd.read_csv(DATA / "wine_quality_simulated.csv")
    assert list(wines.columns) == ["type", *header]
    assert wines["type"].value_counts().to_dict() == {"white": 4898, "red": 1599}
    assert wines["quality"].isin(range(3, 10)).all()
    assert (wines["quality"] >= 6).mean() == pytest.approx(0.633, abs=0.0005)
    assert wines.isna().sum().sum() == 38
    assert wines.duplicated().sum() == 1177
    assert wines.drop(columns="quality").duplicated().sum() == 1177, "twins must agree in quality"


@pytest.fixture(scope="module")
def scores():
    """Mean test accuracy in % of baseline, linear model and forest: split 42, and over splits."""
    results = {}
    for drop_duplicates in (False, True):
        X, y = load_wine_quality("bundled", drop_duplicates=drop_duplicates, verbose=False)
        rows = []
        for random_state in (42, 0, 1):
            X_train, X_test, y_train, y_test = train_test_split(
                X, y, test_size=0.2, random_state=random_state
            )
            linear = make_pipeline(StandardScaler(), LogisticRegression())
            forest = RandomForestClassifier(random_state=0)
            fitted = [model.fit(X_train, y_train) for model in (linear, forest)]
            rows.append([y_test.mean(), *(model.score(X_test, y_test) for model in fitted)])
        results[drop_duplicates] = 100 * np.array(rows)
    return results


@pytest.mark.parametrize(
    ("drop_duplicates", "real"), [(False, [62.7, 74.6, 82.6]), (True, [60.0, 72.9, 77.7])]
)
def test_simulated_wine_scores_like_the_real_one(scores, drop_duplicates, real):
    assert scores[drop_duplicates][0] == pytest.approx(real, abs=2)
    assert scores[drop_duplicates].mean(axis=0) == pytest.approx(real, abs=2)


def test_a_quarter_of_the_test_wines_has_a_twin_and_groups_prevent_it():
    X, y = load_wine_quality("bundled", verbose=False)
    groups = X.groupby(list(X.columns)).ngroup()
    assert groups.nunique() == len(X.drop_duplicates())
    train, test = train_test_split(groups, test_size=0.2, random_state=42)
    assert test.isin(train).mean() == pytest.approx(0.276, abs=0.02)
    assert y.groupby(groups).nunique().max() == 1
