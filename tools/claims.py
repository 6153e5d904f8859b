"""Try every claim of the lessons under many starting seeds, on both data sets: ``make claims``.

Each setting (lesson, ``COURSE_SEED``, ``COURSE_DATA``) runs once, without pictures on the screen;
a claim that fails is noted and the lesson goes on. What is finished stays in ``build/claims`` and
is not run again while the lesson's code is the same; ``build/claims.md`` is the table.
"""

import argparse
import ast
import hashlib
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path

import nbformat
import numpy as np

FOLDER = Path("build/claims")
TABLE = Path("build/claims.md")
AT_ONCE = 5  # settings of one process: they share its compiled programs, and memory stays bounded
ORDERED = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def starting_seeds(n):
    """Return `n` starting seeds from all over the range that ``COURSE_SEED`` may have."""
    drawn = np.random.default_rng(0).integers(0, 4_000_000_000, size=n).tolist()
    return [0, 7, 4_000_000_000, *drawn][:n]


def code_of(path):
    """Return the source of each code cell of a notebook; that of a demo is empty."""
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    return ["" if "demo" in cell.metadata.get("tags", []) else cell.source for cell in cells]


def digest(path):
    """Return a name for the code of a lesson, so that an edited one is run again."""
    return hashlib.sha256("\n".join(code_of(path)).encode()).hexdigest()[:16]


# -- one lesson, in a process of its own ---------------------------------------------------------


class Margins(ast.NodeTransformer):
    """Let the comparisons behind a claim tell how far they are from their threshold.

    They stand in the second argument of ``claim``, or where a name used there is assigned.
    """

    def visit_Compare(self, node):
        self.generic_visit(node)
        if not all(type(op) in ORDERED for op in node.ops):
            return node
        names = ast.Constant(tuple(ORDERED[type(op)] for op in node.ops))
        values = ast.Tuple([node.left, *node.comparators], ast.Load())
        return ast.Call(ast.Name("__compare__", ast.Load()), [names, values], [])

    def visit_Subscript(self, node):
        return node  # a comparison in an index selects, and claims nothing


def assigns(node, names):
    """Tell whether an assignment gives a value to one of `names`."""
    return any(getattr(target, "id", None) in names for target in node.targets)


def watched(source):
    """Return the code of a cell with the comparisons behind its claims replaced."""
    tree = ast.parse(source)
    verdicts = [
        (call.args[1:2] or [k.value for k in call.keywords if k.arg == "holds"])[0]
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "claim"
    ]
    names = {n.id for verdict in verdicts for n in ast.walk(verdict) if isinstance(n, ast.Name)}
    local = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
    }
    margins = Margins()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim":
            node.args[1:2] = [margins.visit(verdict) for verdict in node.args[1:2]]
        elif isinstance(node, ast.Assign) and node not in local and assigns(node, names):
            node.value = margins.visit(node.value)
    return ast.fix_missing_locations(tree)


class Recorder:
    """Stands in for ``claim``: notes what it is told, and never stops a lesson."""

    def __init__(self, claim):
        self.claim, self.claims, self.margins = claim, [], []

    def compare(self, names, values):
        """Evaluate ``a < b`` (or a chain), and note the smallest share by which it is so."""
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
    error = None
    for number, source in enumerate(code_of(path), start=1):
        recorder.margins = []
        try:
            exec(compile(watched(source), f"{path.stem}, code cell {number}", "exec"), namespace)
        except Exception as caught:  # the table says so; other settings go on
            error = f"code cell {number}: {type(caught).__name__}: {caught}"
            break
        plt.close("all")
    return recorder.claims, error


def run_settings(path, data, starts):
    """Run a lesson once for each starting seed, and print a line of JSON for each."""
    out, path = sys.stdout, path.resolve()
    os.chdir(path.parent)
    sys.path.insert(0, str(path.parent))
    os.environ |= {"COURSE_DATA": data, "COURSE_PROGRESS": "off"}
    for start in starts:
        os.environ["COURSE_SEED"] = str(start)
        started = time.perf_counter()
        with open(os.devnull, "w") as nowhere, redirect_stdout(nowhere):
            claims, error = run_lesson(path)
        seconds = round(time.perf_counter() - started, 1)
        line = {"start": start, "seconds": seconds, "error": error, "claims": claims}
        print(json.dumps(line), file=out, flush=True)


# -- all settings, and the table -----------------------------------------------------------------


def kept_file(path, data):
    """Return the file that keeps what is finished of a lesson with its present code."""
    return FOLDER / f"{path.stem}-{data}-{digest(path)}.jsonl"


def finished(path, data):
    """Return {starting seed: what came of it} of the settings that are finished."""
    file = kept_file(path, data)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {line["start"]: line for line in map(json.loads, lines)}


def run_missing(path, data, starts):
    """Run some settings in a process of their own, and keep each as soon as it is finished."""
    command = [sys.executable, "-m", "tools.claims", str(path), "--data", data, "--here"]
    with (
        kept_file(path, data).open("a", encoding="utf-8") as kept,
        subprocess.Popen(
            [*command, "--starts", *map(str, starts)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process,
    ):
        for line in process.stdout:
            kept.write(line)
            kept.flush()
            result = json.loads(line)
            failed = sum(bool(each["failed"]) for each in result["claims"])
            words = result["error"] or (f"{failed} FAILED" if failed else "all hold")
            print(
                f"{path.stem} {data} {result['start']}: {words}, {result['seconds']} s", flush=True
            )
        if process.wait():
            print(f"{path.stem} {data}: the process died: {process.stderr.read()[-500:]}")


def table(paths, data_sets, starts):
    """Return the table as lines of Markdown, and whether every claim held in every setting."""
    lines = [
        "| lesson | claim | holds | fails for | least margin | median |",
        "|---|---|---|---|---|---|",
    ]
    good = True
    for path in paths:
        rows, errors = {}, []
        for data in data_sets:
            results = finished(path, data)
            errors += [f"{data} {s}: not run" for s in starts if s not in results]
            for start in (start for start in starts if start in results):
                if results[start]["error"]:
                    errors.append(f"{data} {start}: {results[start]['error']}")
                for each in results[start]["claims"]:
                    rows.setdefault(each["sentence"], []).append((f"{data} {start}", each))
        for sentence, tries in rows.items():
            failed = [f"{where} ({each['failed']})" for where, each in tries if each["failed"]]
            margins = [each["margin"] for _, each in tries if each["margin"] is not None]
            least, median = (
                (f"{np.min(margins):.1%}", f"{np.median(margins):.1%}")
                if margins
                else ("exact", "")
            )
            cells = [path.stem[:2], sentence, f"{len(tries) - len(failed)} of {len(tries)}"]
            cells += ["; ".join(failed), least, median]
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
            good &= not failed
        lines += [f"| {path.stem[:2]} | **{error[:300]}** | | | | |" for error in errors]
        good &= not errors
    return lines, good


def main():
    """Run what is missing of the settings asked for, and write the table."""
    parser = argparse.ArgumentParser(prog="make claims", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="01, 07 or a notebook's path; all, if none")
    parser.add_argument("--seeds", type=int, default=20, help="how many starting seeds")
    parser.add_argument("--starts", type=int, nargs="+", help="these starting seeds instead")
    parser.add_argument("--data", nargs="+", choices=["bundled", "real"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    paths = sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb"))
    if options.lessons:
        paths = [p for p in paths if str(p) in options.lessons or p.stem[:2] in options.lessons]
    if not paths:
        parser.error(f"no lesson is called {' or '.join(options.lessons)}; give 00, 01, …")
    starts = options.starts or starting_seeds(options.seeds)
    if options.here:
        return run_settings(paths[0], options.data[0], starts)

    from course_utils.datasets.sources import real_wine_files

    data_sets = options.data or ["bundled", *(["real"] if real_wine_files("auto") else [])]
    FOLDER.mkdir(parents=True, exist_ok=True)
    work = []
    for path in paths:
        for data in data_sets:
            missing = [start for start in starts if start not in finished(path, data)]
            work += [
                (path, data, missing[i : i + AT_ONCE]) for i in range(0, len(missing), AT_ONCE)
            ]
    with ThreadPoolExecutor(options.jobs) as pool:
        list(pool.map(lambda task: run_missing(*task), work))
    lines, good = table(paths, data_sets, starts)
    if data_sets == ["bundled"] and not options.data:
        lines.append(
            "\nThe real wine data are not here (`make data`), so only the bundled were tried."
        )
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print("\n".join(lines))
    print(f"{TABLE}: {'every claim held in every setting' if good else 'NOT every claim held'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
