"""A learner's record: which exercises `check` has found right, in a file on this machine.

A step forward in an exercise is a line of its own, added in one write: two kernels may write at
once, and one that dies in the middle spoils its own line at most. No name, no answer and no time
stands in it, and nothing sends it anywhere. ``COURSE_RECORD=off`` keeps none; any other value is
the file to use.
"""

import json
import os
import re
import sys
from contextlib import suppress
from pathlib import Path

from IPython.display import display

from course_utils.grading.display import note

RANK = {"open": 0, "wrong": 1, "right": 2}  # a later state never undoes a better one
MOST_BYTES = 1_000_000  # a record has some kilobytes
_complaints = set()  # each is made once in a kernel


def record_file():
    """Return the file of the record, or None where none is kept."""
    wanted = os.environ.get("COURSE_RECORD")
    if wanted:
        return None if wanted == "off" else Path(wanted)
    if sys.platform == "emscripten":  # the only folder that a browser keeps is that of the lessons
        return Path("learning-record.jsonl")
    import platformdirs  # which the browser edition lacks

    return platformdirs.user_data_path("learning-rates") / "learning-record.jsonl"


def keep(exercise_id, state):
    """Add to the record what `check` has found, where that is a step forward."""
    path = record_file()
    try:
        if path and RANK[state] > RANK[read(path).get(exercise_id, "open")]:
            append(path, {exercise_id: state})
    except OSError as error:
        complaint = f"Your record cannot be kept in {path}: {error.strerror or error}."
        if complaint not in _complaints:
            _complaints.add(complaint)
            display(note("…", f"{complaint} `COURSE_RECORD` names another file, or `off`."))


def read(path):
    """Return {exercise: state}. A damaged file is set aside, and what is whole in it is kept."""
    if not path.exists():
        return {}
    states, damaged = parse(path)
    if damaged:
        number = 1
        while (aside := path.with_name(f"{path.stem}-damaged-{number}{path.suffix}")).exists():
            number += 1
        with suppress(FileNotFoundError):  # another kernel was faster
            os.replace(path, aside)  # first: what others add from now on goes into a new file
            append(path, states)
            told_of = f"{damaged} of your record {path} cannot be read. The file as it was is now"
            display(note("…", f"{told_of} {aside.name}; what could be read goes on."))
    return states


def parse(path):
    """Return {exercise: state} of a file, and in words how much of it cannot be read, or ""."""
    if path.stat().st_size > MOST_BYTES:
        return {}, f"More than {MOST_BYTES:,} bytes"
    states, damaged = {}, 0
    for line in filter(str.strip, path.read_text(encoding="utf-8", errors="replace").splitlines()):
        try:
            entry = json.loads(line)
            name, state = entry["exercise"], entry["state"]
            if not re.fullmatch(r"\d\d\.\d{1,2}", name) or RANK[state] == 0:
                raise ValueError
        except (ValueError, TypeError, KeyError, RecursionError):
            damaged += 1
        else:
            states[name] = max(state, states.get(name, "open"), key=RANK.get)
    return states, f"{damaged} line{'s' * (damaged > 1)}" if damaged else ""


def append(path, states):
    """Add states to a file in one write, after a line end: behind a half-written line, too."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps({"exercise": name, "state": state}) for name, state in states.items())
    with path.open("ab", buffering=0) as file:
        file.write("".join(f"\n{line}" for line in lines).encode())
