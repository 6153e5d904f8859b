"""Keras's own optimizers, moving K models at K learning rates."""

import json

import numpy as np

from course_utils.keras_setup import keras, tf
from course_utils.schedules import schedule_rates

Schedule = keras.optimizers.schedules.LearningRateSchedule

# Their updates treat every coordinate by itself, so that (K, P) numbers are as good as P.
ELEMENTWISE = (
    keras.optimizers.SGD,
    keras.optimizers.Adam,
    keras.optimizers.AdamW,
    keras.optimizers.RMSprop,
    keras.optimizers.Adagrad,
    keras.optimizers.Adadelta,
    keras.optimizers.Adamax,
    keras.optimizers.Nadam,
    keras.optimizers.Lion,
    keras.optimizers.Ftrl,
)
COUPLING = (
    "clipnorm",
    "global_clipnorm",
    "use_ema",
    "gradient_accumulation_steps",
    "loss_scale_factor",
)


class ScaledSchedule(Schedule):
    """A learning rate, or K of them of shape (K, 1), times a schedule that peaks at 1.

    Parameters
    ----------
    rate : float or tf.Variable of shape (K, 1)
    schedule : LearningRateSchedule, optional
        By default the rate is constant.
    peak : float or tf.Variable
        The largest rate of `schedule` during the training.
    """

    def __init__(self, rate, schedule=None, peak=1.0):
        self.rate, self.schedule, self.peak = rate, schedule, peak

    def __call__(self, step):
        if self.schedule is None:
            return self.rate
        return self.rate * (tf.cast(self.schedule(step), tf.float32) / self.peak)

    def get_config(self):
        return {"rate": self.rate, "schedule": self.schedule, "peak": self.peak}


def own_schedule(optimizer):
    """Return the LearningRateSchedule that an optimizer was made with, or None."""
    schedule = optimizer._learning_rate  # `optimizer.learning_rate` is its value at this step
    return schedule if isinstance(schedule, Schedule) else None


def peak_rate(schedule, steps):
    """Return the largest learning rate of a schedule during the first `steps` steps."""
    if schedule is None:
        return 1.0

    return schedule_rates(schedule, steps).max()


def set_rate(optimizer, rate, steps):
    """Set an optimizer's learning rate; a schedule keeps its shape and peaks at the rate."""
    schedule = own_schedule(optimizer)
    if schedule is None:
        optimizer.learning_rate = rate
    else:
        optimizer.learning_rate = ScaledSchedule(rate, schedule, peak_rate(schedule, steps))


class StackedOptimizer:
    """One optimizer that moves K models, each at its own learning rate.

    Parameters
    ----------
    optimizer : keras.optimizers.Optimizer
        That of one model; it is not changed.
    size : int
        K.
    n_weights : int
        P, the number of trainable weights of one model. All weights of the K models lie in the one
        variable ``weights`` of shape (K, P), which learning rates of shape (K, 1) fit.
    """

    def __init__(self, optimizer, size, n_weights):
        self.size = size
        self.weights = keras.Variable(np.zeros((size, n_weights), np.float32))
        self._rates = tf.Variable(tf.zeros((size, 1)), trainable=False)
        self._peak = tf.Variable(1.0, trainable=False)
        config = optimizer.get_config()
        config["learning_rate"] = ScaledSchedule(self._rates, own_schedule(optimizer), self._peak)
        self._optimizer = type(optimizer)(**config)
        self._optimizer.build([self.weights])
        self._fresh = [compact(variable.numpy()) for variable in self._optimizer.variables]

    def reset(self, weights, learning_rates, peak):
        """Start anew from weights of shape (K, P)."""
        self.weights.assign(weights)
        for variable, value in zip(self._optimizer.variables, self._fresh, strict=True):
            variable.assign(value)
        self._rates.assign(np.reshape(learning_rates, (-1, 1)))
        self._peak.assign(peak)

    def apply(self, gradients):
        """Take a step along gradients of shape (K, P)."""
        self._optimizer.apply([gradients], [self.weights])


def compact(values):
    """Return the same array, of one number where all are equal."""
    first = values.flat[0]
    return np.broadcast_to(first, values.shape) if (values == first).all() else values


def reason_against_optimizer(optimizer):
    """Return why the optimizer cannot move K models at once, or None."""
    name = type(optimizer).__name__
    if type(optimizer) not in ELEMENTWISE:
        return f"the update of {name} is not known to treat every weight by itself"
    for setting in COUPLING:
        if getattr(optimizer, setting):
            return f"{name} was made with {setting}, which looks at more than one weight or step"
    if getattr(optimizer, "_exclude_from_weight_decay", None) or getattr(
        optimizer, "_exclude_from_weight_decay_pattern", None
    ):
        return f"{name} excludes some variables from weight decay"
    return None


def optimizer_key(optimizer):
    """Return what makes two optimizers the same but for their learning rate."""
    config = optimizer.get_config()
    del config["name"], config["learning_rate"]
    schedule = own_schedule(optimizer)
    shape = None
    if schedule is not None:
        shape = (type(schedule), json.dumps(schedule.get_config(), sort_keys=True, default=repr))
    return type(optimizer), json.dumps(config, sort_keys=True, default=repr), shape
