"""The experiments: plain files, names, an interrupt, and a short run of the cheapest."""

import ast
import json
import os
import re
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from experiments import store
from experiments.catalog import EXPERIMENTS, EXTRAS, find
from experiments.report import settings_table
from experiments.told import files_of
from experiments.verdicts import counted, paired

MOST_LINES = 60


def command(root, folder, *words, **environment):
    """Return the arguments that run experiments in a copy's folder of results."""
    code = (
        "import os, sys; from pathlib import Path; from experiments import page, store; "
        f"folder = Path({str(folder)!r}); store.FOLDER = folder / 'kept'; "
        "page.HTML = folder / 'experiments.html'; page.MARKDOWN = folder / 'EXPERIMENTS.md'; "
        "page.PICTURES = folder / 'pictures'; "
        f"from experiments.__main__ import main; sys.exit(main({list(words)!r}))"
    )
    settings = {
        "cwd": root,
        "text": True,
        "stdout": subprocess.PIPE,
        "stderr": subprocess.STDOUT,
        "env": os.environ | environment,
    }
    return [sys.executable, "-c", code], settings


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_as_told_is_plain_and_short(root, name):
    path = root / "experiments" / "as_told" / f"{EXPERIMENTS[name].module}.py"
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) < MOST_LINES
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert not {name for name in imported if name.startswith("course_utils")}
    others = {name for name in imported if name.startswith("experiments")}
    assert others <= {"experiments.as_told.e7b"}
    assert (root / "experiments" / "with_seeds" / path.name).is_file()


def test_every_file_is_an_experiment(root):
    for folder in ("as_told", "with_seeds"):
        files = {path.stem for path in (root / "experiments" / folder).glob("e*.py")}
        assert files == {experiment.module for experiment in EXPERIMENTS.values()}


def test_names():
    assert find([]) == [*EXPERIMENTS, *EXTRAS]
    assert find(["e5", "E7b'", "e7b_prime", "Speed"]) == ["E5", "E7b'", "speed"]
    with pytest.raises(ValueError, match=r"no experiment 'E9'; give one of E1, .*E7b', .* none"):
        find(["E1", "E9"])


def test_a_wrong_name_is_refused_in_words(root, tmp_path):
    words, settings = command(root, tmp_path, "E9")
    done = subprocess.run(words, **settings, timeout=100)
    assert done.returncode == 2
    assert "there is no experiment 'E9'" in done.stdout
    assert "Traceback" not in done.stdout


def test_missing_data_are_refused_before_any_run(root, tmp_path):
    words, settings = command(root, tmp_path, "E5", "--data", "real", COURSE_DATA_DIR=str(tmp_path))
    done = subprocess.run(words, **settings, timeout=100)
    assert done.returncode == 2
    assert "There is no winequality-red.csv" in done.stdout
    assert "make data" in done.stdout
    assert not (tmp_path / "kept").exists()


@pytest.fixture(scope="module")
def short_run(root, tmp_path_factory):
    folder = tmp_path_factory.mktemp("short")
    words, settings = command(root, folder, "E6c", "--short", COURSE_SEED="7")
    done = subprocess.run(words, **settings, timeout=300)
    assert done.returncode == 0, done.stdout
    return folder, done.stdout


def test_a_short_run_has_its_shape(short_run):
    folder, said = short_run
    assert "E6c … " in said
    record = json.loads((folder / "kept/results/E6c-made-seed7-short.json").read_text())
    assert record["seed"] == 7
    assert len(record["table"]["data"]) == 3
    assert {each["word"] for each in record["verdicts"]} <= {"holds", "does not hold"} | {
        f"holds for {n} of 3 seeds" for n in (1, 2)
    }
    assert (folder / "kept/results/E6c-made-seed7-short.png").stat().st_size > 10_000
    page = (folder / "experiments-short.html").read_text()
    assert record["title"] in page
    assert "data:image/png;base64," in page
    assert record["processor"] in page
    assert not (folder / "EXPERIMENTS.md").exists()


def test_what_is_told_runs_once(root, short_run):
    folder, _ = short_run
    path = folder / "kept/as_told/E6c-made-seed7-short.json"
    before = path.read_text()
    words, settings = command(root, folder, "E6c", "--short", COURSE_SEED="7")
    done = subprocess.run(words, **settings, timeout=300)
    assert done.returncode == 0
    assert re.search(r"\(as told: kept, run \d+ minutes ago on ", done.stdout)
    assert path.read_text() == before


def test_an_interrupt_keeps_what_is_finished(root, tmp_path):
    words, settings = command(root, tmp_path, "E6c", "E6b", "--short")
    with subprocess.Popen(words, **settings) as process:
        kept = tmp_path / "kept/results/E6c-made-seed0-short.json"
        for _ in range(3000):
            if kept.exists() or process.poll() is not None:
                break
            time.sleep(0.1)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=100)
    assert process.returncode == 130, said
    assert "Finished and kept: E6c." in said
    assert json.loads(kept.read_text())["name"] == "E6c"
    assert not (tmp_path / "kept/results/E6b-made-seed0-short.json").exists()
    assert (tmp_path / "experiments-short.html").is_file()


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    path = tmp_path / "a" / "some.json"
    store.save(path, "old")

    def fail(*_):
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="no space"):
        store.save(path, "new")
    assert path.read_text() == "old"


def test_a_record_that_was_cut_short_is_none(tmp_path):
    path = tmp_path / "some.json"
    path.write_text('{"table": [1, 2')
    assert store.load_record(path) is None


def test_comments_do_not_change_the_fingerprint(tmp_path):
    one, other, third = (tmp_path / name for name in "abc")
    one.write_text("x = 1\n")
    other.write_text("# why\nx  =  1\n")
    third.write_text("x = 2\n")
    assert store.code_of(one) == store.code_of(other) != store.code_of(third)


def test_what_is_told_also_depends_on_what_it_imports():
    names = [path.name for path in files_of("e7d")]
    assert names == ["e7d.py", "e7b.py"]
    assert [path.name for path in files_of("e2")] == ["e2.py"]


def test_verdicts_count():
    assert counted("It is so", [True, True]).word == "holds"
    assert counted("It is so", [False, False]).word == "does not hold"
    assert counted("It is so", [True, False], of="splits").word == "holds for 1 of 2 splits"
    with pytest.raises(ValueError, match="judged by no seeds"):
        counted("It is so", [])


def test_verdicts_compare_in_pairs():
    ahead = np.array([0.02, 0.03, 0.025, 0.01])
    assert paired("a is ahead", ahead).word == "holds"
    assert paired("b is ahead", -ahead).word == "does not hold: it is the other way round"
    assert paired("a is ahead", ahead - ahead.mean()).word.startswith("not shown")
    assert paired("a is ahead", [np.inf, 1.0]).word.startswith("cannot be judged")


def test_the_table_has_a_row_for_each_setting():
    import pandas as pd

    told, ten = pd.Series({"a": 0.5}), pd.DataFrame({"a": [0.1, 0.2, 0.3], "b": [1.0, 1.0, 1.0]})
    table = settings_table("setting", told, ten, "{:.1f}")
    assert table.to_numpy().tolist() == [
        ["a", "0.5", "0.2 (0.1–0.3)"],
        ["b", "–", "1.0 (1.0–1.0)"],
    ]
