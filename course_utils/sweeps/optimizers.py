"""Optimizers compared fairly: each at its default learning rate, and each tuned over its own.

Which optimizer looks best depends on how each was tuned (Choi et al. 2019, arXiv:1910.05446).
"""

import math
from collections import Counter
from collections.abc import Mapping

import numpy as np
import pandas as pd

from course_utils.runs import seeds as course_seeds
from course_utils.training import fit_runs
from course_utils.training.checks import check_rate
from course_utils.training.keras_setup import keras
from course_utils.training.optimizer import own_schedule, peak_rate, reason_against_optimizer
from course_utils.validation import (
    as_count,
    as_data,
    as_learning_rates,
    as_seeds,
    check_builder,
    told,
)


def compare_optimizers(
    build_model,
    optimizers,
    x,
    y,
    *,
    learning_rates=None,
    validation_data=None,
    epochs=100,
    batch_size=32,
    seeds=None,
    shuffle=True,
    engine="auto",
    progress=True,
):
    """Train a model with each optimizer, at its default rate and at every rate of its grid.

    All optimizers get the same seeds (so the same initial weights and batches), the same epochs and
    as many rates to try. Those that can be stacked train as one model.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model; its optimizer is replaced.
    optimizers : sequence or dict
        Optimizers, their classes, functions that return one, or Keras's names for them. The names
        of a dict give each its own rates below, and tell apart those that read the same, as two
        schedules of one class do.
    learning_rates : sequence of float or dict of name to sequence of float, optional
        The rates to try: for all optimizers, or equally many for each. By default every optimizer
        runs only at the rate, or by the schedule, that it was made with.
    x, y, validation_data, epochs, batch_size, seeds, shuffle, engine, progress
        As in `sweep`.

    Returns
    -------
    DataFrame
        The table of `sweep` with two columns more in front: ``optimizer``, read from what ran, such
        as ``SGD(momentum=0.9)``, or its name in the dict where two read the same; and
        ``rate_from``, ``"default"`` or ``"grid"``. The rate of a schedule is its peak. After an
        interrupt: what is finished until then, and nothing more is trained.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used.

    Examples
    --------
    ::

        results = compare_optimizers(
            build_model, ["sgd", keras.optimizers.SGD(momentum=0.9), "adam"], X_train, y_train,
            learning_rates=[0.3, 0.1, 0.03, 0.01, 0.003, 0.001], validation_data=(X_val, y_val),
        )
        rank_optimizers(results)
    """
    check_builder(build_model)
    grids = _grids(optimizers, learning_rates)
    seeds = course_seeds(1) if seeds is None else as_seeds(seeds)
    x, y, validation_data = as_data(x, y, validation_data)
    epochs, batch_size = as_count(epochs, "epochs"), as_count(batch_size, "batch_size")
    steps = epochs * math.ceil(len(x) / batch_size)
    runs = pd.DataFrame(
        [
            (label, kind, rate, seed)
            for label, (optimizer, grid) in grids.items()
            for seed in seeds
            for kind, rates in (("default", [_default_rate(optimizer, steps)]), ("grid", grid))
            for rate in rates
        ],
        columns=["optimizer", "rate_from", "learning_rate", "seed"],
    )
    tables = []
    for names in _trained_as_one(grids):
        chosen = runs[runs["optimizer"].isin(names)]
        try:
            trained = fit_runs(
                build_model,
                chosen,
                x,
                y,
                validation_data=validation_data,
                epochs=epochs,
                batch_size=batch_size,
                shuffle=shuffle,
                optimizers={name: optimizer for name, (optimizer, _) in grids.items()},
                engine=engine,
                progress=progress,
            )
        except KeyboardInterrupt:
            if not tables:
                raise
            print("Interrupted: what was finished before is returned.")
            break
        tables.append(trained.to_frame())
        if trained.history["loss"].shape != (len(chosen), epochs):
            break
    table = pd.concat(tables, ignore_index=True)
    table.attrs = tables[0].attrs
    return table


def optimizer_label(optimizer):
    """Return what an optimizer is, read from its config: its class and what is not the default.

    Examples
    --------
    >>> optimizer_label(keras.optimizers.SGD(momentum=0.9))
    'SGD(momentum=0.9)'
    """
    name = type(optimizer).__name__
    if hasattr(optimizer, "inner_optimizer"):  # a LossScaleOptimizer, of mixed precision
        return f"{name}({optimizer_label(optimizer.inner_optimizer)})"
    config, usual = optimizer.get_config(), type(optimizer)().get_config()
    settings = [
        f"{name}={value}"
        for name, value in config.items()
        if name not in ("name", "learning_rate") and value != usual[name]
    ]
    if own_schedule(optimizer) is not None:
        settings.append(type(own_schedule(optimizer)).__name__)
    return name + (f"({', '.join(settings)})" if settings else "")


def _grids(optimizers, learning_rates):
    """Return {label: (optimizer, its rates)}."""
    if isinstance(optimizers, str) or not isinstance(optimizers, (Mapping, list, tuple)):
        raise TypeError(f"optimizers is {told(optimizers)}; give a list, such as ['sgd', 'adam'].")
    named = optimizers if isinstance(optimizers, Mapping) else dict(enumerate(optimizers))
    if not named:
        raise ValueError("optimizers is empty; give at least one, such as ['adam'].")
    rates = _rates_of(named, learning_rates)
    made = {name: _made(given) for name, given in named.items()}
    labels = {name: optimizer_label(optimizer) for name, optimizer in made.items()}
    if named is optimizers:
        count = Counter(labels.values())
        labels = {n: label if count[label] == 1 else str(n) for n, label in labels.items()}
    (label, times), *_ = Counter(labels.values()).most_common()
    if times > 1:
        raise ValueError(
            f"optimizers holds {label} twice; give each once, or a dict that names them."
        )
    return {labels[name]: (optimizer, rates[name]) for name, optimizer in made.items()}


def _rates_of(named, learning_rates):
    """Return {name of an optimizer: its rates}, as many for each."""
    if not isinstance(learning_rates, Mapping):
        common = [] if learning_rates is None else as_learning_rates(learning_rates)
        return dict.fromkeys(named, common)
    if set(learning_rates) != set(named):
        raise ValueError(
            f"learning_rates has grids for {sorted(map(str, learning_rates))} and optimizers "
            f"holds {sorted(map(str, named))}; give each optimizer its grid."
        )
    rates = {name: as_learning_rates(learning_rates[name]) for name in named}
    if len({len(grid) for grid in rates.values()}) > 1:
        sizes = {name: len(grid) for name, grid in rates.items()}
        raise ValueError(f"The grids have {sizes} rates; a fair comparison gives each as many.")
    return rates


def _made(given):
    try:
        if isinstance(given, (str, dict)):
            optimizer = keras.optimizers.get(given)
        else:
            make = callable(given) and not isinstance(given, keras.Model)
            optimizer = given() if make else given
    except ValueError as error:
        raise ValueError(f"optimizers holds {given!r}, which Keras does not know.") from error
    if not isinstance(optimizer, keras.optimizers.Optimizer):
        raise TypeError(
            f"optimizers holds {told(given)}, which gives no Keras optimizer; "
            "give keras.optimizers.Adam() or 'adam'."
        )
    check_rate(optimizer)
    return optimizer


def _default_rate(optimizer, steps):
    schedule = own_schedule(optimizer)
    rate = optimizer.learning_rate if schedule is None else peak_rate(schedule, steps)
    return float(str(np.float32(rate)))  # 0.01, not 0.0099999998


def _trained_as_one(grids):
    """Return the names of optimizers that one program can move, then each of the others."""
    reasons = {name: reason_against_optimizer(optimizer) for name, (optimizer, _) in grids.items()}
    as_one = tuple(name for name, reason in reasons.items() if reason is None)
    alone = [(name,) for name, reason in reasons.items() if reason is not None]
    return [*filter(None, [as_one]), *alone]
