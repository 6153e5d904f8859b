from io import StringIO

import numpy as np
import pandas as pd
import pytest

from course_utils import final, paired_difference, run_status, seeds
from course_utils.runs import KEY_COLUMNS, judge_run, runs_table

EPOCHS = np.arange(200)
NOISE = np.random.default_rng(0).normal(size=200)


@pytest.mark.parametrize(
    ("loss", "status"),
    [
        (0.3 + np.exp(-EPOCHS / 10), "converged"),
        (0.3 + 0.001 * NOISE, "converged"),
        (1.0 - EPOCHS / 1000, "slow"),
        (1.5 - 1e-6 * EPOCHS + 1e-8 * NOISE, "slow"),
        (0.995 - 1e-5 * EPOCHS, "slow"),
        (np.linspace(1.5, 3.0, 200), "slow"),
        (np.full(200, 1.0), "stuck"),
        (1.0 + 0.5 * np.exp(-EPOCHS / 10), "stuck"),
        (1.001 + 0.001 * NOISE, "stuck"),
        (np.where(EPOCHS < 9, 1.4, 2.0) + 0.001 * NOISE, "stuck"),
        (0.5 + 0.1 * NOISE, "oscillating"),
        (np.where(EPOCHS % 2, 0.9, 0.2), "oscillating"),
        (np.exp(EPOCHS / 10), "diverged"),
        (np.full(200, 1e24), "diverged"),
        (np.where(EPOCHS < 50, 0.5, np.nan), "diverged"),
        (np.where(EPOCHS < 50, 0.5, np.inf), "diverged"),
    ],
)
def test_status_from_the_curve(loss, status):
    assert judge_run(loss, baseline_loss=1.0)[0] == status


def test_a_high_loss_that_has_come_down_is_no_divergence():
    loss = 30 - EPOCHS / 100 + 1e-4 * NOISE
    assert judge_run(loss, baseline_loss=1.0, start_loss=lambda: 31.0)[0] == "slow"
    assert judge_run(loss, baseline_loss=1.0, start_loss=lambda: 20.0)[0] == "diverged"


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


@pytest.mark.parametrize("epochs", [1, 2, 3, 5, 9])
def test_short_runs_that_left_are_diverged(epochs):
    falling = np.geomspace(1.5e31, 1e29, epochs)
    assert judge_run(falling, 1.0) == ("diverged", 1)
    assert judge_run(falling, 1.0, start_loss=lambda: 16.0) == ("diverged", 1)


@pytest.mark.parametrize("epochs", [1, 2, 3, 5, 200])
def test_a_run_that_began_far_above_and_comes_down_is_slow(epochs):
    falling = 900 - 5.0 * np.arange(epochs) if epochs < 200 else 1100 - 5.0 * EPOCHS
    assert judge_run(falling, 1.0, start_loss=lambda: 1100.0)[0] == "slow"


def test_the_start_is_asked_for_only_where_it_decides():
    def never():
        pytest.fail("asked for the start")

    for loss in (np.full(5, 0.2), np.full(5, 9.0), np.full(5, np.inf), [0.5, np.nan]):
        judge_run(loss, 1.0, start_loss=never)


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


def test_a_validation_loss_that_ends_infinite_is_a_divergence():
    val = [[0.6, 0.7], [0.6, np.nan], [np.inf, 0.7]]
    table = runs_table(
        {"learning_rate": [1, 2, 3], "seed": [0] * 3},
        {"loss": [[0.5, 0.499]] * 3, "val_loss": val},
        1.0,
    )
    final = run_status(table)
    assert final["status"].tolist() == ["converged", "diverged", "converged"]
    assert final["diverged_at"].tolist()[1] == 2


def test_the_loss_after_the_last_step_decides_where_it_is_known():
    loss = {"loss": [[1.2], [1.2]]}
    keys = {"learning_rate": [0.1, 1e30], "seed": [0, 0]}
    table = runs_table(keys, loss, 1.0, start_loss=lambda run: 1.2, end_losses=[0.9, 1e9])
    assert table["loss"].tolist() == [1.2, 1.2]
    assert run_status(table)["status"].tolist() == ["converged", "diverged"]


def test_run_status_has_a_row_per_run():
    final = run_status(two_runs())
    assert final["status"].tolist() == ["slow", "diverged"]
    assert final["diverged_at"].isna().tolist() == [True, False]


def long_table(**keys):
    """Three rates × two seeds, four epochs each; the loss ends at 0.1 × rate + 0.01 × seed."""
    rates, seeds_ = np.repeat([0.1, 0.2, 0.3], 2), np.tile([0, 1], 3)
    loss = (0.1 * rates + 0.01 * seeds_)[:, None] + np.array([0.9, 0.4, 0.1, 0.0])
    keys = {"learning_rate": rates, "seed": seeds_} | {k: [v] * 6 for k, v in keys.items()}
    return runs_table(keys, {"loss": loss}, 1.0)


EDITS = {
    "a measure": lambda r: r.assign(rmse=np.sqrt(r["loss"])),
    "a measure in front": lambda r: r.assign(rmse=r["loss"])[["rmse", *r.columns]],
    "a column of words": lambda r: r.assign(note=[f"row {n}" for n in range(len(r))]),
    "reset_index": lambda r: r.reset_index(),
    "a CSV with its index": lambda r: pd.read_csv(StringIO(r.to_csv())),
    "a CSV with a measure": lambda r: pd.read_csv(StringIO(r.assign(rmse=r["loss"]).to_csv())),
    "shuffled rows": lambda r: r.sample(frac=1, random_state=3),
    "shuffled columns": lambda r: r[sorted(r.columns)],
    "one index for all": lambda r: r.set_axis([0] * len(r)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS.keys())
def test_edited_tables_hold_the_same_runs(edit):
    whole = run_status(long_table())
    final = run_status(edit(long_table()))
    columns = ["learning_rate", "seed", "epoch", "loss", "status"]
    final = final[columns].sort_values(["learning_rate", "seed"], ignore_index=True)
    pd.testing.assert_frame_equal(final, whole[columns], check_dtype=False)
    assert final["epoch"].tolist() == [4] * 6


@pytest.mark.parametrize("name", KEY_COLUMNS[2:])
def test_key_columns_tell_joined_tables_apart(name):
    joined = pd.concat([long_table().assign(**{name: value}) for value in (1, 2)])
    assert len(run_status(joined)) == 12
    assert len(run_status(pd.read_csv(StringIO(joined.to_csv())))) == 12


def test_a_column_of_ones_own_must_be_named_a_key():
    joined = pd.concat([long_table().assign(city=name) for name in ("Ulm", "Bonn")])
    with pytest.raises(ValueError, match="add a column that tells them apart"):
        run_status(joined)
    assert len(run_status(joined, keys=["city"])) == len(run_status(joined, keys="city")) == 12
    joined.attrs["keys"] = [*joined.attrs["keys"], "city"]
    assert len(run_status(joined)) == 12
    with pytest.raises(ValueError, match="keys names 'town'; runs has only learning_rate"):
        run_status(joined, keys=["town"])


def test_equal_runs_are_not_merged():
    words = "more than one row with learning_rate 0.1, seed 0, epoch 1: two runs with the same keys"
    with pytest.raises(ValueError, match=words):
        run_status(pd.concat([long_table(), long_table()], ignore_index=True))
    with pytest.raises(ValueError, match=words):
        run_status(pd.read_csv(StringIO(pd.concat([long_table()] * 2).to_csv())))


def test_runs_of_different_lengths_end_where_they_end():
    table = long_table()
    table = table[~((table["learning_rate"] == 0.2) & (table["epoch"] > 2))]
    assert run_status(table)["epoch"].tolist() == [4, 4, 2, 2, 4, 4]


def test_keys_are_kept_with_the_table():
    table = long_table(dropout=0.5)
    assert table.attrs["keys"] == ["learning_rate", "seed", "dropout"]
    both = pd.concat([table, long_table(dropout=0.2)])
    assert len(run_status(both[both["epoch"] > 1].query("seed == 0"))) == 6


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


def finals(**columns):
    """One epoch of runs with the columns given, beside what every table has."""
    n = len(next(iter(columns.values())))
    table = {"learning_rate": [0.1] * n, "seed": list(range(n)), "epoch": [1] * n}
    return pd.DataFrame(table | {"status": ["slow"] * n} | columns)


def test_final_is_the_last_epoch_of_each_run():
    values = final(long_table())
    assert values.name == "loss"
    assert values.index.names == ["learning_rate", "seed"]
    assert values[0.2, 1] == pytest.approx(0.1 * 0.2 + 0.01)
    pd.testing.assert_series_equal(final(long_table().sample(frac=1)).sort_index(), values)


def test_final_prefers_the_validation_loss():
    assert final(two_runs()).name == "val_loss"
    assert final(two_runs(), "loss").name == "loss"


def test_final_medians_by_rate_and_by_more():
    medians = final(long_table(), by="learning_rate")
    assert medians.index.tolist() == [0.1, 0.2, 0.3]
    np.testing.assert_allclose(medians, 0.1 * medians.index + 0.005)
    joined = pd.concat([long_table(momentum=m) for m in (0.9, 0.5)])
    by_both = final(joined, by=["momentum", "learning_rate"])
    assert by_both.index[0] == (0.9, 0.1)
    assert len(by_both) == 6


@pytest.mark.parametrize(
    ("measure", "expected"),
    [("loss", [0.1, np.inf, np.inf]), ("mae", [0.1, np.inf, np.inf]),
     ("accuracy", [0.1, 0.3, -np.inf])],
)  # fmt: skip
def test_how_a_diverged_run_counts(measure, expected):
    table = finals(**{measure: [0.1, 0.3, np.nan]}, status=["converged", "diverged", "diverged"])
    assert final(table, measure).tolist() == expected
    assert final(table, measure, by="learning_rate").tolist() == [sorted(expected)[1]]


def test_final_of_a_measure_of_ones_own():
    table = finals(top2=[0.2, np.nan])
    with pytest.raises(ValueError, match="larger_is_better=True"):
        final(table, "top2")
    assert final(table, "top2", larger_is_better=True).tolist() == [0.2, -np.inf]
    assert final(table, "top2", larger_is_better=False).tolist() == [0.2, np.inf]


def test_a_paired_difference_is_the_mean_over_the_seeds():
    loss = [0.5, 0.7, 0.6, 0.4, 0.5, 0.1]
    table = finals(loss=loss, learning_rate=[0.1] * 3 + [0.2] * 3, seed=[0, 1, 2, 2, 0, 1])
    found = paired_difference(table, 0.1, 0.2)
    assert found.differences.to_dict() == pytest.approx({0: 0.0, 1: 0.6, 2: 0.2})
    assert found.n == 3
    assert found.mean == pytest.approx(0.8 / 3)
    assert found.standard_error == pytest.approx(np.std([0.0, 0.6, 0.2], ddof=1) / np.sqrt(3))
    turned = paired_difference(table.sample(frac=1, random_state=0), 0.2, 0.1)
    assert turned.mean == pytest.approx(-found.mean)


def test_a_paired_difference_of_several_columns_and_folds():
    tables = [
        long_table(optimizer=name, fold=fold).assign(loss=lambda t, s=shift: t["loss"] + s)
        for name, shift in (("sgd", 0.0), ("adam", 0.5))
        for fold in (1, 2)
    ]
    table = pd.concat(tables, ignore_index=True)
    a = {"optimizer": "adam", "learning_rate": 0.2}
    b = {"optimizer": "sgd", "learning_rate": 0.3}
    found = paired_difference(table, a, b)
    assert found.n == 2
    assert found.mean == pytest.approx(0.5 - 0.01)
    by_optimizer = paired_difference(table, "adam", "sgd", by="optimizer")
    assert by_optimizer.differences.tolist() == pytest.approx([0.5, 0.5])


def test_a_paired_difference_with_a_diverged_run_is_infinite():
    table = finals(
        loss=[0.5, 0.7, 0.6, 0.4], learning_rate=[0.1, 0.1, 0.2, 0.2], seed=[0, 1, 0, 1],
        status=["slow", "diverged", "slow", "slow"],
    )  # fmt: skip
    found = paired_difference(table, 0.1, 0.2)
    assert found.mean == np.inf
    assert np.isnan(found.standard_error)


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (0.1, 0.7, "b is {.learning_rate.: 0.7}, and runs has no such run"),
        ({"learning_rate": 0.1}, {"seed": 1}, "give both the same"),
        ({"city": "Ulm"}, {"city": "Bonn"}, "out of the key columns of runs: learning_rate"),
        ({}, {}, "give both the same"),
    ],
)
def test_a_paired_difference_of_what_is_not_there(a, b, words):
    with pytest.raises(ValueError, match=words):
        paired_difference(long_table(), a, b)


def test_a_paired_difference_needs_partners_and_two_seeds():
    table = long_table()
    lone = table[~((table["learning_rate"] == 0.2) & (table["seed"] == 1))]
    with pytest.raises(ValueError, match="seed 1 has no partner"):
        paired_difference(lone, 0.1, 0.2)
    with pytest.raises(ValueError, match="one seed only"):
        paired_difference(table[table["seed"] == 0], 0.1, 0.2)
