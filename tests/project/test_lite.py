"""What the browser edition is made of: its lock, its lessons, its environment."""

import json
import re
import subprocess
import sys
import tomllib
import zipfile

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from packaging.requirements import Requirement

from tools import lite, pyodide_lock, versions
from tools.lessons import cards


def entry(name, version, *needs, tag="py3-none-any"):
    file_name = f"{name}-{version}-{tag}.whl"
    return {"name": name, "version": version, "depends": list(needs), "file_name": file_name}


@pytest.fixture
def core(tmp_path, monkeypatch):
    """Let a small lock stand for Pyodide's."""
    lock = {
        "numpy": entry("numpy", "2.0", tag="cp314-cp314-pyemscripten_2026_0_wasm32"),
        "ipython": entry("ipython", "9.0", "pygments", "traitlets"),
        "pygments": entry("pygments", "2.1"),
        "traitlets": entry("traitlets", "5.0"),
    }
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"info": {}, "packages": lock}))
    (tmp_path / "package.json").write_text('{"version": "9.9"}')
    monkeypatch.setattr(pyodide_lock, "CORE", tmp_path)
    return tmp_path


def wheel(folder, name, *files):
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file in files:
            archive.writestr(file, "")
    return path


@pytest.fixture
def in_root(root, monkeypatch):
    monkeypatch.chdir(root)


@pytest.mark.usefixtures("in_root")
def test_packages_that_pyodide_lacks_have_the_versions_of_the_lock(core):
    packages = pyodide_lock.packages()
    assert packages["ipywidgets"]["version"].startswith("8.")
    needed = pyodide_lock.closure(["ipywidgets"], packages | {"jedi": entry("jedi", "1")})
    assert needed == {
        "ipywidgets", "comm", "ipython", "ipython-pygments-lexers", "jedi", "pygments", "traitlets",
    }  # fmt: skip
    assert not pyodide_lock.is_pure(packages["numpy"])
    assert pyodide_lock.is_pure(packages["comm"])


@pytest.mark.usefixtures("in_root")
def test_the_site_serves_its_own_wheels_and_takes_the_others_from_the_cdn(core, tmp_path):
    own = wheel(tmp_path, "course_utils", "course_utils/__init__.py", "data/bmi.csv")
    other = wheel(tmp_path, "pygments", "pygments/lexer.py", "pygments-1.0.dist-info/x.py")
    packages = pyodide_lock.site_lock([own, other])["packages"]
    numpy, course, pygments = (packages[name] for name in ("numpy", "course-utils", "pygments"))
    assert numpy["file_name"].startswith("https://")
    assert "/v9.9/" in numpy["file_name"]
    assert course["file_name"] == own.name
    assert course["imports"] == ["course_utils"]
    assert set(course["depends"]) == set(pyodide_lock.COURSE)
    assert (pygments["version"], pygments["imports"]) == ("1.0", ["pygments"])
    assert len(pygments["sha256"]) == 64


def test_pins_of_the_wheels_are_whole(root, monkeypatch):
    monkeypatch.chdir(root)
    lines = pyodide_lock.PINS.read_text(encoding="utf-8").splitlines()
    pins = pyodide_lock.pinned()
    assert len(pins) == len(lines) - 1
    assert {"comm", "ipython", "ipywidgets", "jupyterquiz", "micropip"} <= set(pins)
    pyodide = json.loads((root / "lite" / "package-lock.json").read_text())["packages"]
    assert pyodide["node_modules/pyodide"]["integrity"].startswith("sha512-")


def test_wheels_that_are_here_are_not_fetched_again(tmp_path, monkeypatch):
    path = wheel(tmp_path, "comm", "comm/__init__.py")
    (_, digest) = pyodide_lock.hashes(tmp_path)["comm"]
    pins = tmp_path / "pins.txt"
    pins.write_text(f"comm==1.0 --hash=sha256:{digest}\n")
    monkeypatch.setattr(pyodide_lock, "WHEELS", tmp_path)
    monkeypatch.setattr(pyodide_lock, "PINS", pins)
    monkeypatch.setattr(pyodide_lock, "run", lambda *_, **__: pytest.fail("a download"))
    assert pyodide_lock.fetch_wheels() == {"comm": path}


def test_what_the_course_needs_there_is_declared_and_meant_for_the_browser(root):
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needs = map(Requirement, project["dependencies"])
    browser = {"sys_platform": "emscripten"}
    there = {need.name for need in needs if not need.marker or need.marker.evaluate(browser)}
    assert set(pyodide_lock.COURSE) <= there
    assert not {"tensorflow", "keras", "psutil"} & there


def test_python_314_is_for_the_browser_alone(root):
    text = (root / "Makefile").read_text(encoding="utf-8")
    assert "(3, 11) <= sys.version_info[:2] <= (3, 13)" in text
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["requires-python"] == ">=3.11,<3.15"
    assert all("< '3.14'" in line for line in project["tool"]["uv"]["environments"])


def test_lessons_in_the_browser_need_no_tensorflow(root):
    chosen = [card for card in cards(root) if card.browser]
    assert chosen
    assert not any(card.tensorflow for card in chosen)


def test_a_lesson_for_the_browser():
    link = "[Next](01_b.ipynb), [later](03_d.ipynb#x), [far](https://x.org/03_d.ipynb)"
    code = new_code_cell("print(1)", execution_count=1)
    code.outputs = [new_output("stream", text="1\n")]
    report = new_code_cell("environment_report()", metadata={"tags": ["nbval-ignore-output"]})
    report.outputs = [new_output("stream", text="Python 3.11\n")]
    notebook = new_notebook(cells=[new_markdown_cell(link), code, report])
    got = lite.for_browser(notebook, {"01_b.ipynb"})
    assert got.metadata.kernelspec["name"] == "python"
    assert got.cells[0].source == (
        "[Next](01_b.ipynb), later (needs TensorFlow or processes: not here), "
        "[far](https://x.org/03_d.ipynb)"
    )
    assert [len(cell.outputs) for cell in got.cells[1:]] == [1, 0]


@pytest.mark.usefixtures("in_root")
def test_no_npm_is_said_in_words(tmp_path, monkeypatch):
    monkeypatch.setattr(pyodide_lock, "CORE", tmp_path)
    monkeypatch.setattr(pyodide_lock.shutil, "which", lambda _: None)
    with pytest.raises(pyodide_lock.LiteError, match=r"npm is missing.*Install Node\.js"):
        pyodide_lock.fetch_core()


def test_no_python_is_said_in_words():
    with pytest.raises(pyodide_lock.LiteError, match=r"No Python 3\.14, 3\.13 or 3\.12 among: no"):
        lite.first_python(["no-such-python"])


def test_what_fails_is_told_with_its_words(tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit('no space left')"]
    with pytest.raises(pyodide_lock.LiteError, match="no space left"):
        pyodide_lock.run(command, quiet=True)


def test_a_build_that_fails_leaves_the_site_as_it_was(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lite.SITE.mkdir(parents=True)
    (lite.SITE / "index.html").write_text("old")

    def fails(*_):
        raise pyodide_lock.LiteError("no wheel")

    monkeypatch.setattr(lite, "make_environment", lambda names: None)
    monkeypatch.setattr(lite, "write_source", fails)
    with pytest.raises(pyodide_lock.LiteError):
        lite.build([])
    assert (lite.SITE / "index.html").read_text() == "old"


def test_the_environment_has_the_versions_of_the_browser(core, root, monkeypatch):
    monkeypatch.chdir(root)
    monkeypatch.setattr(pyodide_lock, "closure", lambda names, lock: {"numpy", "ipython"})
    needs, pins = lite.requirements()
    assert "numpy==2.0" in pins
    assert {"jupyterlite-core==0.8.6", "numpy", "pytest"} <= set(needs)
    assert not any(re.match("tensorflow|keras", need) for need in needs)
    assert versions.PYTHONS["newest"] in lite.PYTHONS


IMPORTS = """
import ast, importlib.abc, json, sys

class Lacking(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path, target=None):
        frame = sys._getframe(1)
        while "importlib" in frame.f_code.co_filename:
            frame = frame.f_back
        # Other packages may have other needs in their newer versions than in the browser.
        if name.partition(".")[0] in LACKS and "course_utils" in frame.f_code.co_filename:
            raise ModuleNotFoundError(f"the browser has no {name}")

sys.meta_path.insert(0, Lacking())
for path in PATHS:
    for cell in json.load(open(path, encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            body = ast.parse("".join(cell["source"])).body
            imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
            exec(compile(ast.Module(imports, []), path, "exec"), {})
"""


def test_lessons_import_only_what_the_browser_has(root):
    text = (root / "pyproject.toml").read_text(encoding="utf-8")
    wanted = {Requirement(line).name for line in tomllib.loads(text)["project"]["dependencies"]}
    paths = [str(root / path) for path in lite.lessons()]
    lacks = {name.replace("-", "_") for name in wanted - {*pyodide_lock.COURSE, "pillow"}}
    assert {"cloudpickle", "tensorflow", "optuna"} <= lacks
    code = f"LACKS, PATHS = {lacks!r}, {paths!r}\n{IMPORTS}"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
