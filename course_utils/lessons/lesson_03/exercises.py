"""Exercises of lesson 03: the learning rate of a Keras network."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice


def dead_share(outputs):
    return np.mean(np.max(outputs, axis=0) == 0)


def share_of_zeros(outputs):
    return np.mean(outputs == 0)


def dead_somewhere(outputs):
    return np.mean(np.min(outputs, axis=0) == 0)


def rows_of_zeros(outputs):
    return np.mean(np.max(outputs, axis=1) == 0)


def number_of_dead(outputs):
    return np.sum(np.max(outputs, axis=0) == 0)


def share_alive(outputs):
    return np.mean(np.max(outputs, axis=0) > 0)


def dead_in_the_first_row(outputs):
    return np.mean(outputs[0] == 0)


def updates(n_rows, batch_size, epochs):
    return epochs * -(-n_rows // batch_size)


def without_the_short_batch(n_rows, batch_size, epochs):
    return epochs * (n_rows // batch_size)


def not_rounded(n_rows, batch_size, epochs):
    return epochs * n_rows / batch_size


def across_the_epochs(n_rows, batch_size, epochs):
    return -(-epochs * n_rows // batch_size)


def one_more_each_time(n_rows, batch_size, epochs):
    return epochs * (n_rows // batch_size + 1)


def updates_of_one_epoch(n_rows, batch_size, epochs):
    return -(-n_rows // batch_size)


def rows_seen(n_rows, batch_size, epochs):
    return epochs * n_rows


def one_an_epoch(n_rows, batch_size, epochs):
    return epochs


EXERCISES = [
    Exercise(
        id="03.1",
        title="Predict: eight rates, raw features",
        grader=Choice(
            "a",
            mistakes={
                "b": "1 and 0.1 would be good rates for small inputs. A height is 170: think of "
                "what one step of lesson 02 did at such a rate.",
                "c": "0.01 is a usual rate on scaled features. Here the inputs are a hundred times "
                "larger, and the gradient grows with them.",
                "d": "Such a rate moves the weights hardly at all in 60 epochs. "
                "Is there a rate that is still stable, but moves?",
            },
        ),
        why="Large inputs make large gradients, so only small rates survive on raw features.",
        hints=(
            "What did large inputs do to the stable range of SGDRegressor?",
            "The first gradient grows with the inputs: here they are a hundred times as large.",
        ),
    ),
    Exercise(
        id="03.2",
        title="Count the dead",
        grader=Function(
            dead_share,
            cases=[
                (np.array([[0.0, 1.0, 0.0, 2.0], [0.0, 0.0, 3.0, 1.0], [0.0, 2.0, 0.0, 0.0]]),),
                (np.array([[0.5, 0.0], [0.0, 0.0], [2.0, 0.0], [1.0, 0.0]]),),
                (np.array([[0.3, 1.0, 2.0], [0.1, 0.0, 0.7]]),),
            ],
            mistakes={
                share_of_zeros: "You count zeros. A unit that is 0 for some rows is at work: it "
                "tells these rows from the others.",
                dead_somewhere: "You count units that are 0 for some row. Which units are 0 for "
                "all of them?",
                rows_of_zeros: "You look along the rows: people for whom all units are 0. "
                "The units lie along the other axis.",
                number_of_dead: "You return how many units are dead. The question asks for their "
                "share.",
                share_alive: "You return the share of those that live.",
                dead_in_the_first_row: "You look at one row only. A unit may answer another.",
            },
        ),
        why="A unit with a positive output for one single row still has a gradient there.",
        hints=(
            "For one unit: which property must all its outputs have together?",
            "No output of a ReLU is negative. So one number per unit is enough: which one?",
            "`outputs.max(axis=0)` has one number per unit; the mean of bools is a share.",
        ),
    ),
    Exercise(
        id="03.3",
        title="Another data set",
        grader=Choice(
            "c",
            mistakes={
                "a": "The pictures look the same, but the first gradient contains the inputs, and "
                "these are 255 times smaller now.",
                "b": "Smaller inputs make a smaller gradient and a smaller curvature. Which way "
                "does the limit 2/λ move?",
                "d": "The curvature contains the inputs twice; and the later layers, whose inputs "
                "have been rescaled by nobody, have a say too. A sweep must look over a range.",
            },
        ),
        why="The first layer's curvature goes with the square of its inputs, the later layers' "
        "does not: so the valley moves that way, and how far a sweep must tell.",
        hints=(
            "Compare with this lesson: in which direction did scaling move the valley?",
            "In lesson 02 the limit contained ‖x‖². Every x is 255 times smaller now.",
        ),
    ),
    Exercise(
        id="03.4",
        title="Count the updates",
        grader=Function(
            updates,
            cases=[(300, 32, 200), (1000, 64, 3), (128, 128, 5), (7, 8, 2), (96, 32, 10)],
            mistakes={
                without_the_short_batch: "You leave out the short batch at the end of an epoch. "
                "Keras keeps it, and it makes an update too.",
                not_rounded: "You return parts of an update. A batch that is not full still makes "
                "a whole one.",
                across_the_epochs: "You let a batch begin in one epoch and end in the next. Every "
                "epoch ends with a batch of its own.",
                one_more_each_time: "You add a short batch to every epoch. What if the rows fill "
                "their batches exactly?",
                updates_of_one_epoch: "These are the updates of one epoch. The run has more.",
                rows_seen: "You count rows. How many of them share one update?",
                one_an_epoch: "That is one update an epoch: gradient descent on all rows at once.",
            },
        ),
        why="Batches per epoch, rounded up, times epochs.",
        hints=(
            "First the batches of one epoch: how many are needed to hold every row?",
            "Round up: a batch that is not full still makes a step. `math.ceil` does it.",
        ),
    ),
    Exercise(
        id="03.5",
        title="A larger batch",
        grader=Choice(
            "b",
            mistakes={
                "a": "At the same rate the larger batch makes a quarter of the updates, so in "
                "the same epochs it covers less ground. Its gradient is less noisy: what does "
                "that allow?",
                "c": "A smaller rate and fewer updates: both slow the run down.",
                "d": "Count again: after equal epochs, a batch of 128 has made a quarter of the "
                "updates of a batch of 32.",
            },
        ),
        why="A quarter of the updates, and less noise in each: a rate up to four times as large is "
        "the first thing to try, and it fails once the curvature sets the limit.",
        hints=(
            "In the left picture, which curve has its lowest point furthest to the right?",
            "Fewer but steadier steps: they may be longer.",
        ),
    ),
]
