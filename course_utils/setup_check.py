"""The set-up check of lesson 00, and the report to send along when a result differs."""

import os
import platform
import re
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from course_utils.datasets.loaders import load_bmi, load_wine_quality
from course_utils.datasets.sources import data_in_use
from course_utils.runs import seeds

PACKAGES = (
    "numpy", "pandas", "scikit-learn", "matplotlib", "ipywidgets", "jupyterlab", "tensorflow",
    "keras",
)  # fmt: skip
NOT_IN_BROWSER = ("jupyterlab", "tensorflow", "keras")
MEMORY_GB = 1.2
ROOT = Path(__file__).resolve().parents[1]


def check_setup():
    """Print, in words, whether this machine is ready, and what to do about each thing that is not.

    Looks at Python, the packages and their tested versions, the data, the seed and the memory.

    Returns
    -------
    bool
        True if nothing stands in the way. A version that differs is said, but does not count.
    """
    findings = [_python(), *map(_package, _packages()), _data(), _seed(), _memory()]
    for fine, words in findings:
        print("✓" if fine else "✗", words)
    ready = all(fine for fine, _ in findings)
    print("\nReady." if ready else "\nNot ready: see the lines marked ✗.")
    return ready


def environment_report():
    """Print what to send along when "my result differs": versions, data source and seed."""
    print(f"{'machine':<14}{platform.system()} {platform.machine()}, {os.cpu_count()} cores")
    print(f"{'python':<14}{platform.python_version()}")
    for name in _packages():
        print(f"{name:<14}{_installed(name) or 'not installed'}")
    print(data_in_use())
    print(f"COURSE_SEED: {os.environ.get('COURSE_SEED', 'not set')}")


def _in_browser():
    return sys.platform == "emscripten"


def _packages():
    return [name for name in PACKAGES if not (_in_browser() and name in NOT_IN_BROWSER)]


def _python():
    words = f"Python {platform.python_version()}"
    if _in_browser():
        return True, f"{words} in the browser: the lessons without TensorFlow"
    if (3, 11) <= sys.version_info[:2] < (3, 14):
        return True, words
    advice = "the course needs 3.11, 3.12 or 3.13. Install one of them and run 'make lab' again."
    return False, f"{words}: {advice}"


def _package(name):
    here = _installed(name)
    tested = _tested_versions().get(name, here)
    if here is None and _in_browser():
        return False, f"{name} is not loaded: reload the page, with a network."
    if here is None:
        return False, f"{name} is not installed: run 'make setup', then restart the kernel."
    if tested == here:
        return True, f"{name} {here}"
    advice = "digits may differ; 'make setup' installs the tested one"
    return True, f"{name} {here} (tested with {tested}: {advice})"


def _installed(name):
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _tested_versions():
    lock = ROOT / "requirements.lock"
    text = lock.read_text(encoding="utf-8") if lock.is_file() else ""
    return dict(re.findall(r"^([\w.-]+)==([\w.]+)", text, re.MULTILINE))


def _data():
    try:
        load_bmi(verbose=False)
        load_wine_quality(verbose=False)
    except (OSError, ValueError) as error:
        return False, f"the data cannot be read: {error}"
    return True, "the data sets can be read"


def _seed():
    try:
        return True, f"seeds start at {seeds(1)[0]}"
    except ValueError as error:
        return False, str(error)


def _memory():
    if _in_browser():
        return True, "the browser gives memory as it is asked for"
    import psutil  # which no browser has

    free = psutil.virtual_memory().available / 1e9
    if free >= MEMORY_GB:
        return True, f"more than {MEMORY_GB} GB of memory are free"
    advice = "shut down other kernels (Kernel › Shut Down All Kernels) before you go on."
    return False, f"only {free:.1f} GB of memory are free: {advice}"
