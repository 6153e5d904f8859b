"""Odd input that once gave a wrong result without a word, or an error that explained nothing."""

import keras
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import Ridge, SGDClassifier, SGDRegressor
from sklearn.model_selection import GridSearchCV
from sklearn.tree import DecisionTreeRegressor

from course_utils import (
    KerasMLPClassifier,
    KerasMLPRegressor,
    MomentumCycle,
    OneCycle,
    StackedGridSearchCV,
    check_schedule,
    final,
    plot_grid,
    run_status,
    schedule_rates,
    sweep,
)

L, N = keras.layers, 23
RANDOM = np.random.default_rng(1)
X = RANDOM.normal(size=(N, 6)).astype("float32")
Y = (X @ RANDOM.normal(size=6)).astype("float32")
LABELS = (Y > 0).astype(int)
WORDS = RANDOM.integers(0, 5, (300, 4))

pytestmark = pytest.mark.usefixtures("without_xla")


def network(*layers, shape=(6,), optimizer="sgd", **settings):
    """Return a function that builds a model of layers, each made anew."""

    def build():
        model = keras.Sequential([keras.Input(shape), *(make() for make in layers)])
        model.compile(optimizer, **{"loss": "mse", **settings})
        return model

    return build


def one_unit():
    return L.Dense(1)


def losses(build, x=X, y=Y, rate=0.02, **settings):
    runs = sweep(build, [rate], x, y, **{"epochs": 3, "progress": False, **settings})
    return runs["loss"].to_numpy()


@pytest.mark.parametrize("delta", [1.0, 0.1])
def test_the_settings_of_a_loss_are_part_of_a_program(delta):
    """Keras leaves the delta of Huber out of its config."""
    losses(network(one_unit, loss=keras.losses.Huber(delta=0.5)))
    build = network(one_unit, loss=keras.losses.Huber(delta=delta))
    np.testing.assert_allclose(losses(build), losses(build, engine="loop"), rtol=1e-4)


def test_the_settings_of_a_metric_are_part_of_a_program():
    targets = np.stack([X[:, :3], X[:, 3:]], axis=1)  # (N, 2, 3)

    def cosines(axis, engine):
        metric = keras.metrics.CosineSimilarity(name="cosine", axis=axis)
        layers = (lambda: L.Dense(6), lambda: L.Reshape((2, 3)))
        runs = sweep(
            network(*layers, metrics=[metric]), [0.02], X, targets, epochs=2, engine=engine
        )
        return runs["cosine"].to_numpy()

    for axis in (-1, 1):
        np.testing.assert_allclose(cosines(axis, "stacked"), cosines(axis, "loop"), rtol=1e-3)


class OwnPenalty(keras.regularizers.Regularizer):
    def __init__(self, size):
        self.size = size

    def __call__(self, weights):
        return self.size * keras.ops.sum(weights * weights)


@pytest.mark.parametrize(
    ("make", "shape", "x"),
    [
        (lambda p: L.Embedding(5, 3, embeddings_regularizer=p), (4,), WORDS[:N]),
        (lambda p: L.BatchNormalization(gamma_regularizer=p), (6,), X),
    ],
)
def test_a_penalty_of_ones_own_is_not_stacked_wherever_it_stands(make, shape, x, capsys):
    def build(size):
        layers = (lambda: make(OwnPenalty(size)), L.Flatten, one_unit)
        return network(*layers, shape=shape)

    small, large = (losses(build(size), x)[0] for size in (1.0, 9.0))
    assert large > small + 0.01
    assert "is a function of your own" in capsys.readouterr().out


@pytest.mark.parametrize("engine", ["stacked", "loop"])
@pytest.mark.parametrize("where", ["x", r"validation_data\[0\]"])
def test_a_word_that_the_embedding_has_no_row_for(where, engine):
    build = network(lambda: L.Embedding(5, 3), L.Flatten, one_unit, shape=(4,))
    wrong, y = WORDS.copy(), np.linspace(0, 1, 300)
    wrong[290, 1] = 7
    x, of_validation = (wrong, WORDS) if where == "x" else (WORDS, wrong)
    with pytest.raises(ValueError, match=f"{where} holds numbers from 0 to 7 and the Embedding"):
        losses(build, x, y, validation_data=(of_validation, y), engine=engine)


@pytest.mark.parametrize(
    "settings", [{"loss_weights": [0.01]}, {"loss": keras.losses.MeanSquaredError(reduction="sum")}]
)
def test_the_status_of_a_loss_on_another_scale(settings):
    """The same training, step for step: what scales the loss is taken out of the rate."""
    x = RANDOM.normal(size=(64, 6))
    y = x.sum(axis=1) + 2 * RANDOM.normal(size=64)
    factor = 0.01 if "loss_weights" in settings else 32

    def fates(factor, **settings):
        rates = np.array([0.0005, 0.005, 0.05, 0.5]) / factor
        return run_status(sweep(network(one_unit, **settings), rates, x, y, epochs=30))

    plain, scaled = fates(1), fates(factor, **settings)
    np.testing.assert_allclose(scaled["loss"], factor * plain["loss"], rtol=1e-3)
    assert scaled["status"].tolist() == plain["status"].tolist()
    assert len(set(plain["status"])) > 1


def test_columns_of_validation_data_in_another_order():
    frame = pd.DataFrame(X.astype(float), columns=list("abcdef"))
    for model in (network(one_unit), SGDRegressor(learning_rate="constant")):
        with pytest.raises(ValueError, match="same columns in the same order"):
            sweep(model, [0.01], frame, Y, validation_data=(frame[list("fedcba")], Y))


def test_a_table_cut_before_a_run_diverged():
    model = SGDRegressor(learning_rate="constant")
    runs = sweep(model, [0.001, 0.3], X.astype(float), Y, epochs=12, progress=False)
    at = runs["diverged_at"].max()
    assert at > 2
    assert np.isinf(final(runs)).tolist() == [False, True]
    cut = runs[runs["epoch"] < at]
    assert final(cut).tolist() == cut[cut["epoch"] == at - 1]["loss"].tolist()


def test_epochs_as_text():
    runs = sweep(SGDRegressor(learning_rate="constant"), [0.01], X.astype(float), Y, epochs=12)
    with pytest.raises(ValueError, match="epochs that are no numbers"):
        run_status(runs.assign(epoch=runs["epoch"].astype(str)))


DATES = pd.date_range("2024", periods=N)


@pytest.mark.parametrize(
    ("x", "y"),
    [
        (X, DATES),
        (X, pd.Series(DATES)),
        (X, pd.Series(DATES - DATES[0])),
        (pd.DataFrame({"day": DATES}), Y),
        (pd.DataFrame({"day": DATES, "width": X[:, 0]}), Y),
    ],
)
def test_dates_are_no_numbers(x, y):
    with pytest.raises(ValueError, match="holds dates or times"):
        KerasMLPRegressor().fit(x, y)


@pytest.mark.parametrize("name", ["x", "y"])
def test_numbers_beyond_single_precision(name):
    data = {"x": X.astype(float), "y": Y.astype(float)}
    data[name] = data[name] * 1e39
    with pytest.raises(ValueError, match=f"{name} holds numbers up to"):
        losses(network(one_unit), **data)


def test_targets_beyond_single_precision():
    with pytest.raises(ValueError, match="y holds numbers up to"):
        KerasMLPRegressor().fit(X, 1e39 * Y.astype(float))


def test_a_model_without_weights_to_train():
    with pytest.raises(ValueError, match="no weights that can be trained"):
        losses(network(lambda: L.Dense(1, trainable=False)))


def test_a_loss_along_the_rows():
    loss = keras.losses.CosineSimilarity(axis=0)
    with pytest.raises(ValueError, match="axis=0, which is that of the rows"):
        losses(network(lambda: L.Dense(3), loss=loss), y=X[:, :3])


def test_a_metric_along_the_rows_is_not_stacked(capsys):
    metric = keras.metrics.CosineSimilarity(axis=0)
    losses(network(lambda: L.Dense(3), metrics=[metric]), y=X[:, :3])
    assert "is not a mean over rows" in capsys.readouterr().out


def test_the_cycle_of_a_momentum_that_is_not_that_of_sgd():
    model = network(one_unit, optimizer=keras.optimizers.RMSprop(OneCycle(0.1, 6), momentum=0.9))()
    with pytest.raises(TypeError, match="RMSprop has no momentum that a cycle could move"):
        model.fit(X, Y, verbose=0, callbacks=[MomentumCycle()])


def test_two_cycles_at_once():
    model = network(one_unit, optimizer=keras.optimizers.SGD(OneCycle(0.1, 6), momentum=0.9))()
    with pytest.raises(ValueError, match="given twice"):
        model.fit(X, Y, verbose=0, callbacks=[MomentumCycle(), MomentumCycle()])


@pytest.mark.parametrize(("rates", "words"), [(None, "nothing"), ([0.1, 0.2], r"shape \(2,\)")])
def test_a_schedule_that_gives_no_number(rates, words):
    class Own(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return rates

    for use in (check_schedule, schedule_rates):
        with pytest.raises(TypeError, match=f"Own gives .*{words}"):
            use(Own(), 10)


def test_a_grid_of_bools_and_one_with_none():
    bools = GridSearchCV(Ridge(), {"fit_intercept": [True, False]}).fit(X, Y)
    ticks = plot_grid(bools.cv_results_, "fit_intercept").get_xticklabels()
    assert [tick.get_text() for tick in ticks] == ["True", "False"]
    grid = {"max_depth": [None, 1, 2], "min_samples_leaf": [1, 2]}
    trees = GridSearchCV(DecisionTreeRegressor(random_state=0), grid).fit(X, Y)
    ticks = plot_grid(trees.cv_results_, "max_depth", "min_samples_leaf").get_xticklabels()
    assert [tick.get_text() for tick in ticks] == ["None", "1", "2"]


def stacked_search(**settings):
    grid = {"learning_rate": [0.1, 0.01]}
    return StackedGridSearchCV(KerasMLPClassifier(epochs=1), grid, **{"cv": 2, **settings})


def test_the_folds_of_sparse_rows_are_cut():
    model = SGDClassifier(random_state=0)
    search = StackedGridSearchCV(model, {"alpha": [1e-3, 1e-4]}, cv=2).fit(csr_array(X), LABELS)
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()


@pytest.mark.parametrize(
    ("search", "y", "more", "words"),
    [
        ({}, LABELS, {"sample_weight": np.ones(N)}, "fit was given sample_weight"),
        ({"cv": [(np.arange(12), np.arange(12, 43))]}, LABELS, {}, "a test part holds"),
        ({"cv": [(np.arange(12), [])]}, LABELS, {}, "a test part is empty"),
        ({"cv": [([0.5, 1.5], np.arange(12))]}, LABELS, {}, "a training part holds"),
        ({"cv": [(np.ones(5, bool), np.arange(12))]}, LABELS, {}, "a training part holds"),
        ({}, np.array(["a", None] * 11 + ["b"], object), {}, "y has 11 missing values"),
        ({}, np.array(["a", 1] * 11 + ["a"], object), {}, "labels of several kinds, int, str"),
    ],
)
def test_a_search_is_refused_before_it_trains(search, y, more, words, monkeypatch):
    monkeypatch.setattr(KerasMLPClassifier, "train_alone", None)
    with pytest.raises((TypeError, ValueError), match=words):
        stacked_search(**search).fit(X, y, **more)
