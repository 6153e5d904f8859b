import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import Perceptron, Ridge, SGDClassifier, SGDRegressor
from sklearn.metrics import hinge_loss, log_loss, mean_squared_error
from sklearn.naive_bayes import GaussianNB
from sklearn.neural_network import MLPClassifier, MLPRegressor

from course_utils import run_status, seeds, sweep
from course_utils.training import fit_runs, full_batches

RNG = np.random.default_rng(0)
X = RNG.normal(size=(60, 3))
Y = X @ [1.0, -2.0, 0.5] + 0.1 * RNG.normal(size=60)
LABELS = np.where(Y > 0, "up", "down")
TEST = (X[:20] + 0.1, Y[:20])
DAYS = pd.date_range("2024-01-01", periods=60)
SGD = SGDRegressor(learning_rate="constant")


def plain_loop(rate, random_state, epochs):
    model = SGDRegressor(learning_rate="constant", eta0=rate, random_state=random_state)
    rows = []
    for _ in range(epochs):
        model.partial_fit(X, Y)
        rows.append(
            (
                mean_squared_error(Y, model.predict(X)),
                mean_squared_error(TEST[1], model.predict(TEST[0])),
            )
        )
    return np.array(rows)


@pytest.mark.parametrize("rate", [0.001, 0.05, 0.9, 40.0])
def test_a_run_is_the_plain_loop(rate):
    runs = sweep(SGD, [0.01, rate], X, Y, validation_data=TEST, epochs=15, seeds=[7])
    ours = runs.loc[runs["learning_rate"] == rate, ["loss", "val_loss"]]
    np.testing.assert_allclose(ours, plain_loop(rate, np.random.RandomState(7), 15), rtol=1e-9)


def test_a_run_is_the_loop_after_numpys_own_seed():
    np.random.seed(7)  # noqa: NPY002 - the loop of the tutorials
    loop = plain_loop(0.05, None, 10)
    runs = sweep(SGD, [0.05], X, Y, validation_data=TEST, epochs=10, seeds=[7])
    np.testing.assert_allclose(runs[["loss", "val_loss"]], loop, rtol=1e-9)


def test_the_table_has_the_shape_of_the_course():
    runs = sweep(SGD, [0.1, 0.01], X, Y, validation_data=TEST, epochs=4, seeds=[1, 2, 3])
    assert list(runs.columns) == [
        "learning_rate", "seed", "epoch", "loss", "val_loss", "status", "diverged_at",
    ]  # fmt: skip
    assert len(runs) == 2 * 3 * 4
    assert "val_loss" not in sweep(SGD, [0.1], X, Y, epochs=2)


def test_folds_are_runs_on_their_own_samples():
    folds = {"a": (np.arange(40), np.arange(40, 60)), "b": (np.arange(20, 60), None)}
    runs = pd.DataFrame({"learning_rate": 0.05, "seed": 7, "fold": ["a", "b"]})
    trained = fit_runs(SGD, runs, X, Y, validation_data=(X, Y), epochs=3, folds=folds)
    assert trained.to_frame().attrs["keys"] == ["learning_rate", "seed", "fold"]
    for run, (train, test) in enumerate(folds.values()):
        test = np.arange(60) if test is None else test
        data = {"x": X[train], "y": Y[train], "validation_data": (X[test], Y[test])}
        alone = sweep(SGD, [0.05], epochs=3, seeds=[7], **data)
        for name in ("loss", "val_loss"):
            np.testing.assert_allclose(trained.history[name][run], alone[name], rtol=1e-9)


def test_a_loss_per_step_is_that_before_the_step():
    runs = pd.DataFrame({"seed": [7, 8]})
    rates = np.array([[0.1, 0.2, 0.05], [0.01, 0.02, 0.03]])
    settings = {"batch_size": 16, "record": "step", "learning_rates": rates}
    trained = fit_runs(SGD, runs, X, Y, **settings)
    for run, seed in enumerate([7, 8]):
        model = SGDRegressor(learning_rate="constant", random_state=np.random.RandomState(seed))
        batches = full_batches(seed, 60, 16)
        for step, samples in zip(range(3), batches, strict=False):
            predicted = model.predict(X[samples]) if step else 0.0
            expected = np.mean((predicted - Y[samples]) ** 2)
            assert trained.history["loss"][run, step] == pytest.approx(expected)
            model.set_params(eta0=rates[run, step]).partial_fit(X[samples], Y[samples])


def test_divergence_is_a_result_and_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runs = sweep(SGD, [0.01, 5.0], 1e3 * X, Y, validation_data=TEST, epochs=30)
    final = run_status(runs)
    assert (final["status"] == "diverged").all()
    assert not runs[["loss", "val_loss"]].isna().any().any()


def test_an_overflow_is_infinite_loss():
    model = MLPRegressor(hidden_layer_sizes=(8,), solver="sgd", momentum=0.0, alpha=0.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        runs = sweep(model, [1e30], X, Y, validation_data=TEST, epochs=5)
    assert runs["loss"].iloc[-1] == np.inf
    assert run_status(runs)["status"].tolist() == ["diverged"]


def test_classifiers_have_log_loss_and_accuracy():
    model = SGDClassifier(loss="log_loss", learning_rate="constant")
    runs = sweep(model, [0.05], X, LABELS, validation_data=(X, LABELS), epochs=20, seeds=[3])
    by_hand = SGDClassifier(
        loss="log_loss", learning_rate="constant", eta0=0.05, random_state=np.random.RandomState(3)
    )
    for _ in range(20):
        by_hand.partial_fit(X, LABELS, ["down", "up"])
    last = runs.iloc[-1]
    assert last["loss"] == pytest.approx(log_loss(LABELS, by_hand.predict_proba(X)))
    assert last["val_accuracy"] == (by_hand.predict(X) == LABELS).mean() > 0.9


@pytest.mark.parametrize("model", [Perceptron(), SGDClassifier(learning_rate="constant")])
def test_classifiers_without_probabilities_have_hinge_loss(model):
    runs = sweep(model, [0.01, 0.1], X, LABELS, epochs=5)
    assert runs["loss"].ge(0).all()
    assert runs["accuracy"].iloc[-1] > 0.8


def test_neural_networks_sweep_learning_rate_init():
    model = MLPClassifier(hidden_layer_sizes=(8,), solver="sgd")
    runs = sweep(model, [0.3, 0.001], X, LABELS, epochs=30)
    final = run_status(runs).set_index("learning_rate")["accuracy"]
    assert final[0.3] > final[0.001]


def test_the_estimator_is_not_changed():
    model = SGDRegressor(eta0=0.123, random_state=5)
    sweep(model, [0.5], X, Y, epochs=2)
    assert model.eta0 == 0.123
    assert model.random_state == 5
    assert not hasattr(model, "coef_")


def test_the_order_of_rates_does_not_matter():
    forth, back = (
        sweep(SGD, rates, X, Y, epochs=5, seeds=[0, 1]) for rates in ([0.1, 0.01], [0.01, 0.1])
    )
    keys = ["learning_rate", "seed", "epoch"]
    pd.testing.assert_frame_equal(
        forth.sort_values(keys, ignore_index=True), back.sort_values(keys, ignore_index=True)
    )


def test_integer_rates_and_frames_are_welcome():
    frame = pd.DataFrame(X, columns=list("abc"))
    runs = sweep(
        SGD, [1, 0.1], frame, pd.Series(Y), validation_data=(frame, Y), epochs=2, seeds=seeds(2)
    )
    assert runs["learning_rate"].dtype == float


def test_numbers_in_object_columns_are_welcome():
    frame = pd.DataFrame(X).astype(object)
    boxed = sweep(SGD, [0.1], frame, pd.Series(Y, dtype=object), epochs=2)
    pd.testing.assert_frame_equal(boxed, sweep(SGD, [0.1], X, Y, epochs=2))
    unmasked = sweep(SGD, [0.1], np.ma.masked_array(X), Y, epochs=2)
    pd.testing.assert_frame_equal(unmasked, boxed)


def test_an_interrupt_returns_the_finished_runs(capsys):
    class Impatient(SGDRegressor):
        fits = 0

        def partial_fit(self, X, y):
            Impatient.fits += 1
            if Impatient.fits > 13:
                raise KeyboardInterrupt
            return super().partial_fit(X, y)

    runs = sweep(Impatient(), [0.1, 0.01], X, Y, epochs=3, seeds=[4, 5, 6])
    assert runs["seed"].unique().tolist() == [4, 5]
    assert "4 of 6 runs" in capsys.readouterr().out


@pytest.mark.parametrize("epochs", [1, 2, 3, 5])
def test_short_runs_that_explode_are_diverged(epochs):
    runs = sweep(SGD, [0.1], 1e2 * X, Y, epochs=epochs, seeds=range(6))
    assert (runs["loss"] > 1e6).all()
    assert (runs["status"] == "diverged").all()


@pytest.mark.parametrize(
    "model", [SGD, MLPRegressor(hidden_layer_sizes=(4,), solver="sgd", momentum=0.0)]
)
def test_targets_far_from_zero_are_no_divergence(model):
    runs = sweep(model, [1e-4], X, 100 + Y, epochs=2, seeds=range(3))
    assert (runs["loss"] > 1000 * Y.var()).all()
    assert (runs["status"] == "slow").all()


def test_hinge_loss_is_judged_by_a_hinge_loss():
    from course_utils.training.partial_fit import baseline_loss

    for y in (np.repeat([0, 1], [95, 5]), np.repeat([0, 1, 2], [60, 25, 15]), np.repeat([0, 1], 5)):
        classes, n = np.unique(y), len(y)
        best = np.inf
        for scores in itertools.product(np.linspace(-1, 1, 9), repeat=len(classes)):
            scores = np.array(scores) if len(classes) > 2 else scores[0]
            tiled = np.tile(scores, (n, 1)) if len(classes) > 2 else np.full(n, scores)
            best = min(best, hinge_loss(y, tiled, labels=classes))
        model = SGDClassifier(learning_rate="constant")
        assert baseline_loss(model, y, classes) == pytest.approx(best)


def masked(values):
    mask = np.zeros(np.shape(values), bool)
    mask[2] = True
    return np.ma.masked_array(values, mask)


def with_nan():
    frame = pd.DataFrame(X.copy(), columns=["height", "weight", "age"])
    frame.loc[4, "weight"] = np.nan
    return frame


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"learning_rates": []}, "empty"),
        ({"learning_rates": [0.1, -1.0]}, "above 0"),
        ({"learning_rates": [0.0]}, "above 0"),
        ({"learning_rates": [np.nan]}, "finite"),
        ({"learning_rates": ["0.1"]}, "not a number"),
        ({"learning_rates": "0.1"}, "list of numbers"),
        ({"learning_rates": [True]}, "not a number"),
        ({"learning_rates": [0.1, 0.1]}, "more than once"),
        ({"x": with_nan()}, "column 'weight', row 4"),
        ({"x": X[:, 0]}, "reshape"),
        ({"x": [["a"]] * 60}, "not a number"),
        ({"y": Y[:-1]}, "59 values for 60 rows"),
        ({"y": np.where(np.arange(60) == 3, np.nan, Y)}, "missing values, the first in row 3"),
        ({"y": LABELS}, "a regressor needs numbers"),
        ({"validation_data": X}, "give a pair"),
        ({"validation_data": (X[:, :2], Y)}, "2 columns and x has 3"),
        ({"x": masked(X)}, "x is a masked array with 3 masked cells"),
        ({"y": masked(Y)}, "y is a masked array with 1 masked cells"),
        ({"x": csr_array(X)}, r"x is a sparse matrix; give x.toarray\(\)"),
        ({"x": X.astype(str)}, "x holds the text .*; convert numbers in text by .astype"),
        ({"x": pd.DataFrame([[0.1, "0.5"]] * len(X))}, "x, column 1, holds the t"),
        ({"x": pd.DataFrame({"day": DAYS})}, "x, column 'day', holds dates or times"),
        ({"x": pd.DataFrame({"day": DAYS.tz_localize("UTC")})}, "holds dates or times"),
        ({"x": DAYS.to_numpy()[:, None]}, "x holds dates or times"),
        ({"x": X + 1j}, "complex"),
        ({"x": [[1.0], [1.0, 2.0]]}, "x has rows of different lengths"),
        ({"x": np.where(X[0, 0] == X, np.nan, X)}, "holds nan in column 0, row 0"),
        ({"y": Y.astype(str)}, "a regressor needs numbers: convert text"),
        ({"learning_rates": [np.True_]}, "holds True, which"),
        ({"epochs": np.float64(2.5)}, "epochs is 2.5;"),
        ({"model": SGDRegressor}, "model is the class SGDRegressor"),
        ({"model": SGDRegressor(learning_rate="constant", alpha=-1)}, "'alpha' parameter"),
        ({"model": SGDRegressor(learning_rate="optimal")}, "does not read its learning rate"),
        ({"model": MLPRegressor(solver="lbfgs")}, "does not read its learning rate"),
        ({"model": SGDClassifier(), "y": np.int64(Y > 0)}, "set learning_rate='constant'"),
        ({"model": SGDClassifier(), "y": np.zeros(60, int)}, "one class only, 0;"),
        (
            {
                "model": SGDClassifier(),
                "y": np.int64(Y > 0),
                "validation_data": (X, np.arange(60)),
            },
            r"labels that y lacks: \[2, 3,",
        ),
        ({"epochs": 0}, "epochs is 0"),
        ({"epochs": 2.5}, "whole number"),
        ({"seeds": []}, "seeds is empty"),
        ({"seeds": [1, 1]}, "given twice"),
        ({"seeds": [-1]}, "a seed in seeds is -1"),
        ({"seeds": [2**32]}, "below 2"),
        ({"model": Ridge()}, "has no partial_fit"),
        ({"model": GaussianNB()}, "neither eta0 nor learning_rate_init"),
        ({"model": SGDClassifier(), "y": ["up"] * 60}, "one class only"),
        (
            {"model": SGDClassifier(), "y": LABELS, "validation_data": (X, ["flat"] * 60)},
            "labels that y lacks",
        ),
    ],
)
def test_bad_input_is_refused_before_training(change, words, monkeypatch):
    def never(*_):
        pytest.fail("training began")

    monkeypatch.setattr(SGDRegressor, "partial_fit", never)
    arguments = {"model": SGD, "learning_rates": [0.1], "x": X, "y": Y, "epochs": 2}
    with pytest.raises((TypeError, ValueError), match=words):
        sweep(**arguments | change)
