"""Run one lesson under some starting seeds, and record its claims: the worker of `tools.claims`.

Nothing is shown, and a claim that fails does not stop the lesson. Each claim comes with its margin:
the smallest share by which the comparisons behind it are so.
"""

import argparse
import ast
import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path

import nbformat
import numpy as np

ORDERED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def code_of(path):
    """Return the source of each code cell of a notebook; that of a demo is empty."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return ["" if "demo" in cell.metadata.get("tags", []) else cell.source for cell in cells]


class Margins(ast.NodeTransformer):
    """Replaces ``a < b`` by ``__compare__(("<",), (a, b))``."""

    def visit_Compare(self, node):
        self.generic_visit(node)
        if not all(type(op) in ORDERED for op in node.ops):
            return node
        names = ast.Constant(tuple(ORDERED[type(op)] for op in node.ops))
        values = ast.Tuple([node.left, *node.comparators], ast.Load())
        return ast.Call(ast.Name("__compare__", ast.Load()), [names, values], [])

    def visit_Subscript(self, node):
        return node  # a comparison in an index selects, and claims nothing

    def visit_Call(self, node):
        asks_for_a_place = getattr(node.func, "attr", "") in ("argmax", "argmin", "idxmax")
        return node if asks_for_a_place else self.generic_visit(node)


def assigns(node, names):
    """Tell whether an assignment gives a value to one of `names`."""
    return any(getattr(target, "id", None) in names for target in node.targets)


def watched(source):
    """Return the code of a cell with the comparisons behind its claims replaced.

    They stand in the second argument of ``claim``, or where a name used there is assigned, outside
    functions.
    """
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    claims = [n for n in nodes if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "claim"]
    verdicts = [
        (call.args[1:2] or [k.value for k in call.keywords if k.arg == "holds"])[0]
        for call in claims
    ]
    names = {n.id for verdict in verdicts for n in ast.walk(verdict) if isinstance(n, ast.Name)}
    functions = [node for node in nodes if isinstance(node, ast.FunctionDef)]
    local = {node for function in functions for node in ast.walk(function)}
    margins = Margins()
    for call in claims:
        call.args[1:2] = [margins.visit(verdict) for verdict in call.args[1:2]]
    for node in nodes:
        if isinstance(node, ast.Assign) and node not in local and assigns(node, names):
            node.value = margins.visit(node.value)
    return ast.fix_missing_locations(tree)


class Recorder:
    """Stands in for ``claim``: records what it is told, and never stops a lesson."""

    def __init__(self, claim):
        self.claim, self.claims, self.margins = claim, [], []

    def compare(self, names, values):
        """Evaluate ``a < b`` (or a chain), and record the smallest share by which it is so."""
        holds = True
        for name, left, right in zip(names, values, values[1:], strict=False):
            low, high = (left, right) if name[0] == "<" else (right, left)
            holds = holds & (low < high if len(name) == 1 else low <= high)
            size = np.maximum(np.abs(low), np.abs(high)) + 1e-300
            self.margins += np.ravel((high - low) / size).tolist()
        return holds

    def __call__(self, sentence, holds, evidence=None, at_least=None, of="seeds"):
        message = ""
        try:
            self.claim(sentence, holds, evidence, at_least, of)
        except AssertionError as error:
            message = str(error).splitlines()[1]
        margins = sorted(m for m in self.margins if np.isfinite(m))
        if at_least is not None and len(margins) == np.size(holds):
            margins = margins[len(margins) - at_least :]
        margin = margins[0] if margins else None
        self.claims.append({"sentence": sentence, "failed": message, "margin": margin})
        self.margins = []


def run_lesson(path):
    """Run the code cells of a lesson in this process; return its claims, and an error or None."""
    import matplotlib
    import matplotlib.pyplot as plt

    import course_utils
    from course_utils.grading import claim

    matplotlib.use("agg")
    course_utils.claim = recorder = Recorder(claim)
    namespace = {"__name__": "__main__", "__compare__": recorder.compare, "display": lambda *_: 0}
    for number, source in enumerate(code_of(path), start=1):
        recorder.margins = []
        try:
            exec(compile(watched(source), f"{path.stem}, code cell {number}", "exec"), namespace)
        except Exception as error:  # the table says so; other settings go on
            return recorder.claims, f"code cell {number}: {type(error).__name__}: {error}"
        plt.close("all")
    return recorder.claims, None


def main():
    """Run a lesson once for each starting seed, and print a line of JSON for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path)
    parser.add_argument("data", choices=["bundled", "real"])
    parser.add_argument("starts", type=int, nargs="+", metavar="starting seed")
    options = parser.parse_args()
    out, path = sys.stdout, options.path.resolve()
    os.chdir(path.parent)
    sys.path.insert(0, str(path.parent))
    os.environ |= {"COURSE_DATA": options.data, "COURSE_PROGRESS": "off"}
    for start in options.starts:
        os.environ["COURSE_SEED"] = str(start)
        started = time.perf_counter()
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            claims, error = run_lesson(path)
        seconds = round(time.perf_counter() - started, 1)
        line = {"start": start, "seconds": seconds, "error": error, "claims": claims}
        print(json.dumps(line), file=out, flush=True)


if __name__ == "__main__":
    main()
