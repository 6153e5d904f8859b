"""The table that the benchmarks write: ``BENCHMARKS.md``, of a whole run in which all passed."""

import pytest

from experiments.store import machine

HEAD = """# What it costs

Ratios, each of two timings in one process; `make bench` measures them and writes this page.
Seconds would be those of one machine and one hour.

| what | measured | at least |
|---|---|---|
"""


@pytest.fixture(scope="session")
def measured(request, root):
    """Collect rows of (what, measured, least), and write them at the end."""
    rows = []
    yield lambda *row: rows.append(row)
    session = request.session
    modules = {item.path for item in session.items}
    if session.testsfailed or modules != set((root / "tests" / "benchmarks").glob("test_*.py")):
        return
    on = machine()
    versions = ", ".join(f"{name} {number}" for name, number in on["versions"].items())
    table = "".join(f"| {what} | {figure} | {least} |\n" for what, figure, least in rows)
    words = f"\nMeasured on {on['processor']}, {on['cores']} cores; {versions}.\n"
    (root / "BENCHMARKS.md").write_text(HEAD + table + words, encoding="utf-8")
