"""Exercises of lesson 02: eta0 of SGDRegressor."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


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


def epoch(w, X, y, eta0):
    for x, target in zip(X, y, strict=True):
        w = w + eta0 * (target - x @ w) * x
    return w


def epoch_uphill(w, X, y, eta0):
    return epoch(w, X, y, -eta0)


def epoch_with_twice_the_step(w, X, y, eta0):
    return epoch(w, X, y, 2 * eta0)


def epoch_in_one_step(w, X, y, eta0):
    return w + eta0 * X.T @ (y - X @ w) / len(X)


def epoch_with_old_errors(w, X, y, eta0):
    return w + eta0 * X.T @ (y - X @ w)


def epoch_of_one_row(w, X, y, eta0):
    return epoch(w, X[:1], y[:1], eta0)


def epoch_without_features(w, X, y, eta0):
    for x, target in zip(X, y, strict=True):
        w = w + eta0 * (target - x @ w)
    return w


def epoch_without_prediction(w, X, y, eta0):
    return w + eta0 * X.T @ y


def epoch_backwards(w, X, y, eta0):
    return epoch(w, X[::-1], y[::-1], eta0)


def inside(rates, place):
    """Return the rate at a place of the list, or None at one of its ends."""
    return rates[place] if 0 < place < len(rates) - 1 else None


def best_rate(rates, errors):
    return inside(rates, np.argmin(np.median(errors, axis=1)))


def at_the_edge_too(rates, errors):
    return rates[np.argmin(np.median(errors, axis=1))]


def at_the_small_edge_too(rates, errors):
    place = np.argmin(np.median(errors, axis=1))
    return rates[place] if place < len(rates) - 1 else None


def at_the_large_edge_too(rates, errors):
    place = np.argmin(np.median(errors, axis=1))
    return rates[place] if place > 0 else None


def next_to_diverged_is_an_edge(rates, errors):
    typical = np.median(errors, axis=1)
    return inside(rates[np.isfinite(typical)], np.argmin(typical))


def by_mean(rates, errors):
    return inside(rates, np.argmin(np.mean(errors, axis=1)))


def by_mean_of_survivors(rates, errors):
    return inside(rates, np.argmin([np.mean(row[np.isfinite(row)]) for row in errors]))


def by_luckiest_seed(rates, errors):
    return inside(rates, np.argmin(np.min(errors, axis=1)))


def by_unluckiest_seed(rates, errors):
    return inside(rates, np.argmin(np.max(errors, axis=1)))


def place_of_it(rates, errors):
    place = np.argmin(np.median(errors, axis=1))
    return place if 0 < place < len(rates) - 1 else None


def along_the_rates(rates, errors):
    return inside(rates, np.argmin(np.median(errors, axis=0)))


def worst_rate(rates, errors):
    return inside(rates, np.argmax(np.median(errors, axis=1)))


EXERCISES = [
    Exercise(
        id="02.1",
        title="Predict: eight rates on raw features",
        grader=Choice(
            "e",
            mistakes={
                "a": "It is the most careful of the eight. But would you use it? Print "
                "`val_mse[0.0001][-1]` and compare it with `baselines`.",
                "b": "You may have read that 0.001 and 0.01 do well. Print "
                "`val_mse[0.01][-1]` and count its digits.",
                "c": "0.1 is a good rate in many examples, where the features are scaled. "
                "Here a height is 170, and its square enters the step.",
                "d": "Large rates take the longest steps. On these features their error is larger "
                "than that of the smallest rate, by many powers of ten.",
            },
        ),
        why="Raw heights and weights make ‖x‖² about 40,000, so even 0.0001 lies above the limit.",
        hints=(
            "A step is as long as eta0 times the error times the features. How large are those?",
            "Print the last entry of `val_mse` for each rate, beside `baselines`.",
        ),
    ),
    Exercise(
        id="02.2",
        title="Another table",
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
                "how far do shorter steps carry the weights in one epoch?",
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
        title="One epoch",
        grader=Function(
            epoch,
            cases=[
                (
                    np.array([0.5, -1.0]),
                    np.array([[2.0, 1.0], [-1.0, 1.0], [0.5, 1.0]]),
                    np.array([3.0, 1.0, -2.0]),
                    0.1,
                ),
                (
                    np.array([0.0, 0.0, 0.0]),
                    np.array(
                        [[1.0, 2.0, 1.0], [0.0, -1.5, 1.0], [3.0, 0.5, 1.0], [-2.0, 1.0, 1.0]]
                    ),
                    np.array([1.0, 4.0, 0.0, 2.0]),
                    0.05,
                ),
            ],
            mistakes={
                epoch_uphill: "Your steps go uphill. A prediction that is too small must grow: "
                "compute the error as target minus prediction.",
                epoch_with_twice_the_step: "Your steps are twice as long as they should be. "
                "SGDRegressor's loss is half of the squared error: its slope has no 2.",
                epoch_in_one_step: "You take one step with the mean over all rows. That is "
                "gradient descent on the full batch; SGD takes a step after every row.",
                epoch_with_old_errors: "You compute all errors with the weights from before the "
                "epoch. A row has to be predicted with what the rows before it have changed.",
                epoch_of_one_row: "Only the first row makes a step. Does `return` stand inside "
                "your loop?",
                epoch_without_features: "Every weight moves by the same amount. A weight moves in "
                "proportion to its feature.",
                epoch_without_prediction: "Your steps follow the targets. They should follow what "
                "is missing from the prediction to the target.",
                epoch_backwards: "You take the last row first. Take the rows in their order.",
            },
        ),
        why="One row, one step, with the weights that the row before has left.",
        hints=(
            "A loop over the rows, and one step in it. What does the step need to know of the row?",
            "The prediction of a row x is `x @ w`; its error is the target less the prediction.",
            "The weights move by rate times error times row, before the next row is looked at.",
        ),
    ),
    Exercise(
        id="02.5",
        title="The best rate, or none",
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
                            [np.inf, np.inf, np.inf, 7.0, np.inf],
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
                (
                    np.array([0.003, 0.01, 0.03, 0.1, 0.3]),
                    np.array(
                        [
                            [3.0, 3.0, 3.0, 3.0, 3.0],
                            [1.0, 1.0, 1.0, 1.0, 20.0],
                            [2.0, 2.0, 2.0, 2.0, 2.0],
                            [1.2, 1.2, 1.2, 1.2, 4.0],
                            [6.0, 6.0, 5.0, 6.0, 6.0],
                        ]
                    ),
                ),
                (np.array([0.2, 0.6, 1.8]), np.array([[3.0, 3.0], [1.0, 1.0], [np.inf, np.inf]])),
            ],
            mistakes={
                at_the_edge_too: "Your function names a rate at the end of a list, too. What do "
                "you know of the rates beyond it?",
                at_the_small_edge_too: "Your function names the first rate of a list as the best. "
                "A smaller one may be better still.",
                at_the_large_edge_too: "Your function names the last rate of a list as the best. "
                "A larger one may be better still.",
                next_to_diverged_is_an_edge: "You leave out rates at which the runs diverged. But "
                "these have been tried: on that side the error rises.",
                by_mean: "You compare means. One diverged seed makes a mean infinite, "
                "however good the others are.",
                by_mean_of_survivors: "You leave the diverged runs out. A rate that fails on most "
                "seeds then looks good by its few survivors.",
                by_luckiest_seed: "You compare the luckiest seed of each rate. "
                "With enough seeds any rate gets lucky.",
                by_unluckiest_seed: "You compare the unluckiest seed of each rate: one diverged "
                "run out of many rules a rate out.",
                place_of_it: "You return a position in the list. Which rate stands there?",
                along_the_rates: "You take the median over the rates, along axis 0. "
                "The seeds lie along the other axis.",
                worst_rate: "You return the rate with the largest error.",
            },
        ),
        why="The median asks what the typical seed does, and only a rate with worse ones on both "
        "sides is known to be the best.",
        hints=(
            "First one number per rate, then the place of the smallest.",
            "Which summary of five seeds survives one infinite value?",
            "`np.median(errors, axis=1)` gives one number per rate; `np.argmin` gives a place. "
            "Compare that place with 0 and with the last one.",
        ),
    ),
]
