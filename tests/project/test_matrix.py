"""The tools behind ``make test-processors``, ``test-oldest`` and ``test-newest``."""

import doctest
import os
import subprocess
import sys

import pytest

from tools import processors, versions


@pytest.mark.parametrize("tool", [processors, versions])
def test_examples(tool):
    failed, tried = doctest.testmod(tool)
    assert (failed, tried > 0) == (0, True)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "00_small.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def stand_in(monkeypatch, code):
    """Let a member run Python code in place of the notebooks."""
    monkeypatch.setattr(processors, "command", lambda *_: [sys.executable, "-c", code])


def test_a_red_member_names_its_cells_and_the_rest_goes_on(folder, monkeypatch, capsys):
    stand_in(
        monkeypatch,
        "import os; red = os.environ.get('OPENBLAS_CORETYPE') == 'Nehalem'\n"
        "if red: print('FAILED notebooks/00_small.ipynb::ipynb::Cell 3')\n"
        "raise SystemExit(red)",
    )
    with pytest.raises(SystemExit) as end:
        processors.main(["Nehalem", "SSE4_2", "--", "--nbval"])
    lines = capsys.readouterr().out.splitlines()
    assert end.value.code == 1
    assert "red" in lines[0]
    assert "00: cell 3" in lines[0]
    assert "green" in lines[1]


def test_a_processor_that_lacks_the_instructions_is_skipped(folder, monkeypatch, capsys):
    monkeypatch.setattr(processors, "processor_flags", lambda: {"avx2"})
    stand_in(monkeypatch, "raise SystemExit(1)")
    with pytest.raises(SystemExit) as end:
        processors.main(["SkylakeX"])
    assert end.value.code == 0
    assert "skipped: this processor has no avx512f" in capsys.readouterr().out


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="cores are chosen on Linux only")
def test_one_core_is_one_core_and_only_for_the_member(folder, monkeypatch):
    before = os.sched_getaffinity(0)
    stand_in(monkeypatch, "import os; raise SystemExit(len(os.sched_getaffinity(0)) != 1)")
    with pytest.raises(SystemExit) as end:
        processors.main(["one-core"])
    assert end.value.code == 0
    assert os.sched_getaffinity(0) == before


def test_flags_of_xla_are_added_to_those_of_the_user(monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_a")
    env = processors.environment(processors.MEMBERS["SSE4_2"])
    assert env["XLA_FLAGS"] == "--xla_a --xla_cpu_max_isa=SSE4_2"


def test_unknown_names_are_refused(folder, capsys):
    with pytest.raises(SystemExit):
        processors.main(["Haswel"])
    assert "there are Haswell" in capsys.readouterr().err


def test_every_dependency_has_a_lower_bound(root, monkeypatch):
    monkeypatch.chdir(root)
    assert len(versions.requirements("oldest")) == len(versions.requirements("newest"))
    with pytest.raises(versions.VersionsError, match="one lower bound"):
        versions.oldest(["numpy"])


def test_a_missing_python_is_named():
    with pytest.raises(versions.VersionsError, match=r"No Python 3\.13 among: no-such-python"):
        versions.find_python("3.13", ["no-such-python"])


def test_lab_may_run_as_root_and_only_root_is_told_so(root):
    result = subprocess.run(
        ["make", "-n", "-o", ".venv/.ready", "lab"], cwd=root, capture_output=True, text=True
    )
    assert ("--allow-root" in result.stdout) == (os.getuid() == 0)


def test_a_folder_that_is_read_only_is_said_in_words(root, tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        (tmp_path / name).write_bytes((root / name).read_bytes())
    tmp_path.chmod(0o555)
    command = ["make", "setup"]
    if os.getuid() == 0:  # root may write everywhere
        for folder in (tmp_path.parent, tmp_path.parent.parent):
            folder.chmod(0o755)
        command = ["setpriv", "--reuid=65534", "--clear-groups", *command]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    tmp_path.chmod(0o755)
    assert result.returncode != 0
    assert "Copy the course to a folder of your own" in result.stderr, result.stderr


def test_a_folder_with_spaces_and_letters_of_other_alphabets(root, tmp_path):
    copy = tmp_path / "Kurs – Übung 学"
    copy.mkdir()
    (copy / "Makefile").write_bytes((root / "Makefile").read_bytes())
    code = "import os, sys; print(os.environ['COURSE_DATA_DIR'])"
    (copy / "course_utils").mkdir()
    (copy / "course_utils" / "__init__.py").touch()
    (copy / "course_utils" / "datasets.py").write_text(code)
    result = subprocess.run(
        ["make", "-s", "-o", ".venv/.ready", "data", f"VENV={sys.executable}"],
        cwd=copy,
        env=os.environ | {"COURSE_DATA_DIR": "real data", "PYTHONPATH": ""},
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == str(copy / "real data"), result.stderr
