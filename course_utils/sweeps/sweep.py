"""Learning rates × seeds of one model."""

import pandas as pd

from course_utils.runs import seeds as course_seeds
from course_utils.training.fit import fit_runs, is_estimator
from course_utils.validation import as_learning_rates, as_seeds, check_builder, told


def sweep(
    model,
    learning_rates,
    x,
    y,
    *,
    validation_data=None,
    epochs=100,
    batch_size=None,
    seeds=None,
    shuffle=None,
    engine=None,
    progress=True,
):
    """Train a Keras model or a scikit-learn estimator at every learning rate, with every seed.

    A run of Keras is plain Keras: ``build_model()`` right after
    ``keras.utils.set_random_seed(seed)``, its optimizer's learning rate set, and ``fit`` on batches
    in a random order of that seed. Loss, metrics and optimizer are those of ``compile``. Where the
    optimizer has a ``LearningRateSchedule``, the schedule keeps its shape and the rate is its peak.

    A run of scikit-learn is the plain loop: a clone of the estimator with ``eta0``
    (``learning_rate_init`` for the neural networks) at the rate and
    ``random_state=numpy.random.RandomState(seed)``, then ``partial_fit(x, y)`` once per epoch. A
    generator, not the number itself: with a number, scikit-learn would visit the samples in one and
    the same order in every epoch. Nothing of TensorFlow is imported.

    Parameters
    ----------
    model : callable or scikit-learn estimator
        A function that returns a new compiled Keras model, with one input and one output; or an
        estimator with ``partial_fit``, such as ``SGDRegressor(learning_rate="constant")``, which is
        not changed.
    learning_rates : sequence of float
        Rates above 0; whole numbers are taken as floats.
    x : array-like of shape (n_samples, n_features) or, for Keras, (n_samples, ...)
    y : array-like of shape (n_samples,) or, for Keras, (n_samples, n_outputs)
    validation_data : tuple (x, y), optional
        Measured after each epoch, never trained on.
    epochs : int
        Passes over the data.
    batch_size : int, optional
        Of Keras: samples per step, by default 32; the last batch of an epoch may be short.
    seeds : sequence of int, optional
        One run per rate and seed; by default ``seeds(1)``.
    shuffle : bool, optional
        Of Keras: visit the samples in a new order each epoch, the default. With False a run equals
        ``fit(shuffle=False)``.
    engine : str, optional
        Of Keras. ``"stacked"``: all runs as one model; ``"loop"``: one ``fit`` after the other;
        ``"auto"``, the default: stacked where it can be, else the loop, with the reason printed.
    progress : bool
        Show a progress bar when the sweep takes longer than two seconds.

    Returns
    -------
    DataFrame
        A row per run and epoch: ``learning_rate, seed, epoch, loss[, accuracy, …, val_loss, …]``,
        ``status`` and ``diverged_at``; see `run_status`. Of Keras the measures are those of its
        ``History``; of scikit-learn the mean squared error for regressors, log loss or hinge loss
        and accuracy for classifiers. A run that diverged is a result, not an error; where its loss
        is no number, its accuracy is 0. After an interrupt: what is finished until then.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used; so with an estimator whose
        ``learning_rate="optimal"`` (the default of SGDClassifier) or ``solver="lbfgs"`` does not
        read the rate, and with `batch_size`, `shuffle` or `engine` for an estimator, which has no
        such settings.

    See Also
    --------
    compare_optimizers : another optimizer in each run.
    final, paired_difference : what the runs came to, and whether one rate is better than another.

    Notes
    -----
    Within ``joblib.parallel_config("dask")`` or ``("loky", n_jobs=2)`` the runs are shared among
    the workers, with the same numbers.

    Keras models of dense, convolution, pooling, embedding, normalization and dropout layers, and of
    layers that reshape or merge, train as one. These train one run after the other:

    =====================  =========================================================================
    what                   which
    =====================  =========================================================================
    models                 with a ``call`` or ``train_step`` of their own; mixed precision
    layers                 recurrent, attention, 3D and transposed convolution; convolution with
                           groups or ``data_format="channels_first"``; Embedding with a mask, or
                           with an optimizer other than SGD; any of your own
    activations, losses,   of your own; losses and metrics that are no mean over samples, such as
    metrics                hinge, dice or AUC
    optimizers             that look at several weights at once: LAMB, Muon, Adafactor, gradient
                           clipping by norm
    =====================  =========================================================================

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> x, y = [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0]
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.1, 9.0], x, y)
    >>> runs.groupby("learning_rate")["status"].last().tolist()
    ['converged', 'diverged']

    A Keras model is given as the function that builds it::

        sweep(build_model, [0.1, 0.01], x, y, validation_data=(x_val, y_val), epochs=20)
    """
    rates = as_learning_rates(learning_rates)
    seeds = course_seeds(1) if seeds is None else as_seeds(seeds)
    settings = {"batch_size": batch_size, "shuffle": shuffle, "engine": engine}
    given = {name: value for name, value in settings.items() if value is not None}
    if not is_estimator(model):
        check_builder(model, "model", "; or an estimator of scikit-learn that has partial_fit")
    elif given:
        (name, value), *_ = given.items()
        raise TypeError(
            f"{name} is {told(value)}, and scikit-learn's partial_fit has no such setting; leave "
            "it out, or give a function that builds a Keras model."
        )
    runs = pd.DataFrame(
        [(rate, seed) for seed in seeds for rate in rates], columns=["learning_rate", "seed"]
    )
    return fit_runs(
        model,
        runs,
        x,
        y,
        validation_data=validation_data,
        epochs=epochs,
        progress=progress,
        **given,
    ).to_frame()
