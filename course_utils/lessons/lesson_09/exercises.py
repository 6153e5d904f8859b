"""Exercises of lesson 09: grid search."""

import math

from course_utils.grading.exercises import Exercise
from course_utils.grading.graders import Choice, Number, Selection

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
        grader=Number(
            0.870 - 0.020 / math.sqrt(5),
            rel=0.001,
            mistakes={
                0.850: "You took a whole standard deviation. That is the spread of one fold, "
                "not of the mean of five.",
                0.866: "You divided by the number of folds. Take its root.",
                0.870 + 0.020 / math.sqrt(5): "This line lies above the best score. "
                "No candidate would be within reach.",
                0.860: "You divided by the root of n − 1. That is for NumPy's standard deviation, "
                "which divides by n; here n − 1 is in it already.",
                0.020 / math.sqrt(5): "That is the standard error itself. Where is the line?",
            },
        ),
        why="0.020/√5 is 0.0089, and 0.870 less that is 0.861.",
        hints=(
            "The standard error of a mean is the standard deviation over a root.",
            "0.020 divided by the root of five, then down from the best score.",
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
