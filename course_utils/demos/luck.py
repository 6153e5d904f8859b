"""A demo of the winner's luck: settings that are all equally good, measured on few samples."""

import numpy as np

from course_utils.demos.controls import Choice, Slider
from course_utils.demos.demo import Demo
from course_utils.plotting.marks import new_axes
from course_utils.plotting.style import DOT, GREY, INK, RED, set_alt_text
from course_utils.runs import seeds as course_seeds

ACCURACY = 75  # per cent, of every setting
MOST = 50  # settings
N_DRAWS = 400


def luck_demo():
    """Try settings that are all equally good, and watch the best of them look better and better."""
    return Demo(
        "The best of many",
        "every setting is right in 75 of 100 cases. What will the best of fifty seem to have?",
        "Goal: a winner that seems ten points better than it is. Then keep all fifty, and bring "
        "its luck below two points.",
        {
            "tried": Slider("settings tried", 1, MOST, 1, step=1, log=False),
            "rows": Choice("samples to choose by", (50, 200, 1000, 5000), 200),
            "number": Slider("draw no.", 1, 20, 1, step=1, log=False),
        },
        _draw,
    )


def measured(rows, seed, n_draws=1):
    """Return what `MOST` equal settings seem to have on so many samples, (n_draws, MOST)."""
    rng = np.random.default_rng(seed)
    return 100 * rng.binomial(rows, ACCURACY / 100, (n_draws, MOST)) / rows


def luck(rows):
    """Return how far the best of the first 1, 2, … settings is above the truth, on average."""
    scores = measured(rows, course_seeds(1)[0], N_DRAWS)
    return np.maximum.accumulate(scores, axis=1).mean(axis=0) - ACCURACY


def _draw(figure, _, tried, rows, number):
    left, right = figure.subplots(1, 2)
    scores = measured(rows, course_seeds(number)[-1])[0, :tried]
    best = int(scores.argmax())
    plot_tries(scores, left)
    by_number = luck(rows)
    right.plot(range(1, MOST + 1), by_number, color=INK)
    right.plot(tried, by_number[tried - 1], "o", color=RED, markersize=DOT)
    right.set(xlabel="settings tried", ylabel="luck of the best, points", ylim=(-0.4, 16))
    words = f"On average the best of {tried} seems {by_number[tried - 1]:.1f} points too good."
    set_alt_text(right, words)
    return (
        f"Setting {best + 1} of {tried} is the best on these {rows} samples: "
        f"<b>{scores[best]:.1f} %</b>. It has {ACCURACY} %, as all of them. {words}"
    )


def plot_tries(scores, ax=None):
    """Draw what each setting seems to have, in per cent, with the best in a ring and the truth."""
    ax = new_axes(ax, width=7)
    places = np.arange(1, len(scores) + 1)
    best = int(np.argmax(scores))
    ax.axhline(ACCURACY, color=GREY)
    ax.set_title("grey line: what every setting has", color=GREY, fontsize=14)
    ax.plot(places, scores, "o", color=INK, markersize=7)
    ring = {"fillstyle": "none", "color": RED, "markersize": 17, "markeredgewidth": 2.5}
    ax.plot(places[best], scores[best], "o", **ring)
    ax.set(xlabel="setting", ylabel="accuracy, per cent", xlim=(0, MOST + 1), ylim=(50, 96))
    set_alt_text(ax, f"{len(scores)} settings; the best seems to have {scores[best]:.1f} per cent.")
    return ax
