"""Exercises of lesson 01: gradient descent in a quadratic bowl."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number, Ordering


def walk(w, curvature, c, learning_rate, steps):
    for _ in range(steps):
        w = w - learning_rate * curvature * (w - c)
    return w


def walk_to_zero(w, curvature, c, learning_rate, steps):
    return walk(w, curvature, 0.0, learning_rate, steps)


def walk_uphill(w, curvature, c, learning_rate, steps):
    return walk(w, curvature, c, -learning_rate, steps)


def one_step(w, curvature, c, learning_rate, steps):
    return walk(w, curvature, c, learning_rate, 1)


def walk_by_the_loss(w, curvature, c, learning_rate, steps):
    for _ in range(steps):
        w = w - learning_rate * curvature * (w - c) ** 2 / 2
    return w


def walk_with_half_the_slope(w, curvature, c, learning_rate, steps):
    return walk(w, curvature / 2, c, learning_rate, steps)


def walk_without_curvature(w, curvature, c, learning_rate, steps):
    return walk(w, 1.0, c, learning_rate, steps)


def walk_without_rate(w, curvature, c, learning_rate, steps):
    return walk(w, curvature, c, 1.0, steps)


def walk_by_the_first_slope(w, curvature, c, learning_rate, steps):
    return w - steps * learning_rate * curvature * (w - c)


def distance_that_is_left(w, curvature, c, learning_rate, steps):
    return walk(w, curvature, c, learning_rate, steps) - c


EXERCISES = [
    Exercise(
        id="01.1",
        title="A bowl that stands elsewhere",
        grader=Function(
            walk,
            cases=[
                (4.0, 2.0, 1.0, 0.1, 3),
                (-3.0, 0.5, 2.0, 1.5, 4),
                (np.array([2.0, -1.0, 0.5]), 4.0, -2.0, 0.4, 2),
            ],
            mistakes={
                walk_to_zero: "Your walk goes to 0, as in the bowl above. "
                "Where is the slope of this one zero?",
                walk_uphill: "Your walk climbs. On the right of c the slope is positive, and w "
                "should get smaller.",
                one_step: "You return after the first step. How many are asked for?",
                walk_by_the_loss: "You step by the loss. "
                "What is needed is its slope, the derivative.",
                walk_with_half_the_slope: "Your steps are half as long as they should be: "
                "the derivative of a square brings a 2.",
                walk_without_curvature: "Your walk is the same in a steep bowl and in a flat one: "
                "the curvature is missing.",
                walk_without_rate: "Your function ignores the rate: every rate gives the same.",
                walk_by_the_first_slope: "You take the slope of the start for all steps. "
                "It changes with every step.",
                distance_that_is_left: "You return how far it still is to the bottom. "
                "Return where w is.",
            },
        ),
        why="The slope is λ(w − c): each step removes the same share of the distance to c.",
        hints=(
            "Only the slope is new. It must be zero where the bowl has its bottom.",
            "The derivative of ½λ(w − c)² with respect to w: the square comes down once.",
            "The slope is λ(w − c). Now the loop is that of `walk` above.",
        ),
    ),
    Exercise(
        id="01.2",
        title="Predict the path",
        grader=Choice(
            "b",
            mistakes={
                "a": "A steady approach needs a factor 1 − rate·curvature between 0 and 1. "
                "Compute it: which sign does it have here?",
                "c": "Growth needs a factor beyond −1. How large is 1 − rate·curvature?",
                "d": "To arrive in one step the factor must be exactly 0. Which rate does that?",
            },
        ),
        why="The factor is 1 − 0.4·4 = −0.6: the sign flips at each step, the size shrinks.",
        hints=(
            "Each step multiplies w by one and the same factor.",
            "The factor is 1 − learning_rate·curvature. What do its sign and its size tell you?",
        ),
    ),
    Exercise(
        id="01.3",
        title="The limit of stability",
        grader=Number(
            2 / 25,
            mistakes={
                2.0: "This is the limit of the flattest direction. The steep one breaks earlier.",
                1 / 25: "This rate takes the steep direction to the bottom in one step. "
                "How much longer may the step be before it grows?",
                2 / 13: "You used the mean curvature. One direction is enough to diverge.",
                2 / 26: "You used the sum of the curvatures. "
                "The directions move each on its own; which of them breaks first?",
                25 / 2: "This is λ/2. A steeper bowl has a smaller limit.",
                0.5: "This is λ/2 of the flat direction. Which direction breaks first, and does a "
                "steeper bowl bear a larger rate or a smaller one?",
                1.0: "This rate is the best for the flattest direction alone.",
            },
        ),
        why="The steepest direction sets the limit: |1 − rate·25| < 1 means a rate below 2/25.",
        hints=(
            "Each direction has a factor 1 − rate·curvature of its own.",
            "A direction diverges when the size of its factor is larger than 1.",
            "Write the condition for each curvature. Which of the two is stricter?",
        ),
    ),
    Exercise(
        id="01.4",
        title="Order four rates by speed",
        grader=Ordering(
            (0.25, 0.3, 0.1, 0.45),
            mistakes={
                (0.45, 0.3, 0.25, 0.1): "You put the largest rate first. "
                "A long step can jump to the other side and nearly as far up.",
                (0.1, 0.25, 0.3, 0.45): "You put the smallest rate first. "
                "Is the most careful rate the fastest?",
                (0.25, 0.1, 0.3, 0.45): "You put the rates that overshoot last. "
                "The side does not matter: which factor is nearer to 0?",
                (0.45, 0.1, 0.3, 0.25): "This is the order from slow to fast. Turn it round.",
            },
        ),
        why="The factors are 0, −0.2, 0.6 and −0.8, and only their size counts.",
        hints=(
            "Compute the factor 1 − rate·4 for each of the four.",
            "A factor near 0 is fast, a factor near 1 or −1 is slow.",
        ),
    ),
    Exercise(
        id="01.5",
        title="The best fixed rate for two directions",
        grader=Number(
            2 / 10,
            mistakes={
                2 / 8: "This is the limit: the steep direction never comes down there.",
                1 / 8: "This is the best rate for the steep direction. "
                "The flat one then keeps three quarters of its error at each step.",
                1 / 2: "This is the best rate for the flat direction. The steep one explodes.",
                1 / 10: "Collect the terms once more: each side of your equation has a 1.",
                2 / 5: "You took 2/mean, and 5 is the mean of the curvatures. "
                "The flat and the steep direction must shrink equally fast.",
                2 / 6: "You took the difference of the two curvatures. "
                "Set the two factors to the same size with opposite signs.",
                2 / 26: "These are the curvatures of the example above. Here they are 2 and 8.",
            },
        ),
        why="There the two factors are 0.6 and −0.6: (κ − 1)/(κ + 1) with κ = 4.",
        hints=(
            "The slower of the two directions decides. Draw both factors against the rate.",
            "A larger rate helps the flat direction and, from some point on, hurts the steep one.",
            "At the best rate the factors have the same size: 1 − rate·2 = −(1 − rate·8).",
        ),
    ),
    Exercise(
        id="01.6",
        title="After scaling the features",
        grader=Choice(
            "b",
            mistakes={
                "a": "Compute the two curvatures before and after: variances, here. Which rate has "
                "the best guarantee for each pair?",
                "c": "That is so when the *steep* direction is what scaling removes, as in the "
                "figure. Which curvature does it change here?",
                "d": "Look at how much the two curvatures differ before and after.",
            },
        ),
        why="The flat direction has become as steep as the other: 2/(λmin + λmax) goes from nearly "
        "2 to 1, and with a condition number of 1 no direction has to wait for another.",
        hints=(
            "The curvature along an uncorrelated feature of mean 0 is its variance.",
            "The curvatures are 1 and 0.0001 before, and 1 and 1 after.",
        ),
    ),
]
