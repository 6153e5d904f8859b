"""The content of the lessons: what each asks, in a folder of its own.

``lesson_NN/`` holds ``card.toml`` (notebook, title, question, minutes), ``exercises.py``,
``solutions/NN.N.md`` and ``quiz.json``. The code that works with them is `course_utils.grading`.
"""

from pathlib import Path

FOLDER = Path(__file__).parent


def lesson_files(name):
    """Return {number of the lesson: path} of every lesson that has a file of this name."""
    paths = sorted(FOLDER.glob(f"lesson_[0-9][0-9]/{name}"))
    return {path.parent.name.removeprefix("lesson_"): path for path in paths}
