"""Run the notebooks as on other processors: ``make test-processors``.

Each member runs every notebook in a setting of its own and says in one line how it went. What a
member printed stands in build/processors/. After ``--`` come pytest's own options, which the
Makefile gives.
"""

import argparse
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

LOGS = Path("build/processors")
NOTEBOOKS = Path("notebooks")
FAILED = re.compile(
    r"^(?:FAILED|ERROR) notebooks/(\d\d|\w+?)[_\w]*\.ipynb(?:(?:::ipynb)?::Cell (\d+))?", re.M
)


@dataclass
class Member:
    """One setting: variables of the environment, the cores, and what the processor must have."""

    env: dict = field(default_factory=dict)
    cores: int = 0
    flag: str = ""


MEMBERS = {
    "Haswell": Member({"OPENBLAS_CORETYPE": "Haswell"}, flag="avx2"),
    "SkylakeX": Member({"OPENBLAS_CORETYPE": "SkylakeX"}, flag="avx512f"),
    "Nehalem": Member({"OPENBLAS_CORETYPE": "Nehalem"}),
    "Zen": Member({"OPENBLAS_CORETYPE": "Zen"}, flag="avx2"),
    "SSE4_2": Member({"XLA_FLAGS": "--xla_cpu_max_isa=SSE4_2"}),
    "AVX2": Member({"XLA_FLAGS": "--xla_cpu_max_isa=AVX2"}, flag="avx2"),
    "AVX512": Member({"XLA_FLAGS": "--xla_cpu_max_isa=AVX512"}, flag="avx512f"),
    "one-core": Member(cores=1),
    "two-cores": Member(cores=2),
    "oneDNN": Member({"TF_ENABLE_ONEDNN_OPTS": "1"}),
    "no-oneDNN": Member({"TF_ENABLE_ONEDNN_OPTS": "0"}),
}


def processor_flags():
    """Return the instruction sets that Linux names for this processor, or None elsewhere."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return None
    return set(re.search(r"^flags\s*: (.*)$|\Z", text, re.M)[0].split())


def allowed_cores():
    """Return the numbers of the cores this process may use."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None


def missing(member):
    """Return why a member cannot run here, in words, or nothing."""
    flags, cores = processor_flags(), allowed_cores()
    if member.flag and flags is not None and member.flag not in flags:
        return f"this processor has no {member.flag}"
    if member.cores and cores is None:
        return "cores can be chosen on Linux only"
    if member.cores and len(cores) < member.cores:
        return f"this process may use {len(cores)} core(s) only"
    return ""


def command(member, paths, options):
    """Return how to run the notebooks: a process for each core there is, two at most."""
    workers = min(2, member.cores or os.cpu_count() or 1)
    pytest = [sys.executable, "-m", "pytest", *map(str, paths), *options, "-q", "-rfE"]
    return [*pytest, "-n", str(workers), "--dist", "loadfile"]


def environment(member):
    """Return the environment of a member; flags for XLA are added to those already set."""
    added = dict(member.env)
    if "XLA_FLAGS" in added:
        added["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {added['XLA_FLAGS']}".strip()
    return os.environ | added


def failing(text):
    """Return the cells that failed, by notebook, from what pytest printed.

    Examples
    --------
    >>> failing("FAILED notebooks/01_gradient_descent.ipynb::Cell 7 - differs")
    '01: cell 7'
    """
    cells = {}
    for notebook, cell in FAILED.findall(text):
        cells.setdefault(notebook, []).append(cell or "?")
    return "; ".join(f"{notebook}: cell {', '.join(found)}" for notebook, found in cells.items())


def run(name, member, paths, options):
    """Run one member; return whether it is green (or cannot run here), and say so in one line."""
    reason = missing(member)
    if reason:
        print(f"{name:<10} skipped: {reason}", flush=True)
        return True
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    start, cores = time.perf_counter(), allowed_cores()
    if member.cores:
        os.sched_setaffinity(0, cores[: member.cores])  # the processes it starts inherit this
    try:
        with log.open("w", encoding="utf-8") as stream:
            settings = {"env": environment(member), "stdout": stream, "stderr": stream}
            code = subprocess.run(command(member, paths, options), **settings).returncode
    finally:
        if member.cores:
            os.sched_setaffinity(0, cores)
    seconds = f"{time.perf_counter() - start:.0f} s"
    if code == 0:
        print(f"{name:<10} green ({seconds})", flush=True)
        return True
    cells = failing(log.read_text(encoding="utf-8"))
    print(f"{name:<10} red ({seconds}): {cells or f'pytest ended with {code}'}; {log}", flush=True)
    return False


def arguments(words):
    """Return what was asked for: members, notebooks, and the options of pytest after ``--``."""
    split = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(prog="tools.processors", description="Notebooks, elsewhere.")
    parser.add_argument("members", nargs="*", help=f"some of {', '.join(MEMBERS)}; none: all")
    parser.add_argument("--lessons", nargs="+", default=[""], help="such as 00 01; none: all")
    found = parser.parse_args(words[:split])
    unknown = [name for name in found.members if name not in MEMBERS]
    if unknown:
        parser.error(f"no member {', '.join(unknown)}; there are {', '.join(MEMBERS)}")
    paths = [path for start in found.lessons for path in sorted(NOTEBOOKS.glob(f"{start}*.ipynb"))]
    if not paths:
        parser.error(f"no notebook begins with {' or '.join(found.lessons)}")
    return found.members or list(MEMBERS), paths, words[split + 1 :]


def main(words):
    """Run the members asked for, all to the end; exit with 1 if any is red."""
    names, paths, options = arguments(words)
    green = [run(name, MEMBERS[name], paths, options) for name in names]
    sys.exit(0 if all(green) else 1)


if __name__ == "__main__":
    main(sys.argv[1:])
