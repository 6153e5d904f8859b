"""What a grid costs, against an estimator whose fits take as long as its parameters say."""

from itertools import product

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

from course_utils import grid_cost
from course_utils.model_selection import cost
from course_utils.model_selection.cost import spread

X, Y = np.zeros((60, 2)), np.tile([0, 1], 30)
clock = {"now": 0.0}


class Timed(ClassifierMixin, BaseEstimator):
    """Its fit takes an overhead, and a time that grows with the rows and three parameters."""

    first = True

    def __init__(self, epochs=10, units=32, batch_size=32, rate=0.1, broken=False):
        self.epochs = epochs
        self.units = units
        self.batch_size = batch_size
        self.rate = rate
        self.broken = broken

    def seconds(self, n_rows):
        return 0.3 + n_rows * self.epochs * (20 + self.units) / self.batch_size / 1000

    def fit(self, X, y):
        clock["now"] += self.seconds(len(X)) + (10 if Timed.first else 0)
        Timed.first = False
        if self.broken:
            raise RuntimeError("broken")
        self.classes_ = np.unique(y)
        return self

    def predict(self, X):
        clock["now"] += 0.01
        return np.zeros(len(X), dtype=int)


@pytest.fixture(autouse=True)
def _simulated_clock(monkeypatch):
    monkeypatch.setattr(cost, "perf_counter", lambda: clock["now"])
    monkeypatch.setattr(Timed, "first", True)


GRID = {
    "units": [32, 64, 128],
    "rate": [0.001, 0.01],
    "batch_size": [16, 32, 64],
    "epochs": [10, 20],
}


def truth(grid, folds, refit=True):
    """Return the seconds of all fits, one by one; the refit as an average candidate."""
    rows = 60 * (folds - 1) / folds
    every = [Timed(**dict(zip(grid, values, strict=True))) for values in product(*grid.values())]
    total = sum(folds * (model.seconds(rows) + 0.01) for model in every)
    return total + refit * np.mean([model.seconds(60) for model in every])


def test_fits_are_candidates_times_folds_and_the_refit():
    found = grid_cost(Timed(), GRID, 3, X, Y)
    assert (found.candidates, found.folds, found.fits) == (36, 3, 109)
    assert grid_cost(Timed(), GRID, 3, X, Y, refit=False).fits == 108


@pytest.mark.parametrize(
    "grid",
    [
        GRID,
        {"epochs": [1, 2, 5, 10, 20, 50, 100]},
        {"epochs": [5, 10, 20, 40, 80], "units": [8, 256, 1024]},
        {"rate": list(np.logspace(-4, 0, 30)), "epochs": [10, 100]},
        {"units": [32]},
    ],
)
def test_seconds_are_predicted_within_a_quarter(grid):
    found = grid_cost(Timed(), grid, 4, X, Y)
    assert found.seconds == pytest.approx(truth(grid, 4), rel=0.25)
    assert len(found.timed) <= cost.AT_MOST


def test_what_the_first_fit_loads_is_not_counted():
    found = grid_cost(Timed(), {"units": [32, 64]}, 4, X, Y)
    assert found.timed["seconds"].max() < 10


def test_a_list_of_grids_is_the_sum():
    grids = [{"units": [32, 64], "epochs": [10, 20]}, {"batch_size": [8, 16, 32]}]
    both = grid_cost(Timed(), grids, 3, X, Y, refit=False)
    alone = [grid_cost(Timed(), grid, 3, X, Y, refit=False) for grid in grids]
    assert both.candidates == 7
    assert both.seconds == pytest.approx(sum(part.seconds for part in alone))


def test_repr_is_the_bill():
    found = grid_cost(Timed(), {"units": [32, 64, 128], "rate": [1.0, 2.0]}, 5, X, Y)
    assert repr(found).startswith("6 candidates × 5 folds + 1 refit = 31 fits, about ")
    assert repr(found).endswith(" s")
    single = grid_cost(Timed(), {"units": [32]}, 5, X, Y, refit=False)
    assert repr(single).startswith("1 candidate × 5 folds = 5 fits, about ")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.04, "0.04 s"), (4.2, "4.2 s"), (42.3, "42 s"), (189, "3 minutes"), (9000, "2.5 hours")],
)
def test_durations_are_read_aloud(seconds, words):
    assert cost._duration(seconds) == words


def test_fits_that_fail_are_counted():
    found = grid_cost(Timed(), {"broken": [False, True]}, 3, X, Y)
    assert found.timed["failed"].tolist() == [False, True]
    assert "1 of 2 timed fits failed" in repr(found)


def test_when_all_timed_fits_fail_the_first_error_is_said():
    says = "all 2 timed fits failed, .*RuntimeError: broken"
    with pytest.raises(ValueError, match=says):
        grid_cost(Timed(broken=True), {"epochs": [10, 20]}, 3, X, Y)


def test_spread_shows_every_value_as_often_as_it_can():
    chosen = spread(GRID)
    assert len(chosen) == 6
    for name, values in GRID.items():
        counts = [sum(c[name] == value for c in chosen) for value in values]
        assert len(set(counts)) == 1, name


def test_no_two_axes_of_a_spread_rise_together():
    grid = {name: [1, 2, 3, 4] for name in "abc"}
    table = np.array([[c[name] for name in grid] for c in spread(grid)])
    assert np.abs(np.corrcoef(table, rowvar=False) - np.eye(3)).max() < 0.5


def test_bad_input_is_refused_before_any_fit():
    before = clock["now"]
    with pytest.raises(ValueError, match="did you mean 'epochs'"):
        grid_cost(Timed(), {"epoch": [1]}, 3, X, Y)
    with pytest.raises(ValueError, match="cuts 40 folds"):
        grid_cost(Timed(), {"epochs": [1]}, 40, X, Y)
    assert clock["now"] == before
