"""What a range test answers, says and draws; the curves are made up."""

import dataclasses

import numpy as np
import pytest

from course_utils import plot_range_test
from course_utils.plotting.style import alt_text
from course_utils.range_test import RangeTest, smooth
from course_utils.range_test.rules import minimum, valley

RATES = np.geomspace(1e-6, 10, 100)


def curve(bottom, depth=0.6, seed=0, noise=0.01):
    """A valley around a rate, stopped when it has risen to 4 × its best."""
    position = np.log10(RATES) - np.log10(bottom)
    fall = depth / (1 + np.exp(-3 * (position + 1)))
    loss = 1 - fall + np.exp(4 * (position - 0.5))
    loss += noise * np.random.default_rng(seed).normal(size=100)
    return np.where(loss < 4, loss, np.nan)


@pytest.fixture
def test():
    bottoms = [0.05, 0.1, 0.2]
    losses = np.array([curve(bottom, seed=seed) for seed, bottom in enumerate(bottoms)])
    return RangeTest(RATES, losses, [7, 8, 9], ["diverged"] * 3, "Adam")


def test_suggestions_are_read_from_the_smoothed_curves_without_their_ends(test):
    n = int(np.isfinite(test.losses[0]).sum())
    seen = slice(10, n - 5)
    smoothed = smooth(test.losses[0], 0.9)
    assert test.by_repeat.loc[7, "valley"] == valley(RATES[seen], smoothed[seen])
    assert test.by_repeat.loc[7, "minimum/10"] == minimum(RATES[seen], smoothed[seen])


def test_the_band_reaches_over_the_repeats(test):
    alone = test.by_repeat
    low, high = test.band
    assert low == pytest.approx(np.quantile(alone["valley"], 0.05))
    assert high == pytest.approx(np.quantile(alone["minimum/10"], 0.95))
    assert low < test.suggestion < high
    assert test.suggestion == pytest.approx(alone["valley"].median())
    medians = alone.median()
    assert test.agreement["rules"] == pytest.approx(medians.max() / medians.min())
    assert 1 < test.agreement["repeats"] < 4


def test_one_repeat_has_a_band_between_its_two_rules(test):
    one = dataclasses.replace(test, losses=test.losses[:1], seeds=[7], stop_reasons=["diverged"])
    assert one.band == tuple(sorted(one.by_repeat.loc[7, ["valley", "minimum/10"]]))
    assert "1 repeat\n" in repr(one)
    assert "(1 of 1" in repr(one)


def test_it_is_told_in_words(test):
    words = repr(test)
    assert words.startswith("LR range test of Adam: 100 steps from 1e-06 to 10, 3 repeats")
    assert "the loss rose to 4 × its best (3 of 3" in words
    assert f"band: {test.band[0]:.2g} to {test.band[1]:.2g}" in words
    noted = dataclasses.replace(test, notes=["a schedule was set aside"])
    assert repr(noted).endswith("note: a schedule was set aside")


def test_another_smoothing_reads_the_same_records(test):
    other = test.read(0.5)
    assert other.losses is test.losses
    assert other.band != test.band
    np.testing.assert_array_equal(other.smoothed, smooth(test.losses, 0.5))
    for bad, error in ((1.0, ValueError), (-0.1, ValueError), ("a", TypeError), (True, TypeError)):
        with pytest.raises(error, match="smoothing"):
            test.read(bad)


@pytest.mark.parametrize(
    ("losses", "reason"),
    [
        (np.ones(100), "never falls"),
        (np.linspace(0, 3, 100), "never falls"),
        (np.linspace(3, 1, 100), "not risen"),
        (np.r_[np.ones(15), np.full(85, np.nan)], "after 15 steps"),
        (np.random.default_rng(0).normal(size=100), "never falls"),
    ],
)
def test_a_curve_without_a_valley_is_refused(losses, reason):
    refused = RangeTest(RATES, losses[None], [0], ["end"], "SGD")
    assert reason in refused.refusal
    assert f"no suggestion: {refused.refusal}" in repr(refused)
    assert refused.suggestions.isna().all(axis=None)
    for read in ("band", "suggestion"):
        with pytest.raises(ValueError, match=reason):
            getattr(refused, read)
    assert np.isnan(refused.agreement).all()
    assert reason in alt_text(plot_range_test(refused).figure)


def test_one_bad_repeat_is_left_out_and_half_are_too_many(test):
    flat = np.ones(100)
    mostly_good = dataclasses.replace(test, losses=np.stack([*test.losses[:2], flat]))
    assert mostly_good.refusal is None
    assert mostly_good.by_repeat["valley"].isna().tolist() == [False, False, True]
    half = dataclasses.replace(
        test,
        losses=np.stack([test.losses[0], flat]),
        seeds=[7, 8],
        stop_reasons=["diverged", "end"],
    )
    assert "never falls" in half.refusal


def test_a_loss_that_is_not_finite_ends_the_curve():
    losses = np.where(np.isnan(curve(0.1)), np.inf, curve(0.1))
    losses[np.isinf(losses).argmax() + 1 :] = np.nan
    test = RangeTest(RATES, losses[None], [0], ["not finite"], "SGD")
    assert test.refusal is None
    assert np.isinf(test.to_frame()["loss"].iloc[-1])
    assert "no longer finite (1 of 1" in repr(test)
    assert test.plot().get_ylim()[1] < 10


def test_the_table_is_tidy(test):
    table = test.to_frame()
    assert list(table.columns) == ["seed", "step", "learning_rate", "loss", "smoothed"]
    assert len(table) == np.isfinite(test.losses).sum()
    of_first = table[table["seed"] == 7]
    assert of_first["step"].tolist() == list(range(1, len(of_first) + 1))
    np.testing.assert_array_equal(of_first["loss"], test.losses[0][: len(of_first)])
    validated = dataclasses.replace(test, val_losses=test.losses + 0.1)
    assert "val_loss" in validated.to_frame()


def test_the_picture_names_its_parts(test):
    ax = test.plot()
    texts = [text.get_text() for text in ax.texts]
    low, high = test.band
    assert f"band {float(f'{low:.2g}'):.3g} to {float(f'{high:.2g}'):.3g}" in texts
    assert {"valley", "steepest", "minimum/10"} <= set(texts)
    assert any(text.startswith("diverged at") for text in texts)
    (band,) = ax.patches
    assert band.get_x() == pytest.approx(low)
    assert band.get_x() + band.get_width() == pytest.approx(high)
    assert f"Suggested band: {low:.2g} to {high:.2g}." in alt_text(ax.figure)
    assert ax.get_xscale() == "log"
    val_losses = np.tile(np.where(np.arange(100) % 5, np.nan, 0.9), (3, 1))
    validated = dataclasses.replace(test, val_losses=val_losses)
    assert "validation" in [text.get_text() for text in validated.plot().texts]


def test_losses_over_many_decades_get_a_logarithmic_axis():
    losses = np.where(np.isnan(curve(0.1, 0.99, noise=0)), np.nan, curve(0.1, 0.99, noise=0) ** 4)
    ax = RangeTest(RATES, losses[None], [0], ["diverged"], "SGD").plot()
    assert ax.get_yscale() == "log"
    assert ax.get_ylim()[0] > 0
