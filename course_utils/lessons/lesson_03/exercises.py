"""Exercises of lesson 03: the learning rate of a Keras network."""

from course_utils.grading.exercises import Exercise
from course_utils.grading.graders import Choice, Number

EXERCISES = [
    Exercise(
        id="03.1",
        title="Predict: eight rates, raw features",
        grader=Choice(
            "a",
            mistakes={
                "b": "1 and 0.1 would be good rates for small inputs. A height is 170: think of "
                "what one step of lesson 02 did at such a rate.",
                "c": "0.01 was fine on scaled features. Here the inputs are a hundred times "
                "larger, and the gradient grows with them.",
                "d": "Such a rate moves the weights hardly at all in 200 epochs. "
                "Is there a rate that is still stable, but moves?",
            },
        ),
        why="Large inputs make large gradients, so only small rates survive on raw features.",
        hints=(
            "What did large inputs do to the stable range of SGDRegressor?",
            "The first gradient grows with the inputs: here they are a hundred times as large.",
        ),
    ),
    Exercise(
        id="03.2",
        title="An accuracy that does not move",
        grader=Choice(
            "c",
            mistakes={
                "a": "A rate that is too small also keeps the accuracy still. But this rate is "
                "large, and the accuracy equals one very special number.",
                "b": "Converged runs stay still too. Compare with the baseline: how much has "
                "this network learned?",
                "d": "A bug would be one explanation. But compute what a model would score that "
                "answers with the same class for everybody.",
            },
        ),
        why="Huge first steps pushed the ReLUs below zero for every row; no gradient revives them.",
        hints=(
            "Compare the number with the baselines that were printed at the top.",
            "A ReLU that is negative for every row passes no signal and no gradient.",
        ),
    ),
    Exercise(
        id="03.3",
        title="Count the updates",
        grader=Number(
            2000,
            rel=1e-6,
            mistakes={
                60000: "You counted rows. How many rows share one update?",
                1875: "The last batch of an epoch is short, but it makes an update too.",
                1800: "You dropped the short batch at the end of each epoch. Keras keeps it.",
                200: "That is one update per epoch: gradient descent on all rows at once.",
                10: "These are the updates of one epoch. The run has more than one.",
            },
        ),
        why="300 rows make ten batches of at most 32, ten updates an epoch, two hundred epochs.",
        hints=(
            "First the batches of one epoch: how many are needed to hold every row?",
            "Round up: a batch that is not full still makes a step.",
        ),
    ),
    Exercise(
        id="03.4",
        title="A larger batch",
        grader=Choice(
            "b",
            mistakes={
                "a": "With the same rate the larger batch makes a quarter of the updates, so in "
                "the same epochs it covers less ground. Its gradient is less noisy: what does "
                "that allow?",
                "c": "A smaller rate and fewer updates: both slow the run down.",
                "d": "For small batches the noise limits the rate, and the batch averages noise "
                "away. Look at the heat map: is the best rate in the same place in every row?",
            },
        ),
        why="A batch four times as large averages the noise; a rate up to four times as large is "
        "the first thing to try, and it fails once the curvature sets the limit.",
        hints=(
            "Which row of the heat map has its best rate furthest to the right?",
            "Fewer but steadier steps: they may be longer.",
        ),
    ),
    Exercise(
        id="03.5",
        title="Read the rate from the sharpness",
        grader=Number(
            0.25,
            mistakes={
                8.0: "This is the sharpness itself. The question asks for the rate.",
                0.125: "You took 1 over the sharpness. The limit of a bowl is twice that.",
                4.0: "You divided the sharpness by 2. Which of the two stands below the line?",
                16.0: "You multiplied. A sharper bowl allows a smaller rate, not a larger one.",
            },
        ),
        why="Full-batch training hovers where the sharpness is 2/η, so η is 2 over the sharpness.",
        hints=(
            "At the edge of stability the rate and the largest curvature satisfy one equation.",
            "It is the limit of lesson 01, 2/λmax, read backwards.",
        ),
    ),
]
