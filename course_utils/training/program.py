"""The compiled loop that trains K models of one architecture."""

import itertools
import math
import weakref

import numpy as np

from course_utils.training import disk_cache
from course_utils.training.convolution import as_products
from course_utils.training.keras_setup import tf
from course_utils.training.library_hooks import stable_names
from course_utils.training.optimizer import StackedOptimizer
from course_utils.training.support import is_random, layers_of, sample_loss, sample_metrics

VALIDATION_BATCH = 256


class Program:
    """K models that train as one: their variables, and one compiled function that moves them.

    The K models come in groups, each with an optimizer of its own; the passes forwards and
    backwards, which take longest to compile, are the same for all of them.

    Parameters
    ----------
    model : keras.Model
        The architecture with its loss and metrics; its own weights are not touched.
    groups : sequence of (keras.optimizers.Optimizer, int)
        The optimizer and the number of models of each group; the numbers add up to K.
    batch_size : int
    xla : bool
    key : str
        What tells this program from others, in each process.
    """

    jit_compile = True  # by XLA; without it training is slower and starts sooner

    def __init__(self, model, groups, batch_size, xla=True, key=""):
        self.model, self.batch_size, self.key = model, batch_size, key
        self.size = sum(size for _, size in groups)
        self.shapes = [tuple(variable.shape) for variable in model.trainable_variables]
        self.n_weights = [math.prod(shape) for shape in self.shapes]
        self.groups = [
            StackedOptimizer(optimizer, size, sum(self.n_weights)) for optimizer, size in groups
        ]
        self.state = [
            tf.Variable(tf.zeros((self.size, *variable.shape), variable.dtype))
            for variable in model.non_trainable_variables
        ]
        held = [*self.state, *(each for group in self.groups for each in group.variables)]
        kept = [(each.handle, each.dtype) for each in held]
        weakref.finalize(self, _empty, kept).atexit = False
        self.loss, self.metrics = sample_loss(model), sample_metrics(model)
        self.measures = ["loss", *self.metrics]
        self._xla, self._compiled = xla and self.jit_compile, set()
        self.run = self._traceable()
        self.measure = tf.function(self._measure, autograph=False)

    def reset(self, weights, state, peaks, like=None):
        """Start anew from initial values, each of shape (K, ...); nothing is compiled again."""
        flat = np.concatenate([value.reshape(self.size, -1) for value in weights], axis=1)
        for group, (first, end), peak in zip(self.groups, self._ranges(), peaks, strict=True):
            group.reset(flat[first:end], peak, like)
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)

    def final_weights(self):
        """Return the K models' weights, each of shape (K, ...), in the order of get_weights()."""
        variables = [*self.model.trainable_variables, *self.model.non_trainable_variables]
        stacked = [*self._unpacked(self._weights()), *self.state]
        values = {id(v): held.numpy() for v, held in zip(variables, stacked, strict=True)}
        return [values[id(variable)] for variable in self.model.weights]

    def prepare(self, *inputs):
        """Trace the function for inputs of these shapes, if it is not compiled for them."""
        if _signature(inputs) not in self._compiled:
            with stable_names(f"{self.key} {_signature(inputs)}"):
                self.run.get_concrete_function(*inputs, tf.constant(0))

    def compile(self, *inputs):
        """Let XLA compile the traced function, or load it from the disk; it trains nothing yet."""
        if _signature(inputs) in self._compiled:
            return
        try:
            self.run(*inputs, tf.constant(0))
        except tf.errors.OpError:  # a disk that is full, or a program that does not fit
            disk_cache.forget()
            self.run = self._traceable()  # TensorFlow remembers the failure of the old one
            self._compiled.clear()
            self.prepare(*inputs)
            self.run(*inputs, tf.constant(0))
        self._compiled.add(_signature(inputs))
        disk_cache.keep()

    def _traceable(self):
        return tf.function(self._run, jit_compile=self._xla, autograph=False)

    def _run(self, orders, rates, x, y, stream_of, n_samples, validation, n_visits):
        """Train `n_visits` visits and return what they measured, shape (room, n_measures, K).

        Parameters
        ----------
        orders : int tensor of shape (room, streams, n)
            Samples of `x` in the order of each visit.
        rates : tensor of shape (room, K)
        stream_of, n_samples : int tensors of shape (K,)
            Which stream a run follows, and how many samples at its beginning count.
        validation : None or (x, y, samples of shape (K, n), n_samples of shape (K,))
        """

        def visit(number, results):
            now = tf.gather(rates, number)  # (room, K) -> (K,)
            for group, (first, end) in zip(self.groups, self._ranges(), strict=True):
                # In two steps: XLA takes rates[number, first:end] to begin at 0.
                group.rates.assign(now[first:end, None])  # (K of the group, 1)
            order = tf.gather(orders[number], stream_of)  # (streams, n) -> (K, n)
            measured = [self._visit(self._train_step, x, y, order, n_samples, self.batch_size)]
            if validation is not None:
                measured.append(self._measure(*validation))
            return number + 1, results.write(number, tf.concat(measured, axis=0))

        n_measures = len(self.measures) * (1 if validation is None else 2)
        results = tf.TensorArray(tf.float32, orders.shape[0], element_shape=(n_measures, self.size))
        _, results = tf.while_loop(lambda number, _: number < n_visits, visit, (0, results))
        return results.stack()

    def _measure(self, x, y, samples, n_samples):
        """Return the measures on validation data, shape (n_measures, K)."""
        return self._visit(self._test_step, x, y, samples, n_samples, VALIDATION_BATCH)

    def _visit(self, step, x, y, samples, n_samples, width):
        """Take a step per batch of samples (K, n); return the measures' means, (n_measures, K)."""
        width = min(width, samples.shape[1])
        full, rest = divmod(samples.shape[1], width)

        def take(start, width):
            batch = tf.slice(samples, [0, start], [self.size, width])  # (K, width)
            counts = start + tf.range(width) < n_samples[:, None]  # (K, width)
            return step(tf.gather(x, batch), tf.gather(y, batch), counts)  # (K, width, ...)

        _, sums = tf.while_loop(
            lambda number, _: number < full,
            lambda number, sums: (number + 1, sums + take(number * width, width)),
            (0, tf.zeros((len(self.measures), self.size))),
        )
        if rest:
            sums += take(full * width, rest)
        return sums / tf.cast(n_samples, tf.float32)

    def _weights(self):
        """Return the K models' trainable weights, shape (K, P)."""
        return tf.concat([group.weights.value for group in self.groups], axis=0)

    def _unpacked(self, weights):
        """Return weights of shape (..., P) as one tensor (..., *shape) per variable."""
        leading = weights.shape[:-1]
        flat = tf.split(weights, self.n_weights, axis=-1)
        return [
            tf.reshape(w, (*leading, *shape)) for w, shape in zip(flat, self.shapes, strict=True)
        ]

    def _ranges(self):
        """Return the (first, end) of each group's runs."""
        return list(itertools.pairwise([0, *np.cumsum([group.size for group in self.groups])]))

    def _train_step(self, x, y, counts):
        gradients, *measured, state = self._each_run(self._descend_one, x, y, counts)  # (K, P), …
        for group, (first, end) in zip(self.groups, self._ranges(), strict=True):
            group.apply(gradients[first:end])
        for variable, value in zip(self.state, state, strict=True):
            variable.assign(value)
        return self._sums(*measured, y, counts)

    def _test_step(self, x, y, counts):
        loss, outputs, _ = self._each_run(self._measure_one, x, y, counts)
        return self._sums(loss, outputs, y, counts)

    def _each_run(self, function, *data):
        """Apply a function of one run's weights, state and data to those of all K runs."""
        runs = (self._weights(), [tf.convert_to_tensor(variable) for variable in self.state], *data)
        return tf.vectorized_map(
            lambda run: function(*run), runs, fallback_to_while_loop=is_random(self.model)
        )

    # Of one run: weights (P,), x (batch, ...), y (batch, ...), counts (batch,).

    def _descend_one(self, weights, state, x, y, counts):
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss, outputs, state = self._measure_one(weights, state, x, y, counts, training=True)
        return tape.gradient(loss, weights), loss, outputs, state

    def _measure_one(self, weights, state, x, y, counts, training=False):
        """Return the mean loss over the samples that count, the outputs and the new state."""
        with as_products(layers_of(self.model)):
            outputs, state, added = self.model.stateless_call(
                self._unpacked(weights), state, x, training=training, return_losses=True
            )
        targets = tf.cast(y, tf.float32)
        if len(y.shape) < len(outputs.shape) and outputs.shape[-1] == 1:
            targets = targets[..., None]
        total = _sum_over_samples(self.loss(targets, outputs), counts)
        loss = total / tf.maximum(_count(counts), 1.0)  # none may count, in validation
        return tf.add_n([loss, *added]), outputs, state  # `added`: penalties on weights

    def _sums(self, losses, outputs, y, counts):
        """Return the measures, times the number of samples that count, shape (n_measures, K)."""
        all_y, all_outputs = (tf.reshape(t, (-1, *t.shape[2:])) for t in (y, outputs))
        metrics = [
            _sum_over_samples(metric(all_y, all_outputs), counts)
            for metric in self.metrics.values()
        ]
        return tf.stack([losses * _count(counts), *metrics])


def _empty(handles):
    """Empty variables that nothing uses any more, but that graphs of TensorFlow still hold.

    Some graphs stay for ever: the custom gradients in them are registered under names of their own.
    """
    with tf.init_scope():  # at once, though Python may collect while a graph is traced
        for handle, dtype in handles:
            nothing = tf.zeros(0, dtype)
            tf.raw_ops.AssignVariableOp(resource=handle, value=nothing, validate_shape=False)


def _signature(inputs):
    """Return the shapes and types of tensors, which a function is compiled for, as a text."""
    tensors = [values for values in tf.nest.flatten(inputs) if values is not None]
    return " ".join(f"{values.dtype.name}{values.shape.as_list()}" for values in tensors)


def _sum_over_samples(values, counts):
    """Sum over the samples that count; of values with more axes than samples, their mean."""
    by_sample = tf.reduce_mean(tf.reshape(values, (*counts.shape, -1)), axis=-1)
    return tf.reduce_sum(tf.where(counts, by_sample, 0.0), axis=-1)


def _count(counts):
    return tf.reduce_sum(tf.cast(counts, tf.float32), axis=-1)
