"""The layers of the package: no import goes up or in a circle, or pays for TensorFlow."""

import ast
import re
import subprocess
import sys
from graphlib import TopologicalSorter

import pytest

import course_utils

PACKAGE = "course_utils"
LAYERS = {  # from the ground up: a package imports from its own layer and from those below it
    "checks": {"validation", "progress"},
    "ground": {"datasets", "quadratic", "runs", "sharpness"},
    "engine": {"training", "schedules"},
    "pictures": {"plotting"},
    "experiments": {"sweeps", "range_test", "model_selection"},
    "demos": {"demos", "setup_check"},
}
HEIGHT = {name: height for height, names in enumerate(LAYERS.values()) for name in names}
# Apart from the layers: what a lesson checks itself with, and what it asks.
APART = {
    # validation: the words of a refusal; runs: where the seeds of a claim come from
    "grading": {"grading", "lessons", "validation", "runs"},
    "lessons": {"lessons", "grading"},
    # its strategies run a range test, its report says what the exercises think of the way
    "capstone": {
        *("capstone", "lessons", "grading", "validation", "quadratic", "range_test", "plotting"),
    },
}

WITH_TENSORFLOW = {"range_test", "schedules", "model_selection", "sweeps"}  # behind some names

# What importing the package must leave as it was, and what it must not load.
QUIET_IMPORT = """
import sys
import matplotlib
before = matplotlib.rcParams.copy()
import course_utils
heavy = {"tensorflow", "keras", "sklearn", "scipy", "pandas", "matplotlib.pyplot"}
assert not heavy & set(sys.modules), f"the import loads {heavy & set(sys.modules)}"
assert dict(matplotlib.rcParams.copy()) == dict(before), "the import changes the look of figures"
"""


def modules(root):
    """Return the dotted name and the file of each module of the package."""
    found = {}
    for path in sorted((root / PACKAGE).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(name, path, names):
    """Return the modules of the package that a module imports, anywhere in its code."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base]).rstrip(".")
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in names else base)
    return found & set(names)


def package_of(name):
    """Return the package (or lone module) of course_utils that a module lies in, or None."""
    return name.split(".")[1] if "." in name else None


@pytest.fixture(scope="module")
def graph(root):
    found = modules(root)
    return {name: imports(name, path, found) for name, path in found.items()}


def test_every_package_has_a_layer(graph):
    packages = {package_of(name) for name in graph} - {None, *APART}
    assert packages <= set(HEIGHT), f"give {packages - set(HEIGHT)} a layer in this file"


def test_no_import_goes_up(graph):
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if (height := HEIGHT.get(package_of(name))) is not None
        and not HEIGHT.get(package_of(other), 99) <= height
    ]
    assert wrong == []


def test_no_import_goes_in_a_circle(graph):
    # A package that gathers its own modules is no step of a circle.
    inner = {
        name: {other for other in others if not name.startswith(f"{other}.")}
        for name, others in graph.items()
    }
    TopologicalSorter(inner).prepare()


def test_what_stands_apart_knows_only_what_it_may(graph):
    wrong = [
        f"{name} imports {other}"
        for name, others in graph.items()
        for other in others
        if (allowed := APART.get(package_of(name))) and package_of(other) not in allowed
    ]
    assert wrong == []


def test_import_is_quiet_and_light():
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", QUIET_IMPORT],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_dir_shows_every_public_name():
    assert set(course_utils.__all__) <= set(dir(course_utils))
    assert {"sweep", "compare_optimizers", "StackedGridSearchCV"} <= set(dir(course_utils))
    assert len(course_utils.__all__) == len(set(course_utils.__all__))


@pytest.mark.parametrize(
    ("module", "name"),
    [(module, names[0]) for module, names in course_utils._PUBLIC.items()],
)
def test_any_module_can_be_the_first(module, name):
    if module.partition(".")[0] in WITH_TENSORFLOW:
        pytest.importorskip("keras")
    command = [sys.executable, "-c", f"from course_utils import {name}"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (result.returncode, result.stderr) == (0, "")


def test_a_name_that_is_not_there():
    with pytest.raises(AttributeError, match="'course_utils' has no attribute 'swep'"):
        course_utils.swep  # noqa: B018


def test_readme_shows_every_public_name(root):
    text = (root / "README.md").read_text(encoding="utf-8")
    table = text.partition("| subject | names |")[2].partition("\n\n")[0]
    shown = re.findall(r"`(\w+)`", table)
    assert sorted(shown) == course_utils.__all__


def test_every_public_name_is_there():
    for name in course_utils.__all__:
        assert getattr(course_utils, name) is not None
