import numpy as np
import pandas as pd
import pytest

from course_utils import run_status, seeds
from course_utils.runs import judge_run, runs_table

EPOCHS = np.arange(200)
NOISE = np.random.default_rng(0).normal(size=200)


@pytest.mark.parametrize(
    ("loss", "status"),
    [
        (0.3 + np.exp(-EPOCHS / 10), "converged"),
        (0.3 + 0.001 * NOISE, "converged"),
        (1.0 - EPOCHS / 1000, "slow"),
        (np.full(200, 1.0), "slow"),
        (30 - EPOCHS / 100 + 1e-4 * NOISE, "slow"),
        (0.5 + 0.1 * NOISE, "oscillating"),
        (np.where(EPOCHS % 2, 0.9, 0.2), "oscillating"),
        (np.exp(EPOCHS / 10), "diverged"),
        (np.full(200, 1e24), "diverged"),
        (np.where(EPOCHS < 50, 0.5, np.nan), "diverged"),
        (np.where(EPOCHS < 50, 0.5, np.inf), "diverged"),
    ],
)
def test_status_from_the_curve(loss, status):
    assert judge_run(loss, constant_loss=1.0)[0] == status


def test_a_spike_that_recovers_is_not_a_divergence():
    loss = 0.3 + np.exp(-EPOCHS / 10)
    loss[20] = 1e6
    assert judge_run(loss, 1.0)[0] == "converged"


def test_divergence_carries_the_epoch_from_which_it_stays():
    loss = np.where(EPOCHS < 49, 0.5, 1e3)
    loss[10] = 1e3
    assert judge_run(loss, 1.0) == ("diverged", 50)
    assert judge_run(np.full(5, np.inf), 1.0) == ("diverged", 1)


@pytest.mark.parametrize("epochs", [1, 2, 3])
def test_short_runs_have_a_status(epochs):
    assert judge_run(np.full(epochs, 0.2), 1.0)[0] == "converged"


def two_runs():
    loss = np.array([[0.5, 0.2], [np.nan, np.nan]])
    return runs_table(
        {"learning_rate": [0.1, 1.0], "seed": [0, 0]}, {"loss": loss, "val_loss": loss}, 1.0
    )


def test_the_table_has_a_row_per_run_and_epoch():
    table = two_runs()
    assert list(table.columns) == [
        "learning_rate", "seed", "epoch", "loss", "val_loss", "status", "diverged_at",
    ]  # fmt: skip
    assert table["epoch"].tolist() == [1, 2, 1, 2]
    assert table["loss"].tolist() == [0.5, 0.2, np.inf, np.inf]


def test_run_status_has_a_row_per_run():
    final = run_status(two_runs())
    assert final["status"].tolist() == ["slow", "diverged"]
    assert final["diverged_at"].isna().tolist() == [True, False]


def test_run_status_tells_optimizers_apart():
    table = pd.concat([two_runs().assign(optimizer=name) for name in ("sgd", "adam")])
    assert len(run_status(table)) == 4


def test_run_status_refuses_other_tables():
    with pytest.raises(ValueError, match="epoch, seed, status"):
        run_status(pd.DataFrame({"learning_rate": [0.1]}))


def test_seeds_start_at_course_seed(monkeypatch):
    monkeypatch.delenv("COURSE_SEED", raising=False)
    assert seeds(3) == [0, 1, 2]
    monkeypatch.setenv("COURSE_SEED", "2026")
    assert seeds(2) == [2026, 2027]


@pytest.mark.parametrize("text", ["-1", "lucky", "1.5", "4294967295"])
def test_course_seed_must_be_a_seed(monkeypatch, text):
    monkeypatch.setenv("COURSE_SEED", text)
    with pytest.raises(ValueError, match="COURSE_SEED"):
        seeds(2)


@pytest.mark.parametrize("n", [0, -2, 1.5, True, "3"])
def test_seeds_needs_a_count(n):
    with pytest.raises((TypeError, ValueError), match="n is"):
        seeds(n)
