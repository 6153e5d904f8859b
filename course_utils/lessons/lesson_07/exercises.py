"""Exercises of lesson 07: the learning-rate range test."""

import pandas as pd

from course_utils.grading.exercises import Exercise
from course_utils.grading.graders import Choice, Number


def factor(rule):
    """Return a function of the answers by repeat: the largest of a rule over its smallest."""
    return lambda by_repeat: float(by_repeat[rule].max() / by_repeat[rule].min())


def difference(by_repeat):
    """Return the difference of the largest and the smallest minimum/10."""
    return float(by_repeat["minimum/10"].max() - by_repeat["minimum/10"].min())


def of_nine_in_ten(by_repeat):
    """Return the factor between the brackets that the test prints, which leave out both ends."""
    rates = by_repeat["minimum/10"]
    return float(rates.quantile(0.95) / rates.quantile(0.05))


def over_the_median(by_repeat):
    """Return the largest minimum/10 over the median one."""
    return float(by_repeat["minimum/10"].max() / by_repeat["minimum/10"].median())


EXERCISES = [
    Exercise(
        id="07.1",
        title="Predict the curve",
        grader=Choice(
            "c",
            mistakes={
                "a": "That is how the tutorial reads it. But what would the loss do in these "
                "ten epochs if the rate stayed at 0.001?",
                "b": "Very likely, and section 2 will measure it. But could you show it from "
                "this curve alone, in which rate and epoch rise together?",
                "d": "Adam scales each weight's step, and the learning rate multiplies them all. "
                "At the end of this sweep it matters very much.",
            },
        ),
        why="Rate and epoch rise together, so one curve cannot say which of them lowers the loss; "
        "a run at a constant rate can.",
        hints=(
            "How many things change from one epoch to the next?",
            "Two things change at once. Which run would change only one of them?",
        ),
    ),
    Exercise(
        id="07.2",
        title="A bake-off of the rules",
        grader=Number(
            factor("minimum/10"),
            rel=0.01,
            mistakes={
                factor("valley"): "That is the factor of the valley. Which column is asked for?",
                factor("steepest"): "That is the factor of the steepest fall. Which column is "
                "asked for?",
                difference: "You subtracted. On a log axis distances are factors: divide.",
                of_nine_in_ten: "That is the factor between the brackets, nine of ten repeats. "
                "Take all ten.",
                over_the_median: "That is the largest over the median. Divide by the smallest.",
            },
        ),
        why="Ten runs of one test, and minimum/10 disagrees with itself by this factor: one number "
        "from one run is falsely precise.",
        hints=(
            "You need one column of the table, and two of its values.",
            "`.max()` of the column divided by its `.min()`.",
        ),
        example={
            "by_repeat": pd.DataFrame(
                {
                    "valley": [2e-4, 3e-4, 6e-4],
                    "steepest": [1e-3, 3e-3, 7e-3],
                    "minimum/10": [4e-4, 2e-3, 4e-3],
                }
            )
        },
    ),
    Exercise(
        id="07.3",
        title="No answer",
        grader=Choice(
            "b",
            mistakes={
                "a": "The lowest loss is at the last rate only because the test stopped there. "
                "What would it have done at 2e-3?",
                "c": "More smoothing hides noise. What is missing here is not calm but a part of "
                "the curve.",
                "d": "A tenth of the lowest is a good rule when the lowest has been seen. Here it "
                "is the edge of the test.",
            },
        ),
        why="As long as nothing breaks, nobody knows which rate is too large: go on to larger "
        "rates.",
        hints=(
            "Draw the curve as far as it goes. Where is the wall?",
            "The test stopped before the wall.",
        ),
    ),
]
