"""Whether pictures can be read from the back row: colours, sizes, and labels that cross nothing."""

from itertools import combinations

import matplotlib.pyplot as plt
import numpy as np
import pytest
from gallery import ROOMS, pictures, table
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from course_utils import plot_learning_curves, plot_sweep, rate_color
from course_utils.plotting.labels import Label
from course_utils.plotting.style import OPTIMIZER_COLORS, STATUS_COLORS, course_rc
from tools.readable import overlaps

pytestmark = pytest.mark.slow

COLUMN = 720  # pixels of a notebook's column on a laptop

# What people with protanopia, deuteranopia and tritanopia see of linear RGB (Machado, Oliveira and
# Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009).
EYES = {
    "all cones": np.eye(3),
    "no L cones": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                   [-0.003882, -0.048116, 1.051998]],
    "no M cones": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                   [-0.011820, 0.042940, 0.968881]],
    "no S cones": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                   [0.004733, 0.691367, 0.303900]],
}  # fmt: skip
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750],
     [0.0193339, 0.1191920, 0.9503041]]
)  # fmt: skip


@pytest.fixture(autouse=True)
def _close_figures():
    with plt.rc_context(course_rc()):
        yield
    plt.close("all")


def linear(color):
    values = np.array(to_rgb(color))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(color):
    """Return the contrast to white as the WCAG defines it."""
    return 1.05 / (linear(color) @ TO_XYZ[1] + 0.05)


def lab(color, eyes):
    """Return a colour in CIELAB, in which distances are what an eye sees."""
    xyz = TO_XYZ @ np.clip(np.array(eyes) @ linear(color), 0, 1) / [0.95047, 1, 1.08883]
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_every_rate_is_dark_enough_on_white():
    colors = [rate_color(rate) for rate in np.geomspace(1e-7, 10, 200)]
    assert min(map(contrast, colors)) >= 3.0


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_larger_rates_are_brighter_for_every_eye(eyes):
    brightness = [lab(rate_color(rate), eyes)[0] for rate in np.geomspace(1e-5, 10, 7)]
    assert (np.diff(brightness) > 2).all()


@pytest.mark.parametrize("eyes", EYES.values(), ids=EYES)
def test_statuses_are_told_apart_by_every_eye(eyes):
    for one, other in combinations(STATUS_COLORS.values(), 2):
        assert np.linalg.norm(lab(one, eyes) - lab(other, eyes)) >= 25
    assert min(map(contrast, STATUS_COLORS.values())) >= 3.0


def test_optimizers_are_dark_enough_on_white():
    assert min(map(contrast, OPTIMIZER_COLORS)) >= 3.0


@pytest.mark.parametrize("room", ROOMS)
def test_no_label_crosses_anything(room):
    found = {name: overlaps(figure) for name, figure in pictures(room)}
    assert {name: crossed for name, crossed in found.items() if crossed} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_pictures_fit_a_column_and_their_type_stays_readable(room):
    for name, figure in pictures(room):
        width = figure.get_figwidth() * figure.dpi
        assert width <= 960, name
        sizes = [text.get_fontsize() for text in figure.findobj(Text) if text.get_text().strip()]
        shown = min(sizes) / 72 * figure.dpi * min(1, COLUMN / width)
        assert shown >= 14, name


def test_the_cross_of_a_diverged_run_stands_where_no_good_value_can():
    runs = table([0.001, 0.01, 1.0])
    for measure, edge in (("val_loss", 1), ("val_accuracy", 0)):
        ax = plot_sweep(runs, measure)
        (cross,) = (line for line in ax.lines if line.get_marker() == "X")
        assert cross.get_ydata() == [edge]
        for line in ax.lines:
            if line is not cross:
                on_screen = line.get_transform().transform(line.get_xydata())
                heights = ax.transAxes.inverted().transform(on_screen)[:, 1]
                assert (np.abs(heights - edge) > 0.1).all()
    for measure, edge in (("loss", 1), ("accuracy", 0)):
        ax = plot_learning_curves(runs, measure).flat[2]
        (cross,) = (line for line in ax.lines if line.get_marker() == "X")
        assert cross.get_ydata() == [edge]


def test_a_label_takes_the_first_free_place():
    figure, ax = plt.subplots()
    ax.plot([0, 1], [0.5, 0.5])
    ax.set(xlim=(0, 1), ylim=(0, 1))
    places = [((0.5, y), (0, 0)) for y in (0.5, 0.8, 0.2)]
    label = Label(ax, "name", places)
    figure.canvas.draw()
    assert label.xy == (0.5, 0.8)
    ax.plot([0, 1], [0.8, 0.8])
    figure.canvas.draw()
    assert label.xy == (0.5, 0.2)
    ax.axhline(0.2)
    crowded = Label(ax, "too many", places, optional=True)
    figure.canvas.draw()
    assert not crowded.placed
