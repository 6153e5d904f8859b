"""The race of four optimizers: Keras's own steps in the ravine, and a crowd of seeds on data."""

import asyncio

import ipywidgets as widgets
import numpy as np
import pytest
from demo_parts import parts, picture, words
from matplotlib.figure import Figure

from course_utils import demos
from course_utils.demos.own_data import own_network
from course_utils.demos.race import CROWD, CURVATURES, RACERS, START, standings, walk
from course_utils.demos.tries import make_optimizer

pytestmark = pytest.mark.slow

pytest.importorskip("keras")
EPOCHS = 4


def blobs():
    rng = np.random.default_rng(0)
    y = np.arange(60) % 3
    return rng.normal(size=(60, 2)) + 3 * y[:, None], y


@pytest.fixture(scope="module")
def demo():
    return demos.race_demo(*own_network(*blobs()), epochs=EPOCHS)


@pytest.mark.parametrize("name", RACERS)
def test_the_ravine_is_walked_as_by_keras(name):
    import keras

    (way,) = walk(name, [0.03], 25)
    optimizer, w = make_optimizer(name, learning_rate=0.03), keras.Variable(START)
    for place in way[1:]:
        optimizer.apply([keras.ops.multiply(w, CURVATURES)], [w])
        np.testing.assert_allclose(w.value.numpy(), place, rtol=2e-3, atol=1e-4)


def test_a_racer_that_explodes_stays_finite():
    assert np.isfinite(walk("SGD", [1e3], 60)).all()


def test_each_seed_is_a_line_and_the_rates_are_told(demo):
    for rates in ("one", "own"):
        figure = Figure(figsize=(11, 4.1))
        said = demo.draw(figure, rates=rates, epoch=EPOCHS)
        _, crowd = figure.axes
        thin = [line for line in crowd.lines if line.get_linewidth() < 1]
        assert len(thin) == CROWD * len(RACERS)
        assert {len(line.get_xdata()) for line in thin} == {EPOCHS}
        assert [text.get_text() for text in figure.legends[0].get_texts()] == list(RACERS)
        for ax in figure.axes:
            told = ax.get_title("left").removeprefix("rates ").removeprefix("rate ").split(", ")
            assert len(told) == (1 if rates == "one" else len(RACERS))
        assert said.startswith(f"Epoch {EPOCHS}, medians of {CROWD} seeds")


def test_standings_count_pairs():
    behind, ahead = np.full((1, CROWD), 0.5), np.full((1, CROWD), 0.6)
    ahead[0, :3] = 0.4
    said = standings({"SGD": behind, "Adam": ahead})
    assert "Adam 0.60, SGD 0.50" in said
    assert "Adam is ahead of SGD in <b>7 of 10</b> seeds" in said


def test_it_plays_without_training_anew(demo, monkeypatch):
    (play,) = parts(demo, widgets.Play)
    (epoch,) = parts(demo, widgets.IntSlider)
    monkeypatch.setattr("course_utils.demos.race.train_optimizers", None)
    seen = set()
    for beat in range(1, EPOCHS + 1):
        play.value = beat
        assert epoch.value == beat
        assert f"Epoch {beat}," in words(demo)
        seen.add(picture(demo))
    assert len(seen) == EPOCHS


def test_beats_that_come_at_once_draw_once(demo, monkeypatch):
    (play,) = parts(demo, widgets.Play)
    drawn, frame = [], type(demo).frame
    monkeypatch.setattr(type(demo), "frame", lambda *a, **k: drawn.append(k) or frame(*a, **k))

    async def burst():
        for beat in (1, 2, 3):
            play.value = beat
        await asyncio.sleep(0.5)

    asyncio.run(burst())
    assert [values["epoch"] for values in drawn] == [3]
