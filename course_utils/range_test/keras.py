"""The range test of Keras models: by ``train_on_batch``, or all repeats as one program."""

import numpy as np

from course_utils.progress import progress_bar
from course_utils.range_test.batches import full_batches
from course_utils.range_test.checks import check_batch, finished_ones_kept
from course_utils.range_test.restore import everything_restored
from course_utils.range_test.rules import StopRule
from course_utils.range_test.stacked import CurrentRate, program_for
from course_utils.sweeps.optimizers import optimizer_label
from course_utils.training import Job
from course_utils.training.checks import check_model, check_new_models
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden, tf
from course_utils.training.optimizer import own_schedule
from course_utils.training.support import meet_data, reason_against_stacking
from course_utils.validation import as_data, told

STEPS_AT_ONCE = 10  # between two looks at the stop rule and at the interrupt key
ROWS_AT_ONCE = 1024  # of validation data


class CannotStackError(ValueError):
    """The repeats cannot be trained as one; the message says why."""


def record(model, x, y, rates, batch_size, seeds, validation_data, every, engine, progress):
    """Return ((losses, val_losses or None, stop reasons), label, notes).

    After an interrupt the stop reason of a repeat that is not finished is None.
    """
    x, y, validation_data = as_data(x, y, validation_data)
    check_batch(len(x), batch_size)
    given = model if isinstance(model, keras.Model) else None
    if given is not None:
        _check_given(given, x)
    elif not callable(model):
        raise TypeError(
            f"model is {told(model)}; give a compiled Keras model, a function that returns one, an "
            "SGDRegressor or an SGDClassifier."
        )
    build = model if given is None else lambda: given
    with everything_restored(given), tensorflow_notes_hidden():
        job = Job(build, [1.0] * len(seeds), seeds, x, y, validation_data, 1, batch_size)
        check_model(job)
        if given is None:
            check_new_models(job)
        notes = _notes(job.template)
        label = optimizer_label(job.template.optimizer)
        batches = np.array([full_batches(seed, len(x), batch_size, len(rates)) for seed in seeds])
        if engine == "stacked" or (engine == "auto" and len(seeds) > 1):
            try:
                return _stacked(job, given, batches, rates, every, progress), label, notes
            except CannotStackError as reason:
                if engine == "stacked":
                    raise
                print(f"Testing one repeat after the other: {reason}.")
        return _in_loop(job, given, batches, rates, every, progress), label, notes


def _stacked(job, given, batches, rates, every, progress):
    meet_data(job.template, job.x, job.y)
    reason = reason_against_stacking(job.template)
    if reason:
        raise CannotStackError(reason)
    n_repeats, n_steps = job.size, len(rates)
    losses = np.full((n_repeats, n_steps), np.nan)
    val_losses, reasons = losses.copy(), [None] * n_repeats
    stops = [StopRule() for _ in range(n_repeats)]
    at_once = STEPS_AT_ONCE if job.validation_data is None else every
    program = program_for(job.template, n_repeats, job.batch_size)
    program.reset(
        [given or job.new_model(repeat) for repeat in range(n_repeats)],
        None if given is None else given.optimizer,
    )
    data = tuple(map(tf.constant, (job.x, job.y, batches.astype(np.int32))))
    with progress_bar(n_steps, "step", progress) as bar, finished_ones_kept(reasons):
        for first in range(0, n_steps, at_once):
            last = min(first + at_once, n_steps)
            if job.validation_data is not None:
                val_losses[:, first] = program.measure(*job.validation_data)
            block = program.take(*data, rates, first, last)
            losses[:, first:last] = np.where(np.isfinite(block), block, np.inf)
            _judge(stops, reasons, losses, val_losses, first, last)
            bar.update(last - first)
            if all(reasons):
                break
        reasons[:] = [reason or "end" for reason in reasons]
    val_losses = None if job.validation_data is None else val_losses
    return losses, val_losses, reasons


def _judge(stops, reasons, losses, val_losses, first, last):
    """Stop the repeats that have seen enough, and forget what they have seen since."""
    for repeat, stop in enumerate(stops):
        for step in range(first, last):
            if reasons[repeat]:
                losses[repeat, step:last] = np.nan
                val_losses[repeat, step:last] = np.nan
                break
            reasons[repeat] = stop(losses[repeat, step])


def _in_loop(job, given, batches, rates, every, progress):
    losses = np.full((job.size, len(rates)), np.nan)
    val_losses, reasons = losses.copy(), [None] * job.size
    with progress_bar(job.size, "repeat", progress) as bar, finished_ones_kept(reasons):
        for repeat, rows_of_steps in enumerate(batches):
            model = given or job.new_model(repeat)
            with everything_restored(model):
                set_rate = rate_setter(model)
                stop, reason = StopRule(), None
                for step, rows in enumerate(rows_of_steps):
                    if job.validation_data is not None and step % every == 0:
                        val_losses[repeat, step] = _evaluate(model, *job.validation_data)
                    set_rate(rates[step])
                    loss = _train_on_batch(model, job.x[rows], job.y[rows])
                    losses[repeat, step] = loss if np.isfinite(loss) else np.inf
                    reason = stop(loss)
                    if reason:
                        break
            reasons[repeat] = reason or "end"
            bar.update()
    return losses, None if job.validation_data is None else val_losses, reasons


def rate_setter(model):
    """Return a function that sets the learning rate; a schedule is taken out for it."""
    if own_schedule(model.optimizer) is None:
        return lambda rate: setattr(model.optimizer, "learning_rate", float(rate))
    now = tf.Variable(0.0, trainable=False)
    model.optimizer.learning_rate = CurrentRate(now)
    model.train_function = None  # an older one has the schedule in it
    return now.assign


def _train_on_batch(model, x, y):
    model.reset_metrics()  # older Keras 3 would return a running mean
    logs = model.train_on_batch(x, y, return_dict=True)
    if "loss" not in logs:
        raise ValueError(
            f"The train_step of {type(model).__name__} returns {sorted(logs)} and no 'loss'; "
            "return the batch's loss under that name."
        )
    return float(logs["loss"])


def _evaluate(model, x, y):
    return model.evaluate(x, y, batch_size=ROWS_AT_ONCE, verbose=0, return_dict=True)["loss"]


def _check_given(model, x):
    if not model.compiled or model.optimizer is None or model.loss is None:
        raise ValueError(
            "The model is not compiled, so it has no loss and no optimizer; call "
            "model.compile(optimizer=..., loss=...) first."
        )
    if not model.built:
        model.build((None, *x.shape[1:]))


def _notes(model):
    schedule = own_schedule(model.optimizer)
    if schedule is None:
        return []
    return [
        f"the model was compiled with {type(schedule).__name__}, which sets the rate by itself; it "
        "was set aside here, and the answer is for a constant rate, or for the schedule's peak"
    ]
