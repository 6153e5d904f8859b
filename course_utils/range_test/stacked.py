"""The repeats of a range test as one compiled program: many at little more than the price of one.

As in the engine of the sweeps, every variable of the K models has a leading axis K, and Keras's own
optimizer moves them all; here it does so at one rate, another one at each step.
"""

from collections import OrderedDict

import numpy as np

from course_utils.training.cache import program_key
from course_utils.training.keras_setup import give_memory_back, keras, tf
from course_utils.training.one_run import row_losses
from course_utils.training.optimizer import compact
from course_utils.training.support import is_random, row_loss

CAPACITY = 8

_programs = OrderedDict()


class CurrentRate(keras.optimizers.schedules.LearningRateSchedule):
    """A schedule that is whatever a variable holds now."""

    def __init__(self, now):
        self.now = now

    def __call__(self, step):
        return self.now.read_value()

    def get_config(self):
        return {"now": float(self.now)}


def program_for(model, size, batch_size):
    """Return a `StackedSteps` for K = `size` models like `model`, an old one where there is one."""
    key = program_key(model, [(model.optimizer, size)], batch_size)
    if key not in _programs:
        _programs[key] = StackedSteps(model, size)
        if len(_programs) > CAPACITY:
            _programs.popitem(last=False)
    _programs.move_to_end(key)
    return _programs[key]


class StackedSteps:
    """K models of one architecture, step by step at the same rates, each on its own batches.

    Parameters
    ----------
    model : keras.Model
        The architecture with its loss and optimizer; it is not changed.
    size : int
        K.
    """

    jit_compile = True  # by XLA; without it the steps are slower and start sooner

    def __init__(self, model, size):
        self.model, self.size, self.loss = model, size, row_loss(model)
        self.shapes = [tuple(variable.shape) for variable in model.trainable_variables]
        self.weights = [
            keras.Variable(np.zeros((size, int(np.prod(shape))), np.float32))
            for shape in self.shapes
        ]
        self.state = [
            tf.Variable(tf.zeros((size, *variable.shape), variable.dtype))
            for variable in model.non_trainable_variables
        ]
        self.rate = tf.Variable(0.0, trainable=False)
        config = model.optimizer.get_config()
        config["learning_rate"] = CurrentRate(self.rate)
        self.optimizer = type(model.optimizer)(**config)
        self.optimizer.build(self.weights)
        self._fresh_optimizer = [compact(v.numpy()) for v in self.optimizer.variables]
        self._take = tf.function(self._steps, jit_compile=self.jit_compile, autograph=False)
        self._measure = tf.function(self._losses, autograph=False)

    def reset(self, models, optimizer=None):
        """Start anew from K models, and from the state of an optimizer, or from none."""
        weights = zip(*([v.numpy() for v in m.trainable_variables] for m in models), strict=True)
        for variable, values in zip(self.weights, weights, strict=True):
            variable.assign(np.stack(values).reshape(variable.shape))
        state = zip(*([v.numpy() for v in m.non_trainable_variables] for m in models), strict=True)
        for variable, values in zip(self.state, state, strict=True):
            variable.assign(np.stack(values))
        values = self._fresh_optimizer
        if optimizer is not None:
            rate = optimizer._learning_rate
            values = [v.numpy() for v in optimizer.variables if v is not rate]
        for variable, value in zip(self.optimizer.variables, values, strict=True):
            if len(variable.shape):
                value = np.broadcast_to(value.reshape(-1, variable.shape[1]), variable.shape)
            variable.assign(value)

    def take(self, x, y, batches, rates, first, last):
        """Take the steps from `first` to before `last`; return their losses, shape (K, n)."""
        rates = tf.constant(rates, tf.float32)
        traced = self._take.experimental_get_tracing_count()
        losses = self._take(x, y, batches, rates, tf.constant(first), tf.constant(last))
        if self._take.experimental_get_tracing_count() > traced:
            give_memory_back(collect=True)
        return losses.numpy().T[:, first:last]

    def measure(self, x, y):
        """Return the loss of each model on x and y, shape (K,)."""
        return self._measure(tf.constant(x), tf.constant(y)).numpy()

    def _steps(self, x, y, batches, rates, first, last):
        def step(number, losses):
            self.rate.assign(rates[number])
            rows = batches[:, number]
            weights, state = self._values()
            gradients, loss, state = tf.vectorized_map(
                lambda run: self._descend_one(*run),
                (weights, state, tf.gather(x, rows), tf.gather(y, rows)),
                fallback_to_while_loop=is_random(self.model),
            )
            self.optimizer.apply(
                [tf.reshape(g, v.shape) for g, v in zip(gradients, self.weights, strict=True)],
                self.weights,
            )
            for variable, value in zip(self.state, state, strict=True):
                variable.assign(value)
            return number + 1, losses.write(number, loss)

        losses = tf.TensorArray(tf.float32, rates.shape[0], element_shape=(self.size,))
        _, losses = tf.while_loop(lambda number, _: number < last, step, (first, losses))
        return losses.stack()

    def _losses(self, x, y):
        return tf.map_fn(
            lambda run: self._measure_one(*run, x, y)[0],
            self._values(),
            fn_output_signature=tf.float32,
        )

    def _values(self):
        weights = [
            tf.reshape(variable.value, (self.size, *shape))
            for variable, shape in zip(self.weights, self.shapes, strict=True)
        ]
        return weights, [tf.convert_to_tensor(variable) for variable in self.state]

    def _descend_one(self, weights, state, x, y):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss, state = self._measure_one(weights, state, x, y, training=True)
        return tape.gradient(loss, weights), loss, state

    def _measure_one(self, weights, state, x, y, training=False):
        losses, added, _, state = row_losses(self.model, self.loss, weights, state, x, y, training)
        return tf.add_n([tf.reduce_mean(losses), *added]), state
