"""What every test shares: the seed and the data that the committed outputs were made with.

``--without-tensorflow`` skips each test at the moment it imports TensorFlow: see ``make check``.
"""

import os
import sys
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

# The notebooks' outputs: tests/helpers/nbval_by_meaning.py.
pytest_plugins = ["nbval_by_meaning"]

DEFAULTS = {
    "COURSE_SEED": "0",
    "COURSE_DATA": "bundled",
    "COURSE_PROGRESS": "off",
    "COURSE_RECORD": "off",
}

# Kernels that the tests start inherit these.
for name, value in DEFAULTS.items():
    os.environ[name] = os.environ.get(name) or value

# Compiled programs of the tests stay in this folder, not in the user's cache.
os.environ.setdefault("COURSE_PROGRAM_CACHE", str(Path(__file__).parent / "build" / "programs"))

# Only for this process: in the environment it would also silence the figures of notebooks.
matplotlib.use("agg")

# A slow machine is no defect: how long one example takes is not compared.
settings.register_profile("course", deadline=None)
settings.load_profile("course")


class SkipTensorFlow:
    """A finder of modules that skips the test, or the file of tests, which imports TensorFlow."""

    def find_spec(self, name, path=None, target=None):
        """Skip on TensorFlow and Keras; leave every other module to the other finders."""
        if name in ("tensorflow", "keras"):
            pytest.skip("needs TensorFlow", allow_module_level=True)


def pytest_addoption(parser):
    """Add the option of the fast tests."""
    words = "skip every test that imports TensorFlow, and so takes long"
    parser.addoption("--without-tensorflow", action="store_true", help=words)


def pytest_configure(config):
    """Put the finder first, before anything has imported TensorFlow."""
    if config.getoption("--without-tensorflow"):
        sys.meta_path.insert(0, SkipTensorFlow())


@pytest.fixture
def without_xla(request, monkeypatch):
    """Train without XLA, whose compiling takes most of a test's time, unless marked `compiled`."""
    from course_utils.training import cache
    from course_utils.training.program import Program

    if request.node.get_closest_marker("compiled") is None:
        monkeypatch.setattr(Program, "jit_compile", False)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="session")
def root():
    """Return the top folder of the repository."""
    return Path(__file__).parent
