"""`make check`: a test that would import TensorFlow is skipped, every other one runs."""

import subprocess
import sys

import pytest

TESTS = """
import pytest

def test_light():
    import course_utils

@pytest.mark.parametrize("name", ["tensorflow", "keras", "course_utils.training.keras_setup"])
def test_heavy(name):
    try:
        __import__(name)
    except Exception:
        pass  # nothing hides that TensorFlow was asked for

def test_nothing_is_loaded():
    import sys
    assert not {"tensorflow", "keras"} & set(sys.modules)
"""
HEAVY = "from course_utils.training.keras_setup import keras\n\ndef test_it():\n    assert 0\n"


@pytest.fixture
def outcome(root, tmp_path):
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_heavy.py").write_text(HEAVY)
    options = ["--without-tensorflow", "-q", "-p", "conftest", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-c", "pyproject.toml", *options, str(tmp_path)]
    settings = {"cwd": root, "capture_output": True, "text": True, "timeout": 120}
    return subprocess.run(command, **settings).stdout


def test_only_what_needs_tensorflow_is_skipped(outcome):
    assert "2 passed, 4 skipped" in outcome, outcome
    assert "needs TensorFlow" in outcome
