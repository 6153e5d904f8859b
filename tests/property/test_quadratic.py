"""What must hold for any bowl, start and rate."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from course_utils import descend, stability_limits

curvatures = arrays(float, st.integers(1, 5), elements=st.floats(0.01, 100))
rates = st.lists(st.floats(1e-4, 10), min_size=1, max_size=6)


@given(curvatures, rates, st.floats(0, 0.99), st.integers(0, 40))
def test_every_rate_walks_as_if_it_were_alone(curvatures, rates, momentum, steps):
    start = np.ones(len(curvatures))
    together = descend(curvatures, start, rates, momentum, steps)
    assert together.shape == (len(rates), steps + 1, len(curvatures))
    for rate, path in zip(rates, together, strict=True):
        np.testing.assert_array_equal(descend(curvatures, start, rate, momentum, steps), path)


@given(curvatures, st.floats(0.01, 1.98))
def test_below_the_limit_the_distance_never_grows(curvatures, share):
    path = descend(curvatures, np.ones(len(curvatures)), share / curvatures.max(), steps=30)
    distance = np.linalg.norm(path, axis=1)
    assert np.all(np.diff(distance) <= 1e-12)


@given(curvatures, st.floats(1e-3, 3), arrays(float, 2, elements=st.floats(-5, 5)))
def test_moving_the_bowl_moves_the_path(curvatures, rate, shift):
    start = np.linspace(1, 2, len(curvatures))
    moved = descend(curvatures, start + shift[0], rate, steps=10, minimum=shift[0])
    here = descend(curvatures, start, rate, steps=10)
    np.testing.assert_allclose(moved - shift[0], here, rtol=1e-6, atol=1e-6 * np.abs(here).max())


@given(st.floats(1e3, 1e6), st.integers(300, 600))
def test_overflow_is_inf_and_silent(rate, steps):
    path = descend(1.0, 1.0, rate, momentum=0.5, steps=steps)
    assert not np.isnan(path).any()
    assert path[-1, 0] == np.inf


tables = arrays(
    float, st.tuples(st.integers(2, 12), st.integers(1, 4)), elements=st.floats(-50, 50)
)


@given(tables, st.booleans())
def test_limits_keep_their_order(X, fit_intercept):
    assume(np.abs(X).max() > 1e-3)
    limits = stability_limits(X, fit_intercept)
    assert limits.one_sample_max <= limits.one_sample_mean * (1 + 1e-9)
    assert limits.one_sample_mean <= limits.full_batch * (1 + 1e-9)
    assert limits.best_fixed <= limits.full_batch * (1 + 1e-9)
    assert limits.condition_number >= 1 - 1e-9
    assert 0 <= limits.heavy_ball_momentum < 1


@given(tables, st.floats(0.1, 10))
def test_scaling_the_features_scales_the_limits(X, factor):
    assume(np.abs(X).max() > 1e-2)
    before = stability_limits(X, fit_intercept=False)
    after = stability_limits(factor * X, fit_intercept=False)
    assert after.one_sample_max == pytest.approx(before.one_sample_max / factor**2)
    assert after.full_batch == pytest.approx(before.full_batch / factor**2)
