"""The demos without a browser: the sliders are moved in Python, the picture's bytes change."""

import threading

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from demo_parts import parts, picture, words
from matplotlib.figure import Figure
from sklearn.linear_model import SGDRegressor

from course_utils import demos, stability_limits
from course_utils.plotting.style import alt_text

pytestmark = pytest.mark.slow

X = np.random.default_rng(0).normal(size=(60, 2))
Y = X @ [1.0, -1.0]


def eta0_demo():
    limits = {"limit": stability_limits(X).one_sample_max}
    model = SGDRegressor(learning_rate="constant")
    return demos.eta0_demo(model, X, Y, (X, Y), epochs=5, limits=limits, baselines={"exact": 0.01})


DEMOS = {
    "story": demos.story_demo,
    "bowl": demos.bowl_demo,
    "ravine": demos.ravine_demo,
    "eta0": eta0_demo,
}


@pytest.fixture(params=DEMOS)
def demo(request):
    return DEMOS[request.param]()


def test_every_slider_changes_the_picture(demo):
    (image,) = parts(demo, widgets.Image)
    assert bytes(image.value).startswith(b"\x89PNG")
    for slider in parts(demo, widgets.FloatLogSlider):
        before = bytes(image.value)
        slider.value = slider.value * 2.5
        assert bytes(image.value) != before


def test_the_box_and_the_slider_move_together(demo):
    slider = parts(demo, widgets.FloatLogSlider)[0]
    box = parts(demo, widgets.Text)[0]
    box.value = "0.0123"
    assert slider.value == pytest.approx(0.0123)
    slider.value = 0.5
    assert box.value == "0.5"


@pytest.mark.parametrize("number", [2.0, 2.05, 1.995, 0.0123, 100.0])
def test_a_slider_stays_where_it_was_put_though_the_browser_rounds(number):
    slider = parts(demos.bowl_demo(curvature=1.0), widgets.FloatLogSlider)[0]
    slider.value = number
    now = slider.value  # the slider ends before 100
    place = slider.min + np.floor((np.log10(now) - slider.min) / slider.step + 0.5) * slider.step
    slider.set_state({"value": 10 ** min(place, slider.max)})
    assert slider.value == now
    one_key = 10 ** (place - slider.step)
    slider.set_state({"value": one_key})
    assert slider.value == one_key


def test_two_threads_do_not_draw_at_once():
    demo = demos.bowl_demo(curvature=1.0)
    image, slider = parts(demo, widgets.Image)[0], parts(demo, widgets.FloatLogSlider)[0]
    button = parts(demo, widgets.Button)[0]

    def move():
        for rate in np.geomspace(0.01, 0.1, 8):
            slider.value = rate

    def press():
        for _ in range(8):
            button.click()

    threads = [threading.Thread(target=act) for act in (move, press)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    last = bytes(image.value)
    demo.widget.show(demo)
    assert bytes(image.value) == last


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("0,1", "a point and no comma"),
        ("a lot", "Write a number from"),
        ("1e9", "Write a number from"),
        ("nan", "Write a number from"),
    ],
)
def test_what_cannot_be_a_rate_is_refused_in_words(demo, typed, says):
    slider = parts(demo, widgets.FloatLogSlider)[0]
    box = parts(demo, widgets.Text)[0]
    before, shown = slider.value, [part.value for part in parts(demo, widgets.HTML)]
    box.value = typed
    assert slider.value == before
    new = [part.value for part in parts(demo, widgets.HTML) if part.value not in shown]
    assert len(new) == 1
    assert says in new[0]
    box.value = "0.1"
    assert slider.value == pytest.approx(0.1)
    assert new[0] not in [part.value for part in parts(demo, widgets.HTML)]


def test_the_ends_of_the_sliders_draw(demo):
    (image,) = parts(demo, widgets.Image)
    for slider in parts(demo, widgets.FloatLogSlider):
        for end in (slider.min, slider.max):
            slider.value = 10.0**end
            assert bytes(image.value).startswith(b"\x89PNG")


@pytest.mark.parametrize("name", ["bowl", "ravine"])
def test_buttons_jump_to_their_points(name):
    demo = DEMOS[name]()
    slider = parts(demo, widgets.FloatLogSlider)[0]
    values = set()
    for button in parts(demo, widgets.Button):
        button.click()
        values.add(slider.value)
    assert len(values) == len(parts(demo, widgets.Button)) >= 2


def test_the_readout_says_what_happened():
    demo = demos.bowl_demo(curvature=1.0)
    slider = parts(demo, widgets.FloatLogSlider)[0]
    readout = parts(demo, widgets.HTML)[-1]
    slider.value = 0.5
    assert "The loss went from" in readout.value
    slider.value = 2.5
    assert "Diverging" in readout.value


def test_the_ravine_counts_the_steps():
    demo = demos.ravine_demo(condition_number=1.0)
    parts(demo, widgets.FloatLogSlider)[0].value = 1.0
    assert "<b>1 step</b>" in parts(demo, widgets.HTML)[-1].value


@pytest.fixture
def figures_before():
    """Stand before `demo` in a test: figures that other tests left open are not its own."""
    return plt.get_fignums()


def test_a_picture_needs_no_widgets(demo):
    figure = Figure()
    sentence = demo.draw(figure, learning_rate=0.01)
    assert "loss" in sentence or "steps" in sentence
    assert len(figure.axes) == 2
    png, same, alt = demo.frame(learning_rate=0.01)
    assert (png[:4], same) == (b"\x89PNG", sentence)
    assert alt == alt_text(figure)
    assert "widget" not in vars(demo)


def test_the_legend_of_a_live_demo_has_its_words():
    figure = Figure()
    eta0_demo().draw(figure)
    words = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert words == ["training", "validation"]


def test_the_picture_and_each_box_say_what_they_are(demo):
    (image,) = parts(demo, widgets.Image)
    before = image.tooltip
    assert "rate" in before.lower()
    parts(demo, widgets.FloatLogSlider)[0].value = 0.2
    assert image.tooltip != before
    sliders = [*parts(demo, widgets.FloatLogSlider), *parts(demo, widgets.FloatSlider)]
    boxes = parts(demo, widgets.Text)
    assert sorted(box.tooltip for box in boxes) == sorted(
        f"{slider.description}: type a number" for slider in sliders
    )
    assert len({slider.layout.width for slider in sliders}) == 1


def test_reset_puts_all_back(demo):
    sliders = parts(demo, widgets.FloatLogSlider)
    before = [slider.value for slider in sliders], picture(demo), words(demo)
    for slider in sliders:
        slider.value *= 3
    assert picture(demo) != before[1]
    parts(demo, widgets.Button)[-1].click()
    assert ([slider.value for slider in sliders], picture(demo), words(demo)) == before


def test_whole_numbers_are_typed_too():
    demo = demos.random_search_demo()
    trials, number = parts(demo, widgets.IntSlider)
    box = parts(demo, widgets.Text)[0]
    box.value = "5"
    assert trials.value == 5
    for typed in ("2.5", "9", "two"):
        box.value = typed
        assert trials.value == 5
        said = [part.value for part in parts(demo, widgets.HTML)]
        assert "Write a whole number from 2 to 8; nothing has changed." in said
    assert number.value == 10


def test_a_key_moves_a_slider_by_a_twentieth_of_a_decade(demo):
    assert {slider.step for slider in parts(demo, widgets.FloatLogSlider)} == {0.05}


def test_points_beyond_the_slider_stop_at_its_end():
    demo = demos.bowl_demo(curvature=0.1)
    parts(demo, widgets.Button)[0].click()
    assert parts(demo, widgets.FloatLogSlider)[0].value == pytest.approx(10)


def test_no_figure_is_left_open(figures_before, demo):
    assert plt.get_fignums() == figures_before
