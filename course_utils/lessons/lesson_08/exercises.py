"""Exercises of lesson 08: learning-rate schedules."""

import math

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Matching


def cosine(step, steps, peak, final):
    return final + (peak - final) * (1 + math.cos(math.pi * step / steps)) / 2


def cosine_without_final(step, steps, peak, final):
    return peak * (1 + math.cos(math.pi * step / steps)) / 2


def cosine_on_top_of_final(step, steps, peak, final):
    return final + peak * (1 + math.cos(math.pi * step / steps)) / 2


def cosine_upside_down(step, steps, peak, final):
    return final + (peak - final) * (1 - math.cos(math.pi * step / steps)) / 2


def cosine_not_halved(step, steps, peak, final):
    return final + (peak - final) * (1 + math.cos(math.pi * step / steps))


def cosine_of_a_whole_wave(step, steps, peak, final):
    return final + (peak - final) * (1 + math.cos(2 * math.pi * step / steps)) / 2


def cosine_without_pi(step, steps, peak, final):
    return final + (peak - final) * (1 + math.cos(step / steps)) / 2


def cosine_not_lifted(step, steps, peak, final):
    return final + (peak - final) * math.cos(math.pi * step / steps)


def straight_line(step, steps, peak, final):
    return peak + (final - peak) * step / steps


def drops(n_rows, batch_size, epochs):
    return [epoch * math.ceil(n_rows / batch_size) for epoch in epochs]


def drops_in_epochs(n_rows, batch_size, epochs):
    return list(epochs)


def drops_in_rows(n_rows, batch_size, epochs):
    return [epoch * n_rows for epoch in epochs]


def drops_without_short_batch(n_rows, batch_size, epochs):
    return [epoch * (n_rows // batch_size) for epoch in epochs]


def drops_of_parts_of_a_batch(n_rows, batch_size, epochs):
    return [epoch * n_rows / batch_size for epoch in epochs]


def drops_rounded_late(n_rows, batch_size, epochs):
    return [math.ceil(epoch * n_rows / batch_size) for epoch in epochs]


def drops_of_the_batch_size(n_rows, batch_size, epochs):
    return [epoch * batch_size for epoch in epochs]


EXERCISES = [
    Exercise(
        id="08.1",
        title="Predict three runs",
        grader=Choice(
            "b",
            mistakes={
                "a": "Each batch of four rows points somewhere else. What does a step of a large "
                "rate do with that, once the run is near the bottom?",
                "c": "Small steps are smooth. But how far do 600 of them carry?",
                "d": "They see the same rows, but how far they jump at each row differs by a "
                "factor of ten.",
            },
        ),
        why="Large first to get there, small at the end to come to rest.",
        hints=(
            "Two questions for each run: is it there in time, and what does it do once there?",
            "Near the bottom a step is mostly noise of the batch, times the rate.",
        ),
    ),
    Exercise(
        id="08.2",
        title="Write the cosine",
        grader=Function(
            cosine,
            cases=[(0, 400, 1.0, 0.0), (100, 400, 0.5, 0.01), (30, 60, 0.3, 0.1), (7, 7, 2.0, 0.5)],
            mistakes={
                cosine_without_final: "Your function always goes down to zero. Where is `final`?",
                cosine_on_top_of_final: "Your function starts above the peak. How high is the way "
                "from `final` up to `peak`?",
                cosine_upside_down: "Your function goes up. At the start the cosine is 1; what "
                "should the rate be there?",
                cosine_not_halved: "Your function starts too high: one plus the cosine runs from 2 "
                "to 0, and you need a share from 1 to 0.",
                cosine_of_a_whole_wave: "Your function comes back up: that is a whole wave. Half "
                "of one is enough.",
                cosine_without_pi: "Your function hardly falls: at the last step the angle must "
                "be half a turn.",
                cosine_not_lifted: "Your function goes below `final`, and may go below zero. Lift "
                "the cosine before you scale it.",
                straight_line: "Your function is a straight line. Both ends fit; the way between "
                "them should be half a wave.",
            },
        ),
        why="One plus the cosine, halved, is a share from 1 to 0; it scales the way from the "
        "final rate up to the peak.",
        hints=(
            "First make a share that is 1 at the start of the run and 0 at its end.",
            "The cosine of π·step/steps runs from 1 to −1. Add 1 and halve it.",
            "The rate is the final rate plus this share of the way up to the peak.",
        ),
    ),
    Exercise(
        id="08.3",
        title="Where are the drops?",
        grader=Function(
            drops,
            cases=[(1000, 64, [30]), (300, 32, [20, 30]), (120, 40, [5]), (7, 2, [1, 2, 9])],
            mistakes={
                drops_in_epochs: "Your numbers are counted in epochs. A schedule is asked at every "
                "batch: how many of them has an epoch?",
                drops_in_rows: "Your numbers are counted in rows. A step takes a whole batch of "
                "them.",
                drops_without_short_batch: "You left out the last, short batch of each epoch. "
                "Keras trains on it, so it is a step.",
                drops_of_parts_of_a_batch: "Your numbers have fractions: a short batch is a whole "
                "step too.",
                drops_rounded_late: "You rounded once, at the end. Each epoch has a short batch of "
                "its own: round the steps of one epoch.",
                drops_of_the_batch_size: "You multiplied by the batch size. How many batches has "
                "an epoch?",
            },
        ),
        why="An epoch has as many steps as batches, the last and short one included; the drop "
        "comes after so many epochs of them.",
        hints=(
            "Schedules count steps: how many steps has one epoch?",
            "1,000 rows in batches of 64: fifteen are full. What happens to the other 40 rows?",
            "`math.ceil` or `np.ceil` rounds up.",
        ),
    ),
    Exercise(
        id="08.4",
        title="Four reports",
        grader=Matching(
            {"A": "count steps", "B": "decay", "C": "warm-up", "D": "own peak"},
            mistakes={
                ("A", "decay"): "A has a decay. When, in its run, does the rate come down?",
                ("A", "warm-up"): "A falls at first, so nothing explodes. How long are its first "
                "ten steps, in epochs?",
                ("A", "own peak"): "A falls at first, so its peak is of use. For how long does A "
                "train at its peak?",
                ("B", "count steps"): "B has no schedule, so nothing can be miscounted.",
                ("B", "warm-up"): "B is fast from the start. What keeps it from coming to rest?",
                ("B", "own peak"): "Another constant rate gives B another height, or another "
                "speed. What would give it both?",
                ("C", "decay"): "C explodes when the rate is largest at the start. A decay is "
                "largest there.",
                ("C", "count steps"): "C is told of rates, not of boundaries. What differs between "
                "its start and its third epoch?",
                ("C", "own peak"): "0.2 is too much for C at one time and not at another. What "
                "rate should come before it?",
                ("D", "decay"): "D has a decay already. What was its peak chosen for?",
                ("D", "warm-up"): "D is smooth from the start. What mean rate did it train with?",
                ("D", "count steps"): "D comes down smoothly over its whole run. Compare its mean "
                "rate with that of the constant run.",
            },
        ),
        why="A drops within its first epoch, B hovers on its noise floor, C starts in a steep "
        "place, and D had a peak that was chosen for the constant rate.",
        hints=(
            "Ask of each: what is the rate at its start, and what at its end?",
            "Two of them have a schedule. One comes down too soon; the other began too low.",
        ),
    ),
]
