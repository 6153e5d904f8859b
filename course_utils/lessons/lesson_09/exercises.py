"""Exercises of lesson 09: grid search."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number, Selection


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
        title="Between two powers of ten",
        grader=Number(
            10**-2.5,
            mistakes={
                0.001: "That is a power of ten. Its exponent is not half-way between the ends.",
                0.01: "That is a power of ten. Half-way between the exponents lies another number.",
                (1e-4 + 1e-1) / 2: "That is half-way on a plain axis, as `linspace` has it.",
                -2.5: "That is the exponent. Which number has it?",
                0.0055: "You went half-way between two powers of ten on a plain axis.",
            },
        ),
        why="Half-way between the exponents −4 and −1 lies −2.5, and ten to that is 0.00316.",
        hints=(
            "`logspace` cuts the range of the exponents into equal parts.",
            "The middle exponent is (−4 − 1)/2. Raise ten to it.",
        ),
    ),
    Exercise(
        id="09.2",
        title="How large is the leak?",
        grader=Choice(
            "c",
            mistakes={
                "a": "The scaler learns a mean and a spread for each column, no labels. How far "
                "can these move when a fifth of 400 rows joins in?",
                "b": "That would be twelve people. How much does the mean height of 320 people "
                "differ from that of all 400?",
                "d": "Seeing more can hardly make the model so much worse. Think of how much the "
                "mean and the spread change at all.",
            },
        ),
        why="Mean and spread of 320 rows and of 400 are nearly the same, and no label was seen.",
        hints=(
            "What does a scaler learn from the rows: how many numbers, and does it see labels?",
            "Estimate how far the mean of a column moves when a fifth of the rows is left out.",
        ),
    ),
    Exercise(
        id="09.3",
        title="The bill",
        grader=Number(
            76,
            rel=1e-6,
            mistakes={
                75: "You left out the last fit: the winner on all rows.",
                15: "These are the candidates. Each of them is fitted once per fold.",
                16: "You counted each candidate once. How often is it fitted?",
                40: "The axes of a grid multiply, they do not add.",
                41: "The axes of a grid multiply, they do not add, even before the refit.",
                80: "You refitted the winner once per fold. It is fitted again only once.",
                90: "You refitted every candidate. Only the winner is fitted again.",
            },
        ),
        why="5 × 3 candidates, five folds each, and one refit.",
        hints=(
            "First count the candidates: every value of one axis with every value of the other.",
            "Each candidate is fitted once per fold; the winner once more.",
        ),
    ),
    Exercise(
        id="09.4",
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
        id="09.5",
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
        id="09.6",
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
