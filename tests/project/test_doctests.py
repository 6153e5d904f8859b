"""The examples in the docstrings of the package show what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

from course_utils.grading import exercises

ROOT = Path(__file__).parents[2]
EXAMPLES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in sorted((ROOT / "course_utils").rglob("*.py"))
    if ">>> " in path.read_text(encoding="utf-8")
]


def test_there_are_examples():
    assert len(EXAMPLES) > 10


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name, monkeypatch):
    monkeypatch.setattr(exercises, "hints_opened", exercises.Counter())
    module = importlib.import_module(name)
    failed, tried = doctest.testmod(module, optionflags=doctest.ELLIPSIS)
    assert tried
    assert not failed
