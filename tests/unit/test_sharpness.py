"""Power iteration on losses whose curvature is known."""

import numpy as np
import pytest

from course_utils.sharpness import sharpness


@pytest.mark.parametrize("curvatures", [[1.0, 25.0], [0.5, 2.0, 2.0], [-9.0, 4.0], [3.0]])
def test_largest_eigenvalue_of_a_turned_bowl(curvatures):
    size = len(curvatures)
    turn = np.linalg.qr(np.random.default_rng(1).normal(size=(size, size)))[0]
    hessian = turn @ np.diag(curvatures) @ turn.T
    assert sharpness(lambda w: hessian @ w, np.ones(size)) == pytest.approx(
        max(curvatures, key=abs), rel=1e-3
    )


def test_it_is_the_curvature_at_the_weights():
    for w in (0.5, 3.0):  # of w⁴
        assert sharpness(lambda w: 4 * w**3, [w]) == pytest.approx(12 * w**2, rel=1e-4)


def test_flat_loss_has_none():
    assert sharpness(np.zeros_like, [1.0, 2.0]) == 0.0


@pytest.mark.parametrize(
    ("gradient", "w", "error"),
    [
        (3.0, [1.0], "gradient is 3.0"),
        (np.zeros_like, [[1.0]], "w has shape"),
        (np.zeros_like, [], "w has shape"),
        (np.zeros_like, [np.nan], "w"),
    ],
)
def test_bad_input_is_named(gradient, w, error):
    with pytest.raises((TypeError, ValueError), match=error):
        sharpness(gradient, w)
