"""The controls of a demo, as data: what can be chosen, and where it stands at first."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Slider:
    """A number from `low` to `high`, which are powers of ten where the slider is logarithmic.

    A whole `step` gives whole numbers; a logarithmic one counts decades. `idle` tells from the
    values of all controls whether this one does nothing. A slider that `plays` only looks at
    another moment of what has been trained, and can move by itself.
    """

    label: str
    low: float
    high: float
    value: float
    step: float = 0.05
    log: bool = True
    idle: Callable = lambda values: False
    plays: bool = False

    def __post_init__(self):
        object.__setattr__(self, "value", self.clip(self.value))

    @property
    def ends(self):
        """The smallest and the largest number."""
        return (10.0**self.low, 10.0**self.high) if self.log else (self.low, self.high)

    def clip(self, number):
        """Return the number of the slider that is nearest to another."""
        return type(self.step)(np.clip(number, *self.ends))


@dataclass(frozen=True)
class Choice:
    """One of some options, values or pairs (text, value), shown as a selection of ipywidgets."""

    label: str
    options: tuple
    value: object
    kind: str = "ToggleButtons"
    plays = False  # as a slider may

    def clip(self, option):
        """Return the option itself."""
        return option
