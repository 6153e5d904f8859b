"""What the networks share as scikit-learn estimators: parameters, building, training."""

import contextlib
import inspect
import math
from contextvars import ContextVar
from importlib import import_module
from numbers import Integral, Real

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from course_utils.training import ordered_batches
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden, tf
from course_utils.validation import as_count, as_number, as_seed

OPTIMIZERS = {
    "adadelta": keras.optimizers.Adadelta,
    "adagrad": keras.optimizers.Adagrad,
    "adam": keras.optimizers.Adam,
    "adamax": keras.optimizers.Adamax,
    "adamw": keras.optimizers.AdamW,
    "lion": keras.optimizers.Lion,
    "nadam": keras.optimizers.Nadam,
    "rmsprop": keras.optimizers.RMSprop,
    "sgd": keras.optimizers.SGD,
}
ROWS_AT_ONCE = 8192  # in prediction
_tensorflow_context = import_module("tensorflow.python.eager.context").context
_trainer = ContextVar("trainer", default=None)


@contextlib.contextmanager
def trained_by(function):
    """Let ``function(estimator, x, y)`` give the network and its history while the block runs.

    It stands in for Keras's ``fit``, in this thread only; where it returns None, Keras trains.
    """
    token = _trainer.set(function)
    try:
        yield
    finally:
        _trainer.reset(token)


class KerasMLP(BaseEstimator):
    """What the classifier and the regressor share: all but the last layer and the loss."""

    def __init__(
        self,
        units=(64,),
        learning_rate=0.01,
        optimizer="sgd",
        momentum=0.0,
        dropout=0.0,
        batch_size=32,
        epochs=50,
        random_state=None,
        verbose=0,
    ):
        self.units = units
        self.learning_rate = learning_rate
        self.optimizer = optimizer
        self.momentum = momentum
        self.dropout = dropout
        self.batch_size = batch_size
        self.epochs = epochs
        self.random_state = random_state
        self.verbose = verbose

    def build_model(self, n_features, n_outputs, seed):
        """Return the network, compiled and untrained; everything random in it has its own seed.

        Parameters
        ----------
        n_features, n_outputs : int
        seed : int

        Returns
        -------
        keras.Sequential
        """
        seeds = map(int, np.random.SeedSequence(seed).generate_state(2 * len(self._widths()) + 1))
        model = keras.Sequential([keras.Input((n_features,))])
        for width in self._widths():
            start = keras.initializers.GlorotUniform(seed=next(seeds))
            model.add(keras.layers.Dense(width, activation="relu", kernel_initializer=start))
            if self.dropout:
                model.add(keras.layers.Dropout(self.dropout, seed=next(seeds)))
        start = keras.initializers.GlorotUniform(seed=next(seeds))
        model.add(keras.layers.Dense(n_outputs, self._activation, kernel_initializer=start))
        model.compile(self.build_optimizer(), loss=self._loss, metrics=self._metrics)
        return model

    def build_optimizer(self):
        """Return the optimizer, at the learning rate and the momentum of this estimator."""
        settings = {"momentum": float(self.momentum)} if self.momentum else {}
        return OPTIMIZERS[self.optimizer](learning_rate=float(self.learning_rate), **settings)

    def check_parameters(self):
        """Raise an error that explains itself if a parameter, or two together, cannot be used.

        Raises
        ------
        TypeError, ValueError
        """
        self.check_values()
        if self.momentum and "momentum" not in _parameters(OPTIMIZERS[self.optimizer]):
            able = [name for name, kind in OPTIMIZERS.items() if "momentum" in _parameters(kind)]
            raise ValueError(
                f"momentum is {self.momentum} and the optimizer {self.optimizer!r} takes none; "
                f"give it to one of {', '.join(map(repr, able))}, or leave it at 0."
            )

    def check_values(self):
        """Raise an error that explains itself if a parameter is wrong by itself.

        Raises
        ------
        TypeError, ValueError
        """
        if not isinstance(self.units, (Integral, tuple, list, np.ndarray)):
            raise TypeError(
                f"units is {self.units!r}; give a whole number for each hidden layer, such as 64 "
                "or (64, 32)."
            )
        for width in self._widths():
            as_count(width, "a number in units")
        if not isinstance(self.learning_rate, (Real, np.number)):
            raise TypeError(
                f"learning_rate is {self.learning_rate!r}; give one number above 0, such as 0.01."
            )
        as_number(self.learning_rate, "learning_rate", above=0)
        as_count(self.batch_size, "batch_size")
        as_count(self.epochs, "epochs")
        for name in ("dropout", "momentum"):
            value = getattr(self, name)
            if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
                raise TypeError(f"{name} is {value!r}; give a number from 0 up to, not with, 1.")
            if not 0 <= value < 1:
                raise ValueError(f"{name} is {value}; give a number from 0 up to, not with, 1.")
        if not isinstance(self.optimizer, str) or self.optimizer not in OPTIMIZERS:
            raise ValueError(
                f"optimizer is {self.optimizer!r}; give one of {', '.join(map(repr, OPTIMIZERS))}."
            )
        seed = self.random_state
        is_number = isinstance(seed, (Integral, np.bool_))
        if is_number:
            as_seed(seed, "random_state")
        if not is_number and not isinstance(seed, (np.random.RandomState, type(None))):
            raise TypeError(
                f"random_state is {seed!r}; give a whole number of at least 0, a "
                "numpy.random.RandomState, or None."
            )

    def _widths(self):
        return [self.units] if isinstance(self.units, Integral) else list(self.units)

    def _fit(self, x, y, n_outputs):
        seed = self.random_state
        if not isinstance(seed, Integral):
            seed = int(check_random_state(seed).randint(2**31))
        self.n_outputs_, self.seed_ = n_outputs, int(seed)
        function = _trainer.get()
        result = function(self, x, y) if function else None
        self.model_, self.history_ = result or self._train(x, y)
        return self

    def _train(self, x, y):
        model = self.build_model(x.shape[1], self.n_outputs_, self.seed_)
        with tensorflow_notes_hidden(), _memory_given_back(model):
            history = model.fit(
                ordered_batches(x, y, self.batch_size, self.seed_),
                steps_per_epoch=math.ceil(len(x) / self.batch_size),
                epochs=self.epochs,
                shuffle=False,  # `ordered_batches` has done it, from the seed
                verbose=self.verbose,
            )
        return model, history.history

    def _outputs(self, X):
        check_is_fitted(self)
        x = validate_data(self, X, dtype=np.float32, reset=False)
        # Called, not `predict`: that would trace a function for each fitted network.
        blocks = [
            keras.ops.convert_to_numpy(self.model_(x[start : start + ROWS_AT_ONCE]))
            for start in range(0, len(x), ROWS_AT_ONCE)
        ]
        outputs = np.concatenate(blocks)
        if not np.isfinite(outputs).all():
            raise ValueError(
                f"The network has diverged: its outputs are {outputs[~np.isfinite(outputs)][0]}; "
                f"fit it with a learning_rate below {self.learning_rate}."
            )
        return outputs


def refuse_lost_cells(**data):
    """Raise an error for cells that a conversion to numbers would fill or reinterpret."""
    for name, values in data.items():
        if np.ma.is_masked(values):
            raise ValueError(
                f"{name} is a masked array with masked cells; drop their rows or fill them in "
                f"first, such as {name}.filled(0)."
            )
        if isinstance(values, np.ndarray) and values.dtype.kind in "mM":
            raise ValueError(f"{name} holds dates or times; turn them into numbers first.")


def _parameters(optimizer):
    return inspect.signature(optimizer).parameters


@contextlib.contextmanager
def _memory_given_back(model):
    """Keep TensorFlow from holding on to what the training of a model has traced.

    Its sum of the gradients over replicas enters every trace in a register for ever, and there is
    one replica only; its cache of kernels keeps what no function calls any more.
    """
    alone = tf.distribute.get_strategy().num_replicas_in_sync == 1
    if alone:
        model.optimizer._all_reduce_sum_gradients = lambda gradients: gradients
    try:
        yield
    finally:
        if alone:
            del model.optimizer._all_reduce_sum_gradients
        _tensorflow_context().clear_kernel_cache()
