"""Compiled programs on disk: only what is whole, and made for this processor, is handed on."""

import os
import time
from pathlib import Path

import pytest

from course_utils.training import disk_cache

NAME = "xla_compile_cache__1__2__XLA_CPU_JIT.pb"


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Return a folder of the user's cache; the process has none of its own yet."""
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path))
    monkeypatch.delenv("TF_XLA_FLAGS", raising=False)
    monkeypatch.setattr(disk_cache, "_process_folder", None)
    monkeypatch.setattr(disk_cache.atexit, "register", lambda *_: None)
    folder = disk_cache.cache_folder()
    folder.mkdir()
    return folder


def process_folder():
    return Path(os.environ["TF_XLA_FLAGS"].removeprefix(disk_cache.FLAG))


def stored(folder, content=b"program", name=NAME):
    """Write a program as an earlier process has left it."""
    file = folder / "new"
    file.write_bytes(content)
    return file.rename(folder / f"{disk_cache._digest(file)}-{name}")


def test_a_whole_program_is_handed_to_the_process(cache):
    stored(cache)
    disk_cache.start()
    assert process_folder().parent == cache
    assert [file.name for file in process_folder().iterdir()] == [NAME]
    assert (process_folder() / NAME).read_bytes() == b"program"


@pytest.mark.parametrize("content", [b"", b"prog", b"programs", b"Program"])
def test_a_damaged_program_is_removed(cache, content):
    damaged = stored(cache)
    damaged.write_bytes(content)
    disk_cache.start()
    assert list(process_folder().iterdir()) == []
    assert not damaged.exists()


def test_a_new_program_is_there_for_the_next_process(cache, monkeypatch):
    disk_cache.start()
    (process_folder() / NAME).write_bytes(b"compiled")
    (process_folder() / "half.pb.tmp").write_bytes(b"comp")
    disk_cache.keep()
    disk_cache.keep()
    monkeypatch.setattr(disk_cache, "_process_folder", None)
    os.environ["TF_XLA_FLAGS"] = ""
    disk_cache.start()
    assert [file.read_bytes() for file in process_folder().iterdir()] == [b"compiled"]


def test_two_processes_do_not_share_a_folder(cache, monkeypatch):
    disk_cache.start()
    first = process_folder()
    monkeypatch.setattr(disk_cache, "_process_folder", None)
    disk_cache.start()  # as a process that the first one started, with its environment
    assert process_folder() != first
    assert os.environ["TF_XLA_FLAGS"].count(disk_cache.FLAG) == 1


def test_forget_leaves_no_program(cache):
    stored(cache)
    disk_cache.start()
    disk_cache.forget()
    assert list(process_folder().iterdir()) == []
    assert list(cache.glob("*.pb")) == []


def test_the_oldest_programs_go_first(cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "MOST_BYTES", 250)
    for age, letter in enumerate(b"abcd"):
        file = stored(cache, bytes([letter]) * 100, NAME.replace("1", str(age)))
        os.utime(file, (0, time.time() - age))
    disk_cache.start()
    assert {file.read_bytes()[:1] for file in process_folder().iterdir()} == {b"a", b"b"}


def test_what_a_killed_process_left_is_removed_after_two_days(cache):
    old, young = cache / f"{disk_cache.OWN}old", cache / f"{disk_cache.OWN}young"
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, time.time() - disk_cache.SECONDS_UNTIL_STALE - 1))
    disk_cache.start()
    assert not old.exists()
    assert young.exists()


def test_leaving_keeps_what_is_new_and_removes_the_folder(cache):
    disk_cache.start()
    folder = process_folder()
    (folder / NAME).write_bytes(b"compiled")
    disk_cache._leave(folder, os.getpid() + 1)  # a fork of the process
    assert folder.exists()
    disk_cache._leave(folder, os.getpid())
    assert not folder.exists()
    assert len(list(cache.glob(f"*-{NAME}"))) == 1


@pytest.mark.parametrize("off", ["off", "OFF", " off "])
def test_off(cache, monkeypatch, off):
    monkeypatch.setenv(disk_cache.VARIABLE, off)
    disk_cache.start()
    disk_cache.keep()
    disk_cache.forget()
    assert not os.environ.get("TF_XLA_FLAGS")


def test_a_folder_that_cannot_be_made_keeps_nothing(cache, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(disk_cache.VARIABLE, str(tmp_path / "file"))
    disk_cache.start()
    assert not os.environ.get("TF_XLA_FLAGS")


def test_a_disk_that_is_nearly_full_keeps_nothing(cache, monkeypatch):
    monkeypatch.setattr(disk_cache, "LEAST_FREE", 2**70)
    disk_cache.start()
    assert not os.environ.get("TF_XLA_FLAGS")


def test_a_disk_that_fills_up_ends_nothing(cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    disk_cache.start()
    (process_folder() / NAME).write_bytes(b"compiled")
    monkeypatch.setattr(disk_cache.shutil, "copyfile", full)
    disk_cache.keep()
    assert list(cache.glob("*.pb")) == []


def test_without_hard_links_programs_are_copied(cache, monkeypatch):
    def refuse(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    stored(cache)
    disk_cache.start()
    assert (process_folder() / NAME).read_bytes() == b"program"


def test_flags_of_the_user_stay(cache, monkeypatch):
    monkeypatch.setenv("TF_XLA_FLAGS", "--tf_xla_auto_jit=0")
    disk_cache.start()
    assert os.environ["TF_XLA_FLAGS"].startswith(f"--tf_xla_auto_jit=0 {disk_cache.FLAG}")
    monkeypatch.setattr(disk_cache, "_process_folder", None)
    monkeypatch.setenv("TF_XLA_FLAGS", f"{disk_cache.FLAG}/my/own")
    disk_cache.start()
    assert os.environ["TF_XLA_FLAGS"] == f"{disk_cache.FLAG}/my/own"


def test_another_processor_or_another_compiler_has_another_folder(cache, monkeypatch):
    monkeypatch.setenv("XLA_FLAGS", "--xla_cpu_max_isa=SSE4_2")
    of_flags = disk_cache.cache_folder()
    monkeypatch.delenv("XLA_FLAGS")
    monkeypatch.setattr(disk_cache, "_processor", lambda: ["flags: sse4_2"])
    of_processor = disk_cache.cache_folder()
    monkeypatch.setattr(disk_cache, "version", lambda _: "9.9.9")
    of_version = disk_cache.cache_folder()
    assert len({cache, of_flags, of_processor, of_version}) == 4
    assert of_version.name.startswith("tensorflow-9.9.9-")


def test_where_features_are_unknown_the_machine_is_named(monkeypatch):
    def missing(*_, **__):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    assert disk_cache._processor()[-1] == disk_cache.platform.node()
