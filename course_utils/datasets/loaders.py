"""The loaders: from the files to `(X, y)`, saying each time which data they are."""

from pathlib import Path

import pandas as pd

from course_utils.datasets.bmi_file import SCHEMA, read_bmi
from course_utils.datasets.sources import (
    REAL_BMI,
    bundled_file,
    chosen_source,
    real_bmi_file,
    real_wine_files,
)
from course_utils.validation import as_flag

BMI_FEATURES = ["Height", "Weight", "Gender"]
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
        "auto" and "bundled" read the file that comes with the course, which is simulated; "real"
        reads ``bmi_data.csv`` in the folder COURSE_DATA_DIR. By default the environment variable
        COURSE_DATA decides, or "auto"; ``COURSE_DATA=real`` falls back to the bundled file,
        because the real one has no licence and cannot be shipped.
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
    FileNotFoundError
        The file that was asked for is not there.
    ValueError
        The choice or the file is not valid; the message names the row and the column.

    Examples
    --------
    >>> from course_utils import load_bmi
    >>> X, y = load_bmi("bundled")
    BMI data: bundled, simulated (400 rows)
    >>> list(X.columns)
    ['Height', 'Weight', 'Gender']
    """
    verbose = as_flag(verbose, "verbose")
    if path is not None:
        if source is not None:
            raise ValueError(f"Got source={source!r} and path={str(path)!r}; give only one.")
        people = read_bmi(path)
        origin = f"your file {Path(path).name}"
    elif real := real_bmi_file(source):
        people = read_bmi(real)
        origin = f"real, {REAL_BMI}"
    else:
        people = read_bmi(bundled_file("bmi"))
        origin = "bundled, simulated"
        if chosen_source(source) == "real":
            origin += "; no real file is there, and none can be shipped"
    units = {name: SCHEMA[name][0] for name in BMI_FEATURES}
    return _finish(people[BMI_FEATURES], people["Index"], "BMI", origin, units, verbose)


def load_wine_quality(source=None, *, drop_missing=True, drop_duplicates=False, verbose=True):
    """Load the wine quality data: 6,497 wines, eleven measurements, and whether they are good.

    The real data are those of Cortez, Cerdeira, Almeida, Matos and Reis (2009); the bundled ones
    are simulated, in the same schema and size. White wines come first.

    Parameters
    ----------
    source : {"auto", "real", "bundled"}, optional
        "real" reads the files that `make data` downloads and checks their SHA-256, "bundled" the
        simulated file, "auto" the real files when they are there. By default the environment
        variable COURSE_DATA decides, or "auto".
    drop_missing : bool, default=True
        Drop the rows that have a missing cell (only the simulated data have any).
    drop_duplicates : bool, default=False
        Keep one of each set of equal rows. About 18 % of the rows are copies of another.
    verbose : bool, default=True
        Print one line that says which data these are.

    Returns
    -------
    X : DataFrame of shape (n_samples, 12)
        The measurements and `is_white`, as floats and 0 or 1. ``X.attrs`` holds "source" and
        "units".
    y : Series of shape (n_samples,)
        `good`: 1 where the quality is 6 or more, else 0.

    Raises
    ------
    FileNotFoundError
        The real files were asked for and are not there.
    ValueError
        The choice is not valid, or a real file is not the one of the archive.

    Notes
    -----
    In a plain 80:20 split a quarter of the test rows have a twin in the training set. To split
    without that leak and without dropping rows, keep twins together: give a group splitter such as
    `sklearn.model_selection.GroupShuffleSplit` the groups
    ``X.groupby(list(X.columns)).ngroup()``.

    Examples
    --------
    >>> from course_utils import load_wine_quality
    >>> X, y = load_wine_quality("bundled")
    Wine quality data: bundled, simulated (6,459 rows; 38 with missing cells dropped)
    >>> X.shape
    (6459, 12)
    """
    drop_missing = as_flag(drop_missing, "drop_missing")
    drop_duplicates = as_flag(drop_duplicates, "drop_duplicates")
    verbose = as_flag(verbose, "verbose")
    if real := real_wine_files(source):
        red, white = (pd.read_csv(path, sep=";").assign(is_white=0) for path in real)
        wines = pd.concat([white.assign(is_white=1), red], ignore_index=True)
        origin = "real, UCI"
    else:
        wines = pd.read_csv(bundled_file("wine"))
        wines["is_white"] = (wines["type"] == "white").astype(int)
        origin = "bundled, simulated"
    dropped = []
    if drop_missing:
        wines, before = wines.dropna(), len(wines)
        dropped += [f"{before - len(wines):,} with missing cells"] if len(wines) < before else []
    if drop_duplicates:
        wines, before = wines.drop_duplicates(), len(wines)
        dropped += [f"{before - len(wines):,} duplicates"]
    wines = wines.reset_index(drop=True)
    good = (wines["quality"] >= GOOD_QUALITY).astype(int).rename("good")
    X = wines[list(WINE_UNITS)]
    return _finish(X, good, "Wine quality", origin, WINE_UNITS, verbose, " and ".join(dropped))


def _finish(X, y, name, origin, units, verbose, dropped=""):
    note = f"; {dropped} dropped" if dropped else ""
    line = f"{name} data: {origin} ({len(X):,} rows{note})"
    if verbose:
        print(line)
    X = X.copy()
    X.attrs = {"source": line, "units": dict(units)}
    return X, y.copy()
