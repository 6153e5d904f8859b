"""One door to the range test, for Keras models and for scikit-learn's."""

from course_utils.range_test import sgd
from course_utils.range_test.checks import as_rates, check_instance
from course_utils.range_test.result import RangeTest
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_choice, as_count, as_number, as_seeds

ENGINES = ("auto", "stacked", "loop")


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
        Rows per step. For scikit-learn, the rows of one ``partial_fit``.
    validation_data : tuple (x, y), optional
    validation_every : int
        Measure the validation loss at every so many steps.
    seeds : sequence of int, optional
        One repeat each; by default ``seeds(10)``.
    smoothing : float
        Of the curve that the rules read, from 0 to below 1. See `smooth`, and `RangeTest.read` to
        change it afterwards.
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
    >>> import numpy as np
    >>> from sklearn.linear_model import SGDRegressor
    >>> x = np.random.RandomState(0).normal(size=(200, 3))
    >>> model = SGDRegressor(learning_rate="constant")
    >>> test = lr_range_test(model, x, x.sum(axis=1), batch_size=8, progress=False)
    >>> low, high = test.band
    >>> 1e-4 < low < high < 0.1
    True
    """
    rates = as_rates(start, end, steps)
    smoothing = as_number(smoothing, "smoothing", least=0, below=1)
    batch_size = as_count(batch_size, "batch_size")
    every = as_count(validation_every, "validation_every")
    seeds = course_seeds(10) if seeds is None else as_seeds(seeds)
    engine = as_choice(engine, "engine", ENGINES)
    data = {"batch_size": batch_size, "seeds": seeds, "validation_data": validation_data}
    check_instance(model)
    if hasattr(model, "get_params"):
        estimator, notes = sgd.constant_rate(model)
        label = type(model).__name__
        recorded = sgd.record(estimator, x, y, rates, every=every, progress=progress, **data)
    else:
        from course_utils.range_test import keras  # TensorFlow is behind it

        recorded, label, notes = keras.record(
            model, x, y, rates, every=every, engine=engine, progress=progress, **data
        )
    losses, val_losses, reasons = recorded
    finished = [repeat for repeat, reason in enumerate(reasons) if reason is not None]
    return RangeTest(
        rates,
        losses[finished],
        [seeds[repeat] for repeat in finished],
        [reasons[repeat] for repeat in finished],
        label,
        smoothing,
        None if val_losses is None else val_losses[finished],
        notes,
    )
