"""The picture of ranks."""

import pandas as pd

from course_utils.plotting.ranks import plot_ranks
from course_utils.plotting.style import alt_text

RANKING = pd.DataFrame(
    {
        "default_rate": [0.001, 0.01, 0.001],
        "at_default": [0.3, 0.8, 1.4],
        "default_rank": [1, 2, 3],
        "tuned_rate": [0.003, 0.1, 0.1],
        "tuned": [0.28, 0.33, 0.27],
        "tuned_rank": [2, 3, 1],
    },
    index=["Adam", "SGD", "Adagrad"],
)


def test_ranks_are_told_in_words():
    ax = plot_ranks(RANKING)
    assert "Adagrad: 3 at its default rate (1.40), 1 tuned (0.27)." in alt_text(ax.figure)
    left, right = ax.lines[0].get_ydata()
    assert (left, right) == (3, 1)


def test_ranks_of_accuracies_count_upwards():
    ranking = RANKING.assign(
        at_default=1 - RANKING["at_default"] / 2, tuned=1 - RANKING["tuned"] / 2
    )
    assert "Adagrad: 3 at its default rate" in alt_text(plot_ranks(ranking).figure)
