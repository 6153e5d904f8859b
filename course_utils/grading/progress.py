"""The learner's record as it is shown, handed in and forgotten."""

import os
import tomllib
from pathlib import Path

from IPython.display import display

from course_utils import lessons
from course_utils.grading.display import Shown, note
from course_utils.grading.exercises import exercises
from course_utils.grading.record import RANK, append, parse, read, record_file
from course_utils.validation import as_flag, told


def my_progress(*, hand_in=None, reset=False):
    """Show which exercises you have done, and which of them `check` has found right.

    Parameters
    ----------
    hand_in : str or path, optional
        Also write the record into this file, for your teacher, such as ``"maria.jsonl"``. In it
        are the numbers of exercises and whether they are right, and nothing else.
    reset : bool, default=False
        Whether to forget the record afterwards.

    Raises
    ------
    TypeError, ValueError
        If the file cannot be written, or is there already and is no record.

    Examples
    --------
    >>> my_progress()
    00  Start here: ...
    """
    reset, path = as_flag(reset, "reset"), record_file()
    target = None if hand_in is None else writable(hand_in)
    if path is None and (target or reset):
        name = "hand_in" if target else "reset"
        raise ValueError(f"{name}: no record is kept here, for COURSE_RECORD is off. Unset it.")
    states = read(path) if path else {}
    lines = []
    for number, title, done in by_lesson(states):
        of = {kind: [name for name, state in done if state == kind] for kind in RANK}
        parts = [f"{number}  {title}: {len(of['right'])} of {len(done)} right"]
        parts += [f"not yet {', '.join(of['wrong'])}"] * bool(of["wrong"])
        parts += [f"open {', '.join(of['open'])}"] * bool(of["open"])
        lines.append(" · ".join(parts))
    lines.append(f"Kept on this machine only, in {path}." if path else "No record is kept here.")
    display(Shown("\n".join(lines)))
    if target:
        fresh = target.with_name(f".{target.name}.{os.getpid()}")
        append(fresh, dict(sorted(states.items())))
        os.replace(fresh, target)
        display(note("✓", f"Written to {target}: {len(states)} exercises that you have answered."))
    if reset:
        path.unlink(missing_ok=True)
        display(note("✓", "The record is empty now."))


def writable(name):
    """Return the path of a file to hand in, or refuse it in words."""
    if not isinstance(name, (str, os.PathLike)) or not str(name).strip():
        raise TypeError(f'hand_in is {told(name)}; give the name of a file, such as "maria.jsonl".')
    path = Path(name)
    if not path.parent.is_dir():
        raise ValueError(f"hand_in is {told(str(name))}, and there is no folder {path.parent}.")
    if path.is_dir() or (path.exists() and parse(path)[1]):
        raise ValueError(
            f"hand_in is {told(str(name))}: that is there, and no record. Name another."
        )
    return path


def by_lesson(states):
    """Return of each lesson with exercises its number, its title, and [(exercise, state)]."""
    found = {}
    for name in exercises():
        found.setdefault(name[:2], []).append((name, states.get(name, "open")))
    cards = lessons.lesson_files("card.toml")
    titles = {number: tomllib.loads(cards[number].read_text("utf-8"))["title"] for number in found}
    return [(number, titles[number].replace("`", ""), found[number]) for number in sorted(found)]
