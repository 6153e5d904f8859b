"""Learning rates × seeds of a Keras model, all trained as one."""

from course_utils.runs import runs_table
from course_utils.runs import seeds as course_seeds
from course_utils.training import Job, train
from course_utils.training.baseline import constant_loss
from course_utils.training.checks import check_model, check_new_models
from course_utils.training.ends import end_loss, start_loss
from course_utils.validation import as_count, as_data, as_flag, as_learning_rates, as_seeds


def sweep(
    build_model,
    learning_rates,
    x,
    y,
    validation_data=None,
    epochs=200,
    batch_size=32,
    seeds=None,
    shuffle=True,
    engine="auto",
    progress=True,
):
    """Train a Keras model at every learning rate, with every seed, all at once.

    A run is plain Keras: ``build_model()`` right after ``keras.utils.set_random_seed(seed)``, its
    optimizer's learning rate set, and ``fit`` on batches in the order of `stack.batch_order`. Loss,
    metrics and optimizer are those of ``compile``. Where the optimizer has a
    ``LearningRateSchedule``, the schedule keeps its shape and the rate is its peak.

    Parameters
    ----------
    build_model : callable
        Returns a new compiled Keras model, with one input and one output.
    learning_rates : sequence of float
        Rates above 0; whole numbers are taken as floats.
    x : array-like of shape (n_samples, n_features) or (n_samples, ...)
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
    validation_data : tuple (x, y), optional
        Measured after each epoch, never trained on.
    epochs : int
        Passes over the data.
    batch_size : int
        Rows per step; the last batch of an epoch may be short.
    seeds : sequence of int, optional
        One run per rate and seed; by default ``seeds(1)``.
    shuffle : bool
        Visit the rows in a new order each epoch. With False a run equals ``fit(shuffle=False)``.
    engine : str
        ``"stacked"``: all runs as one model; ``"loop"``: one ``fit`` after the other; ``"auto"``:
        stacked where it can be, else the loop, with the reason printed.
    progress : bool
        Show a progress bar when the sweep takes longer than two seconds.

    Returns
    -------
    DataFrame
        A row per run and epoch: ``learning_rate, seed, epoch, loss[, accuracy, …, val_loss, …]``
        as in Keras's ``History``, ``status`` and ``diverged_at``; see `run_status`. A run that
        diverged is a result, not an error; where its loss is no number, its accuracy is 0. After an
        interrupt: the epochs finished until then.

    Raises
    ------
    TypeError, ValueError
        Before any training, if an argument cannot be used.

    Examples
    --------
    >>> import keras
    >>> def build_model():
    ...     model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    ...     model.compile(optimizer=keras.optimizers.SGD(), loss="mse")
    ...     return model
    >>> x, y = [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0]
    >>> runs = sweep(build_model, [0.1, 9.0], x, y, epochs=100)
    >>> runs.groupby("learning_rate")["status"].last().tolist()
    ['converged', 'diverged']
    """
    rates = as_learning_rates(learning_rates)
    seeds = course_seeds(1) if seeds is None else as_seeds(seeds)
    x, y, validation_data = as_data(x, y, validation_data)
    job = Job(
        build_model,
        rates * len(seeds),
        [seed for seed in seeds for _ in rates],
        x,
        y,
        validation_data,
        as_count(epochs, "epochs"),
        as_count(batch_size, "batch_size"),
        as_flag(shuffle, "shuffle"),
    )
    check_model(job)
    check_new_models(job)
    baseline = constant_loss(job.template.loss, job.y)
    trained = train(job, engine, progress)
    n_finished = len(trained.history["loss"])
    keys = {
        "learning_rate": job.learning_rates[:n_finished],
        "seed": job.seeds[:n_finished],
    }
    ends = start_loss(job), end_loss(job, trained)
    return runs_table(keys, trained.history, baseline, *ends)
