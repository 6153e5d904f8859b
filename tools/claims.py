"""Try every claim of the lessons under many starting seeds, on both data sets: ``make claims``.

Each setting (lesson, ``COURSE_SEED``, ``COURSE_DATA``) runs once, by `tools.lesson_claims`. What is
finished stays in ``build/claims`` and is not run again while the lesson's code is the same;
``build/claims.md`` is the table.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from tools.lesson_claims import code_of

FOLDER = Path("build/claims")
TABLE = Path("build/claims.md")
AT_ONCE = 5  # settings of one process: they share its compiled programs, and memory stays bounded
# Processes side by side keep the cores busy; threads within each would get in each other's way.
ONE_THREAD = {
    f"{library}_THREADS": "1"
    for library in ["OMP_NUM", "OPENBLAS_NUM", "TF_NUM_INTRAOP", "TF_NUM_INTEROP"]
}


def starting_seeds(n):
    """Return `n` starting seeds from all over the range that ``COURSE_SEED`` may have."""
    drawn = np.random.default_rng(0).integers(0, 4_000_000_000, size=n).tolist()
    return [0, 7, 4_000_000_000, *drawn][:n]


def kept_file(path, data):
    """Return the file that keeps what is finished of a lesson with its present code."""
    digest = hashlib.sha256("\n".join(code_of(path)).encode()).hexdigest()[:16]
    return FOLDER / f"{path.stem}-{data}-{digest}.jsonl"


def finished(path, data):
    """Return {starting seed: what came of it} of the settings that are finished."""
    file = kept_file(path, data)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {line["start"]: line for line in map(json.loads, lines)}


def run_missing(path, data, starts):
    """Run some settings in a process of their own, and keep each as soon as it is finished."""
    command = [sys.executable, "-m", "tools.lesson_claims", str(path), data, *map(str, starts)]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    options["env"] = os.environ | ONE_THREAD
    with (
        kept_file(path, data).open("a", encoding="utf-8") as kept,
        subprocess.Popen(command, **options) as process,
    ):
        for line in process.stdout:
            kept.write(line)
            kept.flush()
            result = json.loads(line)
            failed = sum(bool(each["failed"]) for each in result["claims"])
            words = result["error"] or (f"{failed} FAILED" if failed else "all hold")
            setting = f"{path.stem} {data} {result['start']}"
            print(f"{setting}: {words}, {result['seconds']} s", flush=True)
        if process.wait():
            print(f"{path.stem} {data}: the process died: {process.stderr.read()[-500:]}")


def run_all(paths, data_sets, starts, jobs):
    """Run what is not finished, `jobs` processes at a time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    work = []
    for path in paths:
        for data in data_sets:
            missing = [start for start in starts if start not in finished(path, data)]
            work += [
                (path, data, missing[i : i + AT_ONCE]) for i in range(0, len(missing), AT_ONCE)
            ]
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(lambda task: run_missing(*task), work))


def rows(path, data_sets, starts):
    """Return the rows of a lesson in the table, and whether all is well."""
    tries, errors = {}, []
    for data in data_sets:
        results = finished(path, data)
        for start in starts:
            result = results.get(start, {"error": "not run", "claims": []})
            if result["error"]:
                errors.append(f"{data} {start}: {result['error']}")
            for each in result["claims"]:
                tries.setdefault(each["sentence"], []).append((f"{data} {start}", each))
    lines, good = [], not errors
    for sentence, found in tries.items():
        failed = [f"{where} ({each['failed']})" for where, each in found if each["failed"]]
        margins = [each["margin"] for _, each in found if each["margin"] is not None]
        sizes = (
            [f"{np.min(margins):.1%}", f"{np.median(margins):.1%}"] if margins else ["exact", ""]
        )
        count = f"{len(found) - len(failed)} of {len(found)}"
        lines.append([path.stem[:2], sentence, count, "; ".join(failed), *sizes])
        good &= not failed
    lines += [[path.stem[:2], f"**{error[:300]}**", "", "", "", ""] for error in errors]
    return lines, good


def table(paths, data_sets, starts):
    """Return the table as lines of Markdown, and whether every claim held in every setting."""
    head = ["lesson", "claim", "holds", "fails for", "least margin", "median"]
    lines, good = [head, ["---"] * len(head)], True
    for path in paths:
        more, well = rows(path, data_sets, starts)
        lines += more
        good &= well
    escaped = [[cell.replace("|", "\\|") for cell in line] for line in lines]
    return [f"| {' | '.join(line)} |" for line in escaped], good


def main():
    """Run what is missing of the settings asked for, and write the table."""
    parser = argparse.ArgumentParser(prog="make claims", description=__doc__)
    parser.add_argument("lessons", nargs="*", help="01, 07 or a notebook's path; all, if none")
    parser.add_argument("--seeds", type=int, default=20, help="how many starting seeds")
    parser.add_argument("--starts", type=int, nargs="+", help="these starting seeds instead")
    parser.add_argument("--data", nargs="+", choices=["bundled", "real"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    paths = sorted(Path("notebooks").glob("[0-9][0-9]_*.ipynb"))
    if options.lessons:
        paths = [p for p in paths if str(p) in options.lessons or p.stem[:2] in options.lessons]
    if not paths:
        parser.error(f"no lesson is called {' or '.join(options.lessons)}; give 00, 01, …")
    starts = options.starts or starting_seeds(options.seeds)

    from course_utils.datasets.sources import find_wine

    real = find_wine("auto")[1].startswith("real")
    data_sets = options.data or (["bundled", "real"] if real else ["bundled"])
    run_all(paths, data_sets, starts, options.jobs)
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
