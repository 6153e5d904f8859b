"""What Python in the browser is made of: Pyodide's lock, and the wheels that the site brings along.

npm has Pyodide's core without packages. Wheels in pure Python are served by the site itself, as
PyPI has them; the compiled ones are for Pyodide only, and come from its CDN when a reader opens the
site. ``python -m tools.pyodide_lock`` writes ``lite/wheels.txt`` anew: the pure ones, with hashes.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from packaging.utils import canonicalize_name, parse_wheel_filename

from tools.environment import LOCK, locked

NPM = Path("build/lite/npm")
CORE = NPM / "node_modules" / "pyodide"
WHEELS = Path("build/lite/wheels")
PINS = Path("lite/wheels.txt")
CDN = "https://cdn.jsdelivr.net/pyodide/v{}/full/"

COURSE = (  # what the lessons in the browser import, in their own cells and in course_utils
    "numpy", "pandas", "scipy", "scikit-learn", "joblib", "matplotlib", "ipython", "traitlets",
    "tqdm", "ipywidgets", "jupyterquiz",
)  # fmt: skip
KERNEL = ("comm", "ipython", "jedi", "micropip", "packaging")  # what starts the kernel
NEEDS = {  # of packages that Pyodide lacks, or whose needs it does not tell
    "comm": [],
    "ipython-pygments-lexers": ["pygments"],
    "ipywidgets": ["comm", "ipython", "traitlets"],  # its scripts are part of the site
    "jupyterquiz": ["ipython"],
}
MORE_NEEDS = {"ipython": ["ipython-pygments-lexers", "jedi"]}


class LiteError(Exception):
    """The browser edition cannot be made; the message says why, and what to do."""


def fetch_core():
    """Take Pyodide's core from npm, in the version and with the hash of ``lite``."""
    wanted = json.loads(Path("lite/package.json").read_text())["dependencies"]["pyodide"]
    told = CORE / "package.json"
    if told.is_file() and json.loads(told.read_text())["version"] == wanted:
        return
    if not shutil.which("npm"):
        raise LiteError(
            "npm is missing: the core of Python for the browser comes from it. Install Node.js, "
            "which brings npm, and run this again."
        )
    NPM.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(Path("lite", name), NPM)
    run(["npm", "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=NPM)


def run(command, *, quiet=False, **options):
    """Run a command; its own words tell what fails."""
    command = list(map(str, command))
    done = subprocess.run(command, capture_output=quiet, text=True, **options)
    if done.returncode:
        words = f"\n{(done.stdout + done.stderr)[-2000:]}" if quiet else ""
        raise LiteError(f"This failed: {' '.join(command)}{words}")


def packages():
    """Return Pyodide's packages, those that it lacks added: name, and entry of its lock."""
    lock = json.loads((CORE / "pyodide-lock.json").read_text())["packages"]
    here = locked(LOCK.read_text(encoding="utf-8"))
    for name, needs in NEEDS.items():
        lock.setdefault(name, {"name": name, "version": here[name], "depends": needs})
    for name, needs in MORE_NEEDS.items():
        lock[name]["depends"] = sorted({*lock[name]["depends"], *needs})
    return lock


def closure(names, lock):
    """Return the named packages and all that they need in turn."""
    seen, todo = set(), [canonicalize_name(name) for name in names]
    while todo:
        if (name := todo.pop()) not in seen:
            seen.add(name)
            todo += map(canonicalize_name, lock[name]["depends"])
    return seen


def is_pure(entry):
    """Return whether a package runs on any machine."""
    return entry.get("file_name", "none-any.whl").endswith("none-any.whl")


def download(*what, folder):
    """Download wheels in pure Python."""
    pure = ["--platform", "any", "--implementation", "py", "--abi", "none"]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary", ":all:", "--python-version", "3.14", *pure]
    run([*command, *options, "--dest", folder, *what])


def pinned():
    """Return the lines of ``lite/wheels.txt``: name, version, and hash."""
    text = PINS.read_text(encoding="utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+) --hash=sha256:(\w{64})$", text, re.M)
    return {name: (version, digest) for name, version, digest in found}


def fetch_wheels():
    """Download what ``lite/wheels.txt`` pins, unless it is here; return paths by name."""
    pins = pinned()
    if {name: digest for name, (_, digest) in hashes(WHEELS).items()} != {
        name: digest for name, (_, digest) in pins.items()
    }:
        shutil.rmtree(WHEELS, ignore_errors=True)
        download("--require-hashes", "-r", PINS, folder=WHEELS)
    return {name: path for name, (path, _) in hashes(WHEELS).items()}


def hashes(folder):
    """Return path and hash of each wheel in a folder, by the name of its package."""
    return {
        parse_wheel_filename(path.name)[0]: (path, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in sorted(Path(folder).glob("*.whl"))
    }


def modules(path):
    """Return the names that a wheel lets one import."""
    with zipfile.ZipFile(path) as wheel:
        tops = {name.partition("/")[0] for name in wheel.namelist() if name.endswith(".py")}
    return sorted({top.removesuffix(".py") for top in tops if ".dist-info" not in top})


def site_lock(wheels, address=None):
    """Return the lock of the site: its own wheels beside the lock, all others on the CDN.

    Parameters
    ----------
    wheels : iterable of Path
        The site's own; the course's is one of them.
    address : str, optional
        Of the folder with Pyodide's wheels, in place of its CDN.
    """
    lock = json.loads((CORE / "pyodide-lock.json").read_text())
    version = json.loads((CORE / "package.json").read_text())["version"]
    entries = packages()
    for entry in entries.values():
        if "file_name" in entry:
            entry["file_name"] = (address or CDN.format(version)) + entry["file_name"]
    for path in wheels:
        name, its, *_ = parse_wheel_filename(path.name)
        entry = entries.setdefault(name, {"name": name, "depends": list(COURSE)})
        entry |= {
            "version": str(its),
            "file_name": path.name,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "imports": entry.get("imports") or modules(path),
            "install_dir": "site",
            "package_type": "package",
            "unvendored_tests": False,
        }
    return lock | {"packages": {name: entries[name] for name in sorted(entries)}}


def main():
    """Write ``lite/wheels.txt``: the wheels that the site brings along."""
    fetch_core()
    lock = packages()
    names = [name for name in sorted(closure([*COURSE, *KERNEL], lock)) if is_pure(lock[name])]
    with tempfile.TemporaryDirectory() as folder:
        download(*(f"{name}=={lock[name]['version']}" for name in names), folder=folder)
        lines = [
            f"{name}=={lock[name]['version']} --hash=sha256:{digest}"
            for name, (_, digest) in hashes(folder).items()
        ]
    text = "# The browser edition's own wheels. Written by `python -m tools.pyodide_lock`.\n"
    PINS.write_text("\n".join([text.strip(), *sorted(lines), ""]), encoding="utf-8")


if __name__ == "__main__":
    try:
        main()
    except LiteError as error:
        sys.exit(str(error))
