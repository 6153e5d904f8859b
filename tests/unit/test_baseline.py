"""The loss of the best constant: its own, whatever the loss is."""

import numpy as np
import pytest

from course_utils.training.baseline import baseline_loss
from course_utils.training.keras_setup import keras

RARE = np.array([1] * 1 + [0] * 19)
THREE = np.eye(3)[[0] * 10 + [1] * 6 + [2] * 4]
SKEWED = np.array([0.5, 1.0, 1.0, 2.0, 9.0])


def smoothed(share, smoothing):
    share = share * (1 - smoothing) + smoothing / 2
    return -(share * np.log(share) + (1 - share) * np.log(1 - share))


@pytest.mark.parametrize(
    ("loss", "y", "expected"),
    [
        ("hinge", RARE, 0.1),  # always -1: a twentieth of the rows has 2
        ("hinge", 2 * RARE - 1, 0.1),
        (keras.losses.Hinge(), RARE, 0.1),
        ("squared_hinge", RARE, 4 * 0.05 * 0.95),  # at 2p - 1
        ("categorical_hinge", THREE, 1.0),
        (["mse"], SKEWED, SKEWED.var()),
        ({"dense": "mae"}, SKEWED, np.abs(SKEWED - 1).mean()),
        (keras.losses.BinaryCrossentropy(label_smoothing=0.2), RARE, smoothed(0.05, 0.2)),
        (keras.losses.BinaryCrossentropy(from_logits=True), RARE, smoothed(0.05, 0)),
        ("kl_divergence", THREE, -(THREE.mean(0) * np.log(THREE.mean(0))).sum()),
    ],
)
def test_loss_of_the_best_constant(loss, y, expected):
    assert baseline_loss(loss, y) == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize(
    "loss", ["mape", "msle", "huber", "log_cosh", keras.losses.Huber(0.1), "poisson"]
)
def test_no_constant_of_a_fine_grid_is_better(loss):
    function = keras.losses.get(loss)
    grid = [
        float(np.mean(function(SKEWED[:, None], np.full((5, 1), c))))
        for c in np.arange(0.1, 9, 0.01)
    ]
    assert baseline_loss(loss, SKEWED) == pytest.approx(min(grid), rel=1e-3)
    assert baseline_loss(loss, SKEWED) <= min(grid) + 1e-6
