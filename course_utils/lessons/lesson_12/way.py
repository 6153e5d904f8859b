"""How the capstone judges a search: by its log, and the faults of its way."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd

from course_utils.grading.graders import Feedback, Grader, Number, Unreadable

COLUMNS = ["model", "scaled", "learning_rate", "seed", "error"]
ENOUGH, TOLERATED = 5, 2.0  # seeds, and standard errors


class Fault(NamedTuple):
    """Something that a search lacks."""

    found: Callable  # tells from the log, and the answer where there is one
    example: object  # an answer that has this fault, and none of those before it
    message: str | Callable  # the words, or a function of what `found` is asked


@dataclass(frozen=True)
class Way(Grader):
    """The log of a search: right if it has none of the faults, else the first of them is named."""

    faults: Sequence[Fault] = field(kw_only=True)

    def wrong(self, **context):
        return [fault.example for fault in self.faults]

    def grade(self, answer, **context):
        try:
            given = self.read(answer)
        except Unreadable as reason:
            return Feedback(reason.state, str(reason))
        for fault in self.faults:
            if fault.found(given, **context):
                words = fault.message
                return Feedback("wrong", words(given, **context) if callable(words) else words)
        return Feedback("right")

    def read(self, answer):
        if not isinstance(answer, pd.DataFrame) or not set(COLUMNS) <= set(answer.columns):
            raise Unreadable("Hand in the log of your machine: `lab.log`.")
        if answer.empty:
            raise Unreadable("Nothing has been fitted yet. Call `lab.fit(model, seed)`.", "open")
        return answer


@dataclass(frozen=True)
class Chosen(Way):
    """A rate, judged by the log of the search that led to it."""

    def grade(self, answer, log):
        try:
            super().read(log)
        except Unreadable as reason:
            return Feedback(reason.state, str(reason))
        return super().grade(answer, log=log)

    def read(self, answer):
        return Number(0.0).read(answer)


def of_sgd(log):
    """Return the fits of SGD on scaled columns."""
    return log[(log["model"] == "SGDRegressor") & log["scaled"].astype(bool)]


def by_rate(log):
    """Return the mean error of each rate on scaled columns, in rising order."""
    return of_sgd(log).groupby("learning_rate")["error"].mean().sort_index()


def best_rate(log):
    """Return the rate with the lowest mean error, of those with two seeds if there are any.

    One easy seed of one rate is no sign against three of another.
    """
    means = by_rate(log)
    n_seeds = of_sgd(log).groupby("learning_rate")["seed"].nunique()
    several = means[n_seeds > 1]
    return (means if several.empty else several).idxmin()


def place_of_best(log):
    return by_rate(log).index.get_loc(best_rate(log))


def on_an_edge(log):
    return place_of_best(log) in (0, len(by_rate(log)) - 1)


def neighbours_far(log):
    rates, place = by_rate(log).index.to_numpy(), place_of_best(log)
    return max(rates[place + 1] / rates[place], rates[place] / rates[place - 1]) > 4


def seeds_of(log, rate):
    runs = of_sgd(log)
    return runs.loc[np.isclose(runs["learning_rate"], rate, rtol=1e-6), "seed"].nunique()


def as_logged(log, rate):
    """Return a rate that was tried, to the last digit."""
    rates = by_rate(log).index
    return rates[np.isclose(rates, rate, rtol=1e-6)][0]


def leads_over(log, rate):
    """Return how far each other rate is ahead of `rate`, on the seeds that both have."""
    errors = of_sgd(log).pivot_table("error", "seed", "learning_rate")
    mine = errors.pop(as_logged(log, rate))
    leads = [(mine - errors[other]).dropna() for other in errors]
    return [gaps for gaps in leads if len(gaps)]


def lonely(log, rate):
    """Tell whether fewer than two rivals that never diverged share enough seeds with `rate`."""
    rivals = [g for g in leads_over(log, rate) if len(g) >= ENOUGH and np.isfinite(g).all()]
    return len(rivals) < 2


def challenged(log, rate):
    """Tell whether another rate is ahead on the few seeds that both have."""
    return any(len(gaps) < ENOUGH and gaps.mean() > 0 for gaps in leads_over(log, rate))


def worse_than_mean(log, rate):
    """Tell whether always saying the mean, where the log has that, is as good as a rate."""
    mean = log.loc[log["model"] == "DummyRegressor", "error"].mean()
    return not by_rate(log)[as_logged(log, rate)] < mean and not np.isnan(mean)


def ahead(gaps):
    """Tell whether a rival is ahead by more than is put down to luck."""
    if not np.isfinite(gaps).all():
        return gaps.mean() == np.inf
    return gaps.mean() > TOLERATED * gaps.sem() and gaps.mean() > 1e-9


def not_tried(rate, log):
    near = min(by_rate(log).index, key=lambda one: abs(np.log(one / rate)), default=np.nan)
    return (
        "You have not tried this rate on scaled columns. Hand in one exactly as your log has it; "
        f"the nearest is {near!r}."
    )
