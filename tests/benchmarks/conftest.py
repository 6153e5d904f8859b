"""The table that the benchmarks write: ``BENCHMARKS.md``, once every module of them has passed."""

import pytest

from experiments.store import load_record, machine, save_record

HEAD = """# What it costs

Ratios, each of two timings in one process, and the growth of memory; `make bench` measures them and
writes this page. Seconds would be those of one machine and one hour.

| what | measured | bound |
|---|---|---|
"""


@pytest.fixture(scope="module")
def measured(request, root):
    """Collect a module's rows of (what, measured, bound); they are kept if all of it passed."""
    kept = root / "build" / "benchmarks" / f"{request.path.stem}.json"
    kept.unlink(missing_ok=True)
    rows = []
    yield lambda *row: rows.append(row)
    config = request.config
    partly = config.option.keyword or any("::" in argument for argument in config.args)
    if not request.session.testsfailed and not partly:
        save_record(kept, {"rows": rows})
        write_page(root, kept.parent)


def write_page(root, folder):
    """Write the rows of all modules, if each has some and all are of one machine."""
    modules = sorted((root / "tests" / "benchmarks").glob("test_*.py"))
    records = [load_record(folder / f"{module.stem}.json") for module in modules]
    on = machine()
    if not all(record and on.items() <= record.items() for record in records):
        return
    rows = [row for record in records for row in record["rows"]]
    table = "".join(f"| {' | '.join(row)} |\n" for row in rows).replace(" ×", "\N{NO-BREAK SPACE}×")
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    words = f"\nMeasured on {on['processor']}, {on['cores']} cores; {versions}.\n"
    (root / "BENCHMARKS.md").write_text(HEAD + table + words, encoding="utf-8")
