"""Execute the lessons in place, so that their outputs repeat exactly: ``make notebooks``."""

import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbconvert.filters import strip_ansi

from tools.page_frames import FOLDERS
from tools.readable import EXTENSION, python_path

NOTEBOOKS = Path("notebooks")
CELL_TIMEOUT = 600
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
WIDGET = "application/vnd.jupyter.widget-view+json"


class LessonError(Exception):
    """A lesson stopped; the message names the notebook, the cell and the error."""


def lessons(names=()):
    """Return the paths of the named notebooks, or of all."""
    paths = [Path(name) for name in names] or sorted(NOTEBOOKS.glob("*.ipynb"))
    if not paths:
        raise LessonError(f"There is no notebook in {NOTEBOOKS}/.")
    return paths


def execute(path, sharp=False, **env):
    """Run a notebook in its own folder; return it and the seconds of each code cell.

    Parameters
    ----------
    path : Path
        The notebook. The file stays as it is.
    sharp : bool
        Whether pictures have twice as many dots an inch, at the same size on a page.
    **env : str
        Environment variables for its kernel.

    Raises
    ------
    LessonError
        At the first cell that fails, shows a figure that cannot be read (`tools.readable`), takes
        too long or kills its kernel.
    """
    notebook = nbformat.read(path, as_version=4)
    numbers = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            numbers[index] = len(numbers) + 1
    started, seconds = {}, {}
    options = [EXTENSION]
    if FOLDERS in env:
        options.append("--ext=tools.page_frames")
    if sharp:
        options.append("--InlineBackend.figure_format=retina")

    def start(cell, cell_index):
        started[cell_index] = time.perf_counter()

    def done(cell, cell_index, execute_reply):
        seconds[numbers[cell_index]] = time.perf_counter() - started[cell_index]

    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name=KERNEL["name"],
        extra_arguments=["--log-level=ERROR", *options],
        resources={"metadata": {"path": str(path.parent)}},
        record_timing=False,
        coalesce_streams=True,
        store_widget_state=True,
        on_cell_execute=start,
        on_cell_executed=done,
    )
    try:
        usual = {
            "COURSE_PROGRESS": "off",
            "COURSE_RECORD": "off",
            "PYTHONPATH": python_path(),
        }
        client.execute(env=os.environ | usual | env)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        index = list(started)[-1]
        line = next(iter(notebook.cells[index].source.splitlines()), "")
        raise LessonError(
            f"{path}, code cell {numbers[index]}: {line}\n{describe(error)}"
        ) from error
    clean(notebook)
    return notebook, seconds


def describe(error):
    """Return what went wrong, in one line where the error has a name and a text."""
    if not isinstance(error, CellExecutionError):
        return str(error).splitlines()[0]
    if error.ename == "NoneType":  # it came while a result was shown: only the traceback tells
        return strip_ansi(str(error)).strip().splitlines()[-1]
    return f"{error.ename}: {error.evalue}"


def clean(notebook):
    """Drop what differs from run to run: widgets, times, versions of Python."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.kernelspec = nbformat.from_dict(KERNEL)
    notebook.metadata.language_info = nbformat.from_dict(LANGUAGE)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if without_widget(output)]


def without_widget(output):
    """Take the widget out of an output; return whether anything is left to show."""
    data = output.get("data", {})
    if data.pop(WIDGET, None) is None:
        return True
    data.pop("text/plain", None)  # `VBox(children=...`, its stand-in
    return bool(data)


def report(path, seconds, total):
    """Print how long a lesson took, and its slowest cell."""
    slowest = max(seconds, key=seconds.get, default=None)
    detail = f" (slowest: code cell {slowest}, {seconds[slowest]:.1f} s)" if slowest else ""
    print(f"{path.stem}: {total:.1f} s{detail}", flush=True)


def run_each(paths, sharp=False, **env):
    """Yield each path with its executed notebook, and report the seconds as it goes."""
    for path in paths:
        start = time.perf_counter()
        notebook, seconds = execute(path, sharp, **env)
        report(path, seconds, time.perf_counter() - start)
        yield path, notebook


def main(names):
    """Execute the named notebooks, or all, and write them back."""
    for path, notebook in run_each(lessons(names), COURSE_SEED="0", COURSE_DATA="bundled"):
        nbformat.write(notebook, path)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except LessonError as error:
        sys.exit(str(error))
