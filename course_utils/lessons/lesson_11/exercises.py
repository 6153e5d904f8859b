"""Exercises of lesson 11: beyond the grid."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


def log_uniform(u, low, high):
    return low * (high / low) ** u


def uniform(u, low, high):
    return low + u * (high - low)


def only_exponents(u, low, high):
    return np.log10(low) + u * (np.log10(high) - np.log10(low))


def two_bases(u, low, high):
    return np.exp(np.log10(low) + u * (np.log10(high) - np.log10(low)))


def downwards(u, low, high):
    return high * (low / high) ** u


EXERCISES = [
    Exercise(
        id="11.1",
        title="Count the rates",
        grader=Number(
            3,
            rel=1e-6,
            mistakes={
                9: "These are the trials. Many of them share their learning rate.",
                6: "You counted the values of both parameters. How many of them are rates?",
                2: "This is the number of parameters. Look at the columns of the grid.",
                1: "Then the rate would not be searched at all. Look at the columns of the grid.",
            },
        ),
        why="A square of nine has three columns. Random search would try nine different rates.",
        hints=(
            "Draw the grid as a square: the rate along one side, the other parameter along the "
            "other.",
            "Cover the second parameter: how many different columns are left?",
        ),
    ),
    Exercise(
        id="11.2",
        title="Uniform dice",
        grader=Number(
            0.9,
            mistakes={
                0.1: "This is the share below. Which part of the line lies above?",
                0.25: "So it would be if the dice were fair to each decade. Are these?",
                0.5: "Half of the draws are larger than a half. The question asks for more.",
                90: "Give it as a share between 0 and 1, not in per cent.",
            },
        ),
        why="On a uniform scale nine tenths of the range, and of the draws, lie in one decade.",
        hints=(
            "The dice know nothing of decades: they only see lengths.",
            "How long is the piece from a tenth to one?",
        ),
    ),
    Exercise(
        id="11.3",
        title="Make the dice",
        grader=Function(
            log_uniform,
            cases=[
                (np.array([0.0, 0.25, 0.5, 1.0]), 1e-4, 1.0),
                (np.array([0.1, 0.7]), 1e-5, 10.0),
                (np.array([0.9]), 0.01, 0.3),
            ],
            mistakes={
                uniform: "Your dice are uniform in the rate: the last decade gets nearly all.",
                only_exponents: "These are exponents, some of them negative. "
                "Which rates belong to them?",
                two_bases: "You take the logarithm with one base and undo it with another.",
                downwards: "Your dice run from high down to low. A draw of 0 should give low.",
            },
        ),
        why="Even steps in the exponent are equal factors in the rate.",
        hints=(
            "What should u = 0, u = 1 and u = 0.5 give? The middle is no average here.",
            "Draw the exponent evenly between the two exponents, then raise the base to it.",
            "Written as one product: start at `low` and multiply by a power of `high / low`.",
        ),
    ),
    Exercise(
        id="11.4",
        title="The price of halving",
        grader=Number(
            810,
            rel=1e-6,
            mistakes={
                13122: "So much costs training every candidate to the end: no halving at all.",
                162: "This is one round. How many rounds are there?",
                648: "One round is missing. The last one, with a single candidate, counts too.",
                594: "You let the survivors go on from where they stopped. "
                "Here each round starts anew.",
                242: "These are the epochs of the winner alone.",
            },
        ),
        why="Every round costs the same: a third of the candidates, three times the epochs.",
        hints=(
            "Write down a table: candidates and epochs of each round.",
            "81, 27, 9, … and 2, 6, 18, …: multiply each pair. What do you notice?",
        ),
    ),
    Exercise(
        id="11.5",
        title="What a crash costs",
        grader=Choice(
            "c",
            mistakes={
                "a": "The sampler draws from the trials it finds in the study. Where are those?",
                "b": "Nothing is collected for an hour: when is a trial written to the file?",
                "d": "Look at what was compared after the kill: values and parameters.",
            },
        ),
        why="A trial is in the file as soon as it ends; only the running one is lost.",
        hints=(
            "What did the study say after the kill, about the finished trials and the other one?",
            "Each trial is written when it ends. Which had not ended?",
        ),
    ),
]
