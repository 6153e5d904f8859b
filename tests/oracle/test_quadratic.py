"""Gradient descent against its closed forms, and against scikit-learn, to rounding."""

import numpy as np
import pytest
from sklearn.linear_model import SGDRegressor

from course_utils import descend, stability_limits

KAPPA = 100.0


def distance(path):
    return np.linalg.norm(path, axis=-1)


@pytest.mark.parametrize("learning_rate", [0.01, 0.5, 1.0, 1.7, 2.0, 2.3])
def test_one_dimension_is_a_power_of_the_factor(learning_rate):
    path = descend(1.0, start=3.0, learning_rate=learning_rate, steps=30)
    expected = 3.0 * (1 - learning_rate) ** np.arange(31)
    np.testing.assert_allclose(path[:, 0], expected, rtol=1e-12, atol=1e-15)


def test_limit_of_stability_is_sharp():
    rates = np.array([0.99, 1.01]) * 2 / KAPPA
    end = distance(descend([1.0, KAPPA], [1e-9, 1.0], rates, steps=200)[:, -1])
    np.testing.assert_allclose(end, [0.98**200, 1.02**200], rtol=1e-6)


def test_best_fixed_rate_shrinks_by_kappa_minus_one_over_kappa_plus_one():
    path = descend([1.0, KAPPA], [1.0, 1.0], 2 / (1 + KAPPA), steps=100)
    factors = distance(path)[1:] / distance(path)[:-1]
    np.testing.assert_allclose(factors, (KAPPA - 1) / (KAPPA + 1), rtol=1e-9)


def test_heavy_ball_shrinks_by_the_root_of_its_momentum():
    roots = np.sqrt(KAPPA), 1.0
    rate, momentum = 4 / sum(roots) ** 2, ((roots[0] - roots[1]) / sum(roots)) ** 2
    assert rate == pytest.approx(0.0331, abs=5e-5)
    assert momentum == pytest.approx(0.669, abs=5e-4)
    plain = distance(descend([1.0, KAPPA], [1.0, 1.0], 2 / (1 + KAPPA), steps=800))
    heavy = distance(descend([1.0, KAPPA], [1.0, 1.0], rate, momentum, steps=800))
    steps_plain, steps_heavy = ((path > 1e-6 * path[0]).sum() for path in (plain, heavy))
    assert steps_plain == pytest.approx(691, abs=2)
    assert steps_heavy < steps_plain / 7
    assert (heavy[600] / heavy[300]) ** (1 / 300) == pytest.approx(np.sqrt(momentum), rel=0.01)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_momentum_widens_the_stable_range(momentum):
    limit = 2 * (1 + momentum) / KAPPA
    rates = np.array([0.99, 1.01]) * limit
    below, above = np.abs(descend([1.0, KAPPA], [1.0, 1.0], rates, momentum, steps=3000)[:, -1])
    assert below.max() < 1e-9
    assert above.max() > 1e9


def test_a_matrix_is_its_eigenvalues_in_turned_axes():
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    start = np.array([2.0, -1.0])
    turned = descend(turn @ np.diag([1.0, 9.0]) @ turn.T, turn @ start, 0.1, 0.3, steps=25)
    np.testing.assert_allclose(turned, descend([1.0, 9.0], start, 0.1, 0.3, steps=25) @ turn.T)


def test_one_step_by_hand_is_partial_fit_on_one_row():
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y, eta0 = rng.normal(size=3), rng.normal(), rng.uniform(1e-4, 0.5)
        model = SGDRegressor(learning_rate="constant", eta0=eta0, alpha=0.0)
        model.partial_fit(x[None], [y])
        np.testing.assert_allclose(model.coef_, eta0 * y * x, rtol=1e-10)
        np.testing.assert_allclose(model.intercept_, [eta0 * y], rtol=1e-10)


def test_limits_are_those_of_the_hessian():
    X = np.random.default_rng(1).normal(size=(50, 4)) * [1, 2, 3, 4]
    with_ones = np.column_stack([X, np.ones(50)])
    curvatures = np.linalg.eigvalsh(with_ones.T @ with_ones / 50)
    norms = (with_ones**2).sum(axis=1)
    limits = stability_limits(X)
    assert limits.full_batch == pytest.approx(2 / curvatures[-1])
    assert limits.best_fixed == pytest.approx(2 / (curvatures[-1] + curvatures[0]))
    assert limits.condition_number == pytest.approx(curvatures[-1] / curvatures[0])
    assert limits.one_sample_max == pytest.approx(2 / norms.max())
    assert limits.one_sample_mean == pytest.approx(2 / norms.mean())


def test_heavy_ball_limits_are_polyaks():
    X = np.sqrt(2) * np.diag([1.0, np.sqrt(KAPPA)])
    limits = stability_limits(X, fit_intercept=False)
    assert limits.condition_number == pytest.approx(KAPPA)
    assert limits.heavy_ball_learning_rate == pytest.approx(0.0331, abs=5e-5)
    assert limits.heavy_ball_momentum == pytest.approx(0.669, abs=5e-4)


def test_gaussian_rows_obey_the_trace_not_the_largest_eigenvalue():
    X = np.random.default_rng(2).normal(size=(2000, 20))
    y = X @ np.ones(20)
    limits = stability_limits(X)
    assert limits.full_batch > 10 * limits.one_sample_mean
    w = {factor: np.zeros(21) for factor in (0.5, 1.3)}
    for factor, weights in w.items():
        for row, target in zip(np.column_stack([X, np.ones(2000)]), y, strict=True):
            weights += factor * limits.one_sample_mean * (target - row @ weights) * row
    assert np.linalg.norm(w[0.5] - [*np.ones(20), 0]) < 1e-3
    assert np.linalg.norm(w[1.3]) > 1e3
