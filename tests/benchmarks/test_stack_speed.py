"""How much faster a stacked sweep is than the same runs by plain Keras, on this machine.

Only ratios taken in one process are compared, for seconds differ between machines and hours. The
table and the picture land in ``build/``.
"""

import itertools
import os
import time

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits

from course_utils import load_bmi
from course_utils.training import cache, fit_runs
from course_utils.training.keras_setup import keras, tf

RATES = [1.0, 0.1, 0.01, 0.001, 1e-4, 1e-5, 1e-6, 1e-7]
EPOCHS, BATCH_SIZE, N_TRAIN = 200, 32, 300
N_DIGITS, EPOCHS_OF_IMAGES = 1000, 20
LEAST_RATIO_OF_IMAGES = 5
PLAIN_EPOCHS = 40  # measured after a warm-up, and scaled up
# About half of what two idle cores do, since the cores are rarely idle.
LEAST_RATIO = {("E2 learning rates", 1): 35, ("E2 learning rates", 10): 100}
LEAST_SHARE_OF_PEAK = 0.03
LEAST_RATIO_OF_ONE_RUN = 3
WEIGHTS = 3 * 128 + 128 * 64 + 64 * 6
WORK = 6 * WEIGHTS * N_TRAIN * EPOCHS  # flop of one run: forward 2, backward 4 a weight and row


def build_model(optimizer="sgd"):
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(6, activation="softmax"),
        ]
    )
    model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def build_image_model():
    model = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            keras.layers.Conv2D(8, 3, activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(16, 3, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


@pytest.fixture(scope="module")
def data():
    x, y = map(np.asarray, load_bmi("bundled"))
    x = (x - x[:N_TRAIN].mean(axis=0)) / x[:N_TRAIN].std(axis=0)
    return x[:N_TRAIN], y[:N_TRAIN], (x[N_TRAIN:], y[N_TRAIN:])


@pytest.fixture(scope="module")
def figures():
    return {}


def seconds(work, repeats=1):
    """Return the shortest of some timings: what is left when others let go of the cores."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def plain_seconds(build, data, epochs=EPOCHS):
    """Return the time of one run by ``fit``, tracing included."""
    x, y, validation_data = data
    model = build()

    def fit(epochs):
        model.fit(
            x, y, BATCH_SIZE, epochs, verbose=0, validation_data=validation_data, shuffle=True
        )

    start = seconds(lambda: fit(1))
    measured = min(epochs, PLAIN_EPOCHS)
    return start + (epochs - 1) / measured * seconds(lambda: fit(measured), repeats=2)


def stacked_seconds(build, data, rates, n_seeds, fresh=True, epochs=EPOCHS, optimizers=None):
    x, y, validation_data = data
    if fresh:
        cache.clear()
    columns = {"learning_rate": rates, "seed": range(n_seeds)}
    if optimizers is not None:
        columns["optimizer"] = optimizers
    runs = pd.DataFrame(list(itertools.product(*columns.values())), columns=list(columns))
    settings = {"epochs": epochs, "batch_size": BATCH_SIZE, "engine": "stacked", "progress": False}
    settings |= {"optimizers": optimizers, "validation_data": validation_data}
    return seconds(lambda: fit_runs(build, runs, x, y, **settings))


def peak_flops():
    """Return what this machine does in one large matrix product, flop/s."""
    size = 2048
    a = tf.random.normal((size, size))
    tf.matmul(a, a)
    return 2 * size**3 / seconds(lambda: tf.matmul(a, a).numpy(), repeats=10)


def optimizers_of_e3():
    return {momentum: keras.optimizers.SGD(momentum=momentum) for momentum in (0.0, 0.1, 0.5, 0.9)}


def optimizers_of_e4():
    return {name: keras.optimizers.get(name) for name in ("adamax", "adam", "adagrad", "rmsprop")}


EXPERIMENTS = {  # what moves the runs, and their rates
    "E2 learning rates": (lambda: {"sgd": keras.optimizers.SGD()}, RATES),
    "E3 momentum": (optimizers_of_e3, [0.001]),
    "E4 optimizers": (optimizers_of_e4, [0.001]),
}


@pytest.mark.parametrize("n_seeds", [1, 10])
@pytest.mark.parametrize("name", EXPERIMENTS)
def test_against_plain_keras(name, n_seeds, data, figures, measured):
    make, rates = EXPERIMENTS[name]
    stacked = stacked_seconds(build_model, data, rates, n_seeds, optimizers=make())
    one_each = [plain_seconds(lambda one=one: build_model(one), data) for one in make().values()]
    plain = sum(one_each) * len(rates) * n_seeds
    figures[name, n_seeds] = {"plain_s": plain, "stacked_s": stacked, "ratio": plain / stacked}
    least = LEAST_RATIO.get((name, n_seeds), 2)
    what = f"{name}, {n_seeds} seed{'s' * (n_seeds > 1)}: Keras's `fit` against the stacked sweep"
    measured(what, f"{plain / stacked:.0f} ×", f"at least {least} ×")
    assert plain / stacked > least


def test_images(figures, measured):
    """A small convolutional network on scikit-learn's digits: 8 rates × 5 seeds."""
    digits, labels = load_digits(return_X_y=True)
    digits = (digits / 16).reshape(-1, 8, 8, 1).astype(np.float32)
    data = digits[:N_DIGITS], labels[:N_DIGITS], (digits[N_DIGITS:], labels[N_DIGITS:])
    plain = plain_seconds(build_image_model, data, EPOCHS_OF_IMAGES) * 8 * 5
    for what, fresh in (("images, compiling", True), ("images, compiled before", False)):
        stacked = stacked_seconds(
            build_image_model, data, np.geomspace(1e-3, 1, 8), 5, fresh, EPOCHS_OF_IMAGES
        )
        figures[what, 5] = {"plain_s": plain, "stacked_s": stacked, "ratio": plain / stacked}
        measured(
            f"{what}: Keras's `fit` against 8 rates × 5 seeds of a small CNN",
            f"{plain / stacked:.0f} ×",
            f"at least {LEAST_RATIO_OF_IMAGES} ×",
        )
        assert plain / stacked > LEAST_RATIO_OF_IMAGES


def by_hand(size):
    """Return what the engine's step costs without the engine: K networks 3-128-64-6, SGD, XLA.

    Three batched matrix products forwards and five backwards, each gradient written down.
    """
    random = np.random.default_rng(0)
    widths = [(3, 128), (128, 64), (64, 6)]
    weights = [random.normal(0, 0.1, (size, *w)).astype(np.float32) for w in widths]
    biases = [np.zeros((size, 1, w[1]), np.float32) for w in widths]
    x = tf.constant(random.normal(size=(size, BATCH_SIZE, 3)).astype(np.float32))
    y = tf.one_hot(random.integers(0, 6, (size, BATCH_SIZE)), 6)

    def step(number, weights, biases):
        outputs, sums = [x], []
        for weight, bias in zip(weights, biases, strict=True):
            sums.append(outputs[-1] @ weight + bias)
            outputs.append(tf.nn.relu(sums[-1]))
        wrong = (tf.nn.softmax(sums[-1]) - y) / BATCH_SIZE
        new_weights, new_biases = [], []
        for layer in (2, 1, 0):
            change = tf.matmul(outputs[layer], wrong, transpose_a=True)
            new_weights.insert(0, weights[layer] - 0.01 * change)
            new_biases.insert(0, biases[layer] - 0.01 * tf.reduce_sum(wrong, 1, keepdims=True))
            if layer:
                wrong = tf.matmul(wrong, weights[layer], transpose_b=True)
                wrong *= tf.cast(sums[layer - 1] > 0, tf.float32)
        return number + 1, new_weights, new_biases

    @tf.function(jit_compile=True, autograph=False)
    def train(n_steps, weights, biases):
        start = (0, weights, biases)
        return tf.while_loop(lambda number, *_: number < n_steps, step, start)[1]

    start = [list(map(tf.constant, values)) for values in (weights, biases)]
    train(tf.constant(1), *start)
    n_steps = 200
    spent = seconds(lambda: train(tf.constant(n_steps), *start)[0].numpy(), repeats=5)
    return 6 * WEIGHTS * BATCH_SIZE * size * n_steps / spent


@pytest.mark.parametrize("size", [1, 8, 80, 320])
def test_throughput(size, data, figures, measured):
    n_rates = min(size, 8)
    stacked_seconds(build_model, data, RATES[:n_rates], size // n_rates)
    again = stacked_seconds(build_model, data, RATES[:n_rates], size // n_rates, fresh=False)
    share = size * WORK / again / peak_flops()
    of_by_hand = size * WORK / again / by_hand(size)
    figures["again", size] = {
        "again_s": again,
        "share_of_peak": share,
        "share_of_step_by_hand": of_by_hand,
    }
    what = f"{size} network{'s' * (size > 1)} at once: share of the peak of matrix products"
    measured(what, f"{share:.0%}", f"at least {LEAST_SHARE_OF_PEAK:.0%}")
    measured(f"{size} at once: share of a step written by hand", f"{of_by_hand:.0%}", "–")
    assert share > LEAST_SHARE_OF_PEAK
    if size == 1:
        assert plain_seconds(build_model, data) / again > LEAST_RATIO_OF_ONE_RUN


def test_write_table_and_picture(figures, root):
    (root / "build").mkdir(exist_ok=True)
    table = pd.DataFrame(figures).T
    table.index.names = ["what", "seeds or runs"]
    table.insert(0, "cores", os.cpu_count())
    table.to_csv(root / "build" / "stack_speed.csv", float_format="%.4g")

    ratios = table["ratio"].dropna()
    figure, ax = plt.subplots(figsize=(7, 3.5), layout="constrained")
    ax.barh([f"{name}, {n} seed{'s'[: n > 1]}" for name, n in ratios.index], ratios)
    for place, ratio in enumerate(ratios):
        ax.text(ratio, place, f" {ratio:.0f}×", va="center")
    ax.set_xscale("log")
    ax.margins(x=0.3)
    ax.set_xlabel("plain Keras time / stacked time (compiling included)")
    figure.savefig(root / "build" / "stack_speed.png", dpi=120)
    plt.close(figure)
