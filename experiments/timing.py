"""Seconds by the clock and of the processor, of all threads."""

import time
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Seconds:
    """How long a piece of work took.

    Attributes
    ----------
    clock, processor : float
        On a busy machine the clock counts the others too; the processor's time, summed over all
        threads, does not.
    """

    clock: float
    processor: float

    def __add__(self, other):
        return Seconds(self.clock + other.clock, self.processor + other.processor)

    def to_json(self):
        """Return both, rounded."""
        return {name: round(value, 3) for name, value in asdict(self).items()}


def timed(work, *args):
    """Return what ``work(*args)`` returns, and its seconds."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work(*args)
    return result, Seconds(time.perf_counter() - clock, time.process_time() - processor)
