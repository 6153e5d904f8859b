"""The work that `experiments.peers` measures, in a process of its own: the course's and its peers'.

``python -m experiments.peer_work NAME [--short]`` prints its seconds and score as JSON. Each
function loads what it needs and returns the work, a function that returns its score.

E2 is a sweep of rates and seeds on the BMI data, validated after each epoch; its score is the best
median accuracy. Of E7b one batch size is searched; the score is the best mean over three folds.
"""

import json
import sys
import time

import numpy as np

RATES = (1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7)
TRAINED, BATCH = 300, 32


def _e2(short):
    from course_utils import load_bmi

    X, y = load_bmi("bundled", verbose=False)
    x = X.to_numpy(np.float32)
    x = (x - x[:TRAINED].mean(axis=0)) / x[:TRAINED].std(axis=0)
    return x, y.to_numpy(np.int32), *((1, 20) if short else (10, 200))  # seeds, epochs


def _build_model():
    import keras

    hidden = [keras.layers.Dense(units, "relu") for units in (128, 64)]
    model = keras.Sequential([keras.Input((3,)), *hidden, keras.layers.Dense(6, "softmax")])
    loss = "sparse_categorical_crossentropy"
    model.compile(keras.optimizers.SGD(), loss=loss, metrics=["accuracy"])
    return model


def _orders(seed, epochs):
    """Return the samples in a new order for each epoch: full batches, and the last, short one."""
    chance = np.random.default_rng(seed)
    orders = np.array([chance.permutation(TRAINED) for _ in range(epochs)], np.int32)
    full = TRAINED // BATCH * BATCH
    return orders[:, :full].reshape(epochs, -1, BATCH), orders[:, full:]


def stacked_sweep(short):
    """Sweep E2 by the course: all runs as one."""
    import course_utils.training.keras_setup  # noqa: F401
    from course_utils import sweep

    x, y, n_seeds, epochs = _e2(short)
    train, test = (slice(TRAINED), slice(TRAINED, None))

    def work():
        runs = sweep(
            _build_model, RATES, x[train], y[train], validation_data=(x[test], y[test]),
            epochs=epochs, seeds=range(n_seeds),
        )  # fmt: skip
        last = runs[runs["epoch"] == epochs]
        return last.groupby("learning_rate")["val_accuracy"].median().max()

    return work


def compiled_loop(short):
    """Sweep E2 in plain Keras, run by run, each epoch one call of a compiled function."""
    import keras
    import tensorflow as tf

    x, y, n_seeds, epochs = _e2(short)

    def work():
        model, loss_of = _build_model(), keras.losses.SparseCategoricalCrossentropy()
        optimizer, weights = model.optimizer, model.trainable_variables
        optimizer.build(weights)

        def step(batch):
            with tf.GradientTape() as tape:
                loss = loss_of(tf.gather(y, batch), model(tf.gather(x, batch), training=True))
            optimizer.apply(tape.gradient(loss, weights), weights)

        @tf.function(jit_compile=True)
        def train_epoch(full, rest):
            for batch in full:
                step(batch)
            step(rest)
            right = tf.argmax(model(x[TRAINED:]), axis=1, output_type=tf.int32) == y[TRAINED:]
            return tf.reduce_mean(tf.cast(right, tf.float32))

        accuracies = np.zeros((len(RATES), n_seeds))
        for number, rate in enumerate(RATES):
            for seed in range(n_seeds):
                keras.utils.set_random_seed(seed)
                model.set_weights(_build_model().get_weights())
                optimizer.learning_rate = rate
                for full, rest in zip(*map(tf.constant, _orders(seed, epochs)), strict=True):
                    accuracies[number, seed] = train_epoch(full, rest)
        return np.median(accuracies, axis=1).max()

    return work


def vmapped(short):
    """Sweep E2 on JAX: one compiled function of one run, vectorized over all of them."""
    import jax
    import keras

    x, y, n_seeds, epochs = _e2(short)

    def work():
        model = _build_model()
        optimizer = model.optimizer
        optimizer.build(model.trainable_variables)

        def loss_of(weights, batch):
            outputs, _ = model.stateless_call(weights, [], x[batch], training=True)
            return keras.losses.sparse_categorical_crossentropy(y[batch], outputs).mean()

        def step(run, batch):
            weights, state = run
            gradients = jax.grad(loss_of)(weights, batch)
            return optimizer.stateless_apply(state, gradients, weights), None

        def train_epoch(run, batches):
            full, rest = batches
            run, _ = jax.lax.scan(step, run, full)
            run, _ = step(run, rest)
            outputs, _ = model.stateless_call(run[0], [], x[TRAINED:])
            return run, (outputs.argmax(axis=1) == y[TRAINED:]).mean()

        def train(rate, weights, batches):
            state = [
                rate if variable is optimizer._learning_rate else variable.value
                for variable in optimizer.variables
            ]
            return jax.lax.scan(train_epoch, (weights, state), batches)[1]

        starts = []
        for seed in range(n_seeds):
            keras.utils.set_random_seed(seed)
            starts.append([variable.value for variable in _build_model().trainable_variables])
        starts = [np.stack(same) for same in zip(*starts, strict=True)]
        orders = [_orders(seed, epochs) for seed in range(n_seeds)]
        batches = [np.stack(same) for same in zip(*orders, strict=True)]
        over_seeds = jax.vmap(train, (None, 0, 0))
        everything = jax.jit(jax.vmap(over_seeds, (0, None, None)))
        accuracies = everything(np.float32(RATES), starts, batches)  # (rates, seeds, epochs)
        return np.median(accuracies[:, :, -1], axis=1).max()

    x, y = map(jax.numpy.asarray, (x, y))
    return work


def _e7b(short):
    from sklearn.datasets import make_classification
    from sklearn.model_selection import train_test_split
    from sklearn.preprocessing import StandardScaler

    X, y = make_classification(500, 20, n_informative=10, n_classes=3, random_state=42)
    X, _, y, _ = train_test_split(X, y, test_size=0.2, random_state=42)
    grid = {"units": [32, 64, 128], "learning_rate": [0.001, 0.01], "epochs": [10, 20]}
    if short:
        grid = {"units": [32], "learning_rate": [0.001, 0.01], "epochs": [1, 2]}
    return StandardScaler().fit_transform(X), y, grid


def _network():
    from course_utils import KerasMLPClassifier

    return KerasMLPClassifier(optimizer="adam", batch_size=32, random_state=0)


def stacked_grid(short):
    """Search a third of E7b by the course."""
    from course_utils import StackedGridSearchCV

    X, y, grid = _e7b(short)
    return lambda: StackedGridSearchCV(_network(), grid, cv=3).fit(X, y).best_score_


def stacked_random(short):
    """Draw as many candidates of E7b's space by chance."""
    from course_utils import StackedRandomizedSearchCV

    X, y, grid = _e7b(short)
    settings = {"n_iter": _size(grid), "cv": 3, "random_state": 0}
    return lambda: StackedRandomizedSearchCV(_network(), grid, **settings).fit(X, y).best_score_


def scikeras_grid(short):
    """Search a third of E7b by SciKeras, with named folds: scikit-learn sees no classifier."""
    from scikeras.wrappers import KerasClassifier
    from sklearn.model_selection import GridSearchCV, StratifiedKFold

    X, y, grid = _e7b(short)
    spelled = {"units": "model__units", "learning_rate": "model__learning_rate"}
    grid = {spelled.get(name, name): values for name, values in grid.items()}

    def build(units, learning_rate):
        import keras

        output = keras.layers.Dense(3, "softmax")
        layers = [keras.Input((20,)), keras.layers.Dense(units, "relu"), output]
        model = keras.Sequential(layers)
        optimizer = keras.optimizers.Adam(learning_rate=learning_rate)
        model.compile(optimizer, loss="sparse_categorical_crossentropy")
        return model

    network = KerasClassifier(build, batch_size=32, verbose=0, random_state=0)
    folds = StratifiedKFold(3)
    return lambda: GridSearchCV(network, grid, cv=folds, n_jobs=2).fit(X, y).best_score_


def optuna_study(short):
    """Try as many candidates of E7b's space, chosen by Optuna."""
    import optuna
    from sklearn.model_selection import cross_val_score

    X, y, grid = _e7b(short)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    network = _network()

    def objective(trial):
        chosen = {name: trial.suggest_categorical(name, values) for name, values in grid.items()}
        return cross_val_score(network.set_params(**chosen), X, y, cv=3).mean()

    def work():
        sampler = optuna.samplers.TPESampler(seed=0)
        study = optuna.create_study(direction="maximize", sampler=sampler)
        study.optimize(objective, n_trials=_size(grid))
        return study.best_value

    return work


def _size(grid):
    return int(np.prod([len(values) for values in grid.values()]))


def _measured(function, short):
    try:
        work = globals()[function](short)
    except ModuleNotFoundError as error:
        return {"missing": error.name}
    started, before = time.perf_counter(), _processor_seconds()
    score = work()
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "processor": _processor_seconds() - before, "score": float(score)}


def _processor_seconds():
    """Return the seconds of this process and of those it has started."""
    import psutil  # a dependency of the course, not of JAX

    this = psutil.Process()
    times = [process.cpu_times() for process in (this, *this.children(recursive=True))]
    return sum(of_one.user + of_one.system for of_one in times)


if __name__ == "__main__":
    print(json.dumps(_measured(sys.argv[1], "--short" in sys.argv[2:])))
