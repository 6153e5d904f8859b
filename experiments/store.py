"""What an experiment has given, kept in files: so an interrupt loses nothing that is finished."""

import ast
import hashlib
import json
import os
import platform
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from course_utils.runs import seeds

ROOT = Path(__file__).resolve().parents[1]
FOLDER = Path("build/experiments")
FORMAT = 1  # of what is kept; records of another are taken as not there
PACKAGES = ("scikit-learn", "tensorflow", "keras", "numpy", "pandas", "optuna")


@cache
def machine():
    """Return the processor and the versions, which decide what a number of seconds means."""
    versions = {"Python": platform.python_version()} | {name: version(name) for name in PACKAGES}
    return {"processor": processor(), "cores": os.cpu_count(), "versions": versions}


def processor():
    """Return the name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def path_of(kind, name, data, short):
    """Return the file that keeps the results of an experiment, of a data set and a seed."""
    words = [name.replace("'", "_prime"), data, f"seed{seeds(1)[0]}", *["short"] * short]
    return FOLDER / kind / ("-".join(words) + ".json")


def save(path, content):
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(path.name + ".part")
    beside.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    os.replace(beside, path)


def save_record(path, record):
    """Write a dict of what JSON can hold, with the machine and the time."""
    stamped = {
        "format": FORMAT,
        **record,
        **machine(),
        "at": datetime.now().astimezone().isoformat("T", "minutes"),
    }
    save(path, json.dumps(stamped, ensure_ascii=False))


def load_record(path):
    """Return what a file keeps, or None if it is not there, cut short, or of another format."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if record.get("format") == FORMAT else None


def code_of(*paths):
    """Return a fingerprint of the code in files, whatever its comments and its layout."""
    trees = [ast.dump(ast.parse(path.read_text(encoding="utf-8"))) for path in paths]
    return hashlib.sha256("".join(trees).encode()).hexdigest()[:16]


def table_to_json(table):
    """Return a DataFrame as text that JSON holds; cells that are tuples become words."""
    words = table.map(lambda cell: str(cell) if isinstance(cell, tuple) else cell)
    return json.loads(words.to_json(orient="split", double_precision=15))


def table_from_json(content):
    """Return the DataFrame again; a number that was infinite or nan is nan."""
    return pd.DataFrame(**content)


def age(stamp):
    """Return in words how long ago a time stamp was made."""
    past = datetime.now().astimezone() - datetime.fromisoformat(stamp)
    days, minutes = past.days, int(past.total_seconds() // 60)
    if days > 1:
        return f"{days} days ago"
    return f"{minutes // 60} hours ago" if minutes >= 120 else f"{max(minutes, 0)} minutes ago"
