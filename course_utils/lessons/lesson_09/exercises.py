"""Exercises of lesson 09: grid search."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Selection


def axis(first, last, per_decade):
    return np.logspace(first, last, (last - first) * per_decade + 1)


def one_too_few(first, last, per_decade):
    return np.logspace(first, last, (last - first) * per_decade)


def one_a_decade(first, last, per_decade):
    return np.logspace(first, last, last - first + 1)


def equal_distances(first, last, per_decade):
    return np.linspace(10.0**first, 10.0**last, (last - first) * per_decade + 1)


def exponents(first, last, per_decade):
    return np.linspace(first, last, (last - first) * per_decade + 1)


def from_the_values(first, last, per_decade):
    return np.logspace(10.0**first, 10.0**last, (last - first) * per_decade + 1)


def line(scores, ddof=1, root=0.5):
    best = scores[scores.mean(axis=1).argmax()]
    return best.mean() - best.std(ddof=ddof) / len(best) ** root


def within_one_standard_error(scores):
    return scores.mean(axis=1) >= line(scores)


def whole_deviation(scores):
    return scores.mean(axis=1) >= line(scores, root=0)


def over_n(scores):
    return scores.mean(axis=1) >= line(scores, root=1)


def of_n(scores):
    return scores.mean(axis=1) >= line(scores, ddof=0)


def own_error(scores):
    errors = scores.std(axis=1, ddof=1) / np.sqrt(scores.shape[1])
    return scores.mean(axis=1) + errors >= scores.mean(axis=1).max()


def only_best(scores):
    return scores.mean(axis=1) == scores.mean(axis=1).max()


def below_the_line(scores):
    return scores.mean(axis=1) < line(scores)


# Folds around means that lie at 0, 0.4, 0.95, 1.05, 1.8 and 3 standard errors below the best,
# so that every misreading draws another line.
SHAPES = [(np.array([-1.0, 0.0, 1.0]), 0.01), (np.array([-2.0, -1.0, 0.0, 1.0, 2.0]), 0.02)]
TABLES = [
    (0.8 - errors[:, None] * size * shape.std(ddof=1) / np.sqrt(len(shape)) + size * shape,)
    for shape, size in SHAPES
    for errors in (
        np.array([0, 0.3, 0.75, 0.95, 1.05, 1.6, 3]),
        np.array([1.6, 0.95, 0.5, 0, 0.85, 2]),
    )
]
TABLES[1][0][5] += 4 * (TABLES[1][0][5] - TABLES[1][0][5].mean())  # an error of its own

EXERCISES = [
    Exercise(
        id="09.1",
        title="An axis to order",
        grader=Function(
            axis,
            cases=[(-4, -1, 1), (-3, 0, 2), (-2, 2, 3)],
            mistakes={
                one_too_few: "You made as many values as there are steps. Count the fence's posts, "
                "not its gaps.",
                one_a_decade: "You made one step in each decade, whatever `per_decade` says.",
                equal_distances: "Your values stand at equal distances: nearly all of them are in "
                "the last decade.",
                exponents: "You return the exponents. Which numbers have them?",
                from_the_values: "`logspace` takes exponents, and you gave it powers of ten.",
            },
        ),
        why="Steps are decades times steps in each, and n steps have n + 1 ends.",
        hints=(
            "How many decades lie between the ends, and how many steps is that in all?",
            "`np.logspace(first, last, n)` takes the number of values: one more than the steps.",
        ),
    ),
    Exercise(
        id="09.2",
        title="Which of these can change the model?",
        grader=Selection(
            {"eta0", "max_iter"},
            mistakes={
                "alpha": "Look at `alpha` again: which of its two roles is left when the penalty "
                "is gone and the rate is constant?",
                "eta0": "Look at the first of the controls: does a constant rate read its start?",
                "max_iter": "Without `tol`, what else decides when the training ends?",
                "verbose": "Look at `verbose` again: does printing change a weight?",
            },
        ),
        why="A constant rate reads eta0, and without tol the passes decide the end; without a "
        "penalty nothing reads alpha.",
        hints=(
            "Go through the four one by one: where would it enter the update?",
            "One of the four panels above has both settings of this exercise.",
        ),
    ),
    Exercise(
        id="09.3",
        title="Draw the line",
        grader=Function(
            within_one_standard_error,
            cases=TABLES,
            mistakes={
                whole_deviation: "You took a whole standard deviation. That is the spread of one "
                "fold, not of the mean of all.",
                over_n: "You divided by the number of folds. Take its root.",
                of_n: "Your standard deviation divides by n. Give `std` the argument `ddof=1`.",
                own_error: "You took each candidate's own error. The line is drawn once: below "
                "the best, with the best one's error.",
                only_best: "You marked the best alone. Which others are within its error?",
                below_the_line: "You marked those below the line.",
            },
        ),
        why="The line lies std(ddof=1)/√n of the best candidate below its mean.",
        hints=(
            "First the means, `scores.mean(axis=1)`, and the row of the largest.",
            "The standard error of a mean is the standard deviation over the root of the number.",
            "means >= means[best] - scores[best].std(ddof=1) / np.sqrt(scores.shape[1])",
        ),
    ),
    Exercise(
        id="09.4",
        title="On the edge",
        grader=Choice(
            "c",
            mistakes={
                "a": "It won against smaller ones only. What do you know about larger ones?",
                "b": "Finer steps on the side that you have seen cannot show what lies beyond.",
                "d": "Chance may move the winner by a cell. But the scores rise towards the edge, "
                "and no seed tells what comes after it.",
            },
        ),
        why="A winner on the edge says the range was too narrow: widen it before you refine.",
        hints=(
            "Draw the three scores as a curve. In which direction does it rise?",
            "The best you have seen stands where your grid ends.",
        ),
    ),
]
