"""Exercises of lesson 07: the learning-rate range test."""

import numpy as np
import pandas as pd

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Matching


def rule(rates, losses):
    lowest = np.argmin(losses)
    return rates[lowest] / 10 if 0 < lowest < len(rates) - 1 else np.nan


def never_silent(rates, losses):
    return rates[np.argmin(losses)] / 10


def silent_without_wall(rates, losses):
    return np.nan if np.argmin(losses) == len(rates) - 1 else never_silent(rates, losses)


def silent_without_fall(rates, losses):
    return np.nan if np.argmin(losses) == 0 else never_silent(rates, losses)


def no_tenth(rates, losses):
    return 10 * rule(rates, losses)


def place(rates, losses):
    return rule(np.arange(len(rates)), losses) * 10


def smallest_loss(rates, losses):
    return rule(losses, losses)


def tenth_of_the_place(rates, losses):
    place = int(np.argmin(losses))
    return rates[place // 10] if 0 < place < len(rates) - 1 else np.nan


def regret(losses, rate):
    return np.interp(np.log(rate), np.log(losses.index), losses) / losses.min()


def on_a_plain_axis(losses, rate):
    return np.interp(rate, losses.index, losses) / losses.min()


def difference(losses, rate):
    return (regret(losses, rate) - 1) * losses.min()


def upside_down(losses, rate):
    return 1 / regret(losses, rate)


def loss_only(losses, rate):
    return regret(losses, rate) * losses.min()


def nearest(losses, rate):
    return losses.iloc[np.abs(np.log(losses.index) - np.log(rate)).argmin()] / losses.min()


def over_the_worst(losses, rate):
    return regret(losses, rate) * losses.min() / losses.max()


def less_one(losses, rate):
    return regret(losses, rate) - 1


RATES = np.geomspace(1e-5, 1, 30)
CURVES = [
    (RATES, (np.log10(RATES) + 2) ** 2 + 0.5),
    (RATES, -np.log10(RATES)),
    (RATES, np.log10(RATES) + 7),
    (np.array([1e-3, 1e-2, 1e-1, 1.0]), np.array([0.7, 0.5, 0.3, 9.0])),
]
SWEEPS = [
    (pd.Series([0.9, 0.6, 0.3, 0.8], [1e-4, 1e-3, 1e-2, 1e-1]), 3e-4),
    (pd.Series([2.0, 1.0, 4.0], [0.01, 0.1, 1.0]), 0.5),
    (pd.Series([0.7, 0.5], [0.02, 0.2]), 0.05),
]

EXERCISES = [
    Exercise(
        id="07.1",
        title="Predict the curve",
        grader=Choice(
            "c",
            mistakes={
                "a": "That is how the tutorial reads it. But what would the loss do in these "
                "ten epochs if the rate stayed at 0.001?",
                "b": "Very likely, and section 2 will measure it. But could you show it from "
                "this curve alone, in which rate and epoch rise together?",
                "d": "Adam scales each weight's step, and the learning rate multiplies them all. "
                "At the end of this sweep it matters very much.",
            },
        ),
        why="Rate and epoch rise together, so one curve cannot say which of them lowers the loss; "
        "a run at a constant rate can.",
        hints=(
            "How many things change from one epoch to the next?",
            "Two things change at once. Which run would change only one of them?",
        ),
    ),
    Exercise(
        id="07.2",
        title="Write a rule",
        grader=Function(
            rule,
            cases=CURVES,
            mistakes={
                never_silent: "Your rule always answers. Where does the smallest loss stand when "
                "the curve only falls, or only rises?",
                silent_without_wall: "Your rule is silent where no wall was seen. It answers where "
                "no fall was seen, too.",
                silent_without_fall: "Your rule is silent where no fall was seen. It answers where "
                "no wall was seen, too.",
                no_tenth: "You returned the rate of the smallest loss itself. It is on the way to "
                "the wall.",
                place: "You returned a place in the list. Which rate stands there?",
                smallest_loss: "You returned a tenth of the loss. Asked is a tenth of its rate.",
                tenth_of_the_place: "You went to a tenth of the place in the list. Take a tenth of "
                "the rate.",
            },
        ),
        why="A tenth of the rate at the smallest loss, and no answer where that loss lies on an "
        "edge of the test.",
        hints=(
            "Where does the smallest loss stand in a curve that only falls, and in one that only "
            "rises?",
            "`np.argmin(losses)` gives its place, counted from 0.",
        ),
    ),
    Exercise(
        id="07.3",
        title="Read four tests",
        grader=Matching(
            {"A": "larger end", "B": "more repeats", "C": "smaller start", "D": "confirm"},
            mistakes={
                ("A", "confirm"): "A has no band yet. How far was its rate raised?",
                ("A", "smaller start"): "A is flat at its start, as it should be. What is missing "
                "at its other side?",
                ("A", "more repeats"): "All of the tests of A agree: they have not seen a wall.",
                ("B", "confirm"): "B has one curve. Would the next one say the same?",
                ("B", "larger end"): "B has seen its wall. How many curves has it seen?",
                ("B", "smaller start"): "B is flat and calm at its start. How many curves has it?",
                ("C", "larger end"): "C has seen its wall. What does its first rate do already?",
                ("C", "more repeats"): "C has ten curves, and all of them fall from the start.",
                ("C", "confirm"): "C falls from its first rate on. Where does its fall begin?",
                ("D", "larger end"): "D has seen a fall and a wall.",
                ("D", "smaller start"): "D is flat at its start, then it falls.",
                ("D", "more repeats"): "D has ten repeats that agree within a factor of three.",
            },
        ),
        why="A has no wall, B no repeats, C no calm start; D has all three, and a sweep confirms "
        "it.",
        hints=(
            "A test that can be read is flat first, then falls, then breaks.",
            "Which part is missing in each, or how often was it seen?",
        ),
    ),
    Exercise(
        id="07.4",
        title="Regret",
        grader=Function(
            regret,
            cases=SWEEPS,
            mistakes={
                on_a_plain_axis: "You went straight on a plain axis. Rates act by their factors: "
                "take their logarithms.",
                difference: "You subtracted. The regret is a quotient.",
                upside_down: "Your regret is below 1. Divide by the best loss, not by this one.",
                loss_only: "That is the loss at this rate. Divide it by the best one.",
                nearest: "You took the nearest rate of the sweep. Go straight between the two "
                "neighbours.",
                over_the_worst: "You divided by the largest loss. The best one is the smallest.",
                less_one: "You took 1 away. No regret is 1 here.",
            },
        ),
        why="The loss between two rates, on a log axis, over the smallest one.",
        hints=(
            "`np.interp(x, known_x, known_y)` goes straight between known points.",
            "The known points are `np.log(losses.index)` and `losses`.",
        ),
    ),
]
