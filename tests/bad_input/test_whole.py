"""Whether the table of bad input is whole: every public function has its row."""

import inspect
import runpy
from pathlib import Path

import pytest

import course_utils
from course_utils import demos

NO_ARGUMENTS = {
    "check_setup", "environment_report", "goldilocks_demo", "luck_demo", "use_course_style",
}  # fmt: skip
TAKE_ANYTHING = {"answer", "name", "parameters"}


@pytest.fixture(scope="module")
def calls():
    pytest.importorskip("keras")
    files = sorted(Path(__file__).parent.glob("test_*.py"))
    return [
        call
        for path in files
        if path.name != Path(__file__).name
        for call in runpy.run_path(str(path))["TABLE"]
    ]


def test_every_public_function_is_in_the_table(calls):
    public = {
        name
        for room in (course_utils, demos)
        for name in room.__all__
        if callable(getattr(room, name))
    }
    assert public - {call.function.__name__ for call in calls} == NO_ARGUMENTS


def test_those_without_a_row_take_no_arguments():
    for name in NO_ARGUMENTS:
        room = demos if name in demos.__all__ else course_utils
        assert not inspect.signature(getattr(room, name)).parameters


def test_every_argument_of_a_function_is_in_the_table(calls):
    known, wanted = {}, {}
    for call in calls:
        name = call.function.__name__
        known.setdefault(name, set()).update(call.bad)
        wanted[name] = inspect.signature(call.function).parameters
    missing = {name: set(wanted[name]) - known[name] - TAKE_ANYTHING for name in wanted}
    assert {name: arguments for name, arguments in missing.items() if arguments} == {}
