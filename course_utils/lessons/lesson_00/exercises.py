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
        why="A slope at the end says too small, jumps say too large, a rise says far too large.",
        hints=(
            "Look at the last third of each curve: is it flat, falling, jumping or rising?",
            "With a rate that is too small the curve is smooth and still falls at its end.",
            "Jumping and rising are signs of a large rate. Only one of them leaves the picture.",
        ),
    ),
    Exercise(
        id="00.2",
        title="Which run needs the larger rate?",
        grader=Choice(
            "A",
            mistakes={
                "B": "Run B moves up and down: its steps are too long already. "
                "What would still longer steps do?",
                "both": "One of the two overshoots. Would longer steps help it?",
                "neither": "Compare the ends: one of the runs is still on its way down. "
                "Does it need more patience only, or could its steps be longer?",
            },
        ),
        why="Its loss still falls at the end and never jumps: there is room for longer steps.",
        hints=(
            "A larger rate makes every step longer. Which of the runs can bear that?",
            "A jumping loss means that steps carry the model past the lowest point.",
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
