"""The search by hand, without a browser."""

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts, picture, words
from sklearn.linear_model import SGDClassifier
from sklearn.model_selection import GridSearchCV

from course_utils import demos
from course_utils.demos.grid import simulated_search

pytestmark = pytest.mark.slow


@pytest.fixture
def demo():
    return demos.grid_demo()


def buttons(demo):
    """Return the three that act: run, and start again."""
    return parts(demo, widgets.Button)


def test_every_control_changes_the_picture(demo):
    column, row = parts(demo, widgets.SelectionSlider)
    spacing, points = parts(demo, widgets.ToggleButtons)
    for control, value in ((column, 3), (row, 8), (spacing, 1), (points, 5)):
        before = picture(demo)
        control.value = value
        assert picture(demo) != before


def test_a_round_costs_its_fits_and_shows_the_best(demo):
    assert "Nothing tried yet" in words(demo)
    assert "Planned: 9 cells × 5 folds = 45 fits" in words(demo)
    run, _ = buttons(demo)
    run.click()
    assert "Spent: 45 fits, best score" in words(demo)
    run.click()
    assert "Spent: 90 fits" in words(demo)


def test_moving_a_slider_costs_nothing(demo):
    run, _ = buttons(demo)
    run.click()
    parts(demo, widgets.SelectionSlider)[0].value = 2
    assert "Spent: 45 fits" in words(demo)


def test_starting_again_forgets_everything(demo):
    run, again = buttons(demo)
    run.click()
    again.click()
    assert "Nothing tried yet" in words(demo)
    run.click()
    assert "Spent: 45 fits" in words(demo)


def test_cells_beyond_the_map_are_not_paid_for(demo):
    column, row = parts(demo, widgets.SelectionSlider)
    column.value = row.value = 0
    assert "Planned: 4 cells × 5 folds = 20 fits" in words(demo)


def test_the_number_to_beat_can_be_beaten():
    table = simulated_search()
    best = table["params"][int(np.argmax(table["mean_test_score"]))]
    demo = demos.grid_demo()
    column, row = parts(demo, widgets.SelectionSlider)
    rates, penalties = (sorted({p[name] for p in table["params"]}) for name in best)
    column.value = rates.index(best["learning_rate"])
    row.value = penalties.index(best["alpha"])
    parts(demo, widgets.ToggleButtons)[1].value = 1
    buttons(demo)[0].click()
    assert "Spent: 5 fits" in words(demo)
    assert "You beat it" in words(demo)


def test_a_wasteful_search_beats_nothing(demo):
    parts(demo, widgets.ToggleButtons)[1].value = 5
    run, _ = buttons(demo)
    for _ in range(3):
        run.click()
    assert "You beat it" not in words(demo)


def test_the_readers_own_search():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(60, 3)), np.tile([0, 1, 2], 20)
    grid = {"alpha": np.logspace(-4, 0, 4), "eta0": np.logspace(-3, 0, 5)}
    model = SGDClassifier(learning_rate="constant", max_iter=5, tol=None, random_state=0)
    search = GridSearchCV(model, grid, cv=3, refit=False).fit(X, y)
    demo = demos.grid_demo(search.cv_results_, "eta0", "alpha")
    picture(demo)
    points = parts(demo, widgets.ToggleButtons)
    points[0].value, points[1].value = 1, 5
    assert "Planned: 20 cells × 3 folds = 60 fits" in words(demo)
    buttons(demo)[0].click()
    assert f"best score <b>{search.best_score_:.3f}</b>" in words(demo)


def test_a_map_with_holes_is_refused():
    table = simulated_search()
    table["mean_test_score"][5] = np.nan
    with pytest.raises(ValueError, match="cells without a score"):
        demos.grid_demo(table)


def test_simulated_scores_have_a_top_inside_the_map(monkeypatch):
    for seed in range(5):
        monkeypatch.setenv("COURSE_SEED", str(seed))
        table = simulated_search()
        best = table["params"][int(np.argmax(table["mean_test_score"]))]
        assert 1e-5 < best["learning_rate"] < 0.5
        assert 0.87 < np.max(table["mean_test_score"]) < 0.95
