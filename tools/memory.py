"""Measure how much memory each lesson's kernel takes at most: ``make memory``.

Each lesson is executed by a process of its own, which asks the system for the largest process that
it has waited for. A lesson that starts workers has more than its kernel: those are not added up.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from tools.guide import ready

ROOM = 1.2  # what to plan above the largest that was measured
ONE = """
import resource, sys
from pathlib import Path
from tools.execute import LessonError, execute
try:
    execute(Path(sys.argv[1]))
except LessonError as error:
    sys.exit(str(error))
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(peak * (1 if sys.platform == "darwin" else 1024))
"""


class MeasureError(Exception):
    """A lesson could not be measured; the message says why."""


def peak(path):
    """Return the highest memory, in bytes, of any process that executes a notebook."""
    done = subprocess.run([sys.executable, "-c", ONE, str(path)], capture_output=True, text=True)
    if done.returncode:
        raise MeasureError(done.stderr.strip() or f"{path} ended with status {done.returncode}.")
    return int(done.stdout.split()[-1])


def measure(notebooks, students):
    """Print the peak of each notebook, and what a class needs."""
    peaks = {}
    for path in notebooks:
        peaks[path.stem] = peak(path) / 1e9
        print(f"{path.stem}: {peaks[path.stem]:.2f} GB", flush=True)
    name = max(peaks, key=peaks.get)
    limit = ROOM * peaks[name]
    print(
        f"The largest is {name}. Plan {limit:.1f} GB for the kernel of a student, which is "
        f"{ROOM:g} times as much, and {students * limit:.0f} GB for {students} at once, beside "
        "JupyterLab itself."
    )


def main(arguments):
    """Measure the named lessons, or all."""
    parser = argparse.ArgumentParser(prog="make memory ARGS=…", description=__doc__)
    known = {card.number: Path("notebooks", f"{card.notebook}.ipynb") for card in ready()}
    parser.add_argument("lessons", nargs="*", help="numbers, such as 02; all, when not given")
    parser.add_argument("--students", type=int, default=20, help="at once (default: %(default)s)")
    given = parser.parse_args(arguments)
    if strange := [number for number in given.lessons if number not in known]:
        parser.error(f"there is no lesson {strange[0]}; give some of {' '.join(known)}")
    if given.students < 1:
        parser.error(f"--students is {given.students}; give at least 1")
    measure([known[number] for number in given.lessons or known], given.students)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except MeasureError as error:
        sys.exit(str(error))
