"""Graders: the right answer of an exercise beside the typical wrong ones and what to say to each.

A mistake stands in the definition as the wrong answer that it leads to, so a wrong answer is
recognised, not guessed, and the tests can hand in every mistake.
"""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np

NO_NUMBERS = {  # what is handed in where a number is asked for
    (bool, np.bool_): "The answer is a number, and you handed in True or False.",
    str: "You handed in text. Hand in the number itself, without quotes.",
    Callable: "You handed in a function. Call it, and hand in the number it returns.",
}


class Feedback(NamedTuple):
    """The verdict on an answer, and what to say."""

    state: Literal["right", "wrong", "open"]
    message: str = ""


class Unreadable(Exception):
    """An answer of a kind that the grader does not take; the text says which kind it takes."""

    def __init__(self, message, state="wrong"):
        super().__init__(message)
        self.state = state


@dataclass(frozen=True)
class Grader:
    """What all graders share. `context` is what the lesson hands over beside the answer."""

    target: object  # the right answer
    mistakes: Mapping[object, str] = field(default_factory=dict)  # what to say to wrong answers

    def grade(self, answer, **context):
        """Return the `Feedback` on an answer."""
        try:
            given = self.read(answer)
        except Unreadable as reason:
            return Feedback(reason.state, str(reason))
        if self.same(given, self.right(**context)):
            return Feedback("right")
        return Feedback("wrong", self.reason(given, **context))

    def right(self, **context):
        """Return the right answer."""
        return self.target

    def wrong(self, **context):
        """Return the typical wrong answers, in the order of `mistakes`."""
        return list(self.mistakes)

    def read(self, answer):
        """Return a learner's answer in the form that is compared, or raise `Unreadable`."""
        raise NotImplementedError

    def same(self, given, answer):
        """Tell whether the learner's answer, read, is the same as a defined one."""
        return given == answer

    def reason(self, given, **context):
        """Return what to say to a wrong answer: by its mistake, or else in general."""
        for wrong, message in zip(self.wrong(**context), self.mistakes.values(), strict=True):
            if self.same(given, wrong):
                return message
        return self.otherwise(given)

    def otherwise(self, given):
        """Return what to say to a wrong answer that is none of the typical ones."""
        return "The answer is another one. Go through each step again, or open a hint."


@dataclass(frozen=True)
class Number(Grader):
    """One number, up to a relative tolerance `rel`.

    The target and the mistakes are numbers, or functions that compute them from the context.
    """

    rel: float = 0.01

    def right(self, **context):
        return evaluate(self.target, context)

    def wrong(self, **context):
        return [evaluate(slip, context) for slip in self.mistakes]

    def read(self, answer):
        for kind, message in NO_NUMBERS.items():
            if isinstance(answer, kind):
                raise Unreadable(message)
        if isinstance(answer, tuple) and len(answer) == 2:
            raise Unreadable(
                "You handed in two numbers. Write one, with a point and no comma: 0.1, not 0,1."
            )
        try:
            number = np.asarray(answer)
            number = math.nan if np.iscomplexobj(number) else float(number.astype(float).item())
        except (TypeError, ValueError):
            kind = type(answer).__name__
            raise Unreadable(f"The answer is one number, and you handed in a {kind}.") from None
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise Unreadable(
                "The answer is a finite number. Look for a division by zero or a root."
            )
        return number

    def same(self, given, answer):
        return math.isclose(given, answer, rel_tol=self.rel, abs_tol=1e-12)


@dataclass(frozen=True)
class Choice(Grader):
    """One of several options, in text: the target and the mistakes are all there are."""

    def read(self, answer):
        options = {plain(option): option for option in sorted([self.target, *self.mistakes])}
        if not isinstance(answer, str) or plain(answer) not in options:
            raise Unreadable(f"Answer with one of these, in quotes: {listed(options.values())}.")
        return options[plain(answer)]


@dataclass(frozen=True)
class Selection(Grader):
    """All the names that fit, in any order.

    The target is their set. The mistakes hold every name on offer, with what to say when it is on
    the wrong side.
    """

    def wrong(self, **context):
        return [self.target ^ {name} for name in self.mistakes]

    def read(self, answer):
        chosen = {answer} if isinstance(answer, str) else answer
        if not isinstance(chosen, (Set, Sequence)) or not all(isinstance(n, str) for n in chosen):
            raise Unreadable(f"Answer with a set of names out of {listed(self.mistakes)}.")
        chosen = {plain(name) for name in chosen}
        strangers = sorted(chosen - set(self.mistakes))
        if strangers:
            raise Unreadable(f"`{strangers[0]}` is none of {listed(self.mistakes)}.")
        return chosen

    def reason(self, given, **context):
        misplaced = given ^ self.target
        return next(message for name, message in self.mistakes.items() if name in misplaced)


@dataclass(frozen=True)
class Ordering(Grader):
    """A sequence in the right order: the target and the mistakes are tuples."""

    def read(self, answer):
        order = answer.tolist() if isinstance(answer, np.ndarray) else answer
        if (
            not isinstance(order, (list, tuple))
            or len(order) != len(self.target)
            or any(item not in order for item in self.target)
        ):
            items = ", ".join(str(item) for item in sorted(self.target))
            raise Unreadable(f"Answer with a list that holds each of these once: {items}.")
        return tuple(order)

    def otherwise(self, given):
        places = sum(a == b for a, b in zip(given, self.target, strict=True))
        return f"{places} of {len(given)} stand in their right place."


@dataclass(frozen=True)
class Matching(Grader):
    """A word for each label: the target is a dict, each mistake a pair (label, wrong word)."""

    def wrong(self, **context):
        return [{**self.target, label: word} for label, word in self.mistakes]

    def read(self, answer):
        words = sorted(set(self.target.values()))
        if not isinstance(answer, Mapping) or set(answer) != set(self.target):
            raise Unreadable(f"Answer with a dict that has the keys {listed(self.target)}.")
        given = {label: plain(word) for label, word in answer.items() if isinstance(word, str)}
        if not all(given.get(label) in words for label in self.target):
            raise Unreadable(f"Describe each of {listed(self.target)} by one of {listed(words)}.")
        return given

    def reason(self, given, **context):
        count = sum(given[label] == word for label, word in self.target.items())
        fit = f"{count} of {len(self.target)} fit."
        for (label, word), message in self.mistakes.items():
            if given[label] == word:
                return f"{fit} {message}"
        return fit


def evaluate(number, context):
    """Return a number that the definition gives as such or as a function of the context."""
    return number(**context) if callable(number) else number


def plain(text):
    """Return a word as it is compared: without case, brackets, dots and spaces around it."""
    return text.strip(" \t\n().`'\"").casefold()


def listed(names):
    """Return names for a sentence, each in quotes."""
    return ", ".join(f'"{name}"' for name in names)


def quote(error):
    """Return an error as a learner sees it, even when the error itself cannot be printed."""
    try:
        return f"`{type(error).__name__}: {error}`"
    except Exception:
        return f"`{type(error).__name__}`"
