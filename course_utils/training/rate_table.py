"""A schedule whose rates are written down one by one, and can be written anew."""

import itertools
from weakref import WeakValueDictionary

import numpy as np

from course_utils.training.keras_setup import keras, tf

_numbers = itertools.count()
_tables = WeakValueDictionary()


@keras.saving.register_keras_serializable(package="course_utils")
class RateTable(keras.optimizers.schedules.LearningRateSchedule):
    """A learning rate for each step, looked up; after the last one it stays.

    The rates lie in a variable: one compiled training serves every schedule of as many steps.
    Copies of an optimizer share the table of the original; it cannot be saved with a model.

    Parameters
    ----------
    rates : sequence of float, of length n_steps
        Above or equal to 0.

    Examples
    --------
    >>> table = RateTable([0.1, 0.2, 0.3])
    >>> table.assign([0.3, 0.2, 0.1])
    >>> round(float(table(2)), 3)
    0.1
    """

    def __init__(self, rates):
        super().__init__()
        self._rates = tf.Variable(self._checked(rates), trainable=False)
        self._number = next(_numbers)
        _tables[self._number] = self

    def assign(self, rates):
        """Replace the rates by as many others."""
        rates = self._checked(rates)
        size = self._rates.shape[0]
        if len(rates) != size:
            raise ValueError(
                f"{len(rates)} rates for a table of {size}; give as many, or make a new RateTable."
            )
        self._rates.assign(rates)

    def __call__(self, step):
        last = self._rates.shape[0] - 1
        return tf.gather(self._rates, tf.clip_by_value(tf.cast(step, tf.int32), 0, last))

    def get_config(self):
        """Return what stays when the rates change: which of all tables this is."""
        return {"number": self._number}

    @classmethod
    def from_config(cls, config):
        """Return the table itself, so that whoever copies an optimizer keeps its rates."""
        if config["number"] not in _tables:
            raise ValueError(
                "This RateTable is gone, or of another session; make a new one from its rates."
            )
        return _tables[config["number"]]

    @staticmethod
    def _checked(rates):
        rates = np.asarray(rates, dtype=np.float32)
        if rates.ndim != 1 or not len(rates) or not np.isfinite(rates).all() or (rates < 0).any():
            raise ValueError(
                "rates must be a list of finite numbers of at least 0, one for each step."
            )
        return rates
