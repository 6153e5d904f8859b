"""Exercises of lesson 04: momentum."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice


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


def step_rate_outside(w, v, learning_rate, momentum, gradient):
    v = momentum * v + gradient
    return w - learning_rate * v, v


def step_positive_velocity(w, v, learning_rate, momentum, gradient):
    v = momentum * v + learning_rate * gradient
    return w - v, v


def step_nesterov(w, v, learning_rate, momentum, gradient):
    v = momentum * v - learning_rate * gradient
    return w + momentum * v - learning_rate * gradient, v


def step_swapped(w, v, learning_rate, momentum, gradient):
    return step(w, v, learning_rate, momentum, gradient)[::-1]


def step_weight_alone(w, v, learning_rate, momentum, gradient):
    return step(w, v, learning_rate, momentum, gradient)[0]


def step_velocity_alone(w, v, learning_rate, momentum, gradient):
    return step(w, v, learning_rate, momentum, gradient)[1]


def limit(curvatures, momentum):
    return 2 * (1 + momentum) / np.max(curvatures)


def limit_without_momentum(curvatures, momentum):
    return 2 / np.max(curvatures)


def limit_narrower(curvatures, momentum):
    return 2 * (1 - momentum) / np.max(curvatures)


def limit_by_effective_rate(curvatures, momentum):
    return 2 / (1 - momentum) / np.max(curvatures)


def limit_of_nesterov(curvatures, momentum):
    return 2 * (1 + momentum) / (1 + 2 * momentum) / np.max(curvatures)


def limit_of_the_flattest(curvatures, momentum):
    return 2 * (1 + momentum) / np.min(curvatures)


def limit_of_the_last(curvatures, momentum):
    return 2 * (1 + momentum) / curvatures[-1]


def limit_of_the_sum(curvatures, momentum):
    return 2 * (1 + momentum) / np.sum(curvatures)


def limit_of_both_ends(curvatures, momentum):
    return 2 * (1 + momentum) / (np.min(curvatures) + np.max(curvatures))


def limit_of_each(curvatures, momentum):
    return 2 * (1 + momentum) / np.asarray(curvatures)


def limit_without_two(curvatures, momentum):
    return (1 + momentum) / np.max(curvatures)


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
                step_rate_outside: "That is PyTorch's form: it keeps the rate out of the velocity. "
                "The walk is the same at a constant rate, but here v is the last step itself.",
                step_positive_velocity: "Your velocity points uphill, and you subtract it. The "
                "walk is the same, but here v is the step itself, with its sign.",
                step_nesterov: "That is Nesterov's step, which looks ahead along the velocity. "
                "Here the weight moves by the new velocity alone.",
                step_swapped: "The right two values, in the wrong order: first w, then v.",
                step_weight_alone: "The new weight is right. But the next step needs the new "
                "velocity too: return both.",
                step_velocity_alone: "That is the new velocity alone. Return the new weight and "
                "the new velocity.",
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
        title="The limit of any bowl",
        grader=Function(
            limit,
            cases=[
                ([1.0, 25.0], 0.5),
                ([40.0, 3.0, 8.0], 0.9),
                (np.array([0.2, 0.7, 0.1]), 0.25),
            ],
            mistakes={
                limit_without_momentum: "This is the limit without momentum. Momentum moves it.",
                limit_narrower: "You made the range smaller. Look at the line in the map: "
                "to which side does it lean?",
                limit_by_effective_rate: "You divided by 1 − β, as if the effective rate knew "
                "about stability. The limit grows by another factor.",
                limit_of_nesterov: "This is the limit of Nesterov's step. "
                "The heavy ball bears more.",
                limit_of_the_flattest: "This is the limit of the flattest direction. "
                "Which direction breaks first?",
                limit_of_the_last: "You took the last curvature. They come in any order.",
                limit_of_the_sum: "You added the curvatures. The steepest direction breaks alone.",
                limit_of_both_ends: "You added two curvatures, as for the best fixed rate. "
                "The steepest direction breaks alone.",
                limit_of_each: "You return a limit for each direction. "
                "One rate serves all: which of them may it not pass?",
                limit_without_two: "You lost the 2 of the limit without momentum.",
            },
        ),
        why="The steepest direction sets the limit, and momentum widens it by 1 + β.",
        hints=(
            "Start from the limit without momentum, 2/λmax, and widen it.",
            "It widens by the factor 1 + β.",
            "`np.max` finds the steepest direction in a list of any order.",
        ),
    ),
    Exercise(
        id="04.4",
        title="Another model: raw features",
        grader=Choice(
            "b",
            mistakes={
                "a": "The effective rate is nine times the limit of *plain* descent. "
                "Which limit holds with momentum 0.9, and for which rate?",
                "c": "So it would be with a tenth of the rate. He left the rate as it was.",
                "d": "A direction swings if β is beyond its kink. How large is ηλ in a direction "
                "a million times flatter than the steepest, and where is its kink?",
            },
        ),
        why="The rate stays below the wider limit, 1.9 times the old one, and along the flat "
        "directions the pushes add up to ten times as much.",
        hints=(
            "Two questions: is the rate below the limit with momentum, and what does momentum do "
            "where the slope hardly changes?",
            "The limit with momentum 0.9 is 1.9 times the old one; he stands at 0.9 of the old.",
            "In a very flat direction the slope is steady: think of exercise 04.1.",
        ),
    ),
]
