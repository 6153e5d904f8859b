"""Exercises of lesson 05: telling a gain from luck."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Number, Selection
from course_utils.lessons.lesson_05 import answers

EXERCISES = [
    Exercise(
        id="05.1",
        title="The paired difference",
        grader=Function(
            answers.paired_difference,
            cases=[
                (
                    answers.table_of(
                        {0.1: [0.70, 0.82, 0.75, 0.91], 0.01: [0.68, 0.77, 0.74, 0.85]}, 3, 1
                    ),
                    0.1,
                    0.01,
                ),
                (
                    answers.table_of(
                        {
                            0.001: [0.50, 0.60, 0.55, 0.71, 0.64, 0.49],
                            0.01: [0.56, 0.58, 0.61, 0.75, 0.63, 0.57],
                            0.1: [0.61, 0.59, 0.72, 0.70, 0.66, 0.65],
                        },
                        5,
                        2,
                    ),
                    0.001,
                    0.1,
                ),
            ],
            mistakes={
                answers.the_other_way_round: "The sign is turned round: take the runs of a, less "
                "those of b.",
                answers.standard_deviation: "Your second number says how far one pair lies from "
                "the mean. How far may the mean itself be off?",
                answers.divided_by_n: "You divided the standard deviation by the number of pairs. "
                "Four times as many pairs should halve the error.",
                answers.with_numpys_deviation: "Your standard deviation divides by n. Estimated "
                "from n pairs, it divides by n − 1: `ddof=1` in NumPy.",
                answers.not_paired: "You added the spreads of both sides, as if the runs were "
                "strangers. Subtract seed by seed first; then look at the spread.",
                answers.paired_by_place: "You paired the rows as they come. The tables here are "
                "in no order: which column tells you who belongs together?",
                answers.over_all_epochs: "You averaged over the epochs. A run is judged by its "
                "last one.",
                answers.every_epoch_a_pair: "You took each epoch for a pair of its own. The "
                "epochs of one run are not independent; a run gives one number.",
                answers.mean_alone: "You return one number. How sure are you of it? Return two.",
            },
        ),
        why="Subtract first, then average: what the two runs of a pair share has left the table.",
        hints=(
            "Which rows of the table say what a run ended with?",
            'From those, `pivot_table(index="seed", columns="learning_rate", '
            'values="val_accuracy")` puts the two runs of a seed side by side.',
            "Return the mean of the differences, and their standard deviation (n − 1) divided by "
            "the square root of their number.",
        ),
    ),
    Exercise(
        id="05.2",
        title="Find the leak",
        grader=Function(
            answers.share_with_twin,
            cases=[
                (
                    answers.wines(
                        (9.5, 3.2), (9.5, 3.2), (10.0, 3.1), (12.0, 3.4), index=[0, 2, 3, 5]
                    ),
                    answers.wines(
                        (9.5, 3.2), (10.0, 3.2), (9.5, 3.2), (11.0, 3.0), index=[2, 3, 6, 7]
                    ),
                ),
                (
                    answers.wines(
                        (9.0, 3.0),
                        (9.1, 3.1),
                        (9.2, 3.2),
                        (9.3, 3.3),
                        (9.4, 3.4),
                        (9.5, 3.5),
                        (9.1, 3.1),
                        index=[1, 2, 3, 4, 5, 6, 7],
                    ),
                    answers.wines((9.1, 3.1), (9.2, 3.3), (9.9, 3.0), index=[0, 8, 9]),
                ),
                (
                    answers.wines((8.0, 3.0), (8.5, 3.5), index=[0, 1]),
                    answers.wines(
                        (8.0, 3.5), (9.0, 3.1), (9.0, 3.1), (9.0, 3.6), index=[2, 3, 1, 4]
                    ),
                ),
            ],
            mistakes={
                answers.number_with_twin: "You return a number of rows. Which share of the test "
                "is it?",
                answers.share_of_train: "You counted the rows of the training table that have a "
                "twin. It is the test rows that are judged.",
                answers.copies_within_test: "You look for copies within the test rows. A leak is "
                "a row that the training has seen.",
                answers.copies_in_both: "You put both tables together. Copies inside one of them "
                "then count too, and they leak nothing.",
                answers.each_kind_once: "You dropped the copies among the test rows first. Each "
                "of them is judged, so each counts.",
                answers.by_the_index: "You compared the labels of the rows. Twins have different "
                "labels and equal contents.",
                answers.column_by_column: "You compared column by column. A twin agrees in all "
                "columns of one and the same row.",
                answers.pairs_of_rows: "You counted pairs. A test row with two twins in the "
                "training table is still one test row.",
            },
        ),
        why="A test row that stands in the training table, too, asks for memory, not for learning.",
        hints=(
            "Go through the test rows one by one. Which question do you ask each of them?",
            "`set(map(tuple, train.to_numpy()))` holds each training row as a tuple.",
            "Return the share of the test rows whose tuple is in that set.",
        ),
    ),
    Exercise(
        id="05.3",
        title="The accuracy on new wines",
        grader=Number(
            0.74,
            rel=0.005,
            mistakes={
                0.8: "That is the average over both kinds of rows. One kind is far above it.",
                0.62: "This is the value that averages with 0.98 to 0.80 if half of the rows had "
                "a twin. Here it is a quarter.",
                0.555: "You took the twins' share away, but did not divide by the share of the "
                "others.",
                0.755: "You took a quarter of the twins' lead off 0.80. Three quarters of the rows "
                "must make up for it: divide by 0.75.",
                0.845: "You mixed 0.98 with 0.80, but 0.80 is already the mix.",
                74: "Right in per cent; give it as a share, like the 0.80 of the report.",
            },
        ),
        why="(0.80 − 0.25 · 0.98) / 0.75 = 0.74: six points less than reported.",
        hints=(
            "The report is a weighted mean of two accuracies.",
            "0.80 = 0.25 · 0.98 + 0.75 · x.",
        ),
    ),
    Exercise(
        id="05.4",
        title="Which splits leak?",
        grader=Selection(
            {"a", "c", "e"},
            mistakes={
                "a": "`stratify=y` keeps the share of good wines equal on both sides. Does it know "
                "which rows are copies of each other?",
                "b": "This splitter keeps the rows of a group together, and the groups are the "
                "sets of equal rows.",
                "c": "A fixed `random_state` makes the split repeatable. Does that make it clean?",
                "d": "With one row left of each set, no row can meet its copy.",
                "e": "No two pictures are equal, but do ten pictures of one person know nothing of "
                "each other? What could a network learn by heart?",
                "f": "Here nobody has pictures on both sides. Is the hospital going to ask about "
                "people of the training set, or about new ones?",
            },
        ),
        why="Neither stratifying nor a fixed seed keeps together what belongs together. And that "
        "is more than equal rows: all that a new case will not share with the old ones.",
        hints=(
            "Which of these know what belongs together?",
            "`groups` and `drop_duplicates` do, if they are told the right thing.",
        ),
    ),
    Exercise(
        id="05.5",
        title="Correct a report",
        grader=Function(
            answers.my_report,
            cases=[
                (
                    np.array([[0.70, 0.72, 0.71], [0.75, 0.74, 0.76], [0.73, 0.80, 0.69]]),
                    np.array([[0.71, 0.75, 0.70], [0.72, 0.77, 0.74], [0.76, 0.79, 0.73]]),
                ),
                (
                    np.array(
                        [
                            [0.60, 0.66, 0.57, 0.63],
                            [0.80, 0.55, 0.60, 0.58],
                            [0.66, 0.69, 0.65, 0.68],
                        ]
                    ),
                    np.array(
                        [
                            [0.58, 0.69, 0.61, 0.66],
                            [0.70, 0.72, 0.68, 0.73],
                            [0.60, 0.68, 0.66, 0.67],
                        ]
                    ),
                ),
                (
                    np.array(
                        [
                            [0.60, 0.60, 0.60],
                            [0.90, 0.40, 0.50],
                            [0.70, 0.68, 0.72],
                            [0.62, 0.60, 0.61],
                        ]
                    ),
                    np.array(
                        [
                            [0.58, 0.61, 0.60],
                            [0.57, 0.60, 0.65],
                            [0.66, 0.64, 0.69],
                            [0.72, 0.75, 0.70],
                        ]
                    ),
                ),
            ],
            mistakes={
                answers.report: "Your function still reports what the report did. Ask of each "
                "line: which rows does it look at, and does it take what is typical or what is "
                "luckiest?",
                answers.chosen_on_the_test: "You choose by the test rows. Then they cannot judge "
                "any more.",
                answers.judged_where_chosen: "You judge on the rows that have chosen. The best of "
                "several looks better there than it is.",
                answers.luckiest_split: "You report the luckiest split. What do the others say?",
                answers.chosen_by_one_split: "You choose by the luckiest validation split. A "
                "setting is as good as it is on average.",
                answers.without_baseline: "You report the accuracy. A gain is over something: "
                "subtract the baseline on the same splits.",
                answers.spread_for_error: "Your second number is the spread of single splits. How "
                "far may their mean be off?",
                answers.report_with_numpys_deviation: "NumPy's standard deviation divides by n. "
                "Estimated from n splits, it divides by n − 1.",
                answers.report_not_paired: "You added the spreads of both settings. They were "
                "measured on the same splits: subtract split by split first.",
            },
        ),
        why="Chosen on one set of rows, judged on another, against the baseline, in pairs, with an "
        "error.",
        hints=(
            "The report asks four questions of the same rows. Which of the two arrays may choose?",
            "The gain is an array, one number for each split: the chosen row of `test` less row 0.",
            "Return its mean, and its standard deviation (`ddof=1`) over the root of its length.",
        ),
    ),
]
