"""Exercises of lesson 10: grid search with Keras."""

import numpy as np

from course_utils.grading.exercises import Exercise
from course_utils.grading.functions import Function
from course_utils.grading.graders import Choice
from course_utils.lessons.lesson_10 import answers


def rate_for(rate, old, new):
    return rate * (1 - new) / (1 - old)


def unchanged(rate, old, new):
    return rate


def turned_round(rate, old, new):
    return rate * (1 - old) / (1 - new)


def from_no_momentum(rate, old, new):
    return rate * (1 - new)


def times_momentum(rate, old, new):
    return rate * new


def with_plus(rate, old, new):
    return rate * (1 + old) / (1 + new)


def rows_of_line(n_rows, slopes, seed):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(n_rows, len(slopes)))
    return X, X @ slopes + 0.1 * rng.normal(size=n_rows)


EXERCISES = [
    Exercise(
        id="10.1",
        title="Build it in time",
        grader=answers.Written(
            answers.Mine,
            tried=answers.trained,
            cases=[(4, 0.001, 3), (64, 0.1, 1), (7, 0.5, 5)],
            mistakes={
                answers.BuiltEarly: "Your network still holds the default values. When is it "
                "built, and what comes after that: `set_params`, or `fit`?",
                answers.GoesOn: "Your second `fit` goes on with the network of the first. A fit "
                "on other folds must know nothing of it: begin anew each time.",
                answers.ReturnsNothing: "Your `fit` returns nothing. scikit-learn writes "
                "`estimator.fit(X, y).predict(X)`: what has to come back?",
                answers.ReturnsModel: "Your `fit` returns the network of Keras. The search goes on "
                "with what comes back, and expects the estimator.",
                answers.OneEpoch: "Your network trains one epoch, Keras's default. Which of your "
                "arguments does nobody read?",
            },
            looks_at="It is cloned, gets `units`, `learning_rate` and `epochs` by `set_params`, "
            "and is fitted twice; each fit has to train a new network with these values and to "
            "return the estimator itself.",
        ),
        why="`__init__` stores, `set_params` stores, and `fit` builds from what is stored by then.",
        hints=(
            "Write down the order of events in a search: `__init__`, `set_params`, `fit`. In "
            "which of them are all values known?",
            "`__init__` is four lines of the form `self.units = units`; `self.model = "
            "self.build_model()` moves to the first line of `fit`.",
            "`fit` then calls `self.model.fit(X, y, epochs=self.epochs, verbose=0)` and returns "
            "`self`.",
        ),
    ),
    Exercise(
        id="10.2",
        title="Labels that are words",
        grader=answers.Written(
            answers.Labelled,
            tried=answers.named,
            cases=[
                (["storm", "calm", "rough", "calm", "storm", "rough", "calm"], 20),
                ([1, 0, 0, 1, 1, 0], 4),
                ([30, 7, 12, 5, 7, 30, 5, 12], 6),
            ],
            mistakes={
                answers.Numbered: "Your class predicts 0, 1, 2. Who asks for a forecast wants to "
                "read a label such as those that `fit` was given.",
                answers.FixedSizes: "Your network takes 20 columns and three classes, whatever "
                "comes. The data of `fit` say how many there are.",
                answers.Untranslated: "Keras still gets the labels as they are. It counts classes "
                "from 0: which array of `np.unique` does that?",
                answers.AsTheyCome: "Your `classes_` stand in the order in which they come. "
                "scikit-learn takes them sorted, and reads columns of probabilities by it.",
                answers.OneForAll: "You look for one largest number in the whole table. There is "
                "one in each row: which axis runs over the classes?",
            },
            looks_at="It is fitted to labels that are words or numbers with gaps, to other "
            "numbers of columns and classes, and its `predict` and its `classes_` are read.",
        ),
        why="Learn the labels in `fit`, train on their numbers, and translate back in `predict`.",
        hints=(
            "What does `np.unique(y, return_inverse=True)` return?",
            "Its first array is `self.classes_`; its second holds 0, 1, 2, … for Keras. Both "
            "sizes of `build_model` can be read off the data.",
            "`predict` ends in `self.classes_[np.argmax(self.model(X), axis=1)]`.",
        ),
    ),
    Exercise(
        id="10.3",
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
        id="10.4",
        title="A line without Keras",
        grader=answers.Written(
            answers.Line,
            tried=answers.fitted_line,
            cases=[
                (settings, *rows_of_line(12, np.array(slopes), seed))
                for seed, (settings, slopes) in enumerate(
                    [
                        ({"learning_rate": 0.05, "epochs": 9}, [2.0, -1.0]),
                        ({"learning_rate": 0.2, "decay": 0.7, "epochs": 5}, [1.0, 0.5, -2.0]),
                        ({"decay": 0.9, "epochs": 3}, [3.0]),
                    ]
                )
            ],
            mistakes={
                answers.RatesEarly: "`set_params` changes your arguments and not your rates. "
                "When are the rates computed?",
                answers.LineGoesOn: "Your second `fit` begins where the first one ended. Where do "
                "the weights come from?",
                answers.TwoColumns: "Your weights are two, whatever comes. How many columns "
                "has `X`?",
                answers.ConstantRate: "Nobody reads your `decay`: the rate of the last step is "
                "that of the first.",
                answers.LineReturnsNothing: "Your `fit` returns nothing, and a search goes on "
                "with what it returns.",
                answers.MixinLast: "It fits, but scikit-learn does not see a regressor in it. "
                "Which class says that it is one, and is it asked first?",
            },
            looks_at="It is cloned, gets other arguments by `set_params`, is fitted twice to one, "
            "two or three columns, and is asked what it predicts and whether it is a regressor.",
        ),
        why="The same contract without Keras: store, compute in `fit`, begin anew, mixin first.",
        hints=(
            "Go through `__init__` of the colleague: which of its lines store, and which compute?",
            "The rates and the weights belong into `fit`; the weights need `X.shape[1]`.",
            "`class Line(RegressorMixin, BaseEstimator)`; in `fit`: `self.w_ = "
            "np.zeros(X.shape[1])`, then the colleague's loop over the rates, then `return self`.",
        ),
    ),
    Exercise(
        id="10.5",
        title="Momentum comes in",
        grader=Function(
            rate_for,
            cases=[(0.3, 0.0, 0.9), (0.02, 0.9, 0.99), (0.04, 0.95, 0.5), (0.1, 0.8, 0.8)],
            mistakes={
                unchanged: "With more momentum each gradient acts longer. At the same rate the "
                "steps grow.",
                turned_round: "You went the other way: more momentum already makes steps longer.",
                from_no_momentum: "You left out the momentum that the old rate was tuned with.",
                times_momentum: "You multiplied by the momentum. How many plain steps does one "
                "gradient add up to?",
                with_plus: "That factor belongs to the limit of stability in lesson 04. Here it "
                "is the total of the steps that one gradient causes.",
            },
        ),
        why="One gradient adds up to 1/(1 − β) plain steps, so rate/(1 − β) is what to keep.",
        hints=(
            "A gradient counts 1, then β, then β², … What is the sum?",
            "The sum is 1/(1 − β). Rate times sum is to stay the same.",
        ),
    ),
]
