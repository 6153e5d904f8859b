"""The next grid, read off the last round: cases by hand."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV

from course_utils import refine


def results(best, **axes):
    """Return the results of a grid whose scores fall off around the candidate `best`."""
    names = list(axes)
    params = [
        dict(zip(names, values, strict=True))
        for values in np.array(np.meshgrid(*axes.values(), indexing="ij"), dtype=object)
        .reshape(len(names), -1)
        .T
    ]
    scores = [-sum(p[name] != best[name] for name in names) for p in params]
    return {"params": params, "mean_test_score": scores}


def axis(values, best, **options):
    return refine(results({"a": best}, a=values), **options)["a"]


@pytest.mark.parametrize(
    ("values", "best", "expected"),
    [
        # Inside: half-way to both neighbours, in factors or in steps.
        ([0.01, 1.0, 100.0], 1.0, [0.1, 1.0, 10.0]),
        ([0.0, 0.4, 0.8], 0.4, [0.2, 0.4, 0.6]),
        ([32, 64, 128], 64, [45, 64, 91]),
        ([10, 20, 30], 20, [15, 20, 25]),
        # On an edge: the same spacing, centred on the winner.
        ([0.01, 0.1, 1.0], 1.0, [0.1, 1.0, 10.0]),
        ([0.01, 0.1, 1.0], 0.01, [0.001, 0.01, 0.1]),
        ([32, 64, 128], 128, [64, 128, 256]),
        ([10, 20, 30], 30, [20, 30, 40]),
        ([0.001, 0.01], 0.01, [0.001, 0.01, 0.1]),
        # Nothing left to try.
        ([1, 2, 3], 2, [2]),
        ([0.5], 0.5, [0.5]),
        ([True, False], True, [True]),
        (["relu", "tanh"], "tanh", ["tanh"]),
    ],
)
def test_one_axis(values, best, expected):
    found = axis(values, best)
    assert found == pytest.approx(expected) if isinstance(expected[0], float) else found == expected


def test_whole_numbers_stay_whole():
    assert all(isinstance(value, int) for value in axis([32, 64, 128], 64))


def test_more_points_zoom_in_faster_and_reach_farther():
    assert axis([0.001, 1.0, 1000.0], 1.0, points=5) == pytest.approx([0.01, 0.1, 1, 10, 100])
    assert axis([0.1, 1.0], 1.0, points=5) == pytest.approx([0.01, 0.1, 1, 10, 100])


def test_bounds_end_an_axis():
    assert axis([0.1, 0.5, 0.9], 0.9, bounds={"a": (0, 0.99)}) == pytest.approx([0.5, 0.9, 0.99])
    assert axis([0.5, 0.9, 0.99], 0.99, bounds={"a": (0, 0.99)}) == pytest.approx([0.945, 0.99])
    assert axis([0.01, 0.1], 0.01, bounds={"a": (0.01, None)}) == pytest.approx([0.01, 0.0316228])


def test_the_scale_can_be_said():
    assert axis([1, 2, 3], 3, scales={"a": "log"}) == [2, 3, 4]
    assert axis([0.1, 1.0, 10.0], 1.0, scales={"a": "linear"}) == pytest.approx([0.55, 1.0, 5.5])


def test_every_axis_for_itself():
    found = refine(
        results(
            {"rate": 0.1, "units": 128, "how": "x"},
            rate=[0.01, 0.1, 1.0],
            units=[32, 64, 128],
            how=["x", "y"],
        )
    )
    assert found["rate"] == pytest.approx([0.0316228, 0.1, 0.316228])
    assert found["units"] == [64, 128, 256]
    assert found["how"] == ["x"]


def test_a_chosen_winner():
    table = results({"a": 0.01}, a=[0.01, 0.1, 1.0])
    assert refine(table, winner=1)["a"] == pytest.approx([0.0316228, 0.1, 0.316228])


def test_a_fitted_search_its_results_and_a_table_give_the_same():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.tile([0, 1], 30)
    grid = {"alpha": [1e-4, 1e-2, 1.0], "eta0": [0.01, 0.1]}
    model = SGDClassifier(learning_rate="constant", random_state=0)
    search = GridSearchCV(model, grid, cv=3).fit(X, y)
    expected = refine(search)
    assert refine(search.cv_results_) == refine(pd.DataFrame(search.cv_results_)) == expected
    GridSearchCV(model, expected, cv=3).fit(X, y)


def test_several_scorings_need_a_winner():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.tile([0, 1], 30)
    search = GridSearchCV(
        SGDClassifier(random_state=0), {"alpha": [0.01, 0.1, 1.0]}, cv=3,
        scoring=["accuracy", "f1"], refit=False,
    ).fit(X, y)  # fmt: skip
    with pytest.raises(ValueError, match="several scorings"):
        refine(search)
    assert refine(search, winner=1)["alpha"][1] == 0.1


def test_nan_never_wins():
    table = results({"a": 0.1}, a=[0.01, 0.1, 1.0])
    table["mean_test_score"] = [0.5, np.nan, 0.4]
    assert 0.01 in refine(table)["a"]
    table["mean_test_score"] = [np.nan] * 3
    with pytest.raises(ValueError, match="all 3 values of mean_test_score are nan"):
        refine(table)


def test_grids_in_a_list_keep_the_part_of_the_winner():
    params = [{"how": "x", "a": 0.1}, {"how": "x", "a": 1.0}, {"how": "x", "a": 10.0}]
    params += [{"how": "y", "a": 5.0}, {"how": "z"}]
    found = refine({"params": params, "mean_test_score": [1, 2, 1, 0, 0]})
    assert found["how"] == ["x"]
    assert found["a"] == pytest.approx([0.316228, 1.0, 3.16228])


@pytest.mark.parametrize(
    ("given", "options", "error", "words"),
    [
        ([1, 2], {}, TypeError, "give a fitted grid search"),
        ({"mean_test_score": [1]}, {}, TypeError, "give a fitted grid search"),
        (GridSearchCV(SGDClassifier(), {"alpha": [1]}), {}, ValueError, "not fitted yet"),
        (None, {"points": 4}, ValueError, "odd number"),
        (None, {"points": 1}, ValueError, "at least 3"),
        (None, {"winner": 9}, ValueError, "rows 0 to 2"),
        (None, {"winner": "best"}, TypeError, "number of a row"),
        (None, {"scales": {"b": "log"}}, ValueError, "the grid has a"),
        (None, {"scales": {"a": "cubic"}}, ValueError, '"log" or "linear"'),
        (None, {"scales": ["a"]}, TypeError, "give a dict"),
        (None, {"bounds": {"a": 3}}, ValueError, r"give \(low, high\)"),
        (None, {"bounds": {"a": (5.0, None)}}, ValueError, "bounds is .* outside of it"),
    ],
)
def test_bad_input(given, options, error, words):
    given = results({"a": 1.0}, a=[0.1, 1.0, 10.0]) if given is None else given
    with pytest.raises(error, match=words):
        refine(given, **options)


def test_a_logarithmic_axis_has_no_zero():
    with pytest.raises(ValueError, match="must be above 0"):
        axis([0.0, 0.1, 1.0], 0.1, scales={"a": "log"})


def test_random_candidates_are_no_grid():
    params = [{"a": 0.1, "b": 1.0}, {"a": 0.2, "b": 3.0}, {"a": 0.3, "b": 2.0}]
    with pytest.raises(ValueError, match=r"3 candidates do not form a grid \(9 would\)"):
        refine({"params": params, "mean_test_score": [1, 2, 3]})
