"""Write ``environment.yml``, for Binder and conda, from ``requirements.lock``: see ``make lock``.

Its pip section pins what the course needs to run on Linux: the dependencies in ``pyproject.toml``
and, in turn, theirs, as the installed packages name them. The tools of the tests are left out.
"""

import tomllib
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

LOCK = Path("requirements.lock")
ENVIRONMENT = Path("environment.yml")
PYTHON = "3.12"
BINDER = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": f"{PYTHON}.0",
    "python_version": PYTHON,
    "sys_platform": "linux",
}


def applies(requirement, extra=""):
    """Return whether a requirement counts on Binder."""
    return requirement.marker is None or requirement.marker.evaluate(BINDER | {"extra": extra})


def locked(text):
    """Return the name and version of each package that a lock pins for Binder."""
    lines = (line.removesuffix("\\") for line in text.splitlines())
    pins = [Requirement(line) for line in lines if line.strip() and not line.startswith((" ", "#"))]
    return {
        canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
        for pin in pins
        if applies(pin)
    }


def dependencies(name, extras=()):
    """Return what an installed package needs on Binder."""
    needs = [Requirement(text) for text in requires(name) or []]
    return [need for need in needs if any(applies(need, extra) for extra in ("", *extras))]


def runtime():
    """Return the direct dependencies of the course."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [Requirement(text) for text in project["dependencies"]]


def closure(needs):
    """Return the names of the needed packages, and of all that they need in turn."""
    seen, names, todo = set(), set(), list(needs)
    while todo:
        need = todo.pop()
        name = canonicalize_name(need.name)
        key = (name, *sorted(need.extras))
        if key not in seen:
            seen.add(key)
            names.add(name)
            todo += dependencies(name, need.extras)
    return names


def render():
    """Return the text of the environment file."""
    pins = locked(LOCK.read_text(encoding="utf-8"))
    lines = [f"      - {name}=={pins[name]}" for name in sorted(closure(runtime()))]
    return "\n".join(
        [
            "# For Binder and conda. Written from requirements.lock by `make lock`.",
            "name: learning-rates",
            "channels:",
            "  - conda-forge",
            "dependencies:",
            f"  - python={PYTHON}",
            "  - pip",
            "  - pip:",
            *lines,
            "",
        ]
    )


if __name__ == "__main__":
    ENVIRONMENT.write_text(render(), encoding="utf-8")
