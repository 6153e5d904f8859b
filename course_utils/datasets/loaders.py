"""The loaders: from the files to `(X, y)`, saying each time which data they are."""

from pathlib import Path

import pandas as pd

from course_utils.datasets.bmi_file import read_bmi
from course_utils.datasets.sources import find_bmi, find_wine
from course_utils.validation import as_flag

BMI_UNITS = {"Height": "cm", "Weight": "kg", "Gender": "0 or 1"}
WINE_UNITS = {
    "fixed acidity": "g/dm³ of tartaric acid",
    "volatile acidity": "g/dm³ of acetic acid",
    "citric acid": "g/dm³",
    "residual sugar": "g/dm³",
    "chlorides": "g/dm³ of sodium chloride",
    "free sulfur dioxide": "mg/dm³",
    "total sulfur dioxide": "mg/dm³",
    "density": "g/cm³",
    "pH": "",
    "sulphates": "g/dm³ of potassium sulphate",
    "alcohol": "% by volume",
    "is_white": "0 or 1",
}
GOOD_QUALITY = 6


def load_bmi(source=None, path=None, *, verbose=True):
    """Load the BMI data: 400 people, their height and weight, and the class of their index.

    Parameters
    ----------
    source : {"auto", "real", "bundled"}, optional
        By default what the environment variable COURSE_DATA says, or "auto". "auto" and "bundled"
        read the simulated file of the course; "real" reads ``bmi_data.csv`` in the folder
        COURSE_DATA_DIR, which has no licence and cannot be shipped.
    path : str or path-like, optional
        A CSV file of your own with the columns Height, Weight, Index and Gender, in any order.
    verbose : bool, default=True
        Print one line that says which data these are.

    Returns
    -------
    X : DataFrame of shape (n_samples, 3)
        Height in cm, Weight in kg, Gender 0 or 1. ``X.attrs`` holds "source" and "units".
    y : Series of shape (n_samples,)
        Index, 0 (extremely weak) to 5 (extremely obese).

    Raises
    ------
    FileNotFoundError, ValueError
        A file is not there, or is not valid; the message names the row and the column.

    Examples
    --------
    >>> from course_utils import load_bmi
    >>> X, y = load_bmi("bundled")
    BMI data: bundled, simulated (400 rows)
    """
    verbose = as_flag(verbose, "verbose")
    if path is None:
        path, origin = find_bmi(source)
        people = read_bmi(path)
    elif source is None:
        people, origin = read_bmi(path), f"your file {Path(path).name}"
    else:
        raise ValueError(f"Got source={source!r} and path={str(path)!r}; give only one.")
    return _labelled(people[[*BMI_UNITS]], people["Index"], "BMI", BMI_UNITS, origin, verbose)


def load_wine_quality(source=None, *, drop_missing=True, drop_duplicates=False, verbose=True):
    """Load the wine quality data: 6,497 wines, eleven measurements, and whether they are good.

    The real data are those of Cortez, Cerdeira, Almeida, Matos and Reis (2009); the bundled ones
    are simulated, in the same schema and size. White wines come first.

    Parameters
    ----------
    source : {"auto", "real", "bundled"}, optional
        By default what the environment variable COURSE_DATA says, or "auto": the real files when
        they are there, else the simulated one. "real" reads what `make data` has downloaded.
    drop_missing : bool, default=True
        Drop the rows that have a missing cell (only the simulated data have any).
    drop_duplicates : bool, default=False
        Keep one of each set of equal rows. About 18 % of the rows are copies of another, so in a
        plain 80:20 split a quarter of the test rows has a twin in the training set. To keep twins
        together instead, give `GroupShuffleSplit` the groups
        ``X.groupby(list(X.columns)).ngroup()``.
    verbose : bool, default=True
        Print one line that says which data these are.

    Returns
    -------
    X : DataFrame of shape (n_samples, 12)
        The measurements and `is_white`, 0 or 1. ``X.attrs`` holds "source" and "units".
    y : Series of shape (n_samples,)
        `good`: 1 where the quality is 6 or more, else 0.

    Raises
    ------
    FileNotFoundError, ValueError
        The real files were asked for and are not there, or are not those of the archive.

    Examples
    --------
    >>> from course_utils import load_wine_quality
    >>> X, y = load_wine_quality("bundled")
    Wine quality data: bundled, simulated (6,459 rows; 38 with missing cells dropped)
    """
    drop_missing = as_flag(drop_missing, "drop_missing")
    drop_duplicates = as_flag(drop_duplicates, "drop_duplicates")
    verbose = as_flag(verbose, "verbose")
    files, origin = find_wine(source)
    if len(files) == 2:
        red, white = (pd.read_csv(path, sep=";") for path in files)
        wines = pd.concat([white.assign(is_white=1), red.assign(is_white=0)], ignore_index=True)
    else:
        wines = pd.read_csv(files[0])
        wines["is_white"] = (wines["type"] == "white").astype(int)
    n_rows, dropped = len(wines), []
    if drop_missing and wines.isna().any(axis=None):
        wines = wines.dropna()
        dropped.append(f"{n_rows - len(wines):,} with missing cells")
    if drop_duplicates:
        n_rows, wines = len(wines), wines.drop_duplicates()
        dropped.append(f"{n_rows - len(wines):,} duplicates")
    wines = wines.reset_index(drop=True)
    good = (wines["quality"] >= GOOD_QUALITY).astype(int).rename("good")
    note = f"; {' and '.join(dropped)} dropped" if dropped else ""
    X = wines[[*WINE_UNITS]]
    return _labelled(X, good, "Wine quality", WINE_UNITS, origin, verbose, note)


def _labelled(X, y, name, units, origin, verbose, note=""):
    """Return copies of the data that carry their source and units; print the source."""
    source = f"{name} data: {origin} ({len(X):,} rows{note})"
    if verbose:
        print(source)
    X = X.copy()
    X.attrs = {"source": source, "units": dict(units)}
    return X, y.copy()
