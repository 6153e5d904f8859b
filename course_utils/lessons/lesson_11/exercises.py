"""Exercises of lesson 11: beyond the grid."""

import math
from dataclasses import dataclass

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function


def draws_needed(share, sure):
    return math.ceil(math.log(1 - sure) / math.log(1 - share))


def not_whole(share, sure):
    return math.log(1 - sure) / math.log(1 - share)


def one_too_few(share, sure):
    return draws_needed(share, sure) - 1


def one_in_the_mean(share, sure):
    return math.ceil(1 / share)


def adding_chances(share, sure):
    return math.ceil(sure / share)


def all_good(share, sure):
    return math.ceil(math.log(sure) / math.log(share))


def shares(low, high, a, b):
    return (b - a) / (high - low), np.log(b / a) / np.log(high / low)


def swapped(low, high, a, b):
    return shares(low, high, a, b)[::-1]


def from_zero(low, high, a, b):
    return (b - a) / high, np.log(b / a) / np.log(high / low)


def log_of_the_length(low, high, a, b):
    return (b - a) / (high - low), np.log(b - a) / np.log(high - low)


def up_to_b(low, high, a, b):
    return (b - low) / (high - low), np.log(b / low) / np.log(high / low)


def both_uniform(low, high, a, b):
    return ((b - a) / (high - low),) * 2


@dataclass(frozen=True)
class Trial:
    """Stands in for Optuna's: every number lies at the same share of its range, or of its log."""

    place: float

    def suggest_float(self, name, low, high, *, step=None, log=False):
        if log and low <= 0:
            raise ValueError("low must be above 0 where log is True")
        return low * (high / low) ** self.place if log else low + self.place * (high - low)


def settings(trial, rate_log=True, distance_log=True, momentum=lambda distance: 1 - distance):
    rate = trial.suggest_float("learning_rate", 1e-4, 1, log=rate_log)
    distance = trial.suggest_float("distance", 0.01, 1, log=distance_log)
    return rate, momentum(distance), trial.suggest_float("dropout", 0, 0.5)


def linear_rate(trial):
    return settings(trial, rate_log=False)


def linear_distance(trial):
    return settings(trial, distance_log=False)


def linear_momentum(trial):
    return settings(trial, distance_log=False, momentum=lambda distance: distance - 0.01)


def distance_itself(trial):
    return settings(trial, momentum=lambda distance: distance)


def stopped_after(curve, finished, middle=np.median, lowest=np.minimum.accumulate):
    worse = lowest(curve) > middle(finished, axis=0)
    return int(worse.argmax()) + 1 if worse.any() else len(curve)


def by_the_mean(curve, finished):
    return stopped_after(curve, finished, middle=np.mean)


def by_the_last(curve, finished):
    return stopped_after(curve, finished, lowest=np.asarray)


def by_the_best(curve, finished):
    return stopped_after(curve, finished, middle=np.min)


def from_nought(curve, finished):
    return stopped_after(curve, finished) - 1


def the_good_ones(curve, finished):
    return stopped_after(-curve, -finished, lowest=np.maximum.accumulate)


def median_of_all(curve, finished):
    return stopped_after(curve, finished, middle=lambda losses, axis: np.median(losses))


FINISHED = np.array(
    [
        [0.68, 0.62, 0.58, 0.56, 0.55],
        [0.66, 0.60, 0.57, 0.55, 0.54],
        [0.64, 0.61, 0.59, 0.58, 0.57],
        [5.00, 4.00, 3.00, 2.50, 2.00],
        [0.69, 0.67, 0.66, 0.65, 0.64],
    ]
)
CURVES = [
    [0.65, 0.64, 0.56, 0.57, 0.545],  # above the median for a while
    [0.60, 0.70, 0.65, 0.54, 0.53],  # was low once, and comes back
    [0.67, 0.615, 0.60, 0.59, 0.50],
    [0.70, 0.50, 0.45, 0.44, 0.43],  # starts slowly
    [0.61, 0.59, 0.57, 0.56, 0.555],
]

EXERCISES = [
    Exercise(
        id="11.1",
        title="How many draws?",
        grader=Function(
            draws_needed,
            cases=[(0.05, 0.95), (0.2, 0.9), (0.01, 0.5), (0.5, 0.99)],
            mistakes={
                not_whole: "The formula is right, but nobody draws a part of a trial. Which whole "
                "number is enough?",
                one_too_few: "With this number the probability is still below the one asked for.",
                one_in_the_mean: "So many draws give one good trial *in the mean*. How probable "
                "is it that there is none among them?",
                adding_chances: "Chances of single draws do not add up: two good ones count once. "
                "How probable is it that all of them miss?",
                all_good: "That asks how many draws are *all* good. One is enough.",
            },
        ),
        why="All n draws miss with probability (1 − share)ⁿ; that must not exceed 1 − sure.",
        hints=(
            "Turn the question round: how probable is it that every draw misses?",
            "One draw misses with probability 1 − share, and n of them with that to the power n.",
            "Take logarithms on both sides of (1 − share)ⁿ ≤ 1 − sure, and round up.",
        ),
    ),
    Exercise(
        id="11.2",
        title="What two dice do",
        grader=Function(
            shares,
            cases=[(1e-4, 1.0, 0.1, 1.0), (1e-5, 10.0, 1e-3, 0.03), (0.01, 0.3, 0.02, 0.05)],
            mistakes={
                swapped: "Both numbers are there, in the wrong order. First uniform, then "
                "log-uniform.",
                from_zero: "Your uniform dice begin at 0. These begin at `low`.",
                log_of_the_length: "You took the logarithm of a length. Take the length between "
                "two logarithms.",
                up_to_b: "You counted the draws from the lower end of the range on. Where does "
                "the piece begin?",
                both_uniform: "Your two dice are the same. What is spread evenly by the second?",
            },
        ),
        why="A piece gets its share of the length: on the plain axis, or on that of logarithms.",
        hints=(
            "Draw the range as a line and the piece on it. Which share of the line is it?",
            "For log-uniform dice draw the same line with the logarithms of all four numbers.",
            "The length between two logarithms is that of their quotient: log(b) − log(a) = "
            "log(b / a).",
        ),
    ),
    Exercise(
        id="11.3",
        title="Another search space",
        grader=Function(
            settings,
            cases=[(Trial(0.0),), (Trial(0.3),), (Trial(0.5),), (Trial(0.9),)],
            mistakes={
                linear_rate: "Momentum and dropout are right. By what do rates count, differences "
                "or factors?",
                linear_distance: "The distance from 1 counts by its factor, and you draw it by "
                "its differences.",
                linear_momentum: "You drew the momentum itself by its differences: nine in ten of "
                "your trials lie below 0.9. What counts is its distance from 1.",
                distance_itself: "You return the distance from 1. The momentum is what is left.",
            },
        ),
        why="What counts by its factor is drawn with log=True, be it the rate or 1 − β.",
        hints=(
            "Which of the three numbers count by their factor? They get `log=True`.",
            "Let the trial suggest the distance 1 − β, and compute the momentum from it.",
            'For the momentum: `1 - trial.suggest_float("distance", 0.01, 1, log=True)`.',
        ),
    ),
    Exercise(
        id="11.4",
        title="The median rule",
        grader=Function(
            stopped_after,
            cases=[(np.array(curve), FINISHED) for curve in CURVES],
            mistakes={
                by_the_mean: "You compared with the mean. One trial that flew away lifts it, and "
                "nothing is stopped any more.",
                by_the_last: "You compared the loss of the moment. What counts of the running "
                "trial is its lowest loss so far.",
                by_the_best: "You compared with the best of the finished trials. Half of them "
                "would not have survived that.",
                from_nought: "You counted from 0. After the first report, one report was made.",
                the_good_ones: "You stop the trials that are ahead. A loss is better when it is "
                "lower.",
                median_of_all: "You took one median over the whole table. Compare at the same "
                "report.",
            },
        ),
        why="Lowest loss so far against the median at the same report, and no report too early.",
        hints=(
            "Two rows of numbers, one for each report: the lowest loss so far, and the median of "
            "the others.",
            "`np.minimum.accumulate(curve)` and `np.median(finished, axis=0)`.",
            "Find the first place where the first is above the second; count from 1. If there is "
            "none, all reports were made.",
        ),
    ),
]
