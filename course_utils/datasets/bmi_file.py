"""Reads a CSV file of the BMI schema, and says exactly what is wrong with a bad one."""

import csv
from os import PathLike
from pathlib import Path

import numpy as np
import pandas as pd

from course_utils.validation import told

# Column: (unit, smallest and largest value allowed). The order of a file's columns is free.
SCHEMA = {
    "Height": ("cm", 50, 300),
    "Weight": ("kg", 2, 700),
    "Index": ("class, a whole number", 0, 5),
    "Gender": ("0 or 1", 0, 1),
}
CLASSES = ("Index", "Gender")


def read_bmi(path):
    """Return the file as a DataFrame with the columns of `SCHEMA`, all cells checked.

    Parameters
    ----------
    path : str or path-like
        A CSV file, comma-separated, UTF-8, with a header.

    Returns
    -------
    DataFrame of shape (n_samples, 4)

    Raises
    ------
    FileNotFoundError
        There is no such file.
    ValueError
        The file does not have the schema; rows are counted as a spreadsheet does, header = 1.
    """
    if not isinstance(path, (str, PathLike)):
        raise TypeError(f"path is {told(path)}; give the name of a CSV file.")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {str(path)!r}; check the name and the folder.")
    header, rows = _read_lines(path)
    _check_header(path, header)
    for number, cells in rows.items():
        if len(cells) != len(header):
            raise ValueError(
                f"{path.name}, row {number} has {len(cells)} cells and the header has "
                f"{len(header)}; give each row one cell per column."
            )
    text = pd.DataFrame.from_dict(rows, orient="index", columns=header)[list(SCHEMA)]
    table = text.apply(pd.to_numeric, errors="coerce").astype(float)
    _check_cells(path, text, table)
    return table.astype({c: int for c in table if (table[c] % 1 == 0).all()}).reset_index(drop=True)


def _read_lines(path):
    """Return the header, and the other rows by their row number; blank lines at the end go."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            lines = [[cell.strip() for cell in line] for line in csv.reader(file)]
    except (UnicodeDecodeError, csv.Error):
        raise ValueError(
            f"{path.name} is not a text file in UTF-8; save it as 'CSV UTF-8' and try again."
        ) from None
    while lines and not any(lines[-1]):
        lines.pop()
    if not lines:
        raise ValueError(f"{path.name} is empty; it needs a header with {_columns(SCHEMA)}.")
    if len(lines) == 1:
        raise ValueError(f"{path.name} has a header and no rows; it needs a row per person.")
    return lines[0], dict(enumerate(lines[1:], start=2))


def _check_header(path, header):
    missing = [name for name in SCHEMA if name not in header]
    extra = [name for name in header if name not in SCHEMA]
    twice = sorted({name for name in header if header.count(name) > 1})
    problems = [
        f"{label} {_columns(names)}"
        for label, names in (("lacks", missing), ("also has", extra), ("repeats", twice))
        if names
    ]
    if problems:
        raise ValueError(
            f"{path.name} {' and '.join(problems)}; it must have the columns {_columns(SCHEMA)}, "
            "in any order, separated by commas."
        )


def _check_cells(path, text, table):
    for name, (unit, low, high) in SCHEMA.items():
        values = table[name]
        bad = ~values.between(low, high)
        if name in CLASSES:
            bad |= values % 1 != 0
        if not bad.any():
            continue
        row = bad.idxmax()
        cell = text.loc[row, name]
        if cell == "":
            problem = "is empty; fill it in or delete the row"
        elif np.isnan(values[row]):
            problem = f"is {cell!r}, which is not a number; give {name} as a number ({unit})"
        else:
            problem = f"is {cell}; {name} goes from {low} to {high} ({unit})"
        others = f" ({bad.sum()} such cells in this column.)" if bad.sum() > 1 else ""
        raise ValueError(f"{path.name}, row {row}, column {name!r} {problem}.{others}")


def _columns(names):
    return ", ".join(map(repr, names))
