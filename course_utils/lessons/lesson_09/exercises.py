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


def best_row(scores):
    return scores[scores.mean(axis=1).argmax()]


def leads(scores):
    """Return how far each candidate is behind the best one, fold by fold."""
    return best_row(scores) - scores


def error(values, ddof=1, root=0.5):
    return values.std(axis=1, ddof=ddof) / values.shape[1] ** root


def two_errors_behind(scores):
    return leads(scores).mean(axis=1) > 2 * error(leads(scores))


def one_error_behind(scores):
    return leads(scores).mean(axis=1) > error(leads(scores))


def whole_deviation(scores):
    return leads(scores).mean(axis=1) > 2 * error(leads(scores), root=0)


def over_n(scores):
    return leads(scores).mean(axis=1) > 2 * error(leads(scores), root=1)


def of_n(scores):
    return leads(scores).mean(axis=1) > 2 * error(leads(scores), ddof=0)


def not_in_pairs(scores):
    return leads(scores).mean(axis=1) > 2 * error(best_row(scores)[None])


def one_line(scores):
    return leads(scores).mean(axis=1) > error(best_row(scores)[None])


def behind_in_every_fold(scores):
    return leads(scores).min(axis=1) > 0


def not_behind(scores):
    return ~two_errors_behind(scores)


def table(hardness, shape, size, behind):
    """Return folds that are hard or easy for all, and candidates `behind` (in standard errors)."""
    hardness, shape = np.array(hardness), np.array(shape)
    unit = shape.std(ddof=1) / len(shape) ** 0.5
    return 0.8 + hardness - size * np.array([0.0 * shape, *(b * unit + shape for b in behind)])


# The distances between the thresholds of all misreadings are taken by one candidate each.
TABLES = [
    (table([-0.2, 0.0, 0.2], [-1.0, 0.0, 1.0], 0.01, [0.7, 1.1, 1.5, 1.9, 2.2, 3.0, 4.5]),),
    (table([0.1, -0.2, 0.0, 0.1, 0.0], [-2.0, -1.0, 0.0, 1.0, 2.0], 0.02, [2.5, 0.95, 1.85, 5.0]),),
]
TABLES.append((TABLES[1][0][::-1],))

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
        title="Which of them lose?",
        grader=Function(
            two_errors_behind,
            cases=TABLES,
            mistakes={
                one_error_behind: "You took one standard error. The exercise asks for two.",
                whole_deviation: "You took whole standard deviations. That is the spread of one "
                "fold, not of the mean of all.",
                over_n: "You divided by the number of folds. Take its root.",
                of_n: "Your standard deviation divides by n. Give `std` the argument `ddof=1`.",
                not_in_pairs: "You took the error of the best one's scores. What is hard for all "
                "hides the lead: take the error of the *differences*.",
                one_line: "That is the line of the one-standard-error rule. Now compare in pairs: "
                "subtract first, fold by fold.",
                behind_in_every_fold: "You asked for a defeat in every fold. How large is the mean "
                "difference, in its standard errors?",
                not_behind: "You marked those that are *not* behind.",
            },
        ),
        why="Subtract fold by fold; a mean difference of more than two of its own standard errors "
        "is no draw.",
        hints=(
            "First the row of the best, then the differences from it: a row for each candidate.",
            "The standard error of a mean is the standard deviation over the root of the number.",
            "d = best_row - scores, then d.mean(axis=1) > 2 * d.std(axis=1, ddof=1) / "
            "np.sqrt(d.shape[1])",
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
