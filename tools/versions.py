"""Make an environment of the oldest or the newest versions that ``pyproject.toml`` allows.

``python -m tools.versions oldest python3.11 …`` makes build/env-oldest with the first Python named
that has the right version: see ``make test-oldest`` and ``make test-newest``.
"""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

PYTHONS = {"oldest": "3.11", "newest": "3.13"}
WHO = "import sys; print('{}.{}'.format(*sys.version_info), sys.executable)"


class VersionsError(Exception):
    """The environment cannot be made; the message says why, and what to do."""


def oldest(needs):
    """Return direct dependencies at their lower bounds; theirs are free.

    Parameters
    ----------
    needs : list of str
        Requirements as in ``pyproject.toml``, each with one ``>=``.

    Raises
    ------
    VersionsError
        For a requirement without a lower bound.

    Examples
    --------
    >>> oldest(["numpy>=2.1", "coverage[toml]>=7,<8"])
    ['numpy==2.1', 'coverage[toml]==7']
    """
    pins = []
    for need in map(Requirement, needs):
        bounds = [bound.version for bound in need.specifier if bound.operator == ">="]
        if len(bounds) != 1:
            raise VersionsError(f"pyproject.toml: '{need}' needs one lower bound (>=).")
        extras = f"[{','.join(sorted(need.extras))}]" if need.extras else ""
        marker = f" ; {need.marker}" if need.marker else ""
        pins.append(f"{need.name}{extras}=={bounds[0]}{marker}")
    return pins


def requirements(end):
    """Return what to install: every direct dependency, those of the tests too."""
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = project["dependencies"] + project["optional-dependencies"]["test"]
    return oldest(needs) if end == "oldest" else needs


def find_python(version, names):
    """Return the path of the first of the named Pythons that has the version."""
    pyenv = os.environ | {"PYENV_VERSION": version}  # else its commands know one version only
    for name in names:
        try:
            found = subprocess.run([name, "-c", WHO], capture_output=True, text=True, env=pyenv)
        except OSError:
            continue
        its, _, path = found.stdout.strip().partition(" ")
        if its == version:
            return path
    raise VersionsError(
        f"No Python {version} among: {' '.join(names)}. Install one, or name it: "
        f"PYTHON=/path/to/python{version}"
    )


def install(python, needs):
    """Install the course, and what it needs at the newest versions allowed; uv is faster."""
    if shutil.which("uv"):
        command = ["uv", "pip", "install", "--compile-bytecode", "--python", python]
    else:
        command = [python, "-m", "pip", "install", "--disable-pip-version-check"]
    run([*command, "--quiet", "--upgrade", *needs])
    run([*command, "--quiet", "--no-deps", "-e", "."])


def run(command):
    """Run a command; its own words tell what fails."""
    if subprocess.run(command).returncode:
        raise VersionsError(f"This failed: {' '.join(command)}")


def main(end, names):
    """Make the environment of one end, or bring it up to date."""
    folder = Path("build") / f"env-{end}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if not python.exists():
        run([find_python(PYTHONS[end], names), "-m", "venv", str(folder)])
    install(str(python), requirements(end))
    print(f"Ready: {folder}, Python {PYTHONS[end]} with the {end} versions.")


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except VersionsError as error:
        sys.exit(str(error))
