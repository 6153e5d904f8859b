"""The plain engine: Keras's own ``fit`` or ``train_on_batch``, one run after the other."""

import contextlib
import math
import re
from functools import partial

from course_utils.training.batches import ordered_batches
from course_utils.training.checks import loss_in
from course_utils.training.keras_setup import keras
from course_utils.training.library_hooks import everything_restored
from course_utils.training.optimizer import rate_setter, set_rate
from course_utils.training.record import record_epochs, record_steps
from course_utils.training.support import compiled_metrics

SAMPLES_AT_ONCE = 1024  # of validation data


def train_in_loop(runs, bar):
    """Train `KerasRuns` one by one; an interrupt keeps those that are finished."""
    if runs.by_step:
        return record_steps(runs, bar, partial(_steps, runs))
    return record_epochs(runs, bar, partial(_fit, runs))


@contextlib.contextmanager
def _steps(runs, run):
    with everything_restored(runs.given):
        model = runs.new_model(run)
        set_step_rate = rate_setter(model)

        def take_step(x, y, rate):
            set_step_rate(rate)
            return train_on_batch(model, x, y)

        yield take_step, partial(_evaluate, model)


def train_on_batch(model, x, y):
    """Take a step and return the loss of the batch before it."""
    model.reset_metrics()  # older Keras 3 would return a running mean
    return float(loss_in(model.train_on_batch(x, y, return_dict=True), model))


def _evaluate(model, x, y):
    return model.evaluate(x, y, batch_size=SAMPLES_AT_ONCE, verbose=0, return_dict=True)["loss"]


def _fit(runs, run):
    kept, (x, y) = {}, runs.data_of(run)

    def keep(epoch, logs):
        if epoch + 1 in runs.snapshots:
            kept[epoch + 1] = model.get_weights()

    with everything_restored(runs.given):
        model = runs.new_model(run)
        steps = math.ceil(len(x) / runs.batch_size)
        set_rate(model.optimizer, runs.rates[run, 0], runs.visits * steps)
        if model.steps_per_execution != 1:  # more would take samples of the next epoch
            model.steps_per_execution, model.train_function = 1, None
        history = model.fit(
            ordered_batches(x, y, runs.batch_size, runs.seeds[run], runs.shuffle),
            steps_per_epoch=steps,
            epochs=runs.visits,
            validation_data=runs.validation_of(run),
            shuffle=False,  # here, not by Keras
            callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
            verbose=0,
        )
        return _with_plain_names(history.history, model), model.get_weights(), kept


def _with_plain_names(history, model):
    """Return a history in the order of `compile`, the loss first, and ``auc`` for ``auc_7``.

    Keras sorts it by name, and counts from model to model the metrics that it names itself.
    """
    metrics = compiled_metrics(model)
    order = ["loss", *metrics, *(name for name in history if not name.startswith("val_"))]
    renamed = {}
    for prefix in ("", "val_"):
        for name in dict.fromkeys(order):
            if prefix + name in history:
                plain = base = prefix + _plain_name(name, metrics.get(name))
                count = 0
                while plain in renamed:
                    count += 1
                    plain = f"{base}_{count}"
                renamed[plain] = history[prefix + name]
    return renamed


def _plain_name(name, metric):
    counted = type(metric).__name__.lower() + r"\d+"
    return re.sub(r"_\d+$", "", name) if re.fullmatch(counted, name.replace("_", "")) else name
