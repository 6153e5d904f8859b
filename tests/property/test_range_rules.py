"""Laws of the rules that read a range test."""

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from course_utils.range_test.rules import (
    RULES,
    StopRule,
    minimum,
    reason_against,
    smooth,
    steepest,
    suggest,
    valley,
)

EACH_RULE = pytest.mark.parametrize("rule", RULES.values())
RATES = np.geomspace(1e-6, 10, 71)
FACTOR = RATES[1] / RATES[0]
VEE = np.abs(np.arange(71) - 50.0)

# Whole numbers, so that a·L + b is exact and no tie is broken by rounding.
curves = st.lists(st.integers(0, 1000), min_size=6, max_size=60).map(np.array)
scales = st.tuples(st.sampled_from([0.25, 0.5, 2.0, 4.0, 64.0]), st.integers(-500, 500))


def rates_for(losses):
    return np.geomspace(1e-6, 10, len(losses))


@EACH_RULE
@given(losses=curves, scale=scales)
def test_scale_and_offset_of_the_loss_do_not_matter(rule, losses, scale):
    a, b = scale
    rates = rates_for(losses)
    np.testing.assert_equal(rule(rates, a * losses + b), rule(rates, losses))


@EACH_RULE
@given(losses=curves, factor=st.sampled_from([2.0**-10, 2.0, 2.0**7]))
@example(losses=np.array([1, 3, 1, 2, 0, 0, 0, 0]), factor=2.0**-10)  # two falls, equally steep
def test_the_answer_scales_with_the_rates(rule, losses, factor):
    rates = rates_for(losses)
    expected = factor * rule(rates, losses)
    assert rule(factor * rates, losses) == pytest.approx(expected, nan_ok=True)


@EACH_RULE
@given(losses=curves)
def test_an_answer_lies_where_the_loss_fell(rule, losses):
    rate = rule(rates_for(losses), losses)
    if np.isnan(rate):
        assert (np.diff(losses) >= 0).all() or losses.argmin() == 0
        return
    rate *= 10 if rule is minimum else 1
    assert rates_for(losses)[0] <= rate <= rates_for(losses)[-1] * (1 + 1e-12)


@given(places=st.sets(st.integers(60, 99), max_size=5), tail=st.floats(allow_nan=True))
def test_what_follows_a_loss_that_is_not_finite_is_left_out(places, tail):
    rates = np.geomspace(1e-6, 10, 100)
    losses = np.abs(np.arange(100) - 40.0)
    losses[60:] = np.nan
    expected, reason = suggest(rates, losses, 0.0), reason_against(losses, 0.0)
    assert reason is None
    assert all(rate < rates[60] for rate in expected.values())
    losses[list(places - {60})] = tail
    assert suggest(rates, losses, 0.0) == expected
    assert reason_against(losses, 0.0) is None


@given(n=st.integers(0, 20), last=st.sampled_from([np.nan, np.inf]))
def test_fewer_than_six_points_between_the_unread_ends_are_too_few(n, last):
    losses = np.r_[np.arange(n)[::-1], last, np.full(99 - n, np.nan)]
    assert f"it diverged after {n} steps" in reason_against(losses)
    assert np.isnan(list(suggest(np.geomspace(1e-6, 10, 100), losses).values())).all()
    losses = np.r_[np.arange(21)[::-1], last, np.full(78, np.nan)]
    assert "diverged after" not in (reason_against(losses) or "")


@EACH_RULE
@pytest.mark.parametrize("losses", [np.arange(71.0), np.ones(71)])
def test_a_curve_that_never_falls_gives_no_rate(rule, losses):
    assert np.isnan(rule(RATES, losses))
    assert "never falls" in reason_against(losses)


def test_a_vee():
    assert valley(RATES, VEE) == pytest.approx(RATES[25])
    assert minimum(RATES, VEE) == pytest.approx(RATES[50] / 10)
    assert steepest(RATES, -np.exp(-((np.arange(71) - 40) ** 2) / 50)) == pytest.approx(
        RATES[35], rel=FACTOR
    )
    assert reason_against(VEE, smoothing=0.0) is None


def test_a_curve_that_only_falls():
    """The rules read it; that it never rises is for `reason_against` to say."""
    falling = 70 - np.arange(71.0)
    assert valley(RATES, falling) == pytest.approx(RATES[35])
    assert minimum(RATES, falling) == pytest.approx(1.0)
    assert "not risen" in reason_against(falling)


@given(places=st.sets(st.integers(0, 70), max_size=4), height=st.integers(1, 1000))
def test_spikes_hardly_move_the_valley(places, height):
    spiked = VEE.copy()
    spiked[list(places)] += height
    moved = valley(RATES, spiked) / RATES[25]
    assert FACTOR**-5 < moved < FACTOR**5


@given(place=st.integers(2, 45))
def test_one_lucky_batch_moves_the_minimum_but_not_the_valley(place):
    lucky = VEE.copy()
    lucky[place] = -1.0
    assert minimum(RATES, lucky) == pytest.approx(RATES[place] / 10)
    assume(place < 20)
    assert FACTOR**-2 < valley(RATES, lucky) / RATES[25] < FACTOR**2


@given(losses=curves, smoothing=st.sampled_from([0.0, 0.5, 0.9]))
def test_smoothing_stays_between_the_losses_and_starts_at_the_first(losses, smoothing):
    smoothed = smooth(losses, smoothing)
    assert smoothed[0] == pytest.approx(losses[0])
    assert (smoothed >= losses.min() - 1e-9).all()
    assert (smoothed <= losses.max() + 1e-9).all()
    if smoothing == 0:
        np.testing.assert_allclose(smoothed, losses)


@given(losses=curves, scale=scales, smoothing=st.sampled_from([0.0, 0.5, 0.9]))
def test_smoothing_goes_with_scale_and_offset(losses, scale, smoothing):
    a, b = scale
    np.testing.assert_allclose(
        smooth(a * losses + b, smoothing), a * smooth(losses, smoothing) + b, atol=1e-8
    )


def test_smoothing_is_the_weighted_mean_of_the_past():
    losses, past = np.array([3.0, 1.0, 4.0, 1.0]), 0.7
    for step in range(4):
        weights = past ** np.arange(step + 1)[::-1]
        expected = np.average(losses[: step + 1], weights=weights)
        assert smooth(losses, past)[step] == pytest.approx(expected)
    broken = smooth([1.0, np.inf, 1.0], past)
    assert np.isnan(broken[1:]).all()


@given(seed=st.integers(0, 10**6), scale=scales)
def test_noise_alone_is_no_valley(seed, scale):
    a, b = scale
    noise = np.random.default_rng(seed).normal(size=100)
    assert reason_against(a * noise + b) == reason_against(noise)


def test_noise_alone_is_refused_nearly_always():
    refused = [
        reason_against(np.random.default_rng(seed).normal(size=100)) is not None
        for seed in range(200)
    ]
    assert np.mean(refused) > 0.97


@given(losses=st.lists(st.integers(1, 1000), min_size=11, max_size=60))
def test_the_stop_rule_watches_the_smoothed_loss(losses):
    stop = StopRule(smoothing=0.5)
    smoothed = smooth(losses, 0.5)
    best = np.minimum.accumulate(smoothed)
    for step, loss in enumerate(losses):
        expected = "diverged" if step >= 10 and smoothed[step] > 4 * best[step] + 1e-6 else None
        if abs(smoothed[step] - 4 * best[step]) > 1e-6:
            assert stop(loss) == expected
        else:
            stop(loss)


def test_the_stop_rule_on_losses_that_are_not_finite_or_below_zero():
    for loss in (np.nan, np.inf, -np.inf):
        assert StopRule()(loss) == "not finite"
    stop = StopRule(smoothing=0.0)
    assert [stop(loss) for loss in [-1.0] * 12 + [5.0]] == [None] * 13
