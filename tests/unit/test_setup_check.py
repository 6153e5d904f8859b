import sys
from types import SimpleNamespace

import pytest

from course_utils import check_setup, environment_report, setup_check


def test_a_ready_machine_says_so(capsys):
    assert check_setup()
    out = capsys.readouterr().out
    assert out.endswith("Ready.\n")
    assert "✗" not in out


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("_python", lambda: (False, "Python 3.9: Install one of them"), "Install one"),
        ("_installed", lambda name: None, "run 'make setup', then restart the kernel"),
        ("load_bmi", lambda **_: (_ for _ in ()).throw(ValueError("no such file")), "no such file"),
        ("MEMORY_GB", 1e9, "shut down other kernels"),
    ],
)
def test_what_is_wrong_is_said_in_words(monkeypatch, capsys, name, value, words):
    monkeypatch.setattr(setup_check, name, value)
    assert not check_setup()
    out = capsys.readouterr().out
    assert words in out
    assert out.endswith("Not ready: see the lines marked ✗.\n")


def test_an_old_python_is_named(monkeypatch):
    monkeypatch.setattr(setup_check.sys, "version_info", (3, 9, 1))
    fine, words = setup_check._python()
    assert not fine
    assert "3.11, 3.12 or 3.13" in words


def test_a_bad_seed_is_found(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_SEED", "lucky")
    assert not check_setup()
    assert "COURSE_SEED is 'lucky'" in capsys.readouterr().out


def test_another_version_is_said_but_does_not_count(monkeypatch, capsys):
    monkeypatch.setattr(setup_check, "_tested_versions", lambda: {"numpy": "1.0"})
    assert check_setup()
    assert "tested with 1.0" in capsys.readouterr().out


def test_without_a_lock_nothing_is_compared(monkeypatch, tmp_path):
    monkeypatch.setattr(setup_check, "ROOT", tmp_path)
    assert setup_check._tested_versions() == {}
    assert check_setup()


def test_the_report_holds_what_a_reader_must_send(monkeypatch, capsys):
    monkeypatch.setenv("COURSE_SEED", "12")
    environment_report()
    out = capsys.readouterr().out
    for words in ("numpy", "tensorflow", "BMI data", "Wine quality data", "COURSE_SEED: 12"):
        assert words in out


@pytest.fixture
def in_browser(monkeypatch):
    """Let the check believe that it runs in Pyodide, which lacks some of the packages."""
    there = SimpleNamespace(platform="emscripten", version_info=(3, 14, 2))
    monkeypatch.setattr(setup_check, "sys", there)
    monkeypatch.setitem(sys.modules, "psutil", None)
    here = setup_check._installed
    absent = setup_check.NOT_IN_BROWSER
    monkeypatch.setattr(setup_check, "_installed", lambda n: None if n in absent else here(n))


@pytest.mark.usefixtures("in_browser")
def test_in_the_browser_it_says_so_and_asks_for_nothing_that_is_not_there(capsys):
    assert check_setup()
    environment_report()
    out = capsys.readouterr().out
    assert "in the browser" in out
    assert "tensorflow" not in out.lower().replace("without tensorflow", "")


@pytest.mark.usefixtures("in_browser")
def test_in_the_browser_a_package_that_did_not_load_is_no_matter_of_make(monkeypatch, capsys):
    monkeypatch.setattr(setup_check, "_installed", lambda name: None)
    assert not check_setup()
    out = capsys.readouterr().out
    assert "numpy is not loaded: reload the page" in out
    assert "make setup" not in out
