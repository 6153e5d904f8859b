"""The capstone: its machines, its budget, its strategies, its report, and the worked solution."""

import contextlib
import io
import re

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyRegressor
from sklearn.linear_model import LinearRegression, Ridge, SGDRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from course_utils import check, lessons
from course_utils.capstone import lab as capstone
from course_utils.capstone.lab import Lab, machine
from course_utils.capstone.models import RULES, make_model
from course_utils.capstone.report import write
from course_utils.lessons.lesson_12.exercises import log_of

pytestmark = pytest.mark.slow

SOLUTIONS = lessons.FOLDER / "lesson_12" / "solutions"


@pytest.fixture
def two_strategies(monkeypatch):
    wanted = ("the default", "grid")
    few = {name: capstone.STRATEGIES[name] for name in wanted}
    monkeypatch.setattr(capstone, "STRATEGIES", few)


def test_a_student_has_one_machine_and_another_student_another():
    (X, y, n_train), (again, _, _) = machine(3), machine(3)
    assert X.equals(again)
    assert X.shape == (3000, 6)
    assert 250 <= n_train <= 450
    assert not machine(4)[1].equals(y)


@pytest.mark.parametrize("student", [-1, 1.5, "maria", None])
def test_a_student_is_a_whole_number(student):
    with pytest.raises((TypeError, ValueError), match="student"):
        Lab(student)


def test_baselines_are_free_and_fits_are_counted():
    lab = Lab(0, budget=2)
    lab.fit(LinearRegression(), 0)
    lab.fit(make_pipeline(StandardScaler(), DummyRegressor()), 0)
    errors = [lab.fit(make_model(0.01), seed) for seed in (0, 1)]
    assert (lab.left, repr(lab)) == (0, "Machine 0: 0 of 2 fits left")
    assert lab.log["error"].tolist()[2:] == errors
    assert lab.log["model"].tolist()[:2] == ["LinearRegression", "DummyRegressor"]
    with pytest.raises(RuntimeError, match="All 2 fits are spent"):
        lab.fit(make_model(0.01), 2)
    assert len(lab.log) == 4
    assert lab.fit(LinearRegression(), 5) > 0


def test_the_same_seed_is_a_pair_and_the_model_stays_as_it_was():
    lab, model = Lab(1), make_model(0.02)
    assert lab.fit(model, 3) == lab.fit(model, 3) != lab.fit(model, 4)
    assert not hasattr(model[-1], "coef_")
    assert model[-1].random_state is None


def test_raw_columns_are_seen_and_diverge():
    lab = Lab(2)
    assert lab.fit(SGDRegressor(eta0=1e-6, **RULES), 0) == np.inf
    assert np.isfinite(lab.fit(make_model(0.01), 0))
    assert lab.log["scaled"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (SGDRegressor, "make one: SGDRegressor()"),
        (0.01, "model is 0.01; fit an SGDRegressor"),
        (Ridge(), "one of the baselines: LinearRegression, DummyRegressor"),
        (make_pipeline(MinMaxScaler(), LinearRegression()), "stands MinMaxScaler"),
        (make_pipeline(StandardScaler(), make_pipeline(SGDRegressor())), "model is Pipeline"),
        (SGDRegressor(**RULES, average=True), "has average=True; on all machines it has average="),
        (SGDRegressor(), "learning_rate='invscaling', max_iter=1000, tol=0.001"),
        (SGDRegressor(**RULES | {"max_iter": 5}), "has max_iter=5"),
        (SGDRegressor(eta0=0.0, **RULES), "eta0"),
    ],
)
def test_another_model_is_refused_and_costs_nothing(model, words):
    lab = Lab(0)
    with pytest.raises((TypeError, ValueError), match=re.escape(words)):
        lab.fit(model, 0)
    assert (lab.left, len(lab.log)) == (60, 0)


@pytest.mark.parametrize("seed", [-1, 0.5, "0", 2**32])
def test_a_seed_is_one(seed):
    with pytest.raises((TypeError, ValueError), match="seed"):
        Lab(0).fit(make_model(0.01), seed)


def test_the_hidden_rows_are_opened_once(two_strategies):
    lab = Lab(0)
    for early in (lab.board, lambda: lab.report("machine.html")):
        with pytest.raises(RuntimeError, match="call `submit` first"):
            early()
    lab.fit(SGDRegressor(eta0=0.03, **RULES), 0)
    with pytest.raises(ValueError, match=r"no fit of 0\.02 on scaled columns"):
        lab.submit(0.02, "It was ahead.")
    lab.fit(make_model(0.02), 0)
    for rate, why, words in (
        (0, "so", "learning_rate"),
        (0.02, " ", "why"),
        (0.02, "...", "why"),
        (0.02, None, "why"),
        (0.0199, "so", r"no fit of 0\.0199 .* Tried are: 0\.02\."),
    ):
        with pytest.raises((TypeError, ValueError), match=words):
            lab.submit(rate, why)
    assert lab.submitted is None
    board = lab.submit(0.02, "It was ahead.")
    assert board.loc["you", ["learning_rate", "fits"]].tolist() == [0.02, 2]
    assert board.loc["grid", "fits"] == 60
    assert board.loc["least squares", "above"] == board.loc["you", "less_yours"] == 0
    assert board["error"].is_monotonic_increasing
    with pytest.raises(RuntimeError, match=r"handed in 0.02"):
        lab.submit(0.03, "Better.")
    with pytest.raises(RuntimeError, match="proves nothing"):
        lab.fit(make_model(0.03), 0)


@pytest.mark.parametrize("name", capstone.STRATEGIES)
def test_a_strategy_keeps_to_the_budget_and_repeats_itself(name):
    def chosen():
        asked = set()

        def error(rate, seed):
            asked.add((float(rate), seed))
            return (np.log10(rate) + 1.7) ** 2 + 0.01 * np.sin(1e4 * rate + seed)

        lab = Lab(1)
        return capstone.STRATEGIES[name](error, lab.deal(0)[0], 1), len(asked)

    rate, fits = chosen()
    assert fits <= 60
    assert chosen() == (rate, fits)
    if fits:
        assert 0.006 < rate < 0.06


def test_a_report_of_diverged_runs_is_still_a_report(two_strategies, tmp_path):
    lab = Lab(5, budget=70)
    for seed in range(2):
        assert lab.fit(make_model(10.0), seed) == np.inf
    lab.submit(10.0, "To see what happens.")
    page = lab.report(tmp_path / "machine.html", name="<i>").read_text(encoding="utf-8")
    assert "&lt;i&gt;, 2" in page
    assert "2 of 70 fits <b>(the task has 60)</b>" in page


def test_a_report_holds_all_of_it_and_asks_for_nothing_elsewhere(two_strategies, tmp_path):
    lab = Lab(5)
    lab.fit(LinearRegression(), 0)
    lab.fit(make_model(0.02), 0)
    lab.submit(0.02, "It is <b>ahead</b>, & not by luck.")
    with pytest.raises(ValueError, match=r"machine\.txt"):
        lab.report(tmp_path / "machine.txt")
    page = lab.report(tmp_path / "machine.html").read_text(encoding="utf-8")
    assert [path.name for path in tmp_path.iterdir()] == ["machine.html"]
    assert "It is &lt;b&gt;ahead&lt;/b&gt;, &amp; not by luck." in page
    assert "Find the valley: not yet." in page
    assert "1 of 60 fits" in page
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []
    with pytest.raises(OSError, match="missing"):
        write(lab, tmp_path / "missing" / "machine.html")


def test_one_easy_seed_of_one_rate_is_no_winner(capsys):
    coarse, fine = np.geomspace(0.0005, 0.5, 8), np.geomspace(0.01, 0.04, 5)
    log = pd.concat([log_of(coarse, [0]), log_of(fine, [0, 1, 2], baseline=False)])
    easy = log["learning_rate"] == coarse[5]
    check("12.2", log.assign(error=log["error"].mask(easy, 1.0)))
    assert "✓" in capsys.readouterr().out


@pytest.mark.parametrize("student", [0, 1, 12, 31337, 4_000_000_000])
def test_the_worked_solution_goes_the_whole_way(student):
    said, lab = io.StringIO(), Lab(student)
    known = {
        "lab": lab, "np": np, "check": check, "DummyRegressor": DummyRegressor,
        "LinearRegression": LinearRegression, "SGDRegressor": SGDRegressor,
        "StandardScaler": StandardScaler, "make_pipeline": make_pipeline,
    }  # fmt: skip
    with contextlib.redirect_stdout(said):
        for path in sorted(SOLUTIONS.glob("*.md")):
            for block in re.findall(r"(?s)```python\n(.*?)```", path.read_text(encoding="utf-8")):
                exec(block, known)
        check("12.1", known["answer"], X=lab.X)
        check("12.3", known["my_lead"])
    verdicts = re.findall(r"^(.) Exercise (12\.\d)", said.getvalue(), re.MULTILINE)
    assert sorted(verdicts) == [("✓", f"12.{n}") for n in (1, 2, 3, 4)], said.getvalue()
    assert lab.left >= 0
