"""The one way to train: runs of a Keras model or of a scikit-learn estimator, by any engine."""

from functools import partial

import numpy as np

from course_utils.progress import progress_bar
from course_utils.training.runs import CannotStackError
from course_utils.training.workers import n_workers, train_by_workers
from course_utils.validation import as_choice, as_count, as_flag, told

ENGINES = ("auto", "stacked", "loop")
RECORDS = ("epoch", "step")


def fit_runs(
    model,
    runs,
    x,
    y,
    *,
    validation_data=None,
    epochs=1,
    batch_size=32,
    shuffle=True,
    record="epoch",
    learning_rates=None,
    validation_every=1,
    stop=None,
    optimizers=None,
    folds=None,
    snapshots=(),
    engine="auto",
    xla=True,
    progress=True,
):
    """Train K runs of one model.

    A run is plain Keras: ``build_model()`` right after ``keras.utils.set_random_seed(seed)``, its
    learning rate set, and ``fit`` on batches in the order of `batch_order`; or plain scikit-learn:
    a clone with ``random_state=RandomState(seed)`` and ``partial_fit`` once per epoch.

    Parameters
    ----------
    model : callable, keras.Model or scikit-learn estimator
        A function that returns a new compiled Keras model with one input and one output. Or a
        compiled model, whose present weights and optimizer state are where every run starts; it
        is left as it was. Or an estimator with ``partial_fit``, which needs no TensorFlow.
    runs : DataFrame
        A row per run; its columns are the keys of the results. ``seed``; ``learning_rate``, unless
        `learning_rates` are given; ``optimizer``, a name in `optimizers`; ``fold``, one in `folds`;
        and any others.
    x : array-like of shape (n_samples, ...)
    y : array-like of shape (n_samples, ...)
    validation_data : tuple (x, y), optional
        Measured after each epoch, or before each `validation_every`-th step.
    epochs : int
    batch_size : int
        Samples per step. The epochs of scikit-learn have no batches.
    shuffle : bool
        Visit the samples in a new order each epoch, or as they come.
    record : str
        ``"epoch"``: a loss per epoch, the mean over its batches. ``"step"``: a loss per step, that
        of the batch before it; all batches are full, and an optimizer's schedule is set aside.
    learning_rates : array of shape (n_steps,) or (K, n_steps)
        The rate of each step, with ``record="step"``.
    validation_every : int
        Steps.
    stop : callable, optional
        With ``record="step"``: ``stop()`` returns the rule of one run, a function of the loss of
        each of its steps in turn that returns None, or the reason to end this run. When every run
        has ended, nothing more is trained.
    optimizers : dict of name to keras.optimizers.Optimizer, optional
        What moves the runs of each name, in place of the compiled one; they are only copied.
    folds : dict of name to (indices of samples, indices of validation samples), optional
        What the runs of each fold train on and are measured on; None stands for all.
    snapshots : sequence of int
        Epochs after which the weights of Keras models are kept too.
    engine : str
        For Keras. ``"stacked"``: all runs as one model; ``"loop"``: one after the other; ``"auto"``
        stacks what it can, and prints why where it cannot.
    xla : bool
        Compile the stacked program by XLA: training is faster and starts a second later.
    progress : bool
        Show a progress bar when the work takes longer than two seconds.

    Returns
    -------
    Trained
        The same from every engine, up to rounding. After an interrupt: what is finished.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used.

    Notes
    -----
    Where a joblib backend of processes is set, its workers train a shard of the runs each.

    Examples
    --------
    >>> import pandas as pd
    >>> from sklearn.linear_model import SGDRegressor
    >>> runs = pd.DataFrame({"learning_rate": [0.1, 0.01], "seed": 0})
    >>> x, y = [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0]
    >>> trained = fit_runs(SGDRegressor(learning_rate="constant"), runs, x, y, epochs=5)
    >>> trained.history["loss"].shape
    (2, 5)
    """
    by_step = as_choice(record, "record", RECORDS) == "step"
    engine = as_choice(engine, "engine", ENGINES)
    epochs = as_count(epochs, "epochs")
    rates = np.asarray(learning_rates if by_step else runs["learning_rate"], dtype=float)
    if not by_step:
        rates = np.repeat(rates[:, None], epochs, axis=1)
    rates = np.broadcast_to(rates, (len(runs), rates.shape[-1]))
    outside = sorted(set(snapshots) - set(range(1, epochs + 1)))
    if outside:
        raise ValueError(
            f"snapshots holds {outside} and the runs train {epochs} epochs; "
            f"give epochs from 1 to {epochs}."
        )
    settings = {
        "visits": rates.shape[1],
        "batch_size": as_count(batch_size, "batch_size"),
        "shuffle": as_flag(shuffle, "shuffle"),
        "by_step": by_step,
        "rates": rates,
        "optimizers": optimizers,
        "folds": folds,
        "snapshots": tuple(snapshots),
        "validation_every": as_count(validation_every, "validation_every"),
        "stop": stop,
        "xla": xla,
    }
    if not callable(model) and not is_estimator(model):
        raise TypeError(
            f"model is {told(model)}; give a compiled Keras model, a function that returns one, or "
            "an estimator of scikit-learn."
        )
    # Imported here, for TensorFlow is behind KerasRuns.
    if is_estimator(model):
        from course_utils.training.partial_fit import EstimatorRuns, as_estimator_data

        data = as_estimator_data(model, x, y, validation_data)
        return _train_estimator(EstimatorRuns(model, runs, *data, **settings), progress)
    from course_utils.training.keras_runs import KerasRuns, as_keras_data

    data = as_keras_data(x, y, validation_data)
    return _train_keras(KerasRuns(model, runs, *data, **settings), engine, progress)


def is_estimator(model):
    """Return whether a model is one of scikit-learn's."""
    return hasattr(model, "get_params")


def _train_keras(runs, engine, progress=False):
    from course_utils.training import checks, loop, trainer
    from course_utils.training.keras_setup import tensorflow_notes_hidden
    from course_utils.training.library_hooks import chance_of_one_thread, everything_restored
    from course_utils.training.support import reason_against_stacking, take_back_accuracy

    checks.check_start(runs)
    with everything_restored(runs.given), tensorflow_notes_hidden(), chance_of_one_thread():
        checks.check_model(runs)
        if not runs.by_step:
            _ = runs.baseline_loss  # an error in it comes before any training
        reason = None if engine == "loop" else reason_against_stacking(runs)
        if reason and engine == "stacked":
            raise CannotStackError(reason)
        if reason:
            print(f"Training one run after the other: {reason}.")
            engine = "loop"
        if n_workers():
            return train_by_workers(partial(_train_keras, engine=engine), runs, progress)
        if engine == "loop":
            with progress_bar(runs.size, "run", progress) as bar:
                trained = loop.train_in_loop(runs, bar)
        else:
            with progress_bar(runs.visits, "step" if runs.by_step else "epoch", progress) as bar:
                trained = trainer.train_stacked(runs, bar)
    take_back_accuracy(runs.template, trained.history)
    return trained


def _train_estimator(runs, progress=False):
    from course_utils.training.partial_fit import train_estimator

    if n_workers():
        return train_by_workers(_train_estimator, runs, progress)
    with progress_bar(runs.size, "run", progress) as bar:
        return train_estimator(runs, bar)
