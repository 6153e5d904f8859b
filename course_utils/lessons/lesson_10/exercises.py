"""Exercises of lesson 10: grid search with Keras."""

from course_utils.grading.exercises import Exercise
from course_utils.grading.graders import Choice, Number

EXERCISES = [
    Exercise(
        id="10.1",
        title="How many different networks?",
        grader=Number(
            1,
            rel=1e-6,
            mistakes={
                4: "That is how many candidates there are. When is the network of each built, and "
                "from which parameters?",
                2: "One of the two parameters, then, would arrive in time. Which line of the class "
                "reads it after `set_params`?",
                0: "Each candidate does train a network. Do they differ?",
            },
        ),
        why="Each network is built in __init__, from the defaults, before set_params is called.",
        hints=(
            "Write down the order of events: clone, `__init__`, `set_params`, `fit`.",
            "At the moment when `build_model` runs, which `units` does the object have?",
        ),
    ),
    Exercise(
        id="10.2",
        title="Iris in three folds",
        grader=Choice(
            "c",
            mistakes={
                "a": "That is what folds with all three classes would give. Which classes are in "
                "the first third of the sorted rows?",
                "b": "Chance would need a network that knows of the class. Has it seen a single "
                "flower of it?",
                "d": "Nothing checks whether a class is missing in training: the output layer has "
                "three units all the same.",
            },
        ),
        why="Unstratified thirds of sorted rows are whole classes: each fold asks for a class that "
        "the training has never seen.",
        hints=(
            "Cut 50 + 50 + 50 sorted rows into three equal blocks. What is in the first?",
            "The network has learned the two other classes. What will it answer?",
        ),
    ),
    Exercise(
        id="10.3",
        title="How many stacked models?",
        grader=Number(
            9,
            rel=1e-6,
            mistakes={
                108: "That is one by one. Which of the differences can live inside one stack?",
                36: "You have put the folds together. Which parameters leave the graph as it is?",
                18: "One of your axes need not be there: is it the rate or the epochs that you "
                "counted?",
                27: "Folds do not change the graph: they are other rows for the same network.",
                3: "The batch size changes the shape of what flows through the graph too.",
                6: "The axes multiply, they do not add.",
            },
        ),
        why="Three widths and three batch sizes make nine shapes; rates, epochs and folds share.",
        hints=(
            "Cross out every axis that the stack can hold inside: rates, epochs, folds.",
            "What is left are units and batch size.",
        ),
    ),
    Exercise(
        id="10.4",
        title="Momentum comes in",
        grader=Number(
            0.03,
            rel=0.08,
            mistakes={
                0.3: "With momentum each gradient acts about ten times. At the same rate the steps "
                "are ten times as long.",
                3.0: "You went the other way. Momentum makes the steps longer by itself.",
                0.27: "You took the rate times the momentum. How many plain steps does one "
                "gradient add up to?",
                0.003: "A factor of a hundred belongs to momentum 0.99.",
            },
        ),
        why="One gradient adds up to 1/(1 − 0.9) = 10 plain steps, so start with a tenth.",
        hints=(
            "A gradient counts 1, then 0.9, then 0.81, … What is the sum?",
            "The sum is 1/(1 − 0.9). Divide the rate by it.",
        ),
    ),
]
