"""The compiled loop that trains K models of one architecture."""

import numpy as np

from course_utils.keras_setup import keras, tf
from course_utils.stack.optimizer import stacked_optimizer
from course_utils.stack.support import is_random, row_loss, row_metrics


class Program:
    """K models that train as one: their variables, and one compiled function that moves them.

    Each trainable variable of the K models lies in one variable of shape (K, P), flat, so that
    ``learning_rates`` of shape (K, 1) fit it; every other one in one of shape (K, ...).

    Parameters
    ----------
    model : keras.Model
        The architecture with its loss, metrics and optimizer; its own weights are not touched.
    size : int
        K.
    batch_size : int
    """

    jit_compile = True  # by XLA; without it training is slower and starts sooner

    def __init__(self, model, size, batch_size):
        self.model, self.size, self.batch_size = model, size, batch_size
        self.shapes = [tuple(variable.shape) for variable in model.trainable_variables]
        self.weights = [
            keras.Variable(np.zeros((size, int(np.prod(shape))), np.float32))
            for shape in self.shapes
        ]
        self.state = [
            tf.Variable(tf.zeros((size, *variable.shape), variable.dtype))
            for variable in model.non_trainable_variables
        ]
        self.learning_rates = tf.Variable(tf.zeros((size, 1)), trainable=False)
        self.peak = tf.Variable(1.0, trainable=False)
        self.optimizer = stacked_optimizer(
            model.optimizer, self.weights, self.learning_rates, self.peak
        )
        self._fresh_optimizer = [variable.numpy() for variable in self.optimizer.variables]
        self.loss, self.metrics = row_loss(model), row_metrics(model)
        self.measures = ["loss", *self.metrics]
        self.run_epochs = tf.function(
            self._run_epochs, jit_compile=self.jit_compile, autograph=False
        )

    def reset(self, weights, state, learning_rates, peak):
        """Start anew from initial values, each of shape (K, ...); nothing is compiled again."""
        for variable, value in zip(self.weights, weights, strict=True):
            variable.assign(value.reshape(variable.shape))
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)
        for variable, value in zip(self.optimizer.variables, self._fresh_optimizer, strict=True):
            variable.assign(value)
        self.learning_rates.assign(np.reshape(learning_rates, (-1, 1)))
        self.peak.assign(peak)

    def final_weights(self):
        """Return the K models' weights, each of shape (K, ...), in the order of get_weights()."""
        values = {
            id(variable): stacked.numpy().reshape(self.size, *variable.shape)
            for variable, stacked in (
                *zip(self.model.trainable_variables, self.weights, strict=True),
                *zip(self.model.non_trainable_variables, self.state, strict=True),
            )
        }
        return [values[id(variable)] for variable in self.model.weights]

    def prepare(self, *inputs):
        """Trace the compiled function for inputs of these shapes, if that is not done yet."""
        self.run_epochs.get_concrete_function(*inputs, tf.constant(1))

    def _run_epochs(self, orders, x, y, stream_of, n_rows, validation, n_epochs):
        """Train `n_epochs` epochs and return the measures, shape (len(orders), n_measures, K).

        `orders` of shape (epochs, streams, n) holds rows of `x`; run k follows stream_of[k], and
        its first n_rows[k] rows count. `validation` is (x, y, rows of shape (K, n), n_rows).
        """

        def epoch(number, results):
            order = tf.gather(orders[number], stream_of)
            measured = [self._sweep(self._train_step, x, y, order, n_rows, self.batch_size)]
            if validation is not None:
                measured.append(self._sweep(self._test_step, *validation, width=256))
            return number + 1, results.write(number, tf.concat(measured, axis=0))

        n_measures = len(self.measures) * (1 if validation is None else 2)
        results = tf.TensorArray(tf.float32, orders.shape[0], element_shape=(n_measures, self.size))
        _, results = tf.while_loop(lambda number, _: number < n_epochs, epoch, (0, results))
        return results.stack()

    def _sweep(self, step, x, y, rows, n_rows, width):
        """Take a step per batch of rows and return the mean of the measures over the rows."""
        width = min(width, rows.shape[1])
        full, rest = divmod(rows.shape[1], width)

        def take(start, width):
            batch = tf.slice(rows, [0, start], [self.size, width])
            counts = start + tf.range(width) < n_rows[:, None]
            return step(tf.gather(x, batch), tf.gather(y, batch), counts)

        _, sums = tf.while_loop(
            lambda number, _: number < full,
            lambda number, sums: (number + 1, sums + take(number * width, width)),
            (0, tf.zeros((len(self.measures), self.size))),
        )
        if rest:
            sums += take(full * width, rest)
        return sums / tf.cast(n_rows, tf.float32)

    def _train_step(self, x, y, counts):
        gradients, *measured, state = self._each_run(self._descend_one, x, y, counts)
        self.optimizer.apply(
            [tf.reshape(g, v.shape) for g, v in zip(gradients, self.weights, strict=True)],
            self.weights,
        )
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)
        return self._sums(*measured, y, counts)

    def _test_step(self, x, y, counts):
        loss, outputs, _ = self._each_run(self._measure_one, x, y, counts)
        return self._sums(loss, outputs, y, counts)

    def _each_run(self, function, *data):
        """Apply a function of one run's weights, state and data to those of all K runs."""
        weights = [
            tf.reshape(variable.value, (self.size, *shape))
            for variable, shape in zip(self.weights, self.shapes, strict=True)
        ]
        runs = (weights, [tf.convert_to_tensor(variable) for variable in self.state], *data)
        return tf.vectorized_map(
            lambda run: function(*run), runs, fallback_to_while_loop=is_random(self.model)
        )

    def _descend_one(self, weights, state, x, y, counts):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss, outputs, state = self._measure_one(weights, state, x, y, counts, training=True)
        return tape.gradient(loss, weights), loss, outputs, state

    def _measure_one(self, weights, state, x, y, counts, training=False):
        """Return the mean loss over the rows that count, the outputs and the new state."""
        model = self.model
        values = [
            *zip(model.trainable_variables, weights, strict=True),
            *zip(model.non_trainable_variables, state, strict=True),
        ]
        with keras.StatelessScope(state_mapping=values, collect_losses=True) as scope:
            outputs = model(x, training=training)
            targets = tf.cast(y, tf.float32)
            if len(y.shape) < len(outputs.shape) and outputs.shape[-1] == 1:
                targets = targets[..., None]
            total = _sum_over_rows(self.loss(targets, outputs), counts)
            loss = total / tf.maximum(_count(counts), 1.0)  # none may count, in validation
            loss = tf.add_n([loss, *model.losses])
        return loss, outputs, [scope.get_current_value(v) for v in model.non_trainable_variables]

    def _sums(self, losses, outputs, y, counts):
        """Return the measures, times the number of rows that count, shape (n_measures, K)."""
        all_y, all_outputs = (tf.reshape(t, (-1, *t.shape[2:])) for t in (y, outputs))
        metrics = [
            _sum_over_rows(metric(all_y, all_outputs), counts) for metric in self.metrics.values()
        ]
        return tf.stack([losses * _count(counts), *metrics])


def _sum_over_rows(values, counts):
    """Sum over the rows that count; of values with more axes than rows, their mean."""
    by_row = tf.reduce_mean(tf.reshape(values, (*counts.shape, -1)), axis=-1)
    return tf.reduce_sum(tf.where(counts, by_row, 0.0), axis=-1)


def _count(counts):
    return tf.reduce_sum(tf.cast(counts, tf.float32), axis=-1)
