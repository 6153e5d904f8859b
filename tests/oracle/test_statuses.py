"""What became of runs of Keras models, where the loss of an epoch alone does not tell."""

import numpy as np
import pytest

from course_utils import compare_optimizers, run_status, seeds, sweep
from course_utils.training.keras_setup import keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(64, 3)).astype("float32")
Y = (X.sum(axis=1) > 0).astype(int)


def build(first_bias=0.0):
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(
                8, activation="relu", bias_initializer=keras.initializers.Constant(first_bias)
            ),
            keras.layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
    return model


@pytest.mark.parametrize("engine", ["stacked", "loop"])
def test_one_step_that_explodes_is_a_divergence(engine):
    runs = sweep(build, [0.1, 1e30], X, Y, epochs=1, batch_size=64, engine=engine)
    assert runs["loss"].nunique() == 1  # measured before the one step
    assert (runs["status"] == "diverged").tolist() == [False, True]
    assert runs["diverged_at"].tolist()[1] == 1


def test_one_step_of_compared_optimizers():
    runs = compare_optimizers(build, ["sgd"], X, Y, learning_rates=[1e30], epochs=1, batch_size=64)
    assert (runs["status"] == "diverged").tolist() == [False, True]


def test_a_loss_that_begins_far_above_the_baseline_is_no_divergence():
    runs = sweep(build, [1e-6], 300 * X, Y, epochs=2, seeds=seeds(3))
    assert (runs["loss"] > 10 * np.log(2)).all()
    assert (runs["status"] == "slow").all()


def test_a_dead_network_is_stuck_and_a_tiny_rate_slow():
    def build_dead():
        return build(first_bias=-1e6)

    rare = (X[:, 0] > 0.8).astype(int)
    runs = sweep(build_dead, [1e-6, 0.3], X, rare, epochs=60, seeds=seeds(3))
    fates = run_status(runs).groupby("learning_rate")["status"].agg(list)
    assert fates.tolist() == [["slow"] * 3, ["stuck"] * 3]
