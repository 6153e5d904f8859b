"""The plain engine: Keras's own ``fit``, one model after the other."""

import math
import re

import numpy as np

from course_utils.training.batches import ordered_batches
from course_utils.training.job import Trained
from course_utils.training.keras_setup import keras
from course_utils.training.optimizer import set_rate
from course_utils.training.support import compiled_metrics


def train_in_loop(job, bar, snapshots=()):
    """Train every run by ``fit`` and return what came of them; an interrupt keeps whole runs."""
    finished = []
    try:
        for run in range(job.size):
            finished.append(_fit(job, run, snapshots))
            bar.update()
    except KeyboardInterrupt:
        if not finished:
            raise
        print(f"Interrupted: {len(finished)} of {job.size} runs are finished and returned.")
    histories, weights, kept = zip(*finished, strict=True)
    curves = zip(*(history.values() for history in histories), strict=True)
    return Trained(
        dict(zip(histories[0], map(np.array, curves), strict=True)),
        _stacked(weights),
        {epoch: _stacked([of_run[epoch] for of_run in kept]) for epoch in snapshots},
    )


def _stacked(weights):
    return [np.stack(of_all_runs) for of_all_runs in zip(*weights, strict=True)]


def _fit(job, run, snapshots):
    kept = {}

    def keep(epoch, logs):
        if epoch + 1 in snapshots:
            kept[epoch + 1] = model.get_weights()

    model, rows = job.new_model(run), job.rows_of(run)
    validation = None
    if job.validation_data is not None:
        chosen = job.validation_rows_of(run)
        validation = tuple(part[chosen] for part in job.validation_data)
    x, y = job.x[rows], job.y[rows]
    steps = math.ceil(len(rows) / job.batch_size)
    set_rate(model.optimizer, job.learning_rates[run], job.epochs * steps)
    model.steps_per_execution = 1  # more would take rows of the next epoch
    history = model.fit(
        ordered_batches(x, y, job.batch_size, job.seeds[run], job.shuffle),
        steps_per_epoch=steps,
        epochs=job.epochs,
        validation_data=validation,
        shuffle=False,  # here, not by Keras
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=keep)],
        verbose=0,
    )
    return _with_plain_names(history.history, model), model.get_weights(), kept


def _with_plain_names(history, model):
    """Return a history in the order of `compile`, the loss first, and ``auc`` for ``auc_7``.

    Keras sorts it by name, and counts from model to model the metrics that it names itself.
    """
    compiled = compiled_metrics(model)
    metrics = dict(zip(compiled.result(), compiled.metrics, strict=True)) if compiled else {}
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
