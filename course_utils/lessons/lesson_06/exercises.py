"""Exercises of lesson 06: optimizers, compared fairly."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


def honest_loss(choosing, judging):
    best = np.argmin(np.median(choosing, axis=1))
    return np.median(judging[best])


def of_the_choosing_seeds(choosing, judging):
    return np.min(np.median(choosing, axis=1))


def chosen_by_the_judges(choosing, judging):
    return np.min(np.median(judging, axis=1))


def chosen_by_mean(choosing, judging):
    return np.median(judging[np.argmin(np.mean(choosing, axis=1))])


def chosen_by_luck(choosing, judging):
    return np.median(judging[np.argmin(np.min(choosing, axis=1))])


def luckiest_judge(choosing, judging):
    return np.min(judging[np.argmin(np.median(choosing, axis=1))])


def mean_of_judges(choosing, judging):
    return np.mean(judging[np.argmin(np.median(choosing, axis=1))])


def all_together(choosing, judging):
    return np.min(np.median(np.column_stack([choosing, judging]), axis=1))


def position(choosing, judging):
    return np.argmin(np.median(choosing, axis=1))


EXERCISES = [
    Exercise(
        id="06.1",
        title="The first step of Adam",
        grader=Number(
            0.001,
            mistakes={
                0.05: "You multiplied the rate by the gradient. That is the step of SGD; "
                "Adam divides by something first.",
                0.1 / np.sqrt(10): "You used the averages as they start, near zero. What do the "
                "factors 1 − 0.9ᵗ and 1 − 0.999ᵗ do at the first step?",
                0.0001: "You repaired the average of g² and left that of g as it was.",
                0.05 / np.sqrt(2.5): "You repaired the average of g and left that of g² as it was.",
                0.00002: "You divided by the average of g² itself. A root is missing.",
                0.005: "You took the average of g alone. Adam keeps a second number too.",
            },
        ),
        why="Repaired, both averages hold this one gradient: g/√g² is 1, whatever the size of g.",
        hints=(
            "Write down `m` and `v` after the first gradient, each with its repair at t = 1.",
            "At t = 1 the repaired m is g, and the repaired v is g².",
            "So the step is the rate times g divided by the root of g².",
        ),
    ),
    Exercise(
        id="06.2",
        title="Predict: four defaults on scaled features",
        grader=Choice(
            "c",
            mistakes={
                "a": "A maximum makes steps a little shorter than an average does. Which of the "
                "four has steps that become shorter and shorter?",
                "b": "The averages reach back some ten steps for g, and there are two thousand "
                "steps. That is quick enough.",
                "d": "It does fluctuate on raw features. But look at how far its steps carry it, "
                "and at the units of the features.",
                "e": "Compare how long their steps still are after two thousand gradients.",
            },
        ),
        why="Its steps shrink as 1/√n, and 0.001 was short to begin with: it cannot get far.",
        hints=(
            "For each of the four: how long is a step at the start, and at the end?",
            "Look at the last claim above: who has kept the whole rate after 2000 gradients?",
        ),
    ),
    Exercise(
        id="06.3",
        title="What has been compared?",
        grader=Choice(
            "b",
            mistakes={
                "a": "A rate is a factor for one optimizer and a step length for another. "
                "Does one number treat both alike?",
                "c": "More optimizers would make a longer table. Would its last row mean more?",
                "d": "Adagrad is indeed liked for rare words. But has this report shown that it "
                "cannot do tables?",
                "e": "It may rise for long. But would the comparison then tell Adagrad from "
                "Adagrad at this one rate?",
            },
        ),
        why="What was ranked is four pairs of optimizer and rate. Fair means an equal search.",
        hints=(
            "Name the things that were the same for all four, and those that should be.",
            "What does 0.001 mean for Adam, and what for Adagrad after 2000 steps?",
        ),
    ),
    Exercise(
        id="06.4",
        title="Choose here, judge there",
        grader=Function(
            honest_loss,
            cases=[
                (
                    np.array([[0.9, 0.8, 0.7], [0.1, 0.6, 0.8], [0.5, 0.5, 3.0], [0.7, 0.7, 0.7]]),
                    np.array([[0.8, 0.4, 0.9], [0.2, 0.3, 0.4], [0.6, 0.9, 0.7], [0.5, 0.5, 0.6]]),
                ),
                (
                    np.array([[0.40, 0.42, 0.44], [0.30, 0.36, 0.39]]),
                    np.array([[0.31, 0.33, 0.47], [0.34, 0.45, np.inf]]),
                ),
                (
                    np.array([[0.2, 0.9, 0.9], [0.5, 0.5, 0.6], [0.3, 0.4, 2.0]]),
                    np.array([[0.7, 0.8, 0.9], [0.6, 0.5, 0.7], [0.4, 0.45, 0.95]]),
                ),
            ],
            mistakes={
                of_the_choosing_seeds: "You report the loss of the seeds that chose. The smallest "
                "of many is a lucky number; ask seeds that did not choose.",
                chosen_by_the_judges: "You let the judging seeds choose the rate. "
                "Then nobody is left to judge.",
                chosen_by_mean: "You choose by the mean. One bad seed then decides.",
                chosen_by_luck: "You choose the rate of the luckiest seed.",
                luckiest_judge: "The rate is chosen well, but you report its luckiest judge.",
                mean_of_judges: "The rate is chosen well. But a mean over the judges is infinite "
                "as soon as one run diverges.",
                all_together: "You put all seeds together. Choosing and judging must stay apart.",
                position: "You return a position in the list of rates. Which loss belongs to it?",
            },
        ),
        why="The rate comes from the one half of the seeds, the number from the other.",
        hints=(
            "Two steps: which row do the choosing seeds prefer, and what do the others say of it?",
            "One number per rate: `np.median(choosing, axis=1)`.",
            "`np.argmin` of these gives a row; report the median of that row of `judging`.",
        ),
    ),
]
