"""The examples in docstrings run and give what they say; those that need Keras are elsewhere."""

import doctest
from importlib import import_module

import matplotlib.pyplot as plt
import pytest

import course_utils

PACKAGES = (
    "datasets",
    "quadratic",
    "plotting",
    "runs",
    "setup_check",
    "validation",
    "sweeps.sweep",
    "training.batches",
    "training.fit",
)


def modules(root):
    """Return the dotted names of the modules in these packages."""
    for package in PACKAGES:
        path = root / "course_utils" / package.replace(".", "/")
        files = path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")]
        for file in sorted(files):
            if file.name != "__main__.py":
                yield file.relative_to(root).with_suffix("").as_posix().replace("/", ".")


def test_examples_run(root, monkeypatch):
    monkeypatch.setenv("COURSE_SEED", "0")
    monkeypatch.setenv("COURSE_DATA", "bundled")
    names = [name.removesuffix(".__init__") for name in modules(root)]
    assert "course_utils.plotting.by_rate" in names
    results = {name: doctest.testmod(import_module(name)) for name in names}
    plt.close("all")
    assert {name: tried.failed for name, tried in results.items() if tried.failed} == {}
    assert sum(tried.attempted for tried in results.values()) > 20


@pytest.mark.parametrize(
    "name",
    ["load_bmi", "load_wine_quality", "plot_learning_curves", "plot_schedule", "plot_sweep",
     "run_status", "seeds", "sweep", "descend", "stability_limits"],
)  # fmt: skip
def test_functions_that_learners_call_have_an_example(name):
    finder = doctest.DocTestFinder(recurse=False)
    assert any(test.examples for test in finder.find(getattr(course_utils, name)))
