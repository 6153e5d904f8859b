"""The experiments as they are told: run once, kept until their code or the versions change."""

import re
from importlib import import_module
from pathlib import Path

import pandas as pd

from course_utils.datasets.sources import find_bmi, find_wine
from course_utils.runs import seeds
from experiments import store
from experiments.timing import timed

HERE = Path(__file__).with_name("as_told")


def file_as_told(kind, source):
    """Return the one CSV file that a tutorial reads, as a DataFrame; None where data are made."""
    if kind == "bmi":
        return pd.read_csv(find_bmi(source)[0])
    if kind != "wine":
        return None
    files, _ = find_wine(source)
    if len(files) == 1:
        return pd.read_csv(files[0])
    red, white = (pd.read_csv(path, sep=";") for path in files)
    return pd.concat([white.assign(type="white"), red.assign(type="red")], ignore_index=True)


def files_of(module):
    """Return the file of an experiment as told, and those that it imports from beside it."""
    path = HERE / f"{module}.py"
    text = path.read_text(encoding="utf-8")
    others = re.findall(r"^from experiments\.as_told\.(\w+) import", text, re.MULTILINE)
    return [path, *(HERE / f"{name}.py" for name in others)]


def as_told(module, name, kind, source, short=False, fresh=False):
    """Return the record of an experiment as told, with one seed; from the file if it is there.

    Parameters
    ----------
    module : str
        Of ``experiments/as_told``.
    name, kind, source : str
        The experiment, its data set (``"bmi"``, ``"wine"``, ``"made"``) and where that is from.
    short : bool
        A tenth of the length.
    fresh : bool
        Run it again, whatever is kept.

    Returns
    -------
    dict
        ``table``, ``seconds``, and what `store.save_record` adds; ``kept`` tells whether it was
        read from the file.
    """
    path = store.path_of("as_told", name, source, short)
    key = store.code_of(*files_of(module))
    kept = store.load_record(path)
    versions = store.machine()["versions"]
    if kept and not fresh and (kept["key"], kept["versions"]) == (key, versions):
        return {**kept, "table": store.table_from_json(kept["table"]), "kept": True}
    data, run = file_as_told(kind, source), import_module(f"experiments.as_told.{module}").run
    table, seconds = timed(run, data, seeds(1)[0], short)
    table = store.table_to_json(table)
    store.save_record(path, {"key": key, "table": table, "seconds": seconds.to_json()})
    kept = store.load_record(path)
    return {**kept, "table": store.table_from_json(kept["table"]), "kept": False}
