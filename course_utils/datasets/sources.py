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
USE_BUNDLED = 'The bundled data need no file: source="bundled", or COURSE_DATA=bundled.'


def find_bmi(source=None):
    """Return the BMI file to read, and words for where it comes from.

    No real file may be shipped, so "auto" takes the bundled one, and ``COURSE_DATA=real`` falls
    back to it; ``load_bmi("real")`` without a real file is an error.
    """
    origin = "bundled, simulated"
    if _wanted(source) == "real":
        path = real_folder() / REAL_BMI
        if path.is_file():
            return path, f"real, {REAL_BMI}"
        if source is not None:
            raise FileNotFoundError(
                f"There is no {REAL_BMI} in the folder {shown(path.parent)!r}. The real BMI file "
                "has no licence, so the course neither ships nor downloads it; put your copy there "
                f"or set COURSE_DATA_DIR to its folder. {USE_BUNDLED}"
            )
        origin += "; no real file is there, and none can be shipped"
    return _bundled("bmi"), origin


def find_wine(source=None):
    """Return the wine files to read, red before white, and words for where they come from."""
    wanted = _wanted(source)
    if wanted == "bundled":
        return [_bundled("wine")], "bundled, simulated"
    folder = real_folder()
    missing = [name for name in REAL_WINE if not (folder / name).is_file()]
    if missing and wanted == "auto":
        return [_bundled("wine")], "bundled, simulated"
    if missing:
        raise FileNotFoundError(
            f"There is no {' and no '.join(missing)} in the folder {shown(folder)!r}; download the "
            f"real data with `make data`. {USE_BUNDLED}"
        )
    for name, expected in REAL_WINE.items():
        if (got := hashlib.sha256((folder / name).read_bytes()).hexdigest()) != expected:
            raise ValueError(
                f"{shown(folder / name)} is not the file of the UCI archive: its SHA-256 begins "
                f"with {got[:8]} instead of {expected[:8]}. Delete it and run `make data`. "
                f"{USE_BUNDLED}"
            )
    return [folder / name for name in REAL_WINE], "real, UCI"


def _wanted(source):
    """Return `source`, or where it is None what the environment variable COURSE_DATA says."""
    name = "source"
    if source is None:
        name, source = "the environment variable COURSE_DATA", os.environ.get("COURSE_DATA")
    return as_choice(source or "auto", name, ("auto", "real", "bundled"))


def _bundled(data):
    if not BUNDLED[data].is_file():
        raise FileNotFoundError(
            f"{shown(BUNDLED[data])} is missing from the course's folder; take it from the "
            "repository again, and install the course with `pip install -e .` so that it is found."
        )
    return BUNDLED[data]


def real_folder():
    """Return the folder of the real files, which COURSE_DATA_DIR names."""
    given = os.environ.get("COURSE_DATA_DIR") or "data/downloads"
    try:
        folder = PROJECT / Path(given).expanduser()
        if folder.is_dir() or not folder.exists():
            return folder
    except (OSError, RuntimeError, ValueError):  # too long a name, or nobody of the name in ~name
        pass
    raise ValueError(
        f"the environment variable COURSE_DATA_DIR is {given!r}, which is not the name of a "
        f"folder; give it one, or unset it. {USE_BUNDLED}"
    )


def shown(path):
    """Return `path` as a message shows it: from the project's folder on, or its last part."""
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name


def data_in_use():
    """Return three lines that tell which data the loaders read now, without loading them."""
    lines = []
    for name, find in (("BMI", find_bmi), ("Wine quality", find_wine)):
        try:
            lines.append(f"{name} data: {find()[1]}")
        except (OSError, ValueError) as error:
            lines.append(f"{name} data: none. {error}")
    folder = os.environ.get("COURSE_DATA_DIR")
    lines.append(
        f"COURSE_DATA: {os.environ.get('COURSE_DATA') or 'not set'}, "
        f"COURSE_DATA_DIR: {shown(PROJECT / folder) if folder else 'not set'}"
    )
    return "\n".join(lines)
