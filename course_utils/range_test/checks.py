"""Checks of what a range test is asked to do, made before any work starts."""

from contextlib import contextmanager

import numpy as np

from course_utils.validation import as_count, as_number


def as_rates(start, end, steps):
    """Return `steps` rates from `start` to `end`, each the same factor above the one before."""
    start, end = as_number(start, "start", above=0), as_number(end, "end", above=0)
    if start >= end:
        raise ValueError(
            f"start is {start:g} and end is {end:g}; the test goes upwards, so give a start below "
            "the end, such as 1e-6 and 10."
        )
    return np.geomspace(start, end, as_count(steps, "steps", minimum=10))


def check_batch(n_rows, batch_size):
    """Raise an error if the data do not fill one batch."""
    if n_rows < batch_size:
        raise ValueError(
            f"x has {n_rows} rows and batch_size is {batch_size}; a step needs a full batch, so "
            f"give batch_size={n_rows} at most, or more rows."
        )


def check_instance(model):
    """Raise an error if the model is a class."""
    if isinstance(model, type):
        raise TypeError(
            f"model is the class {model.__name__}; give an instance, such as {model.__name__}(...)."
        )


@contextmanager
def finished_ones_kept(reasons):
    """Let an interrupt end the block, and go on with the repeats that have a stop reason by then.

    Raises
    ------
    KeyboardInterrupt
        If none has.
    """
    try:
        yield
    except KeyboardInterrupt:
        n_finished = sum(reason is not None for reason in reasons)
        if not n_finished:
            raise
        print(f"Interrupted: {n_finished} of {len(reasons)} repeats are finished and returned.")
