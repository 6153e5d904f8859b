"""Pictures of a grid search, by what stands in them."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle

from course_utils import plot_grid, show
from course_utils.plotting.grid import grid_table
from course_utils.plotting.style import RED, alt_text, course_rc


@pytest.fixture(autouse=True)
def _close_figures():
    with plt.rc_context(course_rc()):
        yield
    plt.close("all")


def search(means, spread=0.02, folds=5, **axes):
    """Return cv_results_ whose folds lie evenly around the given means, for a grid of `axes`."""
    names = list(axes)
    columns = np.meshgrid(*[np.arange(len(v)) for v in axes.values()], indexing="ij")
    params = [
        {name: axes[name][place] for name, place in zip(names, places, strict=True)}
        for places in np.transpose([c.ravel() for c in columns])
    ]
    means = np.ravel(means).astype(float)
    offsets = np.linspace(-1, 1, folds)
    offsets = spread * offsets / offsets.std()
    found = {"params": params, "mean_test_score": means}
    found["std_test_score"] = np.where(np.isfinite(means), spread, np.nan)
    return found | {f"split{k}_test_score": means + offsets[k] for k in range(folds)}


TWO = search(
    [[0.80, 0.85], [0.90, 0.895], [0.70, 0.88]],
    sgd__alpha=[0.01, 0.1, 1.0],
    sgd__eta0=[0.001, 0.01],
)


def frames(ax):
    """Return the cells (column, row) with a frame, solid first, then dashed."""
    kinds = {"solid": [], "dashed": []}
    for patch in ax.patches:
        if isinstance(patch, Rectangle):
            kind = "solid" if patch.get_linestyle() in ("-", "solid") else "dashed"
            kinds[kind].append(tuple(np.add(patch.get_xy(), 0.45).round().astype(int)))
    return kinds["solid"], kinds["dashed"]


def test_map_shows_each_cell_with_its_spread():
    ax = plot_grid(TWO, "sgd__eta0", "sgd__alpha")
    texts = {tuple(t.get_position()): t.get_text() for t in ax.texts}
    assert texts[0, 0] == "0.800\n±0.020"
    assert texts[1, 2] == "0.880\n±0.020"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0.001", "0.01"]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["0.01", "0.1", "1"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("eta0", "alpha")


def test_winner_and_draws_are_framed():
    # One standard error is 0.02/√(5 − 1) = 0.01: 0.895 is a draw with 0.90, 0.88 is none.
    ax = plot_grid(TWO, "sgd__eta0", "sgd__alpha")
    assert frames(ax) == ([(0, 1)], [(1, 1)])


def test_nan_is_a_grey_cell_with_its_name_and_never_wins():
    means = np.array([[0.80, np.nan], [0.9, 0.7]])
    table = search(means, a=[0.1, 1.0], b=[0.1, 1.0])
    ax = plot_grid(table, "b", "a")
    nan = next(t for t in ax.texts if t.get_text() == "nan")
    assert (nan.get_position(), to_hex(nan.get_color())) == ((1, 0), RED)
    assert frames(ax) == ([(0, 1)], [])
    assert "1 are nan" in alt_text(ax.figure)


@pytest.mark.filterwarnings("error")
def test_all_nan_makes_a_picture_without_a_winner():
    table = search(np.full((2, 2), np.nan), a=[0.1, 1.0], b=[0.1, 1.0])
    for ax in (plot_grid(table, "a", "b"), plot_grid(table, "a")):
        assert "all nan" in alt_text(ax.figure)
        show(ax)


def test_other_parameters_are_represented_by_their_best():
    means = [[[0.8, 0.6], [0.7, 0.75]], [[0.1, 0.2], [0.3, 0.4]]]
    table = search(means, a=[1.0, 10.0], b=[1.0, 10.0], c=["x", "y"])
    drawn = grid_table(table, ["a", "b"]).set_index(["a", "b"])["mean"]
    assert drawn.to_dict() == {
        (1.0, 1.0): 0.8, (1.0, 10.0): 0.75, (10.0, 10.0): 0.4, (10.0, 1.0): 0.2,
    }  # fmt: skip


def test_values_that_are_no_numbers_keep_the_order_of_the_grid():
    layers = [(50,), (100,), (50, 50)]
    table = search([[0.1], [0.9], [0.5]], layers=layers, rate=[0.1])
    ax = plot_grid(table, "rate", "layers")
    assert [t.get_text() for t in ax.get_yticklabels()] == ["(50,)", "(100,)", "(50, 50)"]


def test_a_crowded_map_leaves_the_spread_out():
    axis = list(np.logspace(-4, 0, 9))
    ax = plot_grid(search(np.linspace(0, 1, 81), a=axis, b=axis), "a", "b")
    assert len(ax.texts) == 81
    assert all("±" not in t.get_text() for t in ax.texts)
    assert max(ax.figure.get_size_inches()) <= 15


def test_line_has_folds_the_winner_and_one_standard_error():
    ax = plot_grid(search([0.8, 0.9, 0.85], alpha=[0.01, 0.1, 1.0]), "alpha")
    assert ax.get_xscale() == "log"
    assert [line for line in ax.lines if list(line.get_ydata()) == [0.8, 0.9, 0.85]]
    folds = [line for line in ax.lines if to_hex(line.get_color()) == "#bbbbbb"]
    assert len(folds) == 5
    levels = [line.get_ydata()[0] for line in ax.lines if len(set(line.get_ydata())) == 1]
    assert levels == pytest.approx([0.89, 0.9])
    assert "best − one standard error" in [t.get_text() for t in ax.texts]


def test_line_over_words():
    ax = plot_grid(search([0.8, 0.9], penalty=["l2", "l1"]), "penalty")
    assert [t.get_text() for t in ax.get_xticklabels()] == ["l2", "l1"]


def test_alt_text_tells_the_story():
    text = alt_text(plot_grid(pd.DataFrame(TWO), "sgd__eta0", "sgd__alpha").figure)
    assert "from 0.700 to 0.900 ± 0.020 at eta0 0.001 and alpha 0.1" in text
    assert "2 of 6 cells lie within one standard error" in text


@pytest.mark.parametrize(
    ("results", "x", "error", "words"),
    [
        (TWO, "alpha", ValueError, "x is 'alpha', .* it had sgd__alpha, sgd__eta0"),
        ({"params": []}, "alpha", TypeError, "has no mean_test_score, std_test_score"),
        ([1, 2], "alpha", TypeError, "give the cv_results_"),
    ],
)
def test_bad_input(results, x, error, words):
    with pytest.raises(error, match=words):
        plot_grid(results, x)
