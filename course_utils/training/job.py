"""What to train, and what came of it; the same for both engines."""

import contextlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from course_utils.training.keras_setup import keras


@dataclass(frozen=True)
class Job:
    """K runs of one model: a learning rate, a seed and perhaps rows of its own for each.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model with one input and one output. Run k starts from the
        weights of ``build_model()`` right after ``keras.utils.set_random_seed(seeds[k])``.
    learning_rates, seeds : sequence of length K
    x : ndarray of shape (n_samples, ...)
    y : ndarray of shape (n_samples, ...)
    validation_data : tuple (x, y), optional
        Measured after each epoch.
    epochs, batch_size : int
    shuffle : bool
        Visit the rows in `batch_order` of the run's seed, or as they come.
    rows, validation_rows : sequence of K integer arrays, optional
        The rows of `x` that run k trains on, and those of the validation data that it is measured
        on, as for the folds of a cross-validation; by default all of them.
    optimizers : sequence of K keras.optimizers.Optimizer, optional
        What moves run k, in place of the optimizer that was compiled; it is only copied.
    xla : bool
        Compile the stacked loop by XLA: training is faster and starts a second later.
    """

    build_model: Callable
    learning_rates: list
    seeds: list
    x: np.ndarray
    y: np.ndarray
    validation_data: tuple | None = None
    epochs: int = 1
    batch_size: int = 32
    shuffle: bool = True
    rows: list | None = None
    validation_rows: list | None = None
    optimizers: list | None = None
    xla: bool = True

    def __post_init__(self):
        object.__setattr__(self, "x", _as_keras_has_it(self.x))
        object.__setattr__(self, "y", _as_keras_has_it(self.y))
        if self.validation_data is not None:
            validation = tuple(map(_as_keras_has_it, self.validation_data))
            object.__setattr__(self, "validation_data", validation)

    @property
    def size(self):
        return len(self.seeds)

    @cached_property
    def template(self):
        """The model of the first run, untrained."""
        return self.new_model(0)

    def new_model(self, run):
        """Return the untrained model of a run; Python and NumPy keep their random states."""
        with _random_states_kept():
            keras.utils.set_random_seed(self.seeds[run])
            model = self.build_model()
            if not isinstance(model, keras.Model):
                raise TypeError(
                    f"build_model returned {model!r}; it must return a compiled Keras model, "
                    "so end it with `return model`."
                )
            if not model.compiled or model.optimizer is None or model.loss is None:
                raise ValueError(
                    "build_model returned a model without optimizer or loss; call "
                    "model.compile(optimizer=..., loss=...) in it."
                )
            if not model.built:
                model(self.x[:2])
            optimizer = model.optimizer if self.optimizers is None else self.optimizers[run]
            template = self.__dict__.get("template")
            if self.optimizers is not None or (template and optimizer is template.optimizer):
                model.optimizer = type(optimizer).from_config(optimizer.get_config())
        return model

    def optimizer_of(self, run):
        return self.template.optimizer if self.optimizers is None else self.optimizers[run]

    def rows_of(self, run):
        return np.arange(len(self.x)) if self.rows is None else np.asarray(self.rows[run])

    def validation_rows_of(self, run):
        if self.validation_rows is None:
            return np.arange(len(self.validation_data[0]))
        return np.asarray(self.validation_rows[run])


@dataclass(frozen=True)
class Trained:
    """What came of a job.

    Attributes
    ----------
    history : dict of str to ndarray of shape (K, n_epochs)
        As in Keras's ``History``: ``loss``, the metrics of ``compile``, and ``val_…`` of each.
    weights : list of ndarray of shape (K, ...)
        The final weights, in the order of ``model.get_weights()``.
    snapshots : dict of int to list of ndarray of shape (K, ...)
        The weights after the epochs that were asked for.
    """

    history: dict
    weights: list
    snapshots: dict = field(default_factory=dict)

    @property
    def epochs(self):
        return self.history["loss"].shape[1]

    def weights_of(self, run, epoch=None):
        """Return what ``model.set_weights`` takes to continue with a run, by default at its end."""
        weights = self.weights if epoch is None else self.snapshots[epoch]
        return [weight[run] for weight in weights]


def _as_keras_has_it(values):
    values = np.asarray(values)
    return values.astype(np.float32) if values.dtype.kind in "fb" else values


@contextlib.contextmanager
def _random_states_kept():
    of_python, of_numpy = random.getstate(), np.random.get_state()  # noqa: NPY002
    try:
        yield
    finally:
        random.setstate(of_python)
        np.random.set_state(of_numpy)  # noqa: NPY002
