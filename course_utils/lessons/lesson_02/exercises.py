"""Exercises of lesson 02: eta0 of SGDRegressor."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number, Selection


def squared_norms(X):
    return (np.asarray(X, dtype=float) ** 2).sum(axis=1)


def one_sample_limit(X):
    return 2 / (squared_norms(X).max() + 1)


def without_intercept(X):
    return 2 / squared_norms(X).max()


def with_mean(X):
    return 2 / (squared_norms(X).mean() + 1)


def with_sum(X):
    return 2 / (squared_norms(X) + 1).sum()


def without_square(X):
    return 2 / (np.sqrt(squared_norms(X).max()) + 1)


def with_smallest_row(X):
    return 2 / (squared_norms(X).min() + 1)


def longest_norm(X):
    return squared_norms(X).max() + 1


def half_of_it(X):
    return 1 / (squared_norms(X).max() + 1)


def with_curvature(X):
    with_ones = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(with_ones.T @ with_ones / len(X)).max()


def best_rate(rates, errors):
    return rates[np.argmin(np.median(errors, axis=1))]


def by_mean(rates, errors):
    return rates[np.argmin(np.mean(errors, axis=1))]


def by_mean_of_survivors(rates, errors):
    return rates[np.argmin([np.mean(row[np.isfinite(row)]) for row in errors])]


def by_luckiest_seed(rates, errors):
    return rates[np.argmin(np.min(errors, axis=1))]


def by_unluckiest_seed(rates, errors):
    return rates[np.argmin(np.max(errors, axis=1))]


def row_number(rates, errors):
    return np.argmin(np.median(errors, axis=1))


def along_the_rates(rates, errors):
    return rates[np.argmin(np.median(errors, axis=0))]


def worst_rate(rates, errors):
    return rates[np.argmax(np.median(errors, axis=1))]


def smallest_error(rates, errors):
    return np.min(np.median(errors, axis=1))


EXERCISES = [
    Exercise(
        id="02.1",
        title="Predict: eight rates on raw features",
        grader=Choice(
            "e",
            mistakes={
                "a": "It is the most careful of the eight. But would you use it? Print "
                "`test_mse[0.0001][-1]` and compare it with `baselines`.",
                "b": "You may have read that 0.001 and 0.01 do well. Print "
                "`test_mse[0.01][-1]` and count its digits.",
                "c": "0.1 is a good rate in many examples, where the features are scaled. "
                "Here a height is 170, and its square enters the step.",
                "d": "Large rates take the longest steps. On these features their error is larger "
                "than that of the smallest rate, by many powers of ten.",
            },
        ),
        why="Raw heights and weights make ‖x‖² about 40,000, so even 0.0001 lies above the limit.",
        hints=(
            "A step is as long as eta0 times the error times the features. How large are those?",
            "Print the last entry of `test_mse` for each rate, beside `baselines`.",
        ),
    ),
    Exercise(
        id="02.2",
        title="The one-sample limit",
        grader=Number(
            one_sample_limit,
            mistakes={
                without_intercept: "You left out the intercept: it learns too, from an input "
                "that is always 1.",
                with_mean: "You took the mean over the rows. SGD meets the rows one at a time; "
                "which row is the most dangerous?",
                with_sum: "You added all rows up. Each step sees one row only.",
                without_square: "You took the length of the row; the limit takes its square.",
                with_smallest_row: "You took the shortest row. It breaks last.",
                longest_norm: "This is ‖x‖² + 1 of the longest row. The limit is 2 divided by it.",
                half_of_it: "With this rate one step removes the whole error of the row. "
                "The step may be longer before the error grows.",
                with_curvature: "This is the limit of gradient descent on all rows together, "
                "2/λmax. SGD takes one row at a time.",
            },
        ),
        why="The longest row breaks first, and the intercept adds 1 to its squared length.",
        hints=(
            "Compute ‖x‖² for each row: square every entry and add along the row.",
            "The intercept acts as one more feature that is always 1.",
            "The row with the largest value sets the limit. What stands above the fraction line?",
        ),
        example={"X": np.array([[1.0, 2.0], [3.0, 0.0], [2.0, 2.0]])},
    ),
    Exercise(
        id="02.3",
        title="The noise floor",
        grader=Choice(
            "b",
            mistakes={
                "a": "With a smaller rate each noisy row moves the weights less. "
                "Does the height of the floor stay as it was?",
                "c": "The single rows still disagree with each other, so a constant rate keeps "
                "the weights moving. What would have to happen to the rate to end that?",
                "d": "You expect the noise to grow. But every step is shorter now.",
                "e": "The floor does sink, but think about time too: "
                "how far do shorter steps carry the weights in one pass?",
            },
        ),
        why="Floor and speed both follow the rate: a constant rate trades one for the other.",
        hints=(
            "At the floor each row pulls the weights its own way. How hard, depends on the rate.",
            "Two things change with the rate: the height of the floor and the time to get there.",
        ),
    ),
    Exercise(
        id="02.4",
        title="Which settings read eta0?",
        grader=Selection(
            {"constant", "invscaling", "adaptive"},
            mistakes={
                "optimal": "`optimal` takes its rate from `alpha` and the number of steps. "
                "Fit it with two values of eta0 and compare the coefficients.",
                "constant": "Which setting uses one rate from the first step to the last, "
                "and where would it take it from?",
                "invscaling": "One setting that you left out divides a start value by a power of "
                "the step number. Look up SGDRegressor's default.",
                "adaptive": "One setting that you left out keeps its rate while the loss falls, "
                "and divides it by 5 when it does not. By what does it start?",
            },
        ),
        why="`optimal` takes its rate from `alpha` and the step number; eta0 does nothing there.",
        hints=(
            "Read the entry `learning_rate` of `help(SGDRegressor)`: which formulas contain eta0?",
            "Or try: fit each setting with eta0=0.001 and eta0=0.1 and compare `coef_`.",
        ),
    ),
    Exercise(
        id="02.5",
        title="The best rate lies on the edge of the grid",
        grader=Choice(
            "c",
            mistakes={
                "a": "The curve still falls where the grid ends: you know the best of your list, "
                "not the best rate.",
                "b": "A finer grid between rates you have tried cannot find what lies outside.",
                "d": "More seeds make each point surer. But which points are missing?",
                "e": "More epochs for every rate shift the curve. They do not show what lies "
                "beyond the last point.",
            },
        ),
        why="Only when the error rises on both sides of the best rate have you bracketed it.",
        hints=(
            "Draw the error against the rate. On which side of the best point do you see it rise?",
            "What would you need to see to be sure that it is a minimum?",
        ),
    ),
    Exercise(
        id="02.6",
        title="The best rate over seeds",
        grader=Function(
            best_rate,
            cases=[
                (
                    np.array([0.01, 0.1, 0.5, 1.0, 2.0]),
                    np.array(
                        [
                            [5.0, 5.0, 6.0, 5.0, 5.0],
                            [1.0, 2.0, np.inf, 1.0, 1.0],
                            [np.inf, 0.5, np.inf, np.inf, 0.5],
                            [np.inf, 9.0, 9.0, 9.0, 0.1],
                            [np.inf, np.inf, np.inf, np.inf, np.inf],
                        ]
                    ),
                ),
                (
                    np.array([0.001, 0.02, 0.3]),
                    np.array([[0.9, 0.2, 0.9], [0.4, 0.5, 0.6], [0.3, 0.3, np.inf]]),
                ),
                (
                    np.array([0.1, 0.2, 0.4]),
                    np.array([[1.0, 1.0, 9.0], [4.0, 4.0, 4.0], [2.0, 2.0, np.inf]]),
                ),
            ],
            mistakes={
                by_mean: "You compare means. One diverged seed makes a mean infinite, "
                "however good the others are.",
                by_mean_of_survivors: "You leave the diverged runs out. A rate that fails on most "
                "seeds then looks good by its few survivors.",
                by_luckiest_seed: "You compare the luckiest seed of each rate. "
                "With enough seeds any rate gets lucky.",
                by_unluckiest_seed: "You compare the unluckiest seed of each rate: one diverged "
                "run out of many rules a rate out.",
                row_number: "You return a position in the list. Which rate stands there?",
                along_the_rates: "You take the median over the rates, along axis 0. "
                "The seeds lie along the other axis.",
                worst_rate: "You return the rate with the largest error.",
                smallest_error: "You return the smallest error. The question asks for its rate.",
            },
        ),
        why="The median asks what the typical seed does, and it can bear runs that are infinite.",
        hints=(
            "First one number per rate, then the rate whose number is the smallest.",
            "Which summary of five seeds survives one infinite value?",
            "`np.median(errors, axis=1)` gives one number per rate; `np.argmin` gives a position.",
        ),
    ),
]
