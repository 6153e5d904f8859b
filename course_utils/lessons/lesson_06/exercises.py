"""Exercises of lesson 06: optimizers, compared fairly."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


def rmsprop(w, v, learning_rate, gradient):
    v = 0.9 * v + 0.1 * gradient**2
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def with_old_average(w, v, learning_rate, gradient):
    _, new = rmsprop(w, v, learning_rate, gradient)
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), new


def with_sum(w, v, learning_rate, gradient):
    v = v + gradient**2
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def without_root(w, v, learning_rate, gradient):
    v = 0.9 * v + 0.1 * gradient**2
    return w - learning_rate * gradient / (v + 1e-7), v


def without_square(w, v, learning_rate, gradient):
    v = 0.9 * v + 0.1 * gradient
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def with_size(w, v, learning_rate, gradient):
    v = 0.9 * v + 0.1 * np.abs(gradient)
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def with_shares_swapped(w, v, learning_rate, gradient):
    v = 0.1 * v + 0.9 * gradient**2
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def without_new_share(w, v, learning_rate, gradient):
    v = 0.9 * v + gradient**2
    return w - learning_rate * gradient / np.sqrt(v + 1e-7), v


def uphill(w, v, learning_rate, gradient):
    return rmsprop(w, v, -learning_rate, gradient)


def without_gradient(w, v, learning_rate, gradient):
    v = 0.9 * v + 0.1 * gradient**2
    return w - learning_rate / np.sqrt(v + 1e-7), v


def without_rate(w, v, learning_rate, gradient):
    return rmsprop(w, v, 1.0, gradient)


def returns_swapped(w, v, learning_rate, gradient):
    return rmsprop(w, v, learning_rate, gradient)[::-1]


def weight_alone(w, v, learning_rate, gradient):
    return rmsprop(w, v, learning_rate, gradient)[0]


def honest_losses(choosing, judging):
    rows = np.argmin(choosing, axis=0)
    return judging[rows, np.arange(judging.shape[1])]


def of_the_choosing_runs(choosing, judging):
    return np.min(choosing, axis=0)


def chosen_by_the_judges(choosing, judging):
    return np.min(judging, axis=0)


def one_rate_for_all(choosing, judging):
    return judging[np.argmin(np.mean(choosing, axis=1))]


def one_rate_by_median(choosing, judging):
    return judging[np.argmin(np.median(choosing, axis=1))]


def whole_rows(choosing, judging):
    return judging[np.argmin(choosing, axis=0)]


def best_repetition_of_each_rate(choosing, judging):
    return judging[np.arange(judging.shape[0]), np.argmin(choosing, axis=1)]


def all_together(choosing, judging):
    return np.min(np.minimum(choosing, judging), axis=0)


def rows_alone(choosing, judging):
    return np.argmin(choosing, axis=0)


def mean_of_the_honest(choosing, judging):
    return np.mean(honest_losses(choosing, judging))


def median_of_the_honest(choosing, judging):
    return np.median(honest_losses(choosing, judging))


SECOND = 0.001 * (0.5 / 0.19) / 50  # the length of the step in 06.2

EXERCISES = [
    Exercise(
        id="06.1",
        title="Write RMSprop",
        grader=Function(
            rmsprop,
            cases=[
                (4.0, 0.5, 0.01, 3.0),
                (-2.0, 9.0, 0.1, 0.5),
                (np.array([1.0, -1.0]), np.array([0.2, 4.0]), 0.05, np.array([2.0, 0.7])),
                (0.5, 6.0, 0.02, -0.8),
            ],
            mistakes={
                with_old_average: "Your function divides by the old average. "
                "First let the new gradient into it, then step.",
                with_sum: "Your function adds up all squares: that is Adagrad. "
                "Here old squares must fade.",
                without_root: "Your function divides by the average of the squares itself. "
                "Only its root has the unit of a gradient.",
                without_square: "Your function averages the gradients and not their squares, "
                "so that gradients of both signs cancel.",
                with_size: "Your function averages the sizes of the gradients, and then takes a "
                "root of that. What is averaged are squares.",
                with_shares_swapped: "Your function keeps a tenth of the old average. "
                "Which of the two shares is the large one?",
                without_new_share: "Your function lets the whole new square in, as momentum does. "
                "In an average the two shares add up to one.",
                uphill: "Your function climbs: with a positive gradient w should get smaller.",
                without_gradient: "Your function divides the rate by the root, and the gradient "
                "is missing above: a small gradient then makes a long step.",
                without_rate: "Your function ignores the learning rate.",
                returns_swapped: "The right two numbers, in the wrong order: "
                "first the weight, then the average.",
                weight_alone: "The weight is right. But the next step needs the new average too: "
                "return both.",
            },
        ),
        why="One number per weight: how large its gradients were lately.",
        hints=(
            "Two things are updated: the average and the weight. Which one needs the other?",
            "The new average: nine tenths of the old one, and a tenth of the new square.",
            "The step is that of `adagrad` above, with this average in place of the sum.",
        ),
    ),
    Exercise(
        id="06.2",
        title="The second step of Adam",
        grader=Number(
            SECOND,
            mistakes={
                -SECOND: "The size is right. A length has no sign.",
                0.001: "So long is the first step. The second gradient contradicts: what has "
                "become of the average of g?",
                0.001 * 0.5 / np.sqrt(4.9975): "You used the averages as they are, near zero. "
                "What do the factors 1 − 0.9ᵗ and 1 − 0.999ᵗ do at t = 2?",
                0.001 * 5 / np.sqrt(4997.5): "You repaired both averages as at the first step. "
                "What is t now?",
                0.001 * 0.5 / 50: "You repaired the average of g² and left that of g as it was.",
                SECOND * 50 / np.sqrt(4.9975): "You repaired the average of g and left that of g² "
                "as it was.",
                SECOND - 0.001: "There the weight is after both steps, if it began at 0. How long "
                "was the second alone?",
                SECOND / 0.001: "So long is the step in units of the rate. How far does the weight "
                "move?",
                0.05: "You multiplied the rate by the gradient. That is the step of SGD; Adam "
                "averages and divides first.",
                0.0: "The two gradients do not cancel: the average forgets, and the newer one "
                "counts for more.",
            },
        ),
        why="The average of g is nearly gone, that of g² is not: where gradients contradict each "
        "other, Adam's step is a small share of the rate.",
        hints=(
            "Write down `m` and `v` after the first gradient, then after the second.",
            "m is 5, then 0.9 · 5 − 0.1 · 50. Repair it with 1 − 0.9², and v with 1 − 0.999².",
            "The repaired m is −0.5/0.19, the repaired v is 2500. Divide by its root.",
        ),
    ),
    Exercise(
        id="06.3",
        title="Thousands, or single euros",
        grader=Choice(
            "b",
            mistakes={
                "a": "So it would be if he had multiplied the *loss*, and not the prices. Here the "
                "weights must go 1000 times as far. Who can?",
                "c": "For one of the two that is right. Compare how far the best weights lie now "
                "with how long the steps of each can be.",
                "d": "Where gradient descent diverges is a matter of the curvature (lesson 01). "
                "Does the curvature depend on the prices?",
            },
        ),
        why="Targets, gradients and best weights all grow 1000 times. The steps of SGD grow along; "
        "those of Adam are still as long as its rate.",
        hints=(
            "Three things to compare: how far away the best weights are, how large the gradient "
            "is, and how long a step is.",
            "The best weights lie 1000 times as far away, and the gradient there is 1000 times as "
            "large. Which optimizer's steps grow with the gradient?",
        ),
    ),
    Exercise(
        id="06.4",
        title="Choose here, judge there",
        grader=Function(
            honest_losses,
            cases=[
                (
                    np.array([[0.9, 0.3, 0.7], [0.4, 0.6, 0.8], [0.5, 0.5, 0.2], [0.7, 0.9, 0.4]]),
                    np.array([[0.8, 0.5, 0.9], [0.6, 0.3, 0.4], [0.3, 0.9, 0.7], [0.5, 0.5, 0.6]]),
                ),
                (
                    np.array([[0.40, 0.39, 0.44, 0.2], [0.35, np.inf, 0.30, 0.3]]),
                    np.array([[0.31, 0.47, 0.33, 0.5], [0.36, 0.45, np.inf, 0.1]]),
                ),
            ],
            mistakes={
                of_the_choosing_runs: "You report the loss of the run that chose. The smallest "
                "of many is a lucky number; ask the run that did not choose.",
                chosen_by_the_judges: "You let the judging runs choose the rate. "
                "Then nobody is left to judge.",
                one_rate_for_all: "You choose one rate, by the mean over the repetitions. "
                "Each repetition chooses for itself: no judge has a word in another's choice.",
                one_rate_by_median: "You choose one rate, by the median over the repetitions. "
                "Each repetition chooses for itself.",
                whole_rows: "You return a whole row for each repetition. "
                "Only one entry of it belongs to that repetition.",
                best_repetition_of_each_rate: "You went along the rows: for each rate its luckiest "
                "repetition. Go down each column.",
                all_together: "You take the smaller of both tables. "
                "Choosing and judging must stay apart.",
                rows_alone: "You return positions in the list of rates. Which losses stand there?",
                mean_of_the_honest: "The losses are right, but you return their mean. "
                "Return one per repetition, so that two optimizers can be compared in pairs.",
                median_of_the_honest: "The losses are right, but you return their median. "
                "Return one per repetition, so that two optimizers can be compared in pairs.",
            },
        ),
        why="In each column the one table names the rate, and the other one the loss.",
        hints=(
            "Two steps for each column: which row does `choosing` prefer, and what stands there in "
            "`judging`?",
            "`np.argmin(choosing, axis=0)` gives the row of each column.",
            "`judging[rows, np.arange(judging.shape[1])]` takes one entry of each column.",
        ),
    ),
]
