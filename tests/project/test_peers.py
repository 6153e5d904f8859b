"""What the comparison with other libraries says where one is missing, and after an interrupt."""

import sys

import pytest

from experiments import peer_work, peers


@pytest.fixture
def processes(monkeypatch):
    """Stand in for the processes: (interpreter, function) of each call, and what it gives."""
    calls, given = [], {}

    def in_a_process(python, function, short):
        calls.append((python, function))
        found = given.get(function, {"seconds": 2.0, "processor": 3.0, "score": 0.9})
        if isinstance(found, BaseException):
            raise found
        return found

    monkeypatch.setattr(peers, "_in_a_process", in_a_process)
    monkeypatch.setenv(peers.INTERPRETER, sys.executable)
    return calls, given


def test_each_peer_is_compared_and_the_course_measured_once(processes):
    calls, given = processes
    given["stacked_sweep"] = {"seconds": 0.5, "processor": 1.0, "score": 0.8}
    rows = peers.measure()
    names = [function for _, function in calls]
    assert len(names) == len(set(names)) == 7  # four peers, three works of the course
    assert all(hasattr(peer_work, name) for name in names)
    assert rows[1]["ratio"] == 4.0
    assert "by processor time 3;" in rows[1]["note"]
    assert "best accuracy 0.900, ours 0.800" in rows[1]["note"]


def test_a_peer_that_is_missing_says_so(processes):
    _, given = processes
    given["vmapped"] = {"missing": "jax"}
    row = peers.measure()[1]
    assert (row["seconds_peer"], row["seconds_ours"], row["ratio"]) == (None, None, None)
    assert "jax is not there; see COURSE_PEERS_PYTHON" in row["note"]


def test_an_interrupt_keeps_the_peers_that_are_measured(processes, capsys):
    _, given = processes
    given["scikeras_grid"] = KeyboardInterrupt()
    assert len(peers.measure()) == 2
    assert "2 of 4 peers are measured" in capsys.readouterr().out


def test_an_interpreter_that_is_none_is_refused(processes, monkeypatch):
    calls, _ = processes
    monkeypatch.setenv(peers.INTERPRETER, "/no/such/python")
    with pytest.raises(ValueError, match="which is no program"):
        peers.measure()
    assert calls == []


def test_what_cannot_be_imported_is_told_apart_from_an_error(monkeypatch):
    monkeypatch.setitem(peer_work.__dict__, "absent", lambda short: __import__("no_such_library"))
    assert peer_work._measured("absent", short=True) == {"missing": "no_such_library"}
