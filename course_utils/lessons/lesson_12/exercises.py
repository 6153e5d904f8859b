"""Exercises of lesson 12, the capstone: each judges a step of the way to a rate."""

import numpy as np
import pandas as pd

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Number
from course_utils.lessons.lesson_12.way import (
    COLUMNS,
    ENOUGH,
    Chosen,
    Fault,
    Way,
    ahead,
    best_rate,
    by_rate,
    challenged,
    leads_over,
    lonely,
    neighbours_far,
    not_tried,
    of_sgd,
    on_an_edge,
    seeds_of,
    worse_than_mean,
)  # fmt: skip


def log_of(rates, seeds, *, scaled=True, baseline=True, valley=0.02):
    """Return a log as `Lab.log` has it: a valley around 0.02, and rows that are hard or easy."""
    known = {"LinearRegression": 20, "DummyRegressor": 50} if baseline else {}
    rows = [(name, False, np.nan, seed, e + seed) for seed in seeds for name, e in known.items()]
    for rate in rates:
        for seed in seeds:
            gap = 3 * np.log10(rate / valley) ** 2 + 0.1 * (seed * rate * 1000 % 3)
            rows.append(("SGDRegressor", scaled, rate, seed, 20 + seed + gap))
    return pd.DataFrame(rows, columns=COLUMNS)


def standardised(X, ddof=0):
    return (X - X.mean()) / X.std(ddof=ddof)


def squares(X):
    return (X**2).sum(axis=1)


def in_pairs(log, rate, rival):
    a, b = (log[log["learning_rate"] == r].set_index("seed")["error"] for r in (rate, rival))
    return (b - a).dropna()


def lead(log, rate, rival):
    gaps = in_pairs(log, rate, rival)
    return gaps.mean(), gaps.sem()


def turned_round(log, rate, rival):
    mean, error = lead(log, rate, rival)
    return -mean, error


def not_in_pairs(log, rate, rival):
    a, b = (log.loc[log["learning_rate"] == r, "error"] for r in (rate, rival))
    return b.mean() - a.mean(), np.hypot(a.sem(), b.sem())


def of_n(log, rate, rival):
    gaps = in_pairs(log, rate, rival)
    return gaps.mean(), gaps.sem(ddof=0)


def whole_deviation(log, rate, rival):
    gaps = in_pairs(log, rate, rival)
    return gaps.mean(), gaps.std()


def mean_alone(log, rate, rival):
    return lead(log, rate, rival)[0]


def error_first(log, rate, rival):
    return lead(log, rate, rival)[::-1]


def by_place(log, rate, rival):
    a, b = (log.loc[log["learning_rate"] == r, "error"].to_numpy() for r in (rate, rival))
    n = min(len(a), len(b))
    gaps = pd.Series(b[:n] - a[:n])
    return gaps.mean(), gaps.sem()


def runs_of(**errors):
    """Return a log of two rates: {seed: error} of each."""
    rows = [
        ("SGDRegressor", True, rate, seed, error)
        for rate, by_seed in zip((0.01, 0.03), errors.values(), strict=True)
        for seed, error in by_seed.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS)


PAIRS = [
    (runs_of(a={0: 20.0, 1: 25.0, 2: 31.0, 3: 22.0}, b={3: 22.5, 2: 32.5, 0: 21.0, 7: 50.0}),
     0.01, 0.03),
    (runs_of(a={4: 18.0, 5: 19.5, 6: 30.0}, b={6: 29.0, 5: 19.0, 4: 17.8, 8: 12.0}), 0.03, 0.01),
]  # fmt: skip
VALLEY, FIVE = np.geomspace(0.001, 0.4, 9), range(5)
WELL = log_of(VALLEY, FIVE)


EXERCISES = [
    Exercise(
        id="12.1",
        title="Before the first fit",
        grader=Number(
            lambda X: 2 / (squares(standardised(X)) + 1).max(),
            mistakes={
                lambda X: 2 / (squares(standardised(X, ddof=1)) + 1).max(): "Nearly: `std` of "
                "pandas divides by n − 1, and the scaler by n. Give it `ddof=0`.",
                lambda X: 2 / (squares(X) + 1).max(): "You took the raw readings. Which columns "
                "will your SGD see?",
                lambda X: 2 / (squares(standardised(X)) + 1).mean(): "That is where the *average* "
                "row explodes. Safe for every row?",
                lambda X: 2 / squares(standardised(X)).max(): "You left out the intercept: it is "
                "one more column, of ones.",
                lambda X: (squares(standardised(X)) + 1).max() / 2: "You turned the fraction "
                "round.",
            },
            rel=1e-4,
        ),
        why="Below 2/max(‖x‖² + 1) no row can make its own error larger. The best rate may lie "
        "on either side of it: safe is not the same as best.",
        hints=(
            "Lesson 02 has two lines. Which of them is safe for every single row?",
            "Standardise the columns, add the squares of each row, and 1 for the intercept.",
            "2 / ((Z**2).sum(axis=1) + 1).max(), with Z the standardised columns of `lab.X`.",
        ),
        example={"X": pd.DataFrame(np.random.default_rng(0).normal(3, 2, size=(50, 3)))},
    ),
    Exercise(
        id="12.2",
        title="Find the valley",
        grader=Way(
            WELL,
            faults=[
                Fault(
                    lambda log: not {"LinearRegression", "DummyRegressor"} <= set(log["model"]),
                    log_of(VALLEY, FIVE, baseline=False),
                    "A baseline is missing in your log. What does always saying the mean reach, "
                    "and what least squares? Both cost nothing.",
                ),
                Fault(
                    lambda log: of_sgd(log).empty,
                    log_of(VALLEY, FIVE, scaled=False),
                    "Your SGD has seen columns of very different sizes. What comes before it?",
                ),
                Fault(
                    lambda log: (
                        len(by_rate(log)) < 5
                        or by_rate(log).index.max() < 30 * by_rate(log).index.min()
                    ),
                    log_of([0.01, 0.02, 0.03, 0.04, 0.05], FIVE),
                    "Your rates are few, or lie close together: five or more, over a factor of "
                    "30 or more, show both slopes of a valley.",
                ),
                Fault(
                    on_an_edge,
                    log_of(VALLEY, FIVE, valley=5),
                    "Your best rate stands on the edge of those that you tried. What lies beyond?",
                ),
                Fault(
                    neighbours_far,
                    log_of([0.0002, 0.002, 0.02, 0.2, 2], FIVE),
                    "The valley is bracketed, but its next rates are more than a factor of four "
                    "away. Look closer around the best.",
                ),
                Fault(
                    lambda log: worse_than_mean(log, best_rate(log)),
                    WELL.assign(error=WELL["error"] + 40 * WELL["scaled"]),
                    "Your best rate is no better than always saying the mean.",
                ),
                Fault(
                    lambda log: seeds_of(log, best_rate(log)) < 2,
                    log_of(VALLEY, [0]),
                    "Your best rate has one seed. Was it lucky? Two tell a little more.",
                ),
            ],
        ),
        why="Baselines, scaled columns, both slopes, and close steps around the best.",
        hints=(
            "Rates by factors; where do the errors rise again, on the left and on the right?",
            "`lab.log` holds all that you have fitted: group it by `learning_rate`.",
        ),
    ),
    Exercise(
        id="12.3",
        title="A lead, in pairs",
        grader=Function(
            lead,
            cases=PAIRS,
            mistakes={
                turned_round: "The sign: a lead is positive when `rate` has the *smaller* error.",
                not_in_pairs: "You compared two means. Subtract seed by seed, where both have it.",
                of_n: "Your standard deviation divides by n. Give `std` the argument `ddof=1`.",
                whole_deviation: "That is the spread of one pair. Of the mean it is less.",
                mean_alone: "The mean is right. Return its standard error, too.",
                error_first: "First the mean, then its standard error.",
                by_place: "You subtracted by place in the table. Which rows have the same seed?",
            },
        ),
        why="Only seeds that both rates have make pairs; their mean difference has the error s/√n.",
        hints=(
            "First two columns with the seeds as their index; pandas subtracts by index.",
            "`pivot_table` with the seed as index and the rate as columns; then `dropna`.",
            "gaps = (b - a).dropna(); return gaps.mean(), gaps.sem()",
        ),
    ),
    Exercise(
        id="12.4",
        title="The rate that you hand in",
        grader=Chosen(
            by_rate(WELL).idxmin(),
            faults=[
                Fault(lambda rate, log: seeds_of(log, rate) == 0, 0.0123, not_tried),
                Fault(
                    lambda rate, log: seeds_of(log, rate) < ENOUGH,
                    0.0001,
                    f"Your log has fewer than {ENOUGH} seeds of this rate. How lucky was it?",
                ),
                Fault(
                    lambda rate, log: worse_than_mean(log, rate),
                    0.9,
                    "Always saying the mean is as good as this rate.",
                ),
                Fault(
                    lambda rate, log: lonely(log, rate),
                    0.7,
                    f"Fewer than two other rates share {ENOUGH} seeds with it (one that diverges "
                    "does not count). With whom is it compared?",
                ),
                Fault(
                    lambda rate, log: challenged(log, rate),
                    float(VALLEY[-2]),
                    "Another rate is ahead of it on the seeds that both have, and these are fewer "
                    f"than {ENOUGH}. Fit both on the same seeds, then compare.",
                ),
                Fault(
                    lambda rate, log: any(map(ahead, leads_over(log, rate))),
                    float(VALLEY[3]),
                    "In pairs another of your rates is ahead of it by more than two standard "
                    "errors. Which one, and why not that?",
                ),
            ],
        ),
        why="No rate that you compared it with, in pairs, is ahead by more than luck would do.",
        hints=(
            "Take the two or three best rates, and give each of them the same five seeds or more.",
            "Apply your function of 12.3 to the best rate and each of its neighbours.",
        ),
        example={
            "log": pd.concat(
                [
                    WELL,
                    log_of([0.0001], [0], baseline=False),
                    log_of([0.0166], [0], baseline=False).assign(error=20.4),
                    log_of([0.7], range(10, 15), baseline=False),
                    log_of([0.9], FIVE, baseline=False).assign(error=70.0),
                ],
                ignore_index=True,
            )
        },
    ),
]
