"""Exercises of lesson 04: momentum."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


def step(w, v, learning_rate, momentum, gradient):
    v = momentum * v - learning_rate * gradient
    return w + v, v


def step_with_old_velocity(w, v, learning_rate, momentum, gradient):
    return w + v, momentum * v - learning_rate * gradient


def step_uphill(w, v, learning_rate, momentum, gradient):
    v = momentum * v + learning_rate * gradient
    return w + v, v


def step_without_memory(w, v, learning_rate, momentum, gradient):
    v = -learning_rate * gradient
    return w + v, v


def step_without_friction(w, v, learning_rate, momentum, gradient):
    v = v - learning_rate * gradient
    return w + v, v


def step_as_average(w, v, learning_rate, momentum, gradient):
    v = momentum * v - (1 - momentum) * learning_rate * gradient
    return w + v, v


EXERCISES = [
    Exercise(
        id="04.1",
        title="Predict the longest step",
        grader=Choice(
            "d",
            mistakes={
                "a": "That is the first step only. What does the velocity bring along "
                "to the second one?",
                "b": "The slope pushes at every step, and what is kept of the last step is added "
                "to that push. Can the sum be smaller than the push?",
                "c": "That is the second step. A part of the second step is kept for the third.",
                "e": "A tenth of the velocity is lost at each step. The faster the ball, the more "
                "it loses: at some speed loss and push are equal.",
            },
        ),
        why="The velocity settles where it loses as much as it gains: v = 0.9·v − rate·slope, "
        "so v is ten pushes long.",
        hints=(
            "Write down the first three velocities, with a push of 1 each time.",
            "They are 1, 1 + 0.9, 1 + 0.9 + 0.81, … Where does this sum end?",
        ),
    ),
    Exercise(
        id="04.2",
        title="Write the step with momentum",
        grader=Function(
            step,
            cases=[
                (4.0, 0.0, 0.1, 0.9, 8.0),
                (-3.0, 1.5, 0.5, 0.5, 2.0),
                (np.array([2.0, -1.0]), np.array([0.3, 0.4]), 0.25, 0.8, np.array([3.0, -2.0])),
            ],
            mistakes={
                step_with_old_velocity: "Your function moves w by the old velocity. "
                "First make the new one, then move.",
                step_uphill: "Your function pushes uphill: look at the sign before the gradient.",
                step_without_memory: "Your function forgets the old velocity, so every momentum "
                "gives the same walk.",
                step_without_friction: "Your function keeps all of the old velocity. "
                "How much of it should stay?",
                step_as_average: "Your function weighs the push by one minus momentum. Some books "
                "do that; Keras, and this lesson, take the whole push.",
            },
        ),
        why="Two lines: the velocity remembers, and the weight follows the velocity.",
        hints=(
            "There are two things to update: the velocity and the weight. Which one comes first?",
            "The new velocity is a share of the old one, and a push downhill.",
            "The new weight is the old weight plus the new velocity. Return both, w first.",
        ),
    ),
    Exercise(
        id="04.3",
        title="The limit with momentum",
        grader=Number(
            2 * 1.5 / 25,
            mistakes={
                2 / 25: "This is the limit without momentum. Momentum moves it.",
                2 * 0.5 / 25: "You made the range smaller. Look at the line in the map: "
                "to which side does it lean?",
                4 / 25: "You took the effective rate, the rate divided by 1 − β, as if it knew "
                "about stability. The limit grows by another factor.",
                3.0: "This is the limit of the flat direction. Which direction breaks first?",
                3 / 26: "You added the curvatures. The steepest direction breaks alone.",
                1.5 / 25: "You lost the 2 of the limit without momentum.",
            },
        ),
        why="The limit is 2(1 + β)/λmax: with momentum 0.5, half as much again as without.",
        hints=(
            "Start from the limit without momentum, 2/λmax, and widen it.",
            "It widens by the factor 1 + β.",
        ),
    ),
    Exercise(
        id="04.4",
        title="Keep the effective rate",
        grader=Choice(
            "b",
            mistakes={
                "a": "With the same rate and momentum on top, the steps become ten times as long.",
                "c": "You went the other way: this run takes steps a hundred times as long.",
                "d": "You multiplied the rate by the momentum. Divide by what is lost per step, "
                "not by what is kept.",
            },
        ),
        why="0.001/(1 − 0.9) = 0.01: the long steps come from the memory now.",
        hints=(
            "By how much does momentum 0.9 lengthen the steps on a steady slope?",
            "Set rate/(1 − 0.9) equal to the rate of the old run.",
        ),
    ),
    Exercise(
        id="04.5",
        title="What did the comparison show?",
        grader=Choice(
            "c",
            mistakes={
                "a": "Only one rate was tried. Look at what plain SGD does at a larger one.",
                "b": "The curve with 0.9 ended far above the one without. Something did change.",
                "d": "The control without momentum reached the same score. "
                "What did both have in common?",
            },
        ),
        why="The small rate starved the plain run. Compare methods each at its own best rate.",
        hints=(
            "Which two things differ between the two curves, if you count the effective rate?",
            "Look at the control: no momentum, ten times the rate.",
        ),
    ),
]
