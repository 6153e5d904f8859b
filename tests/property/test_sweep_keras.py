"""Laws that a sweep of Keras models keeps, and what it refuses."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from course_utils.runs import run_keys, run_status
from course_utils.sweeps import compare_optimizers, rank_optimizers, sweep
from course_utils.sweeps.optimizers import optimizer_label
from course_utils.training import cache
from course_utils.training.baseline import baseline_loss
from course_utils.training.keras_setup import keras
from course_utils.training.program import Program

RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(40, 2)).astype(np.float32)
Y = (X.sum(axis=1) > 0).astype(int)
# Without shrinking, which would compile a hundred models more.
FEW = settings(max_examples=6, deadline=None, phases=[Phase.explicit, Phase.generate])


@pytest.fixture(autouse=True, scope="module")
def _without_xla():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Program, "jit_compile", False)
        cache.clear()
        yield
        cache.clear()


def build_model(optimizer="sgd", loss="sparse_categorical_crossentropy", units=2, metrics=("acc",)):
    activation = "softmax" if "categorical" in str(loss) else None
    layers = [keras.Input((2,)), keras.layers.Dense(units, activation=activation)]
    model = keras.Sequential(layers)
    model.compile(optimizer=optimizer, loss=loss, metrics=list(metrics))
    return model


def curves(runs):
    keys = ["learning_rate", "seed", "epoch"]
    return runs.set_index(keys).drop(columns=["status", "diverged_at"]).sort_index()


def by_hand(rate, seed, n, batch_size, epochs):
    """One run in NumPy: softmax regression, its gradient and the order of its batches."""
    keras.utils.set_random_seed(seed)
    weights, bias = (np.float64(w) for w in build_model().get_weights())
    order, losses = np.random.RandomState(seed), []
    for _ in range(epochs):
        rows, total = order.permutation(n), 0.0
        for start in range(0, n, batch_size):
            batch = rows[start : start + batch_size]
            logits = X[batch] @ weights + bias
            shares = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
            total -= np.log(shares[np.arange(len(batch)), Y[batch]]).sum()
            slope = (shares - np.eye(2)[Y[batch]]) / len(batch)
            weights = weights - rate * X[batch].T @ slope
            bias = bias - rate * slope.sum(axis=0)
        losses.append(total / n)
    return losses


@FEW
@given(
    rates=st.lists(
        st.sampled_from([0.001, 0.03, 0.1, 0.5, 2.0]), min_size=1, max_size=4, unique=True
    ),
    seeds=st.lists(st.integers(0, 99), min_size=1, max_size=3, unique=True),
    n=st.integers(3, 40),
    batch_size=st.integers(1, 50),
    epochs=st.integers(1, 6),
)
def test_every_run_is_gradient_descent(rates, seeds, n, batch_size, epochs):
    runs = sweep(
        build_model, rates, X[:n], Y[:n], epochs=epochs, batch_size=batch_size, seeds=seeds,
        progress=False,
    )  # fmt: skip
    assert len(runs) == len(rates) * len(seeds) * epochs
    loss = curves(runs)["loss"]
    for rate, seed in [(rates[-1], seeds[-1]), (rates[0], seeds[-1])]:
        expected = by_hand(rate, seed, n, batch_size, epochs)
        np.testing.assert_allclose(loss.loc[rate, seed], expected, rtol=1e-4, atol=1e-6)


@FEW
@given(rates=st.permutations([1.0, 0.1, 0.01]), seeds=st.permutations([0, 7]))
def test_order_of_rates_and_seeds_does_not_matter(rates, seeds):
    data = {"x": X, "y": Y, "validation_data": (X, Y), "epochs": 3, "batch_size": 16}
    first = sweep(build_model, [1.0, 0.1, 0.01], seeds=[0, 7], progress=False, **data)
    other = sweep(build_model, rates, seeds=seeds, progress=False, **data)
    pd.testing.assert_frame_equal(curves(first), curves(other))


def test_same_seeds_same_table():
    first, again = (sweep(build_model, [0.1], X, Y, epochs=4, seeds=[3]) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)


def test_table():
    metrics = ["accuracy", "sparse_categorical_crossentropy"]

    def build():
        return build_model(metrics=metrics)

    runs = sweep(build, [1, 0.1], X, Y, validation_data=(X[:9], Y[:9]), epochs=2, seeds=[4, 5])
    assert list(runs.columns) == [
        *("learning_rate", "seed", "epoch", "loss", *metrics),
        *("val_loss", *(f"val_{name}" for name in metrics), "status", "diverged_at"),
    ]
    assert run_keys(runs) == ["learning_rate", "seed"]
    assert run_keys(runs.assign(momentum=0.9)) == ["learning_rate", "seed", "momentum"]
    assert runs["learning_rate"].dtype == float
    assert len(run_status(runs)) == 4


def test_seeds_default_to_the_course_seed(monkeypatch):
    monkeypatch.setenv("COURSE_SEED", "41")
    assert sweep(build_model, [0.1], X, Y, epochs=1)["seed"].tolist() == [41]


def test_divergence_is_a_result():
    def build():
        return build_model(loss="mse", units=1, metrics=[])

    def build_softmax():
        return build_model()

    of_line = run_status(sweep(build, [0.1, 1e6], X, Y, epochs=20, seeds=[0]))
    assert of_line["status"].tolist()[1] == "diverged"
    of_softmax = run_status(sweep(build_softmax, [0.1, 1e6], X, 1 - Y, epochs=3, seeds=[0]))
    assert of_softmax["status"].tolist()[1] == "diverged"
    assert np.isfinite(of_softmax["loss"]).all()


def test_constant_loss():
    y = np.array([0, 0, 0, 1])
    entropy = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert baseline_loss("sparse_categorical_crossentropy", y) == pytest.approx(entropy)
    assert baseline_loss(keras.losses.CategoricalCrossentropy(), np.eye(2)[y]) == pytest.approx(
        entropy
    )
    assert baseline_loss("binary_crossentropy", y) == pytest.approx(entropy)
    assert baseline_loss("mse", y) == pytest.approx(0.1875)
    assert baseline_loss(keras.losses.mean_absolute_error, y) == pytest.approx(0.25)


WITH_GAP = pd.DataFrame(X.copy(), columns=["height", "weight"])
WITH_GAP.loc[3, "weight"] = np.nan


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"learning_rates": []}, ValueError, "empty"),
        ({"learning_rates": [0.0]}, ValueError, "above 0"),
        ({"learning_rates": [np.nan]}, ValueError, "finite number above 0"),
        ({"learning_rates": ["0.1"]}, TypeError, "not a number"),
        ({"x": WITH_GAP}, ValueError, "'weight'"),
        ({"x": X[:5]}, ValueError, "same rows"),
        ({"x": X[:, :1]}, ValueError, r"takes rows of shape \(2,\)"),
        ({"y": Y + 1}, ValueError, "from 0 to 1"),
        ({"y": Y.astype(str)}, ValueError, "encode the labels"),
        ({"y": np.eye(2)[Y]}, ValueError, "categorical_crossentropy for one-hot"),
        ({"validation_data": (X, Y + 5)}, ValueError, r"validation_data\[1\] holds labels"),
        ({"validation_data": X}, TypeError, "pair"),
        ({"epochs": 0}, ValueError, "epochs is 0"),
        ({"batch_size": 0}, ValueError, "batch_size is 0"),
        ({"batch_size": 2.5}, TypeError, "whole number"),
        ({"seeds": [1, 1]}, ValueError, "twice"),
        ({"engine": "gpu"}, ValueError, "choose one of"),
        ({"model": lambda: "model"}, TypeError, "returned 'model'"),
        ({"model": "model"}, TypeError, "without calling it"),
        ({"model": lambda: None}, TypeError, "return model"),
        ({"model": lambda: keras.Sequential([keras.Input((2,))])}, ValueError, "compile"),
        ({"model": lambda: build_model(metrics=["acuracy"])}, ValueError, "acuracy"),
        ({"model": lambda: build_model(metrics=["mae"])}, ValueError, "fit the targets"),
        (
            {"model": lambda: build_model(loss="categorical_crossentropy")},
            ValueError,
            "one-hot rows",
        ),
        ({"model": lambda: build_model(loss="mse")}, ValueError, "one unit per target"),
    ],
)
def test_refuses_before_training(change, error, message):
    arguments = {"model": build_model, "learning_rates": [0.1], "x": X, "y": Y, "epochs": 1}
    with pytest.raises(error, match=message):
        sweep(**(arguments | change))


def test_optimizer_labels_are_read_from_the_optimizer():
    optimizers = keras.optimizers
    assert optimizer_label(optimizers.SGD(0.3)) == "SGD"
    assert optimizer_label(optimizers.SGD(momentum=0.9, nesterov=True)) == (
        "SGD(momentum=0.9, nesterov=True)"
    )
    schedule = optimizers.schedules.CosineDecay(0.1, 10)
    assert optimizer_label(optimizers.Adam(schedule)) == "Adam(CosineDecay)"


def test_compare_optimizers():
    optimizers = {"plain": "sgd", "fast": lambda: keras.optimizers.SGD(momentum=0.9)}
    results = compare_optimizers(
        build_model, optimizers, X, Y, learning_rates=[0.01, 1.0], validation_data=(X, Y),
        epochs=3, seeds=[0, 1], progress=False,
    )  # fmt: skip
    assert list(results.columns[:5]) == ["optimizer", "rate_from", "learning_rate", "seed", "epoch"]
    assert results["optimizer"].unique().tolist() == ["SGD", "SGD(momentum=0.9)"]
    assert results.groupby("optimizer").size().tolist() == [18, 18]
    same = results[(results["optimizer"] == "SGD") & (results["learning_rate"] == 0.01)]
    at_default, on_grid = (same[same["rate_from"] == kind]["loss"] for kind in ("default", "grid"))
    assert np.array_equal(at_default, on_grid)

    ranks = rank_optimizers(results)
    assert sorted(ranks["tuned_rank"]) == sorted(ranks["default_rank"]) == [1, 2]
    assert (ranks["tuned"] <= ranks["at_default"]).all()
    assert ranks["tuned"].is_monotonic_increasing
    with pytest.raises(ValueError, match="auc"):
        rank_optimizers(results, "auc")


def test_compare_optimizers_at_the_rates_they_were_made_with(capsys):
    clipped = keras.optimizers.SGD(0.1, clipnorm=1.0)
    data = {"x": X, "y": Y, "epochs": 2, "seeds": [0, 1], "progress": False}
    results = compare_optimizers(build_model, [keras.optimizers.SGD(0.1), clipped], **data)
    assert capsys.readouterr().out.count("clipnorm") == 1
    assert results.groupby("optimizer")["learning_rate"].unique().map(list).to_dict() == {
        "SGD": [0.1],
        "SGD(clipnorm=1.0)": [0.1],
    }
    alone = sweep(build_model, [0.1], **data)
    ours = results[results["optimizer"] == "SGD"]
    np.testing.assert_allclose(ours["loss"], alone["loss"], rtol=1e-5)
    with pytest.raises(ValueError, match="no grid"):
        rank_optimizers(results)


def test_compare_optimizers_by_the_schedules_they_were_made_with():
    exponential = keras.optimizers.schedules.ExponentialDecay
    steps = 3 * -(-len(X) // 8)
    plans = {"falls": exponential(0.2, steps, 0.1), "rises": exponential(0.01, steps, 4.0)}
    optimizers = {name: keras.optimizers.SGD(plan) for name, plan in plans.items()}
    data = {"x": X, "y": Y, "epochs": 3, "batch_size": 8, "seeds": [0, 1], "progress": False}
    results = compare_optimizers(build_model, optimizers, **data)
    peaks = {name: plan(0 if name == "falls" else steps - 1) for name, plan in plans.items()}
    for name, optimizer in optimizers.items():
        runs = results[results["optimizer"] == name]
        assert runs["learning_rate"].unique() == pytest.approx([float(peaks[name])])
        build = partial(build_model, optimizer)
        alone = sweep(build, [float(peaks[name])], **data)
        np.testing.assert_allclose(runs["loss"], alone["loss"], rtol=1e-4)


@pytest.mark.parametrize(
    ("optimizers", "rates", "error", "message"),
    [
        ("adam", [0.1], TypeError, "give a list"),
        ([], [0.1], ValueError, "empty"),
        (["adam", keras.optimizers.Adam(0.5)], [0.1], ValueError, "twice"),
        (["nonsense"], [0.1], ValueError, "does not know"),
        (["adam", "adam"], None, ValueError, "dict that names them"),
        ({"a": "sgd", "b": "adam"}, {"a": [0.1], "b": [0.1, 1.0]}, ValueError, "as many"),
        ({"a": "sgd"}, {"b": [0.1]}, ValueError, "its grid"),
        (["sgd", keras.optimizers.SGD(lambda: 0.1)], [0.1], TypeError, "made with a function"),
    ],
)
def test_compare_optimizers_refuses(optimizers, rates, error, message):
    with pytest.raises(error, match=message):
        compare_optimizers(build_model, optimizers, X, Y, learning_rates=rates, epochs=1)
