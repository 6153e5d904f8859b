"""Somebody's own table in a demo: what is read, what is refused, and what is shown of it."""

from datetime import UTC, datetime

import ipywidgets as widgets
import numpy as np
import pandas as pd
import pytest
from demo_parts import parts, picture, words
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from sklearn.datasets import load_iris
from sklearn.linear_model import SGDRegressor

from course_utils import demos, stability_limits
from course_utils.demos.own_data import (
    MOST_BYTES,
    MOST_CLASSES,
    MOST_ROWS,
    own_data,
    own_network,
    read_csv,
)

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
TABLE = pd.DataFrame(RNG.normal(170, 10, (40, 2)), columns=["height", "reach"])
TARGET = pd.Series(TABLE["height"] * 0.5 + RNG.normal(size=40), name="weight")


def csv(table=TABLE, target=TARGET, **options):
    return table.assign(**{target.name: target}).to_csv(index=False, **options).encode()


@pytest.mark.parametrize("options", [{}, {"sep": ";", "decimal": ","}, {"sep": "\t"}])
def test_a_csv_is_read_back(options):
    X, y = read_csv(csv(**options))
    pd.testing.assert_frame_equal(X, TABLE)
    pd.testing.assert_series_equal(y, TARGET)


def test_names_of_classes_stay_text():
    _, y = read_csv(csv(target=pd.Series(["up", "down"] * 20, name="way")))
    assert y.tolist() == ["up", "down"] * 20


def test_the_row_numbers_of_pandas_are_no_column():
    X, y = read_csv(TABLE.assign(weight=TARGET).to_csv().encode())
    assert [*X.columns, y.name] == ["height", "reach", "weight"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is no CSV"),
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "is no CSV in UTF-8"),
        (b"a,b\n" + b"1,2\n" * (MOST_BYTES // 4), "give at most 2 MB"),
        (b"weight\n1\n2\n", "1 columns"),
        (b"a,b\n", "0 rows"),
        (b"1.5,2\n3,4\n", "give the columns names in the first row"),
    ],
)
def test_what_is_no_table_is_refused_in_words(content, says):
    with pytest.raises(ValueError, match=says):
        read_csv(content)


def test_data_are_split_and_scaled_by_the_training_rows():
    x, y, (held_out, y_held_out) = own_data(TABLE, TARGET)
    assert x.shape == (28, 2)
    assert held_out.shape == (12, 2)
    assert sorted([*y, *y_held_out]) == pytest.approx(sorted(TARGET))
    np.testing.assert_allclose(x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(x.std(axis=0), 1)
    assert abs(held_out.mean()) > 1e-6


def test_rows_with_an_empty_cell_are_left_out():
    table, target = TABLE.copy(), TARGET.copy()
    table.iloc[3, 0] = target.iloc[5] = np.nan
    X, y = read_csv(csv(table, target))
    assert len(X) == len(y) == 38


@given(st.permutations(["setosa", "virginica", "versicolor"]))
def test_names_of_classes_become_numbers_in_order(names):
    X, y = load_iris(return_X_y=True)
    named = np.array(names)[y]
    _, places, (_, others) = own_data(X, named, classes=True)
    counts = np.bincount([*places, *others])
    assert counts.tolist() == [50, 50, 50]
    assert places.dtype.kind == "i"


@pytest.mark.parametrize(
    ("X", "y", "classes", "says"),
    [
        (TABLE.assign(town="Ulm"), TARGET, False, "'town'"),
        (TABLE, TARGET.astype(str), False, "y holds"),
        (TABLE[:19], TARGET[:19], False, "19 rows; give from 20"),
        (TABLE, TARGET, True, f"40 different values; give from 2 to {MOST_CLASSES} classes"),
        (TABLE, TARGET * 0, False, "1 different values; give at least 2"),
        (np.zeros((MOST_ROWS + 1, 1)), np.arange(MOST_ROWS + 1), False, f"to {MOST_ROWS}"),
        (np.zeros((40, 0)), TARGET, False, "column"),
        (TABLE, TARGET, "yes", "classes is 'yes'"),
    ],
)
def test_a_table_that_cannot_be_trained_on_is_refused_in_words(X, y, classes, says):
    with pytest.raises((TypeError, ValueError), match=says):
        own_data(X, y, classes)


def test_a_network_fits_its_table():
    pytest.importorskip("keras")
    build_model, x, y, _ = own_network(*load_iris(return_X_y=True))
    model = build_model()
    assert model.input_shape == (None, 4)
    assert model.output_shape == (None, 3)
    assert np.isfinite(model.evaluate(x, y, verbose=0)[0])


def file_of(content, name="mine.csv"):
    about = {"name": name, "type": "text/csv", "size": len(content)}
    return ({**about, "content": memoryview(content), "last_modified": datetime.now(UTC)},)


@pytest.fixture
def demo():
    model = SGDRegressor(learning_rate="constant")
    return demos.eta0_demo(model, *own_data(TABLE * [1, 3], TARGET), epochs=2)


def test_a_demo_takes_a_file_and_predicts_the_cliff_of_its_data(demo):
    (upload,) = parts(demo, widgets.FileUpload)
    before = picture(demo)
    iris = load_iris(as_frame=True).data
    upload.value = file_of(iris.to_csv(index=False).encode(), "<b>iris</b>.csv")
    opening = parts(demo, widgets.HTML)[0].value
    assert "&lt;b&gt;iris&lt;/b&gt;.csv: 150 rows, 3 columns to predict" in opening
    assert picture(demo) != before
    limits = stability_limits(own_data(iris.iloc[:, :3], iris.iloc[:, 3])[0])
    figure = Figure(figsize=(11, 4.1))
    demo.widget.demo.draw(figure)
    upright = [line.get_xdata() for line in figure.axes[1].lines]
    assert [limits.one_sample_max] * 2 in [list(line) for line in upright]
    assert [limits.one_sample_mean] * 2 in [list(line) for line in upright]


def test_a_file_that_does_not_fit_changes_nothing(demo):
    (upload,) = parts(demo, widgets.FileUpload)
    before = picture(demo)
    upload.value = file_of(csv(TABLE.assign(town="Ulm")))
    assert "Not these data" in words(demo)
    assert "town" in words(demo)
    assert picture(demo) == before
    assert parts(demo, widgets.FileUpload) == [upload]
    upload.value = file_of(csv())
    assert "Your data" in parts(demo, widgets.HTML)[0].value
