"""A pytest plugin: nbval compares the outputs of a notebook by meaning, not word for word.

nbval can only blank out parts of an output by patterns, and then compares the rest character by
character. So every cell that it collects gets another `compare_outputs`: the method that its
`runtest` asks whether fresh and stored outputs agree.

Pictures are not compared. Instead each kernel looks at what it shows (`tools.readable`), and a cell
with a picture that cannot be read fails; but not where labels may stand elsewhere, with
``--nbval-lax`` for other seeds and data.
"""

import os
import sys
from collections import defaultdict
from functools import partial
from itertools import zip_longest
from pathlib import Path

from meaning import difference
from nbval import kernel
from nbval.plugin import IPyNbCell


def pytest_configure(config):
    if config.getoption("nbval", False):
        sys.path.append(str(Path(__file__).parents[2]))
        from tools.readable import EXTENSION, python_path

        kernel.start_new_kernel = partial(
            kernel.start_new_kernel,
            extra_arguments=[EXTENSION],
            env=os.environ | {"PYTHONPATH": python_path()},
        )


def pytest_itemcollected(item):
    if isinstance(item, IPyNbCell):
        item.compare_outputs = partial(compare_outputs, item)


def compare_outputs(cell, computed, stored):
    """Return whether two lists of outputs agree; leave the differences where nbval looks."""
    computed, stored = (fields(outputs, cell.parent.skip_compare) for outputs in (computed, stored))
    found = []
    for key in [*stored, *(key for key in computed if key not in stored)]:
        for old, new in zip_longest(stored[key], computed[key]):
            what = contrast(old, new, html=key == "text/html")
            if what is not None:
                found.append(f"{key}, {what}")
    if found:
        found.insert(0, f"{cell.parent.path.name}, code cell {cell.cell_num + 1}, counted from 1:")
    cell.comparison_traceback = found
    return not found


def fields(outputs, skipped):
    """Return the values of each kind of output, in their order: streams by name, data by type."""
    found = defaultdict(list)
    for output in outputs:
        if output["output_type"] == "stream":
            parts = {output["name"]: output["text"]}
        else:
            parts = {**output, **output.get("data", {})}
            parts.pop("data", None)
        for key, value in parts.items():
            if key not in skipped:
                found[key].append(value)
    return found


def contrast(old, new, html):
    """Return in words how two values differ, or None."""
    if isinstance(old, str) and isinstance(new, str):
        return difference(old, new, html)
    if old == new:
        return None
    if new is None:
        return f"this output is stored, and nothing is computed: {old}"
    if old is None:
        return f"this output is new, and nothing is stored: {new}"
    return f"{old} is stored, {new} computed"
