"""Momentum that goes down while the rate goes up."""

import numpy as np

from course_utils.schedules.guard import schedule_boundaries, schedule_rates
from course_utils.training.keras_setup import keras, tf
from course_utils.training.library_hooks import rate_source
from course_utils.validation import as_number


class _MovingNumber(float):
    """A number to whoever saves or compares it, and a variable to whoever compiles it."""

    def __new__(cls, value):
        number = super().__new__(cls, value)
        number.variable = tf.Variable(value, dtype=tf.float32, trainable=False)
        return number

    def __tf_tensor__(self, dtype=None, name=None):
        value = tf.convert_to_tensor(self.variable)
        return value if dtype is None else tf.cast(value, dtype)


class MomentumCycle(keras.callbacks.Callback):
    """Move the momentum of SGD against its learning-rate schedule, as one-cycle asks for.

    L. N. Smith, arXiv:1803.09820, 2018, section 4.3; Smith and Topin, arXiv:1708.07120, 2017.
    The momentum is `high` where the rate is at or below its first value, `low` where it peaks::

        momentum(t) = high − (high − low) · (rate(t) − rate(0)) / (peak − rate(0))

    Keras compiles the number ``optimizer.momentum`` into a training step; so for the time of
    ``fit`` a variable stands in for it. Afterwards it is the number it was; after an error or an
    interrupt in ``fit``, once the model is trained again.

    Parameters
    ----------
    high, low : float
        0 < low < high < 1.

    Attributes
    ----------
    momenta : ndarray of shape (n_steps,)
        The momentum of each step, known from the beginning of ``fit`` on.

    Examples
    --------
    ::

        optimizer = keras.optimizers.SGD(OneCycle(0.5, steps=600), momentum=0.95)
        model.compile(optimizer, loss="mse")
        model.fit(x, y, epochs=60, callbacks=[MomentumCycle()])
    """

    def __init__(self, high=0.95, low=0.85):
        super().__init__()
        self.high = as_number(high, "high", above=0, below=1)
        self.low = as_number(low, "low", above=0, below=1)
        if self.low >= self.high:
            raise ValueError(f"low is {low} and high {high}; low must be the smaller one.")
        self.momenta = None

    def on_train_begin(self, logs=None):
        self._optimizer = optimizer = self.model.optimizer
        schedule = _schedule_of(optimizer)
        if self.model.steps_per_execution != 1 or not self.params["steps"]:
            raise ValueError(
                "MomentumCycle needs a look at every step; compile with steps_per_execution=1, "
                "and give fit data whose number of batches is known."
            )
        self._first = int(optimizer.iterations.numpy())
        steps = self._first + self.params["steps"] * self.params["epochs"]
        turns = [boundary.step for boundary in schedule_boundaries(schedule, steps)]
        rates = schedule_rates(schedule, max(steps, *turns, 0) + 1)  # the peak may lie beyond
        rise = rates.max() - rates[0]
        if rise <= 0:
            raise ValueError(
                f"The rate of {type(schedule).__name__} never rises above its first value, so "
                "there is nothing to move against; take OneCycle, Triangular, or a warm-up."
            )
        share = np.clip((rates - rates[0]) / rise, 0, 1)
        self.momenta = (self.high - (self.high - self.low) * share)[self._first : steps]
        # Keras asks for a training step at the start of each training, and tells no callback when
        # the last one broke off.
        self.model.make_train_function = self._begin_anew
        optimizer.momentum = _MovingNumber(optimizer.momentum)
        type(self.model).make_train_function(self.model, force=True)

    def on_train_batch_begin(self, batch, logs=None):
        step = int(self._optimizer.iterations.numpy()) - self._first
        self._optimizer.momentum.variable.assign(self.momenta[step])

    def on_train_end(self, logs=None):
        self._begin_anew()

    def _begin_anew(self, force=True):
        """Let the momentum be the number it was, and compile a training step with it."""
        del self.model.make_train_function
        self._optimizer.momentum = float(self._optimizer.momentum)
        self.model.make_train_function(force=True)


def _schedule_of(optimizer):
    name = type(optimizer).__name__
    if isinstance(getattr(optimizer, "momentum", None), _MovingNumber):
        raise ValueError("MomentumCycle is given twice; leave one of them in callbacks.")
    if not isinstance(optimizer, keras.optimizers.SGD) or not optimizer.momentum:
        raise TypeError(
            f"{name} has no momentum that a cycle could move; compile with "
            "keras.optimizers.SGD(schedule, momentum=0.95)."
        )
    schedule = rate_source(optimizer)
    if not isinstance(schedule, keras.optimizers.schedules.LearningRateSchedule):
        raise TypeError(
            f"The learning rate of {name} is constant; give it a schedule such as OneCycle."
        )
    return schedule
