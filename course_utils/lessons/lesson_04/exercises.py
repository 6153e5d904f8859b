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


def least_momentum(curvatures, learning_rate):
    momentum = learning_rate * np.max(curvatures) / 2 - 1
    return max(momentum, 0.0) if momentum < 1 else None


def momentum_below_zero(curvatures, learning_rate):
    momentum = learning_rate * np.max(curvatures) / 2 - 1
    return momentum if momentum < 1 else None


def momentum_above_one(curvatures, learning_rate):
    return max(learning_rate * np.max(curvatures) / 2 - 1, 0.0)


def momentum_without_checks(curvatures, learning_rate):
    return learning_rate * np.max(curvatures) / 2 - 1


def momentum_for_the_flattest(curvatures, learning_rate):
    return least_momentum(np.min(curvatures), learning_rate)


def momentum_for_the_last(curvatures, learning_rate):
    return least_momentum(curvatures[-1], learning_rate)


def momentum_for_the_sum(curvatures, learning_rate):
    return least_momentum(np.sum(curvatures), learning_rate)


def momentum_for_each(curvatures, learning_rate):
    return [least_momentum(curvature, learning_rate) for curvature in curvatures]


def momentum_without_two(curvatures, learning_rate):
    return least_momentum(2 * np.max(curvatures), learning_rate)


def momentum_by_effective_rate(curvatures, learning_rate):
    return max(1 - 2 / (learning_rate * np.max(curvatures)), 0.0)


def none_where_plain_is_stable(curvatures, learning_rate):
    momentum = learning_rate * np.max(curvatures) / 2 - 1
    return momentum if 0 < momentum < 1 else None


EXERCISES = [
    Exercise(
        id="04.1",
        title="Up to speed",
        grader=Number(
            7,
            mistakes={
                1: "The first step is a single push. How long does the longest step become?",
                2: "The second step is 1.9 pushes long. A part of it is kept for the third, and so "
                "on: where does the sum end?",
                5: "So it would be if each step were longer than the last by a whole push. But a "
                "tenth of the velocity is lost each time.",
                6: "That one is not quite half as long. Count once more, the first push as step 1.",
                8: "That one is longer than half. Is there an earlier one? The rest before the "
                "first push is no step.",
                10: "So many pushes long is the longest step. After how many steps is half of that "
                "reached?",
                0.5: "That is the share. Which step is the first that reaches it?",
            },
        ),
        why="Step n is 1 − 0.9ⁿ of the longest one, ten pushes, and 0.9⁷ is the first power below "
        "one half.",
        hints=(
            "Write down the first three velocities, with a push of 1 each time.",
            "They are 1, 1 + 0.9, 1 + 0.9 + 0.81, … Where does this sum end?",
            "It ends at 10: there a tenth of the velocity, what is lost, is as large as the push. "
            "Now add up the powers of 0.9 until you pass 5.",
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
        title="How much momentum does it take?",
        grader=Function(
            least_momentum,
            cases=[
                ([1.0, 25.0], 0.1),
                ([40.0, 3.0, 8.0], 0.08),
                (np.array([0.2, 0.7, 0.1]), 0.5),
                ([2.0, 30.0, 12.0], 0.2),
                ([5.0, 1.0], 0.56),
                ([4.0, 1.0], 1.0),
            ],
            mistakes={
                momentum_below_zero: "A small rate gets a momentum below 0 from you. "
                "Such a rate needs none at all.",
                momentum_above_one: "You return a momentum of 1 or more. Such a ball keeps all of "
                "its velocity: nothing can be done for a rate that large.",
                momentum_without_checks: "In the middle you are right. But what about a rate that "
                "is stable anyway, and one that no momentum below 1 can save?",
                momentum_for_the_flattest: "You asked the flattest direction. "
                "Which direction breaks first?",
                momentum_for_the_last: "You took the last curvature. They come in any order.",
                momentum_for_the_sum: "You added the curvatures. "
                "The steepest direction breaks alone.",
                momentum_for_each: "You return a momentum for each direction. "
                "One momentum serves all: which of them do you need?",
                momentum_without_two: "You lost the 2 of the limit without momentum.",
                momentum_by_effective_rate: "You divided by 1 − β, as if the effective rate knew "
                "about stability. The limit grows by another factor.",
                none_where_plain_is_stable: "A rate that is stable without momentum gets `None` "
                "from you. It needs none, and that is the number 0.",
            },
        ),
        why="The red line of the map, read from the rate to the momentum: β = ηλmax/2 − 1.",
        hints=(
            "Which direction decides? For it, write down the limit of the rate at a momentum β.",
            "Set the rate equal to 2(1 + β)/λmax, and solve for β.",
            "Two cases are left: the result is below 0, and it is 1 or more.",
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
