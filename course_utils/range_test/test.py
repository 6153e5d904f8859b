"""The range test, for Keras models and for scikit-learn's estimators."""

import copy

import numpy as np
import pandas as pd
from sklearn.linear_model import SGDClassifier, SGDRegressor

from course_utils.range_test.result import RangeTest
from course_utils.range_test.rules import StopRule
from course_utils.runs import seeds as course_seeds
from course_utils.training.fit import ENGINES, fit_runs, is_estimator
from course_utils.validation import as_choice, as_count, as_number, as_seeds, check_settings, told


def lr_range_test(
    model,
    x,
    y,
    *,
    start=1e-6,
    end=10.0,
    steps=100,
    batch_size=32,
    validation_data=None,
    validation_every=5,
    seeds=None,
    smoothing=0.9,
    engine="auto",
    progress=True,
):
    """Raise the learning rate step by step, and record the loss of each batch before its step.

    The test is repeated with several seeds, for one curve alone gives a number that the next one
    contradicts; its answer is a band of rates. Nothing that you hand in is changed: after the test
    (or an error, or an interrupt) the model, its optimizer and the random states of Python, NumPy,
    Keras and TensorFlow are as they were before.

    Parameters
    ----------
    model : callable, keras.Model, SGDRegressor or SGDClassifier
        A function that returns a compiled Keras model: each repeat starts from new weights, those
        of ``model()`` right after ``keras.utils.set_random_seed(seed)``. Or a compiled Keras model:
        each repeat starts from the weights and the optimizer that it has now, and only the batches
        differ. Or an estimator of scikit-learn, trained by ``partial_fit``. Loss and optimizer are
        the model's own. A learning-rate schedule is set aside, with a note.
    x : array-like of shape (n_samples, n_features) or (n_samples, ...)
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
    start, end : float
        The first and the last learning rate. Each is the same factor above the one before.
    steps : int
        At least 10.
    batch_size : int
        Samples per step. For scikit-learn, the samples of one ``partial_fit``.
    validation_data : tuple (x, y), optional
    validation_every : int
        Measure the validation loss at every so many steps.
    seeds : sequence of int, optional
        One repeat each; by default ``seeds(10)``.
    smoothing : float
        Of the curve that the rules read, from 0 to below 1; `RangeTest.read` changes it afterwards.
    engine : str
        For Keras. ``"stacked"``: all repeats as one compiled program; ``"loop"``: Keras's own
        ``train_on_batch``, one repeat after the other; ``"auto"``: the loop for one repeat, and
        for several the program where it can be, else the loop, with the reason printed.
    progress : bool
        Show a progress bar when the test takes longer than two seconds.

    Returns
    -------
    RangeTest
        With ``band``, ``suggestions``, ``refusal``, ``plot()`` and ``to_frame()``. A repeat stops
        when its loss is not finite, or after ten steps exceeds four times its best (both smoothed
        by 0.9). After an interrupt: the repeats finished until then, if there is one.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used.

    Notes
    -----
    L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3.

    Examples
    --------
    >>> x = np.random.RandomState(0).normal(size=(200, 3))
    >>> model = SGDRegressor(learning_rate="constant")
    >>> test = lr_range_test(model, x, x.sum(axis=1), batch_size=8, progress=False)
    >>> low, high = test.band
    >>> 1e-4 < low < high < 0.1
    True
    """
    rates = _as_rates(start, end, steps)
    smoothing = as_number(smoothing, "smoothing", least=0, below=1)
    seeds = course_seeds(10) if seeds is None else as_seeds(seeds)
    engine = as_choice(engine, "engine", ENGINES)
    if engine == "auto" and len(seeds) == 1:
        engine = "loop"
    tested, notes = as_tested(model)
    label = type(model).__name__
    trained = fit_runs(
        tested,
        pd.DataFrame({"seed": seeds}),
        x,
        y,
        validation_data=validation_data,
        batch_size=batch_size,
        record="step",
        learning_rates=rates,
        validation_every=validation_every,
        stop=StopRule,
        engine=engine,
        progress=progress,
    )
    if not is_estimator(model):
        label, notes = _label_and_notes(trained.runs.template.optimizer)
    return RangeTest(
        rates,
        trained.history["loss"],
        trained.table["seed"].tolist(),
        trained.stop_reasons,
        label,
        smoothing,
        trained.history.get("val_loss"),
        notes,
    )


def as_tested(model):
    """Return what a range test trains in place of a model, and notes on what it sets aside.

    Of an estimator, a copy with ``learning_rate="constant"``; any other model is itself.
    """
    if isinstance(model, type):
        raise TypeError(
            f"model is the class {model.__name__}; give an instance, such as {model.__name__}(...)."
        )
    if not is_estimator(model):
        return model, []
    if not isinstance(model, (SGDRegressor, SGDClassifier)):
        raise TypeError(
            f"model is {told(model)}, which cannot take another rate at each step; give an "
            "SGDRegressor, an SGDClassifier, a compiled Keras model or a function that returns one."
        )
    check_settings(model, "model")
    tested = copy.deepcopy(model).set_params(learning_rate="constant")
    if model.learning_rate == "constant":
        return tested, []
    note = (
        f"the estimator has learning_rate={model.learning_rate!r}, a schedule; it was set aside "
        'here, and the answer is for learning_rate="constant" with eta0'
    )
    return tested, [note]


def _as_rates(start, end, steps):
    start, end = as_number(start, "start", above=0), as_number(end, "end", above=0)
    if start >= end:
        raise ValueError(
            f"start is {start:g} and end is {end:g}; the test goes upwards, so give a start below "
            "the end, such as 1e-6 and 10."
        )
    return np.geomspace(start, end, as_count(steps, "steps", minimum=10))


def _label_and_notes(optimizer):
    # Imported here, for TensorFlow is behind them.
    from course_utils.sweeps.optimizers import optimizer_label
    from course_utils.training.optimizer import own_schedule

    schedule, notes = own_schedule(optimizer), []
    if schedule is not None:
        notes.append(
            f"the model was compiled with {type(schedule).__name__}, which sets the rate by "
            "itself; it was set aside here, and the answer is for a constant rate, or for the "
            "schedule's peak"
        )
    return optimizer_label(optimizer), notes
