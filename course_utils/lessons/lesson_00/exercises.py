"""Exercises of lesson 00: what a learning rate does, seen for the first time."""

from course_utils.grading.exercises import Exercise
from course_utils.grading.graders import Choice, Matching, Number

EXERCISES = [
    Exercise(
        id="00.1",
        title="Read four loss curves",
        grader=Matching(
            {"A": "good", "B": "diverging", "C": "too small", "D": "oscillating"},
            mistakes={
                ("A", "too small"): "Look at the right end of curve A: is it still on its way?",
                ("A", "oscillating"): "Look at the end of curve A: does it move up and down there?",
                ("B", "good"): "Curve B rises: is a rising loss learning?",
                ("B", "too small"): "Curve B rises. Which way does a short step go?",
                ("B", "oscillating"): "Curve B rises. Does it ever come back?",
                ("C", "good"): "Curve C is smooth, but has it arrived when the run ends?",
                ("C", "oscillating"): "Curve C never turns upwards. Look again.",
                ("D", "diverging"): "Curve D jumps, but does it leave the picture?",
                ("D", "good"): "Curve D is low, but does it come to rest?",
            },
        ),
        why="A slope at the end asks for a larger rate, jumps for a smaller one, a rise for a much "
        "smaller one.",
        hints=(
            "Look at the last third of each curve: is it flat, falling, jumping or rising?",
            "With a rate that is too small the curve is smooth and still falls at its end.",
            "Jumping and rising are signs of a large rate. Only one of them leaves the picture.",
        ),
    ),
    Exercise(
        id="00.2",
        title="What jumps?",
        grader=Choice(
            "b",
            mistakes={
                "a": "That is what w does. Put 4, −3.6 and 3.24 into the loss ½w².",
                "c": "The walker changes sides, but does it stand as far out as before?",
                "d": "The loss rises when each step lands further out. Compare 4 with 3.6.",
            },
        ),
        why="Only the distance from 0 counts for ½w², and it shrinks at every step. A loss that "
        "jumps needs more than that: run D above learns from other people at each step.",
        hints=(
            "The loss is ½w². Does it matter on which side of 0 the walker stands?",
            "Compute the loss at 4, at −3.6 and at 3.24.",
        ),
    ),
    Exercise(
        id="00.3",
        title="One step by hand",
        grader=Number(
            3.2,
            mistakes={
                4.8: "You went uphill: the gradient points to where the loss grows. "
                "Which sign does the update have?",
                3.6: "You took w for the gradient. The slope of w² is steeper than that.",
                2.4: "You multiplied the rate by the loss, w². The update uses its slope.",
                0.8: "This is how far w moves. The question asks where w arrives.",
                -4.0: "You took the whole gradient as the step. Where does the rate come in?",
                8.0: "This is the gradient. Multiply it by the rate, then move w.",
            },
        ),
        why="The gradient is 2·4 = 8, the step 0.1·8 = 0.8, and w moves down the slope by it.",
        hints=(
            "Three parts: the gradient at w, the step, the new w.",
            "The gradient of w² is 2·w.",
            "The step is learning_rate·gradient, and it is taken away from w.",
        ),
    ),
]
