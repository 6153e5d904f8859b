"""Keras's own optimizers, moving K models at K learning rates."""

import json

import numpy as np

from course_utils.schedules import schedule_rates
from course_utils.training.keras_setup import keras, tf
from course_utils.training.library_hooks import excludes_weights, optimizer_state, rate_source

Schedule = keras.optimizers.schedules.LearningRateSchedule

# Their updates treat every coordinate by itself, so that (K, P) numbers are as good as P.
ELEMENTWISE = tuple(
    getattr(keras.optimizers, name)
    for name in (
        "SGD", "Adam", "AdamW", "RMSprop", "Adagrad", "Adadelta", "Adamax", "Nadam", "Lion", "Ftrl",
    )
)  # fmt: skip
COUPLING = (  # settings that look at more than one weight or step
    "clipnorm", "global_clipnorm", "use_ema", "gradient_accumulation_steps", "loss_scale_factor",
)  # fmt: skip


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
    schedule = rate_source(optimizer)
    return schedule if isinstance(schedule, Schedule) else None


def without_schedule(optimizer):
    """Return the optimizer, or one with the same settings where it was made with a schedule."""
    if own_schedule(optimizer) is None:
        return optimizer
    return type(optimizer)(**optimizer.get_config() | {"learning_rate": 1.0})


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


def rate_setter(model):
    """Return a function that sets a model's learning rate; a schedule is taken out for it."""
    if own_schedule(model.optimizer) is None:
        return lambda rate: setattr(model.optimizer, "learning_rate", float(rate))
    now = tf.Variable(0.0, trainable=False)
    model.optimizer.learning_rate = ScaledSchedule(now)
    model.train_function = None  # an older one has the schedule in it
    return now.assign


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
        self.rates = tf.Variable(tf.zeros((size, 1)), trainable=False)
        self._peak = tf.Variable(1.0, trainable=False)
        config = optimizer.get_config()
        config["learning_rate"] = ScaledSchedule(self.rates, own_schedule(optimizer), self._peak)
        self._optimizer = type(optimizer)(**config)
        self._optimizer.build([self.weights])
        self._state = optimizer_state(self._optimizer)  # slots of shape (K, P), and single numbers
        self._fresh = {name: compact(variable.numpy()) for name, (variable,) in self._state.items()}

    @property
    def variables(self):
        """All variables, of TensorFlow."""
        slots = [variable.value for (variable,) in self._state.values()]
        return [self.weights.value, self.rates, self._peak, *slots]

    def reset(self, weights, peak, like=None):
        """Start anew.

        Parameters
        ----------
        weights : ndarray of shape (K, P)
        peak : float
            The largest rate of the optimizer's own schedule.
        like : keras.optimizers.Optimizer, optional
            Of one model: its slots and its step are where all K start, by default at none.
        """
        self.weights.assign(weights)
        self._peak.assign(peak)
        values = dict(self._fresh)
        if like is not None and like.built:
            for name, variables in optimizer_state(like).items():
                values[name] = np.concatenate([v.numpy().ravel() for v in variables])
        for name, (variable,) in self._state.items():
            shape = tuple(variable.shape)
            value = values[name] if shape else np.ravel(values[name])[0]
            variable.assign(np.broadcast_to(value, shape))  # (P,) -> (K, P), () -> ()

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
    if excludes_weights(optimizer):
        return f"{name} excludes some variables from weight decay"
    return _reason_against_schedule(own_schedule(optimizer))


def _reason_against_schedule(schedule):
    """Return why a schedule cannot stand in a compiled program; one of Keras's always can."""
    if schedule is None or not _is_own(schedule):
        return None
    name = type(schedule).__name__
    if type(schedule).get_config is Schedule.get_config:
        return f"the schedule {name} has no get_config"
    try:
        tf.function(schedule, autograph=False, jit_compile=True)(tf.constant(0, tf.int64))
    except Exception as error:  # whatever code of the reader's own raises
        why = (str(error).strip() or type(error).__name__).splitlines()[0]
        return f"the schedule {name} cannot be compiled ({why})"
    return None


def _is_own(schedule):
    return type(schedule).__module__.split(".")[0] not in ("keras", "course_utils")


def optimizer_key(optimizer):
    """Return what makes two optimizers the same but for their learning rate."""
    config = optimizer.get_config()
    del config["name"], config["learning_rate"]
    schedule = own_schedule(optimizer)
    shape = None
    if schedule is not None:
        # What a schedule of the reader's own does need not stand in its config.
        which = id(schedule) if _is_own(schedule) else None
        shape = (type(schedule), as_text(schedule.get_config()), which)
    return type(optimizer), as_text(config), shape


def as_text(config):
    """Return a config as a text, the same one for the same values."""
    return json.dumps(
        config, sort_keys=True, default=lambda v: v.tolist() if hasattr(v, "tolist") else repr(v)
    )
