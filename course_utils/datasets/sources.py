"""Which files the loaders read: the choice of the caller, the environment, and what is there."""

import hashlib
import os
from pathlib import Path

from course_utils.validation import as_choice

PROJECT = Path(__file__).resolve().parents[2]
BUNDLED = {
    "bmi": PROJECT / "data" / "bmi.csv",
    "wine": PROJECT / "data" / "wine_quality_simulated.csv",
}
REAL_BMI = "bmi_data.csv"
REAL_WINE = {  # file name: SHA-256
    "winequality-red.csv": "4a402cf041b025d4566d954c3b9ba8635a3a8a01e039005d97d6a710278cf05e",
    "winequality-white.csv": "76c3f809815c17c07212622f776311faeb31e87610d52c26d87d6e361b169836",
}
SOURCES = ("auto", "real", "bundled")
USE_BUNDLED = 'The bundled data need no file: source="bundled", or COURSE_DATA=bundled.'


def chosen_source(source=None):
    """Return `source`, or where it is None what the environment variable COURSE_DATA says."""
    name = "source"
    if source is None:
        name, source = "the environment variable COURSE_DATA", os.environ.get("COURSE_DATA")
    return as_choice(source or "auto", name, SOURCES)


def real_folder():
    """Return the folder of the real files; see COURSE_DATA_DIR in the package's docstring."""
    given = os.environ.get("COURSE_DATA_DIR") or "data/downloads"
    try:
        folder = PROJECT / Path(given).expanduser()
        usable = folder.is_dir() or not folder.exists()
    except (OSError, RuntimeError, ValueError):  # too long a name, or nobody of the name in ~name
        usable = False
    if not usable:
        raise ValueError(
            f"the environment variable COURSE_DATA_DIR is {given!r}, which is not the name of a "
            f"folder; give it one, or unset it. {USE_BUNDLED}"
        )
    return folder


def shown(path):
    """Return `path` as a message shows it: from the project's folder on, or its last part."""
    path = Path(path)
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name


def sha256(path):
    """Return the SHA-256 of a file in hexadecimal digits."""
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def bundled_file(data):
    """Return the path of the bundled file of `data`, which must be there."""
    if not BUNDLED[data].is_file():
        raise FileNotFoundError(
            f"{shown(BUNDLED[data])} is missing from the course's folder; take it from the "
            "repository again, and install the course with `pip install -e .` so that it is found."
        )
    return BUNDLED[data]


def real_bmi_file(source):
    """Return the path of the real BMI file, or None for the bundled one.

    No real file may be shipped (it has no licence), so ``COURSE_DATA=real`` falls back to the
    bundled data where the folder has none; asking for it by ``load_bmi("real")`` is an error.
    """
    if chosen_source(source) != "real":
        return None
    path = real_folder() / REAL_BMI
    if path.is_file():
        return path
    if source is None:
        return None
    raise FileNotFoundError(
        f"There is no {REAL_BMI} in the folder {shown(path.parent)!r}. The real BMI file has no "
        "licence, so the course neither ships nor downloads it; put your copy there or set "
        f"COURSE_DATA_DIR to its folder. {USE_BUNDLED}"
    )


def real_wine_files(source):
    """Return the paths of the real wine files, red and white, or None for the bundled one."""
    source = chosen_source(source)
    if source == "bundled":
        return None
    paths = [real_folder() / name for name in REAL_WINE]
    missing = [path.name for path in paths if not path.is_file()]
    if missing and source == "auto":
        return None
    if missing:
        raise FileNotFoundError(
            f"There is no {' and no '.join(missing)} in the folder {shown(real_folder())!r}; "
            f"download the real data with `make data`. {USE_BUNDLED}"
        )
    for path in paths:
        if (got := sha256(path)) != REAL_WINE[path.name]:
            raise ValueError(
                f"{shown(path)} is not the file of the UCI archive: its SHA-256 begins with "
                f"{got[:8]} instead of {REAL_WINE[path.name][:8]}. Delete it and run `make data`. "
                f"{USE_BUNDLED}"
            )
    return paths


def data_in_use():
    """Tell which data the loaders read now, without loading them.

    Returns
    -------
    str
        Three lines to print or to paste into a report: the BMI data, the wine data, the settings.

    Examples
    --------
    >>> from course_utils.datasets import data_in_use
    >>> for line in data_in_use().splitlines():
    ...     print(line.partition(":")[0])
    BMI data
    Wine quality data
    COURSE_DATA
    """
    lines = []
    for name, find, real in (
        ("BMI", real_bmi_file, "real"),
        ("Wine quality", real_wine_files, "real, UCI"),
    ):
        try:
            lines.append(f"{name} data: {real if find(None) else 'bundled, simulated'}")
        except (OSError, ValueError) as error:
            lines.append(f"{name} data: none. {error}")
    folder = os.environ.get("COURSE_DATA_DIR")
    lines.append(
        f"COURSE_DATA: {os.environ.get('COURSE_DATA') or 'not set'}, "
        f"COURSE_DATA_DIR: {shown(PROJECT / folder) if folder else 'not set'}"
    )
    return "\n".join(lines)
