"""The pictures of what a search tried: halving, and the trials of a study."""

import matplotlib.pyplot as plt
import numpy as np
import optuna
import pandas as pd
import pytest

from course_utils.plotting.searches import plot_halving, plot_study
from course_utils.plotting.style import alt_text, course_rc
from tools.readable import overlaps

RATES = np.geomspace(1e-4, 1, 6)
KEPT = {2: 2, 6: 1}


@pytest.fixture(autouse=True)
def _course_style():
    with plt.rc_context(course_rc()):
        yield
    plt.close("all")


def losses(last):
    """Return losses in which the rates with numbers 2 and 3 lead after two passes, then 3."""
    early = [0.69, 0.68, 0.62, 0.60, 0.64, 2.0]
    middle = [0.68, 0.65, 0.60, 0.56, 0.63, 1.5]
    return pd.DataFrame({2: early, 6: middle, 18: last}, index=RATES)


def test_halving_stops_those_behind_and_names_the_survivor_and_the_best():
    ax = plot_halving(losses([0.60, 0.53, 0.59, 0.55, 0.66, 3.0]), KEPT)
    assert "halving ends with 0.025, the best after 18 passes is 0.00063" in alt_text(ax.figure)
    words = [text.get_text() for text in ax.texts]
    assert words == ["2 left", "1 left", "best 0.00063", "survivor 0.025"]
    solid = [list(line.get_xdata()) for line in ax.lines if line.get_linestyle() == "-"]
    assert [2, 6, 18] in solid  # the survivor
    assert [2, 6] in solid  # the other one that was kept once
    assert overlaps(ax.figure) == []


def test_a_survivor_that_is_the_best_is_named_once():
    ax = plot_halving(losses([0.60, 0.58, 0.59, 0.55, 0.66, 3.0]), KEPT)
    assert [text.get_text() for text in ax.texts] == ["2 left", "1 left", "best 0.025"]


def test_each_finished_trial_of_a_study_stands_at_its_loss():
    states = optuna.trial.TrialState
    dice = {"eta0": optuna.distributions.FloatDistribution(1e-5, 10, log=True)}
    trials = [
        optuna.trial.create_trial(
            state=state, value=value, params={"eta0": rate}, distributions=dice,
            intermediate_values={0: value} if value else {},
        )
        for state, value, rate in [
            (states.COMPLETE, 0.6, 0.01), (states.PRUNED, 3.0, 1.0), (states.FAIL, None, 0.1),
            (states.COMPLETE, 0.5, 0.002),
        ]
    ]  # fmt: skip
    ax = plot_study(trials, "eta0", n_random=2)
    places = [(line.get_xdata()[0], line.get_ydata()[0]) for line in ax.lines]
    assert places == [(0.01, 0.6), (1.0, 3.0), (0.002, 0.5)]
    assert [line.get_marker() for line in ax.lines] == ["o", "x", "o"]
    assert [line.get_fillstyle() for line in ax.lines] == ["none", "none", "full"]
    assert overlaps(ax.figure) == []
