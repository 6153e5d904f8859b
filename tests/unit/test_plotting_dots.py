"""The rows of dots: a dot for each number, and each row's mean with its standard error."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils.plotting.dots import plot_dots
from course_utils.plotting.style import alt_text, course_rc
from tools.readable import overlaps

ROWS = {"at random": np.array([1.0, 3.0, 5.0]), "together": [-2.0, 0.0, -1.0, 1.0]}


@pytest.fixture(autouse=True)
def _course_style():
    with plt.rc_context(course_rc()):
        yield
    plt.close("all")


def test_a_dot_for_each_number_at_its_place():
    ax = plot_dots(ROWS, "gain")
    places = [line.get_xdata().tolist() for line in ax.lines]
    assert places == [list(values) for values in ROWS.values()]
    assert [label.get_text() for label in ax.get_yticklabels()] == list(ROWS)
    heights = [np.mean(line.get_ydata()) for line in ax.lines]
    assert heights[0] > heights[1]  # the first row stands on top


def test_mean_and_standard_error():
    ax = plot_dots(ROWS, "gain", mean=True)
    assert [text.get_text() for text in ax.texts] == ["+3.0 ± 1.2", "−0.5 ± 0.6"]
    assert "at random: 3 dots from 1.0 to 5.0, mean 3.0 with standard error 1.2" in alt_text(
        ax.figure
    )
    assert overlaps(ax.figure) == []
