"""Exercises of lesson 08: learning-rate schedules."""

import math

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice, Number


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
                "factor of a hundred.",
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
        title="Where is the boundary?",
        grader=Number(
            480,
            mistakes={
                30: "That is counted in epochs. The schedule would drop within the second epoch.",
                30_000: "That is counted in rows. How many steps has the whole run?",
                468.75: "You divided the rows exactly. The last, short batch is a step too.",
                450: "You left out the last, short batch. Keras trains on it, so it is a step.",
                16: "This is the number of steps in one epoch.",
                800: "This is the length of the whole run.",
                320: "You took the epochs that are left after the drop.",
            },
        ),
        why="1,000 rows in batches of 64 are 16 steps an epoch, the last one short; 30 of them.",
        hints=(
            "Schedules count steps: how many steps has one epoch?",
            "Fifteen batches are full. What happens to the other 40 rows?",
        ),
    ),
    Exercise(
        id="08.4",
        title="A comparison to judge",
        grader=Choice(
            "c",
            mistakes={
                "a": "One of the four was tuned. What were the other three given?",
                "b": "More steps would help all of them. What differs between the four at the "
                "same length of run?",
                "d": "No such rule is known. Look at the table of mean rates in section 2.",
            },
        ),
        why="A fair comparison gives every schedule the same search, each over its own peak.",
        hints=(
            "Who got a search, and who did not?",
            "Compare the areas under the curves of section 2, all with the same peak.",
        ),
    ),
    Exercise(
        id="08.5",
        title="Scale the rate",
        grader=Number(
            0.2,
            mistakes={
                0.05: "You left the rate alone. Four times as many rows, a quarter of the steps: "
                "should each step be as long as before?",
                0.1: "You took the root of the factor. That is a rule for some adaptive "
                "optimizers; here it is plain SGD.",
                0.0125: "You went the other way. A larger batch is a better average, so it bears "
                "longer steps.",
                0.5: "This is where runs begin to explode. Start from the rate that worked.",
                6.4: "You multiplied by the batch size. By which factor did it grow?",
            },
        ),
        why="Four times the batch, four times the rate: still well below the limit. At batch 1,024 "
        "the rule would ask for 1.6, and the limit would say no.",
        hints=(
            "By which factor does the batch grow?",
            "Scale the rate by the same factor, then compare it with the limit.",
        ),
    ),
]
