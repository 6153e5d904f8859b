"""What every test shares: the seed and the data that the committed outputs were made with."""

import os
from pathlib import Path

import matplotlib
import pytest

# The notebooks' outputs: tests/helpers/nbval_by_meaning.py.
pytest_plugins = ["nbval_by_meaning"]

DEFAULTS = {"COURSE_SEED": "0", "COURSE_DATA": "bundled", "COURSE_PROGRESS": "off"}

# Kernels that the tests start inherit these.
for name, value in DEFAULTS.items():
    os.environ[name] = os.environ.get(name) or value

# Only for this process: in the environment it would also silence the figures of notebooks.
matplotlib.use("agg")


@pytest.fixture(scope="session")
def root():
    """Return the top folder of the repository."""
    return Path(__file__).parent
