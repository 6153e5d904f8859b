"""Graders: the right answer of an exercise beside the typical wrong ones and what to say to each.

A mistake stands in the definition as the wrong answer that it leads to, so a wrong answer is
recognised, not guessed, and the tests can hand in every mistake.
"""

import math
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Literal

import numpy as np


@dataclass(frozen=True)
class Feedback:
    """The verdict on an answer, and what to say."""

    state: Literal["right", "wrong", "open"]
    message: str = ""


class Unreadable(Exception):
    """An answer of a kind that the grader does not take; the text says which kind it takes."""


class Grader:
    """What all graders share. `context` is what the lesson hands over beside the answer."""

    def grade(self, answer, **context):
        """Return the `Feedback` on an answer."""
        raise NotImplementedError

    def right(self, **context):
        """Return a right answer."""
        raise NotImplementedError

    def wrong(self, **context):
        """Return the typical wrong answers."""
        raise NotImplementedError


@dataclass(frozen=True)
class Number(Grader):
    """One number, up to a relative tolerance.

    Parameters
    ----------
    target : float or callable
        The right number, or a function that computes it from the context.
    mistakes : mapping of float or callable to str
        What to say to a number that a typical slip leads to.
    rel : float, default=0.01
        Relative tolerance.
    """

    target: float | Callable
    mistakes: Mapping[float | Callable, str]
    rel: float = 0.01

    def grade(self, answer, **context):
        number = real_number(answer)
        if self.close(number, self.right(**context)):
            return Feedback("right")
        for slip, message in self.mistakes.items():
            if self.close(number, evaluate(slip, context)):
                return Feedback("wrong", message)
        return Feedback(
            "wrong", "The number is another one. Go through each step again, or open a hint."
        )

    def right(self, **context):
        return evaluate(self.target, context)

    def wrong(self, **context):
        return [evaluate(slip, context) for slip in self.mistakes]

    def close(self, a, b):
        return math.isclose(a, b, rel_tol=self.rel, abs_tol=1e-12)


@dataclass(frozen=True)
class Choice(Grader):
    """One of several options.

    Parameters
    ----------
    option : str
        The right option.
    reasons : mapping of str to str
        Every other option, with the reason why it is wrong.
    """

    option: str
    reasons: Mapping[str, str]

    def grade(self, answer, **context):
        options = sorted({self.option, *self.reasons})
        chosen = plain(answer) if isinstance(answer, str) else None
        if chosen == plain(self.option):
            return Feedback("right")
        for option, reason in self.reasons.items():
            if chosen == plain(option):
                return Feedback("wrong", reason)
        raise Unreadable(f"Answer with one of these, in quotes: {listed(options)}.")

    def right(self, **context):
        return self.option

    def wrong(self, **context):
        return list(self.reasons)


@dataclass(frozen=True)
class Selection(Grader):
    """All the names that fit, in any order.

    Parameters
    ----------
    names : set of str
        Those that fit.
    reasons : mapping of str to str
        Every name on offer, with what to say when it is on the wrong side.
    """

    names: Set[str]
    reasons: Mapping[str, str]

    def grade(self, answer, **context):
        chosen = {answer} if isinstance(answer, str) else answer
        if not isinstance(chosen, (Set, Sequence)) or not all(isinstance(n, str) for n in chosen):
            raise Unreadable(f"Answer with a set of names out of {listed(self.reasons)}.")
        chosen = {plain(name) for name in chosen}
        strangers = sorted(chosen - set(self.reasons))
        if strangers:
            raise Unreadable(f"`{strangers[0]}` is none of {listed(self.reasons)}.")
        misplaced = [name for name in self.reasons if (name in chosen) != (name in self.names)]
        return Feedback("wrong", self.reasons[misplaced[0]]) if misplaced else Feedback("right")

    def right(self, **context):
        return set(self.names)

    def wrong(self, **context):
        return [set(self.names) ^ {name} for name in self.reasons]


@dataclass(frozen=True)
class Ordering(Grader):
    """A sequence in the right order.

    Parameters
    ----------
    items : sequence
        The items in the right order.
    mistakes : mapping of tuple to str
        What to say to a typical wrong order.
    """

    items: Sequence
    mistakes: Mapping[tuple, str] = field(default_factory=dict)

    def grade(self, answer, **context):
        order = answer.tolist() if isinstance(answer, np.ndarray) else answer
        if not isinstance(order, (list, tuple)) or not same_items(order, self.items):
            raise Unreadable(f"Answer with a list that holds each of these once: {self.offer()}.")
        order = tuple(order)
        if order == tuple(self.items):
            return Feedback("right")
        if order in self.mistakes:
            return Feedback("wrong", self.mistakes[order])
        places = sum(a == b for a, b in zip(order, self.items, strict=True))
        return Feedback("wrong", f"{places} of {len(order)} stand in their right place.")

    def right(self, **context):
        return list(self.items)

    def wrong(self, **context):
        return [list(order) for order in self.mistakes]

    def offer(self):
        return ", ".join(str(item) for item in sorted(self.items))


@dataclass(frozen=True)
class Matching(Grader):
    """A word for each label, handed in as a dict.

    Parameters
    ----------
    pairs : mapping of str to str
        The right word for each label.
    confusions : mapping of (label, word) to str
        What to say when a label is given that wrong word.
    """

    pairs: Mapping[str, str]
    confusions: Mapping[tuple[str, str], str]

    def grade(self, answer, **context):
        words = sorted(set(self.pairs.values()))
        if not isinstance(answer, Mapping) or set(answer) != set(self.pairs):
            raise Unreadable(f"Answer with a dict that has the keys {listed(self.pairs)}.")
        given = {label: plain(word) for label, word in answer.items() if isinstance(word, str)}
        if not all(given.get(label) in words for label in self.pairs):
            raise Unreadable(f"Describe each of {listed(self.pairs)} by one of {listed(words)}.")
        count = sum(given[label] == word for label, word in self.pairs.items())
        if count == len(self.pairs):
            return Feedback("right")
        for (label, word), message in self.confusions.items():
            if given[label] == word:
                return Feedback("wrong", f"{count} of {len(self.pairs)} fit. {message}")
        return Feedback("wrong", f"{count} of {len(self.pairs)} fit.")

    def right(self, **context):
        return dict(self.pairs)

    def wrong(self, **context):
        return [{**self.pairs, label: word} for label, word in self.confusions]


def evaluate(number, context):
    """Return a number that the definition gives as such or as a function of the context."""
    return number(**context) if callable(number) else number


def real_number(answer):
    """Return the answer as a float, or say in plain words why it is none."""
    kind = type(answer).__name__
    if isinstance(answer, (bool, np.bool_)):
        raise Unreadable(f"The answer is a number, and you handed in {answer}.")
    if isinstance(answer, str):
        raise Unreadable("You handed in text. Leave the quotes away and hand in the number.")
    if callable(answer):
        raise Unreadable("You handed in a function. Call it, and hand in the number it returns.")
    if isinstance(answer, tuple) and len(answer) == 2:
        raise Unreadable(
            "You handed in two numbers. Write one, with a point and no comma: 0.1, not 0,1."
        )
    try:
        number = np.asarray(answer)
        number = math.nan if np.iscomplexobj(number) else float(number.astype(float).item())
    except (TypeError, ValueError):
        raise Unreadable(f"The answer is one number, and you handed in a {kind}.") from None
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise Unreadable("The answer is a finite number. Look for a division by zero or a root.")
    return number


def plain(text):
    """Return a word as it is compared: without case, brackets, dots and spaces around it."""
    return text.strip(" \t\n().`'\"").casefold()


def listed(names):
    """Return names for a sentence, each in quotes."""
    return ", ".join(f'"{name}"' for name in names)


def same_items(order, items):
    """Tell whether two sequences hold the same items, whatever their order."""
    return len(order) == len(items) and all(item in order for item in items)


def quote(error):
    """Return an error as a learner sees it, even when the error itself cannot be printed."""
    try:
        return f"`{type(error).__name__}: {error}`"
    except Exception:
        return f"`{type(error).__name__}`"
