"""The progress bar of long work."""

import os
import sys

from tqdm.auto import tqdm

from course_utils.validation import as_flag

if sys.platform == "emscripten":
    tqdm.monitor_interval = 0  # its monitor is a thread, and a browser's Python has none


def progress_bar(total, unit, show=True):
    """Return a tqdm bar that appears after two seconds and leaves nothing behind.

    The environment variable ``COURSE_PROGRESS=off`` silences every bar.
    """
    quiet = not as_flag(show, "progress") or os.environ.get("COURSE_PROGRESS") == "off"
    return tqdm(total=total, unit=unit, disable=quiet, delay=2, leave=False, file=sys.stdout)
