"""Somebody's own table for a demo: read, split and scaled, never executed, never sent anywhere."""

import csv
from contextlib import suppress
from io import BytesIO

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_features, as_flag, as_targets, check_labels

MOST_BYTES, MOST_ROWS, MOST_COLUMNS, MOST_CLASSES = 2_000_000, 5_000, 100, 20
FEWEST_ROWS = 20
VALIDATION_SHARE = 0.3


def own_data(X, y, classes=False):
    """Return a table as the data of a live demo: split, and scaled by its training rows.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
    y : array-like of shape (n_samples,)
        Numbers; or with `classes` the name or number of a class, which becomes 0, 1, … in order.
    classes : bool

    Returns
    -------
    x, y, validation_data
        As in `sweep`: 70 % of the rows to train on, and ``(x, y)`` of the others.

    Raises
    ------
    TypeError, ValueError
        If a column holds no numbers, or there are too few or too many rows, columns or classes.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> x, y, validation_data = own_data(*load_iris(return_X_y=True), classes=True)
    >>> x.shape, y.shape, validation_data[0].shape
    ((105, 4), (105,), (45, 4))
    """
    classes = as_flag(classes, "classes")
    features, targets = as_features(X, "X"), as_targets(y, len(X))
    if not classes:
        check_labels(targets, None, None)
    for number, least, most, what in (
        (len(features), FEWEST_ROWS, MOST_ROWS, "rows"),
        (features.shape[1], 1, MOST_COLUMNS, "columns"),
    ):
        if not least <= number <= most:
            raise ValueError(f"X has {number} {what}; give from {least} to {most}.")
    values, places = np.unique(targets, return_inverse=True)
    if len(values) < 2 or (classes and len(values) > MOST_CLASSES):
        allowed = f"from 2 to {MOST_CLASSES} classes" if classes else "at least 2"
        raise ValueError(f"y has {len(values)} different values; give {allowed}.")
    x, held_out, y, y_held_out = train_test_split(
        features,
        places if classes else targets.astype(float),
        test_size=VALIDATION_SHARE,
        random_state=course_seeds(1)[0],
    )
    scaler = StandardScaler().fit(x)
    return scaler.transform(x), y, (scaler.transform(held_out), y_held_out)


def own_network(X, y):
    """Return a builder of a small network for a table with classes, and its data as `own_data`."""
    x, y, validation_data = own_data(X, y, classes=True)
    n_classes = int(max(y.max(), validation_data[1].max())) + 1

    def build_model():
        from course_utils.training.keras_setup import keras

        dense = keras.layers.Dense
        layers = [keras.Input((x.shape[1],)), dense(128, "relu"), dense(64, "relu")]
        model = keras.Sequential([*layers, dense(n_classes, "softmax")])
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    return build_model, x, y, validation_data


def read_csv(content):
    """Return the columns of a CSV but the last, and the last, which is to be predicted.

    Rows with an empty cell are left out.

    Parameters
    ----------
    content : bytes
        Text in UTF-8: a row of names, then rows; with commas, semicolons or tabs between. Numbers
        may have a point or a comma.

    Raises
    ------
    ValueError
        If it is too large, no such table, or has no row of names.
    """
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"the file has {len(content) / 1e6:.1f} MB; give at most {MOST_BYTES / 1e6:g} MB, such "
            "as a sample of its rows."
        )
    try:
        table = pd.read_csv(BytesIO(content), sep=None, engine="python", encoding="utf-8-sig")
    except (UnicodeDecodeError, ValueError, csv.Error) as error:
        raise ValueError(f"the file is no CSV in UTF-8 ({error}); save the table as one.") from None
    table = table.drop(columns=[name for name in table if str(name).startswith("Unnamed: 0")])
    if table.shape[1] < 2 or table.empty:
        raise ValueError(
            f"the file has {table.shape[0]} rows and {table.shape[1]} columns below its row of "
            "names; give columns to predict from, and last the one to predict."
        )
    if pd.to_numeric(pd.Series(table.columns), errors="coerce").notna().all():
        raise ValueError("the first row has numbers only; give the columns names in the first row.")
    whole = table.dropna().copy()
    for name in whole.select_dtypes(["object", "string"]):
        with suppress(ValueError):  # or else it is text
            whole[name] = whole[name].str.replace(",", ".").astype(float)
    return whole.iloc[:, :-1], whole.iloc[:, -1]
