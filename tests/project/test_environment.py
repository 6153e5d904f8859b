"""The set-up: the same versions everywhere, and no trace of the machine they were tried on."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version

import nbformat
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tools import environment
from tools.binder_link import binder_link, hub_link

MACHINE_PATH = re.compile(r"(?<![\w.])/(root|home|work|tmp|Users)/\w")
PRIVATE_HOST = re.compile(r"://[^/\s]*\.(internal|local|lan|corp)\b")
LOCK_LINE = re.compile(r"[\w.-]+==[\w.+!]+( ; .+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")


def made_from_the_lock(root):
    """Return whether what is installed here is what the lock says."""
    lock = environment.locked((root / "requirements.lock").read_text())
    direct = {need.name for need in environment.runtime()}
    return all(version(name) == lock[canonicalize_name(name)] for name in direct)


@pytest.fixture
def from_the_lock(root, monkeypatch):
    """Go on only where the installed packages are those of the lock: they tell their needs."""
    monkeypatch.chdir(root)
    if not made_from_the_lock(root):
        pytest.skip("this environment has other versions than the lock")


def run(command, root, **options):
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, **options)


@pytest.fixture(scope="module")
def pins(root):
    conda = yaml.safe_load((root / "environment.yml").read_text())["dependencies"]
    (pip,) = (entry["pip"] for entry in conda if isinstance(entry, dict))
    assert f"python={environment.PYTHON}" in conda
    return dict(line.split("==") for line in pip)


@pytest.fixture(scope="module")
def sources(root):
    """Return every file of the repository that git tracks or would track."""
    result = run(["git", "ls-files", "-co", "--exclude-standard"], root)
    if result.returncode:
        pytest.skip("this copy of the course is not a git repository")
    return [root / name for name in result.stdout.splitlines() if (root / name).is_file()]


@pytest.mark.usefixtures("from_the_lock")
def test_environment_is_made_from_the_lock(root, pins):
    lock = environment.locked((root / "requirements.lock").read_text())
    assert {name: lock.get(name) for name in pins} == pins
    assert (root / "environment.yml").read_text() == environment.render()


@pytest.mark.usefixtures("from_the_lock")
def test_environment_holds_all_that_the_course_needs(pins):
    direct = {canonicalize_name(need.name) for need in environment.runtime()}
    needed = {
        canonicalize_name(need.name) for name in pins for need in environment.dependencies(name)
    }
    assert direct | needed <= set(pins)


def test_environment_leaves_the_tools_of_the_tests_out(pins):
    assert not {"pytest", "ruff", "playwright", "jupyter-repo2docker"} & set(pins)


PEERS = {"jax", "scikeras"}  # measured by the experiments where they are installed


def imported(path):
    """Return the packages that a module, or the code of a notebook, imports."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = nbformat.reads(text, 4).cells
        text = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    names = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(
    ("folders", "extra"),
    [(["course_utils", "notebooks", "data", "experiments"], []), (["tests", "tools"], ["test"])],
)
def test_what_is_imported_is_declared(root, folders, extra):
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    needs = project["dependencies"] + [
        need for name in extra for need in project["optional-dependencies"][name]
    ]
    declared = {canonicalize_name(Requirement(need).name) for need in needs}
    paths = [path for folder in folders for path in (root / folder).rglob("*.[pi][yp]*")]
    paths = [path for path in paths if path.suffix in (".py", ".ipynb")]
    ours = {path.stem for path in paths} | {"course_utils", "tools", "experiments", "conftest"}
    names = set.union(*map(imported, paths)) - ours - PEERS - set(sys.stdlib_module_names)
    providers = packages_distributions()
    missing = {
        name
        for name in names
        if not declared & {canonicalize_name(provider) for provider in providers.get(name, [name])}
    }
    assert missing == set()


def test_lock_holds_versions_and_hashes_only(root):
    lines = (root / "requirements.lock").read_text().splitlines()
    assert [line for line in lines if not LOCK_LINE.fullmatch(line)] == []


def test_environment_names_no_address(root):
    assert "://" not in (root / "environment.yml").read_text()


def test_no_file_names_one_machine(sources):
    found = []
    for path in sources:
        text = path.read_text(encoding="utf-8", errors="ignore")
        for pattern in (MACHINE_PATH, PRIVATE_HOST):
            found += [f"{path.name}: {match[0]}" for match in pattern.finditer(text)]
    assert found == []


def test_binder_builds_from_environment_yml(root):
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug", "."]
    result = run(command, root)
    output = result.stdout + result.stderr
    assert result.returncode == 0, output[-2000:]
    assert re.search(r'env update .*(-f|--file) "?environment\.yml', output), output[-2000:]
    assert "postBuild" in output


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_what_a_page_names_is_there(root, page):
    text = (root / page).read_text(encoding="utf-8")
    named = re.findall(r"(?:\]\(|`)([\w.-]+/[\w./-]*|[A-Z-]+\.md)[`)]", text)
    patterns = {name.replace("NN_name", "00_*").replace("NN", "00") for name in named}
    assert patterns
    missing = [name for name in patterns if not any(root.glob(name.rstrip("/")))]
    assert [name for name in missing if not name.startswith("build/")] == []


def test_make_alone_prints_the_targets(root):
    result = run(["make"], root)
    targets = set(re.findall(r"^make ([a-z-]+) +\S", result.stdout, re.M))
    makefile = (root / "Makefile").read_text().replace("\\\n", "")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1]
    assert result.returncode == 0
    assert targets == set(phony.split())


def test_setup_names_what_is_missing_when_no_python_suits(root, tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    result = run(["make", "setup", "PYTHON=no-such-python"], tmp_path)
    assert result.returncode != 0
    assert "No Python 3.11, 3.12 or 3.13 among: no-such-python" in result.stderr


@pytest.mark.parametrize(
    ("remote", "path"),
    [
        ("https://github.com/someone/rates.git", "gh/someone/rates"),
        ("https://github.com/someone/rates", "gh/someone/rates"),
        ("git@github.com:someone/rates.git", "gh/someone/rates"),
        ("ssh://git@github.com/someone/rates.git", "gh/someone/rates"),
        ("https://gitlab.com/group/team/rates.git", "gl/group%2Fteam%2Frates"),
        ("git@gitlab.com:someone/rates.git", "gl/someone%2Frates"),
    ],
)
def test_binder_link(remote, path):
    link = f"https://mybinder.org/v2/{path}/HEAD?urlpath=lab/tree/notebooks/00_start_here.ipynb"
    assert binder_link(remote) == link


def test_binder_link_refuses_other_hosts():
    with pytest.raises(ValueError, match="GitHub or GitLab"):
        binder_link("https://git.example.org/someone/rates.git")


def test_hub_link():
    link = hub_link("git@github.com:someone/rates.git", "https://hub.example.edu/")
    assert link == (
        "https://hub.example.edu/hub/user-redirect/git-pull?"
        "repo=https%3A%2F%2Fgithub.com%2Fsomeone%2Frates&"
        "urlpath=lab%2Ftree%2Frates%2Fnotebooks%2F00_start_here.ipynb"
    )


@pytest.mark.parametrize(
    ("remote", "hub", "words"),
    [
        ("a folder", "https://hub.example.edu", "public repository"),
        ("https://github.com/someone/rates", "hub", "such as https://hub"),
    ],
)
def test_hub_link_refuses_other_addresses(remote, hub, words):
    with pytest.raises(ValueError, match=words):
        hub_link(remote, hub)
