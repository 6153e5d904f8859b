"""How the time of the engine grows, and which share of the processor it uses.

Processor seconds, for a busy machine stretches the clock; the shortest of some repeats.
"""

import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from course_utils import KerasMLPClassifier, StackedGridSearchCV, set_alt_text
from course_utils.plotting import style
from course_utils.plotting.style import course_rc
from course_utils.runs import seeds
from course_utils.training import cache, fit_runs
from course_utils.training.keras_setup import keras, tf
from experiments.timing import timed
from experiments.verdicts import stated
from experiments.with_seeds import bmi, e2, e7b
from experiments.with_seeds.lengths import n_epochs

RATES = e2.RATES
BASE = {"K": 80, "epochs": 20, "rows": 300, "width": 128}
GROWTH = {
    "K": [16, 40, 80, 160, 320],
    "epochs": [5, 10, 20, 40, 80],
    "rows": [96, 192, 384, 768, 1536],
    "width": [32, 64, 128, 192, 256],
}
LABELS = {"K": "networks at once", "epochs": "epochs", "rows": "rows", "width": "weights / 1000"}
BATCH_SIZE, REPEATS, MATRIX = 32, 3, 2048
STRAIGHT = 0.95  # R² of a line through the points
MEMORY = (200, 2200)  # networks, in two processes of their own


def builder(width):
    """Return a function that builds the network of E2 with other widths."""

    def build_model():
        model = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(width, activation="relu"),
                keras.layers.Dense(width // 2, activation="relu"),
                keras.layers.Dense(6, activation="softmax"),
            ]
        )
        model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
        return model

    return build_model


def weights(width):
    """Return how many weights a row multiplies."""
    return 3 * width + width * width // 2 + 6 * width // 2


def work(data, K, epochs, rows, width):
    """Return a function that trains K networks."""
    runs = pd.DataFrame(
        {
            "learning_rate": np.resize(RATES, K),
            "seed": np.repeat(seeds(K), len(RATES))[:K],
        }
    )
    x, y = data.scaled["x"], data.scaled["y"]
    x, y = np.resize(x, (rows, x.shape[1])), np.resize(y, rows)  # the rows again and again
    settings = {"epochs": epochs, "batch_size": BATCH_SIZE, "engine": "stacked", "progress": False}
    return lambda: fit_runs(builder(width), runs, x, y, **settings)


def shortest(call, repeats=REPEATS):
    """Return the shortest processor seconds of some repeats, after one that compiles."""
    call()
    return min(timed(call)[1].processor for _ in range(repeats))


def grow(data, short):
    """Return the seconds along each axis: a row per point."""
    rows = []
    for axis, values in GROWTH.items():
        for value in values[::2] if short else values:
            spent = shortest(work(data, **(BASE | {axis: value})), 1 if short else REPEATS)
            at = weights(value) / 1000 if axis == "width" else value
            rows.append({"axis": axis, "value": value, "at": at, "seconds": spent})
    return pd.DataFrame(rows)


def line(points):
    """Return slope, start and R² of the straight line through the points of an axis."""
    slope, start = np.polyfit(points["at"], points["seconds"], 1)
    left = points["seconds"] - (start + slope * points["at"])
    return slope, start, 1 - left.var(ddof=0) / points["seconds"].var(ddof=0)


def peak_flops():
    """Return the flop of one large matrix product in a second of a processor's core."""
    a = tf.random.normal((MATRIX, MATRIX))
    return 2 * MATRIX**3 / shortest(lambda: tf.matmul(a, a).numpy(), 5)


def memory_of(K):
    """Return the peak memory, in bytes, of a process that trains K networks."""
    command = [sys.executable, "-m", "experiments.speed", str(K)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout.split()[-1])


def measure(short=False):
    """Return the figures of this machine, their verdicts, and the picture."""
    data = bmi.load("bundled")
    cold = {}
    for name, call in (
        ("E2", lambda: e2.sweep(bmi.build_model, RATES, **data.raw, epochs=n_epochs(short))),
        ("E7b", lambda: search_once(short)),
    ):
        cache.clear()
        cold[name] = timed(call)[1].to_json()
    growth = grow(data, short)
    flops = 6 * weights(BASE["width"]) * BASE["rows"]
    points = growth[growth["axis"] == "K"].set_index("value")["seconds"]
    share = flops * BASE["epochs"] * points.index / points / peak_flops()
    bytes_each = np.diff([memory_of(K) for K in MEMORY])[0] / np.diff(MEMORY)[0]
    lines = {axis: line(of) for axis, of in growth.groupby("axis", sort=False)}
    verdicts = [
        stated(
            f"The time grows as a straight line with the {LABELS[axis].split(' /')[0]}",
            fit[2] > STRAIGHT,
            f"R² {fit[2]:.3f}; start {fit[1]:.2f} s, "
            f"{growth[growth['axis'] == axis]['seconds'].max():.2f} s at the largest",
        )
        for axis, fit in lines.items()
    ]
    with plt.rc_context(course_rc()):
        figure = draw(growth, lines)
    figures = {
        "share of the peak of matrix products": f"{share.min():.0%} to {share.max():.0%}",
        "memory of one more network": f"{bytes_each / 1024:.0f} KiB"
        if bytes_each
        else "not measured on this system",
        "its weights alone": f"{4 * bmi.build_model().count_params() / 1024:.0f} KiB",
    }
    return {
        "figures": figures,
        "cold": cold,
        "verdicts": [verdict.to_json() for verdict in verdicts],
    }, figure


def search_once(short):
    """Search E7b's grid with one seed, as its code does."""
    network = KerasMLPClassifier(optimizer="adam", random_state=seeds(1)[0])
    grid = e7b.SHORT if short else e7b.GRID
    return StackedGridSearchCV(network, grid, cv=3).fit(*e7b.load("made"))


def draw(growth, lines):
    """Draw the seconds along each axis, with the line through them."""
    figure, axes = plt.subplots(1, 4, figsize=(15, 4.6))
    for ax, (axis, of) in zip(axes, growth.groupby("axis", sort=False), strict=True):
        slope, start, fit = lines[axis]
        ends = np.array([0, of["at"].max()])
        ax.plot(ends, start + slope * ends, color=style.GREY, linewidth=style.MEDIUM)
        ax.plot(of["at"], of["seconds"], "o", color=style.INK)
        ax.set(xlabel=LABELS[axis], xlim=(0, None), ylim=(0, None), title=f"R² {fit:.3f}")
        set_alt_text(ax, f"Seconds against {LABELS[axis]}: a line from {start:.2f}, R² {fit:.3f}.")
    axes[0].set_ylabel("processor seconds")
    return figure


def _peak_memory(K):
    """Return the peak of a training that has nothing left to compile; 0 where Linux is not."""
    data = bmi.load("bundled")
    runs = pd.DataFrame({"learning_rate": np.linspace(0.001, 0.1, K), "seed": seeds(1)[0]})
    settings = {"epochs": 1, "batch_size": BATCH_SIZE, "engine": "stacked", "progress": False}
    for _ in range(2):  # the second finds its program compiled
        try:
            Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak
        except OSError:
            return 0
        fit_runs(bmi.build_model, runs, data.scaled["x"], data.scaled["y"], **settings)
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


if __name__ == "__main__":
    print(_peak_memory(int(sys.argv[1])))
