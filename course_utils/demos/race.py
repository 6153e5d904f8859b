"""A race of four optimizers, down a ravine and on data: at one rate for all, or each at its own."""

from functools import cache

import numpy as np

from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.demos.own_data import own_network
from course_utils.demos.tries import check_network, make_optimizer, train_optimizers
from course_utils.plotting.style import DOT, PALE, optimizer_style, rough, set_alt_text
from course_utils.quadratic import bowl_loss
from course_utils.runs import final
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_count

RACERS = ("SGD", "SGD(momentum=0.9)", "RMSprop", "Adam")
RATES = np.geomspace(1e-4, 1, 9)  # among which each finds its own
CURVATURES, START = np.array([1.0, 25.0]), np.array([4.0, 1.0])
CHOOSING, CROWD = 3, 10  # seeds that choose the own rates, and others that race
MEASURE = "val_accuracy"


def race_demo(build_model, x, y, validation_data, epochs=40):
    """Let SGD, momentum, RMSprop and Adam race: in a ravine, and on data with a crowd of seeds.

    Each one's own rate is the best of nine: in the ravine by the last loss, on the data by the
    median accuracy of three seeds, which do not race themselves.

    Parameters
    ----------
    build_model : callable
        As in `keras_demo`; its optimizer is replaced.
    x, y, validation_data
        As in `sweep`.
    epochs : int
        Of the networks, and steps in the ravine.
    """
    check_network(build_model, x, y, validation_data)
    epochs = as_count(epochs, "epochs")
    data, seeds = (x, y, validation_data, epochs), course_seeds(CHOOSING + CROWD)

    @cache
    def own_rates():
        """Return the own rate of each, in the ravine and on the data."""
        ravine = [RATES[bowl_loss(CURVATURES, walk(name, RATES, epochs)[:, -1]).argmin()]
                  for name in RACERS]  # fmt: skip
        optimizers = list(map(make_optimizer, RACERS))
        runs = train_optimizers(build_model, optimizers, *data, seeds[:CHOOSING], RATES.tolist())
        tuned = final(runs[runs["rate_from"] == "grid"], MEASURE, by=["optimizer", "learning_rate"])
        return tuple(ravine), tuple(tuned.unstack().idxmax(axis=1)[list(RACERS)])

    @cache
    def race(rates):
        """Return the accuracies of each racer, (epochs, seeds)."""
        pairs = zip(RACERS, rates, strict=True)
        optimizers = [make_optimizer(name, learning_rate=rate) for name, rate in pairs]
        runs = train_optimizers(build_model, optimizers, *data, seeds[CHOOSING:])
        curves = runs.pivot_table(MEASURE, "epoch", ["optimizer", "seed"], dropna=False)
        return {name: curves[name].to_numpy() for name in RACERS}

    def draw(figure, _, rates, learning_rate, epoch):
        figure.subplots_adjust(top=0.8)
        left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
        shared = (learning_rate,) * len(RACERS)
        on_ravine, on_data = (shared, shared) if rates == "one" else own_rates()
        draw_ravine(left, on_ravine, epoch)
        curves = {name: of[:epoch] for name, of in race(on_data).items()}
        draw_crowd(right, curves, epochs)
        for ax, of in ((left, on_ravine), (right, on_data)):
            told = ", ".join(map(rough, of if rates == "own" else of[:1]))
            ax.set_title(f"rate{'s' * (rates == 'own')} {told}")
        figure.legend(*right.get_legend_handles_labels(), ncols=len(RACERS), loc="upper center")
        return standings(curves)

    demo = Demo(
        "A race of four",
        "one rate for all four: who will be ahead? And each at its own rate?",
        "Goal: one rate for all at which SGD is ahead of Adam; then see what is left of it when "
        "each has its own.",
        {
            "rates": Choice("rates", (("one for all", "one"), ("each its own", "own")), "one"),
            "learning_rate": Slider("learning rate", -4, 0, 1e-2,
                                    idle=lambda now: now["rates"] == "own"),
            "epoch": Slider("epoch", 1, epochs, min(5, epochs), step=1, log=False, plays=True),
        },
        draw,
        trains=True,
        own=lambda X, y: race_demo(*own_network(X, y), epochs),
    )  # fmt: skip
    own_rates()
    race((demo.controls["learning_rate"].value,) * len(RACERS))
    return demo


def walk(name, learning_rates, steps):
    """Return the ways of an optimizer of `RACERS` down the ravine, shape (rates, steps + 1, 2).

    As Keras computes them, with its default settings (Kingma and Ba 2015 for Adam).
    """
    w = np.tile(START, (len(learning_rates), 1))
    rates, mean, square, way = np.asarray(learning_rates)[:, None], 0.0, 0.0, [w]
    for step in range(1, steps + 1):
        gradient = CURVATURES * w
        if name == "SGD":
            move = gradient
        elif name == "SGD(momentum=0.9)":
            move = mean = 0.9 * mean + gradient
        elif name == "RMSprop":
            square = 0.9 * square + 0.1 * gradient**2
            move = gradient / np.sqrt(square + 1e-7)
        else:
            mean = 0.9 * mean + 0.1 * gradient
            square = 0.999 * square + 0.001 * gradient**2
            move = mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.999**step)) + 1e-7)
        w = np.clip(w - rates * move, -1e9, 1e9)  # so far off that nobody sees the clip
        way.append(w)
    return np.stack(way, axis=1)


def draw_ravine(ax, rates, steps):
    """Draw the ravine from above, and where each racer has come in so many steps."""
    across, along = np.meshgrid(np.linspace(-5, 5, 81), np.linspace(-1.6, 1.6, 81))
    height = bowl_loss(CURVATURES, np.stack([across, along], axis=-1))
    ax.contour(across, along, np.sqrt(height), levels=9, colors=PALE, linewidths=1, zorder=0)
    words = []
    for place, (name, rate) in enumerate(zip(RACERS, rates, strict=True)):
        way, style = walk(name, [rate], steps)[0], optimizer_style(place)
        ax.plot(*way.T, color=style["color"], linewidth=2)
        ax.plot(*way[-1], style["marker"], color=style["color"], markersize=DOT)
        words.append(f"{name} at loss {bowl_loss(CURVATURES, way[-1]):.2g}")
    ax.set(xlim=(-5, 5), ylim=(-1.6, 1.6), xlabel="w₁", ylabel="w₂")
    set_alt_text(ax, f"A ravine after {steps} steps: {', '.join(words)}.")


def draw_crowd(ax, curves, epochs):
    """Draw every seed of each racer as a thin line, and the median as a bold one."""
    for place, (name, of) in enumerate(curves.items()):
        color = optimizer_style(place)["color"]
        at = np.arange(1, len(of) + 1)
        ax.plot(at, of, color=color, linewidth=0.8, alpha=0.35)
        ax.plot(at, np.median(of, axis=1), color=color, linewidth=3, label=name)
        ax.plot(at[-1], np.median(of[-1]), optimizer_style(place)["marker"], color=color,
                markersize=DOT)  # fmt: skip
    ax.set(xlim=(0, epochs + 1), ylim=(0, 1.03), xlabel="epoch", ylabel="validation accuracy")
    set_alt_text(ax, f"Validation accuracy by epoch, {CROWD} seeds each. {standings(curves)}")


def standings(curves):
    """Return in words who is ahead now, and in how many seeds."""
    last = {name: of[-1] for name, of in curves.items()}
    first, second, *_ = order = sorted(last, key=lambda name: -np.median(last[name]))
    places = ", ".join(f"{name} {np.median(last[name]):.2f}" for name in order)
    ahead = int((last[first] > last[second]).sum())
    return (
        f"Epoch {len(curves[first])}, medians of {CROWD} seeds: {places}. "
        f"{first} is ahead of {second} in <b>{ahead} of {CROWD}</b> seeds."
    )
