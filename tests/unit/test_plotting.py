"""What is drawn, by its numbers: PNG bytes say nothing."""

from io import StringIO

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from course_utils import (
    descend,
    mark_limit,
    plot_descent,
    plot_descent_loss,
    plot_learning_curves,
    plot_sweep,
    rate_color,
    show,
    use_course_style,
)  # fmt: skip
from course_utils.plotting.by_rate import plot_effective_rates
from course_utils.plotting.style import STATUS_COLORS, alt_text, course_rc, figure_of
from course_utils.runs import STATUSES, runs_table
from tools.readable import overlaps

RATES = [0.001, 0.01, 0.1, 1.0]
LEVELS = [("Adam", 1.0), ("Adagrad", 2.0)]


@pytest.fixture(autouse=True)
def _close_figures():
    with plt.rc_context(course_rc()):
        yield
    plt.close("all")


@pytest.fixture
def runs():
    curve = np.exp(-np.arange(20) / 5)
    ends = {0.001: 0.8, 0.01: 0.3, 0.1: 0.4, 1.0: 1e20}
    loss = np.array([ends[rate] + curve + 0.01 * seed for seed in range(3) for rate in RATES])
    keys = {"learning_rate": RATES * 3, "seed": np.repeat(range(3), 4)}
    return runs_table(keys, {"loss": loss, "val_loss": loss + 0.1}, baseline_loss=1.0)


def test_sweep_draws_median_band_and_departures(runs):
    ax = plot_sweep(runs, baselines={"constant": 1.0}, limits={"2 / max": 0.5})
    line = ax.lines[0]
    np.testing.assert_allclose(line.get_xdata(), RATES[:3])
    np.testing.assert_allclose(line.get_ydata(), [0.91, 0.41, 0.51], atol=0.03)
    texts = [text.get_text() for text in ax.texts]
    assert "1" in texts
    assert "constant 1" in texts
    assert "2 / max = 0.5" in texts
    assert ax.get_ylim()[1] < 10
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_sweep_says_when_only_some_runs_left(runs):
    runs.loc[(runs["learning_rate"] == 0.1) & (runs["seed"] == 2), "status"] = "diverged"
    texts = [text.get_text() for text in plot_sweep(runs).texts]
    assert "0.1 (1 of 3)" in texts


def test_learning_curves_have_one_panel_per_rate_on_one_scale(runs):
    axes = plot_learning_curves(runs, baselines={"constant": 1.0})
    assert [ax.get_title(loc="left") for ax in axes.flat] == [
        "rate 0.001", "rate 0.01", "rate 0.1", "rate 1",
    ]  # fmt: skip
    assert len({ax.get_ylim() for ax in axes.flat}) == 1
    assert axes.flat[0].get_ylim()[1] < 10
    assert "diverged\nin epoch 1" in [text.get_text() for text in axes.flat[3].texts]


def test_learning_curves_can_have_a_panel_per_optimizer_or_momentum(runs):
    one_rate = runs[runs["learning_rate"] == 0.1]
    both = pd.concat([one_rate.assign(optimizer=name, loss=level) for name, level in LEVELS])
    axes = plot_learning_curves(both, by="optimizer")
    assert [ax.get_title(loc="left") for ax in axes.flat] == ["Adagrad", "Adam"]
    assert [ax.lines[0].get_ydata()[0] for ax in axes.flat] == [2.0, 1.0]
    assert alt_text(figure_of(axes)).startswith("Adagrad: val_loss ends at ")
    axes = plot_learning_curves(one_rate.assign(momentum=0.9), by="momentum")
    assert axes.flat[0].get_title(loc="left") == "momentum 0.9"


def test_the_whole_scale_shows_the_diverged_runs(runs):
    axes = plot_learning_curves(runs, whole_scale=True)
    assert axes.flat[0].get_ylim()[1] > 1e20


def test_all_runs_diverged_still_makes_a_picture(runs):
    gone = runs[runs["learning_rate"] == 1.0].assign(loss=np.inf, val_loss=np.inf)
    show(plot_learning_curves(gone))
    show(plot_sweep(gone))


@pytest.mark.parametrize("limits", [None, {"2 / max": 1e-4}])
@pytest.mark.parametrize("baselines", [None, {"mean": 2.0}, {"mean": 2.0, "line": 0.3}])
@pytest.mark.parametrize("measure", ["val_loss", "val_accuracy"])
def test_a_sweep_of_diverged_runs_says_so(runs, measure, baselines, limits):
    gone = runs.assign(val_accuracy=0.1, status="diverged")
    ax = plot_sweep(gone, measure, baselines=baselines, limits=limits)
    ax.figure.canvas.draw()
    texts = [text.get_text() for text in ax.texts]
    assert {"0.001", "0.01", "0.1", "1"} <= set(texts)
    words = next(text for text in ax.texts if "every run diverged" in text.get_text())
    box = words.get_window_extent()
    for value in (baselines or {}).values():
        assert ax.transData.transform((1, value))[1] < box.y0
    for rate in (limits or {}).values():
        assert not box.x0 < ax.transData.transform((rate, 1))[0] < box.x1


def test_curves_of_diverged_runs_are_drawn_without_words_on_them(runs):
    (ax,) = plot_learning_curves(runs[runs["learning_rate"] == 1.0]).flat
    assert [text.get_text() for text in ax.texts] == ["diverged"]
    assert ax.get_ylim()[1] > 1e20
    assert overlaps(ax.figure) == []


def test_a_second_key_is_part_of_the_band(runs):
    both = pd.concat([runs.assign(batch_size=1), runs.assign(batch_size=8, loss=2 * runs["loss"])])
    axes = plot_learning_curves(both)
    plotted = axes.flat[0].lines[0].get_ydata()
    of_rate = both[both["learning_rate"] == RATES[0]]
    np.testing.assert_allclose(plotted, of_rate.groupby("epoch")["loss"].median())
    assert "6 " in alt_text(figure_of(axes))
    own = both.rename(columns={"batch_size": "city"})
    for plot in (plot_sweep, plot_learning_curves):
        with pytest.raises(ValueError, match="add a column that tells them apart"):
            plot(own)
        plot(own, keys=["city"])


@pytest.mark.parametrize("lost", [["seed"], ["status"], ["status", "diverged_at"], ["diverged_at"]])
def test_tables_that_lost_columns_are_drawn(runs, lost):
    table = runs[runs["seed"] == 0].drop(columns=lost)
    for plot in (plot_learning_curves, plot_sweep):
        figure = figure_of(plot(table))
        figure.canvas.draw()
        assert "0.01" in alt_text(figure)
    expected = table[(table["learning_rate"] == 0.01) & (table["epoch"] == 20)]["val_loss"]
    assert plot_sweep(table).lines[0].get_ydata()[1] == pytest.approx(expected.item())


def test_edited_tables_give_the_same_picture(runs):
    as_it_was = plot_sweep(runs).lines[0].get_ydata()
    read = pd.read_csv(StringIO(runs.to_csv()))
    shuffled = runs.assign(rmse=np.sqrt(runs["loss"])).sample(frac=1, random_state=0)
    for edited in (read, shuffled, runs.reset_index()):
        np.testing.assert_allclose(plot_sweep(edited).lines[0].get_ydata(), as_it_was)
        plot_learning_curves(edited)


def test_a_shorter_run_is_drawn_as_far_as_it_went(runs):
    short = runs[(runs["seed"] > 0) | (runs["epoch"] <= 5)]
    drawn = plot_learning_curves(short).flat[0].lines[0].get_ydata()
    assert np.isfinite(drawn).all()
    assert drawn[-1] == pytest.approx(0.8 + np.exp(-19 / 5) + 0.015)


def test_stuck_runs_are_named_in_their_colour(runs):
    runs.loc[runs["learning_rate"] == 0.1, "status"] = "stuck"
    axes = plot_learning_curves(runs)
    words = [[(text.get_text(), text.get_color()) for text in ax.texts] for ax in axes.flat]
    assert words[:3] == [[], [], [("stuck", STATUS_COLORS["stuck"])]]
    assert set(STATUS_COLORS) == set(STATUSES)
    assert len(set(STATUS_COLORS.values())) == len(STATUSES)


def test_effective_rates_take_the_last_epoch_of_each_run(runs):
    runs = runs[(runs["learning_rate"] != 0.01) | (runs["epoch"] <= 5)].assign(momentum=0.5)
    reached = plot_effective_rates(runs, measure="loss").lines[0]
    np.testing.assert_allclose(reached.get_xdata(), np.array(RATES) * 2)
    np.testing.assert_allclose(reached.get_ydata()[1], 0.31 + np.exp(-4 / 5))


def test_alt_text_is_made_from_the_numbers(runs):
    words = alt_text(figure_of(plot_sweep(runs, limits={"2 / max": 0.5})))
    assert "0.01: 0.4" in words
    assert "1: 3 of 3 runs diverged" in words
    assert "2 / max = 0.5" in words
    assert "3 diverged" in alt_text(figure_of(plot_learning_curves(runs)))


def test_show_gives_the_alt_text_to_the_page(runs, monkeypatch):
    shown = []
    monkeypatch.setattr(
        "course_utils.plotting.style.display", lambda figure, **k: shown.append((figure, k))
    )
    ax = plot_sweep(runs)
    show(ax)
    assert shown[0][1]["metadata"]["image/png"]["alt"] == alt_text(ax.figure)
    assert not plt.get_fignums()


def test_a_colour_belongs_to_a_rate():
    brightness = [sum(rate_color(rate)[:3]) for rate in (1e-5, 1e-3, 0.1, 10)]
    assert brightness == sorted(brightness)
    assert rate_color(1e-9) == rate_color(1e-5)


def test_descent_that_leaves_the_picture_says_when():
    path = descend(1.0, 4.0, 2.5, steps=10)
    ax = plot_descent(1.0, path, 2.5)
    assert "leaves the picture at step 1" in [text.get_text() for text in ax.texts]
    assert "0.5" in plot_descent_loss(1.0, descend(1.0, 4.0, [0.5]), [0.5]).texts[0].get_text()


def test_the_style_is_readable_from_the_back_row():
    use_course_style()
    for name in ("font.size", "axes.labelsize", "xtick.labelsize", "ytick.labelsize"):
        assert course_rc()[name] >= 14
    assert plt.rcParams["font.size"] == course_rc()["font.size"]
    figure, ax = plt.subplots()
    mark_limit(ax, 0.1, "limit")
    assert ax.texts[0].get_fontsize() >= 14
    plt.close(figure)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda runs: plot_sweep(runs, "accuracy"),
            "no column 'accuracy' of numbers; it has loss, val_loss",
        ),
        (lambda runs: plot_sweep([1, 2]), "not the table of a sweep"),
        (lambda runs: plot_sweep(runs, limits={"a": 0}), r"limits\['a'\] is 0; .* above 0"),
        (lambda runs: plot_sweep(runs, limits=[0.1]), "limits is .0.1.; give a dict"),
        (lambda runs: plot_sweep(runs, baselines={"a": "x"}), r"baselines\['a'\] is 'x'"),
        (lambda runs: plot_learning_curves(runs, baselines={"a": np.nan}), "finite"),
        (lambda runs: plot_sweep(runs.set_index("epoch")), "it has no epoch"),
        (lambda runs: plot_sweep(runs[:0]), "nothing to draw"),
        (lambda runs: plot_sweep(runs, ax="here"), "give a matplotlib Axes"),
        (lambda runs: plot_learning_curves(runs, axes=[plt.gca()]), "1 Axes for 4"),
        (lambda runs: plot_descent(1.0, [[[1.0]]], 0.1), "one path"),
        (
            lambda runs: plot_descent_loss(1.0, [[[1.0]]], [0.1, 0.2]),
            "1 paths and learning_rates 2",
        ),
    ],
)
def test_bad_input_is_named(runs, call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call(runs)
