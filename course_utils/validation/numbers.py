"""Checks of numbers, counts, seeds, and of options that have few values."""

from collections.abc import Iterable, Mapping
from numbers import Integral, Real

import numpy as np

from course_utils.validation.words import plain, told


def as_learning_rates(learning_rates):
    """Return the rates as a list of distinct positive floats, in the order given."""
    learning_rates = plain(learning_rates)
    if _is_number(learning_rates):
        learning_rates = [learning_rates]
    if isinstance(learning_rates, str) or not isinstance(learning_rates, Iterable):
        raise TypeError(
            f"learning_rates is {told(learning_rates)}; give a list of numbers, such as "
            "[0.1, 0.01]."
        )
    rates = [_as_positive_rate(rate) for rate in learning_rates]
    if not rates:
        raise ValueError("learning_rates is empty; give at least one rate, such as [0.01].")
    repeated = sorted({rate for rate in rates if rates.count(rate) > 1})
    if repeated:
        raise ValueError(
            f"learning_rates holds {repeated} more than once; give each rate once "
            "(use seeds to repeat a run)."
        )
    return rates


def _as_positive_rate(rate):
    if not _is_number(rate):
        raise TypeError(
            f"learning_rates holds {told(rate)}, which is not a number; "
            "give numbers above 0, such as 0.01."
        )
    rate = float(rate)
    if not np.isfinite(rate) or rate <= 0:
        raise ValueError(
            f"learning_rates holds {rate}; a learning rate is a finite number above 0, "
            "such as 0.01."
        )
    return rate


def as_count(value, name, minimum=1):
    """Return `value` as an int of at least `minimum`."""
    if isinstance(value, bool) or not isinstance(value, Integral):
        raise TypeError(f"{name} is {told(value)}; give a whole number of at least {minimum}.")
    if value < minimum:
        raise ValueError(f"{name} is {value}; it must be at least {minimum}.")
    return int(value)


def as_seeds(seeds):
    """Return the seeds as a list of distinct ints that NumPy accepts."""
    if isinstance(seeds, Integral) and not isinstance(seeds, bool):
        seeds = [seeds]
    if isinstance(seeds, str) or not isinstance(seeds, Iterable):
        raise TypeError(f"seeds is {told(seeds)}; give a list of whole numbers, such as seeds(10).")
    seeds = [as_seed(seed, "a seed in seeds") for seed in seeds]
    if not seeds:
        raise ValueError("seeds is empty; give at least one, such as seeds(1).")
    if len(set(seeds)) < len(seeds):
        raise ValueError(f"seeds is {seeds}; a seed given twice would give the same run twice.")
    return seeds


def as_seed(value, name):
    """Return `value` as an int that NumPy accepts as a seed."""
    if as_count(value, name, minimum=0) >= 2**32:
        raise ValueError(f"{name} is {value}; NumPy takes seeds below 2**32.")
    return int(value)


def as_flag(value, name):
    """Return `value` as a bool; a text such as "False" counts as true in Python."""
    if not isinstance(value, (bool, np.bool_)) and not (type(value) is int and value in (0, 1)):
        raise TypeError(f"{name} is {told(value)}; give True or False.")
    return bool(value)


def as_choice(value, name, choices):
    """Return `value`, one of some strings."""
    if not isinstance(value, str) or value not in choices:
        kind = ValueError if isinstance(value, str) else TypeError
        raise kind(f"{name} is {told(value)}; choose one of {', '.join(map(repr, choices))}.")
    return value


def as_number(value, name, least=-np.inf, above=-np.inf, below=np.inf, most=np.inf):
    """Return `value` as a finite float, at least `least`, above `above`, and so on."""
    if not _is_number(value):
        raise TypeError(f"{name} is {told(value)}; give a number.")
    number = float(value)
    if not (np.isfinite(number) and least <= number <= most and above < number < below):
        bounds = {"at least": least, "above": above, "below": below, "at most": most}
        words = [f"{word} {bound:g}" for word, bound in bounds.items() if np.isfinite(bound)]
        allowed = " ".join(["a finite number", " and ".join(words)]).strip()
        raise ValueError(f"{name} is {told(value)}; it must be {allowed}.")
    return number


def as_named_numbers(values, name, above=-np.inf):
    """Return a dict of label and number, each above `above`; None gives an empty one."""
    values = {} if values is None else values
    if not isinstance(values, Mapping):
        raise TypeError(f"{name} is {told(values)}; give a dict of labels and numbers.")
    return {k: as_number(value, f"{name}[{k!r}]", above=above) for k, value in values.items()}


def as_numbers(values, name, finite=True, above=-np.inf):
    """Return numbers, one or an array of any shape, as floats, all above `above`."""
    kind = "finite numbers" if finite else "numbers"
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} has rows of different lengths; give {kind}.") from None
    of_numbers = array.dtype == object and array.ndim and all(map(_is_number, array.flat))
    if array.dtype.kind not in "iuf" and not of_numbers:
        raise TypeError(f"{name} is {told(values)}; give {kind}.")
    array = array.astype(float)
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} holds a number that is not finite; give finite numbers.")
    if np.isfinite(above) and (array <= above).any():
        raise ValueError(f"{name} holds {array.min():g}; give finite numbers above {above:g}.")
    return array


def _is_number(value):
    return isinstance(value, Real) and not isinstance(value, bool)
