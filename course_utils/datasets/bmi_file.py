"""Reads a CSV file of the BMI data, and says exactly what is wrong with a bad one."""

import csv
from os import PathLike
from pathlib import Path

import pandas as pd

from course_utils.validation import told

# Column: (unit, smallest and largest value allowed). The order of a file's columns is free.
SCHEMA = {
    "Height": ("cm", 50, 300),
    "Weight": ("kg", 2, 700),
    "Index": ("class, a whole number", 0, 5),
    "Gender": ("0 or 1", 0, 1),
}


def read_bmi(path):
    """Return the file as a DataFrame with the columns of `SCHEMA`, all cells checked.

    Messages count rows as a spreadsheet does: the header is row 1.
    """
    if not isinstance(path, (str, PathLike)):
        raise TypeError(f"path is {told(path)}; give the name of a CSV file.")
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"There is no file {str(path)!r}; check the name and the folder.")
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file)]
    except (UnicodeDecodeError, csv.Error):
        problem = "is not a text file in UTF-8; save it as 'CSV UTF-8' and try again."
        raise ValueError(f"{path.name} {problem}") from None
    while rows and not any(rows[-1]):
        rows.pop()
    if problem := _shape_problem(rows):
        raise ValueError(f"{path.name} {problem}")
    cells = pd.DataFrame(rows[1:], columns=rows[0], index=range(2, len(rows) + 1))[[*SCHEMA]]
    numbers = cells.apply(pd.to_numeric, errors="coerce").astype(float)
    for name in SCHEMA:
        if problem := _cell_problem(name, cells[name], numbers[name]):
            raise ValueError(f"{path.name}, {problem}")
    whole = [name for name in SCHEMA if (numbers[name] % 1 == 0).all()]
    return numbers.astype(dict.fromkeys(whole, int)).reset_index(drop=True)


def _shape_problem(rows):
    """Return what is wrong with the header or the length of a row, or None."""
    wanted = ", ".join(map(repr, SCHEMA))
    if not rows:
        return f"is empty; it needs a header with {wanted}."
    header = rows[0]
    found = {
        "lacks": [name for name in SCHEMA if name not in header],
        "also has": [name for name in header if name not in SCHEMA],
        "repeats": [name for name in SCHEMA if header.count(name) > 1],
    }
    found = [f"{verb} {', '.join(map(repr, names))}" for verb, names in found.items() if names]
    if found:
        found = " and ".join(found)
        return f"{found}; it must have the columns {wanted}, in any order, separated by commas."
    if len(rows) == 1:
        return "has a header and no rows; it needs a row per person."
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            got = f"row {number} has {len(row)} cells and the header has {len(header)}"
            return f"{got}; give each row one cell per column."
    return None


def _cell_problem(name, cells, numbers):
    """Return what is wrong with the first bad cell of a column, or None."""
    unit, low, high = SCHEMA[name]
    bad = ~numbers.between(low, high)
    if name in ("Index", "Gender"):
        bad |= numbers % 1 != 0
    if not bad.any():
        return None
    row = bad.idxmax()
    if cells[row] == "":
        problem = "is empty; fill it in or delete the row"
    elif pd.isna(numbers[row]):
        problem = f"is {cells[row]!r}, which is not a number; give {name} as a number ({unit})"
    else:
        problem = f"is {cells[row]}; {name} goes from {low} to {high} ({unit})"
    others = f" ({bad.sum()} such cells in this column.)" if bad.sum() > 1 else ""
    return f"row {row}, column {name!r} {problem}.{others}"
