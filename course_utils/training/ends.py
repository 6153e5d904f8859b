"""The training loss of single runs before training and after it, where their history lacks it."""

from functools import cache

from course_utils.training.keras_setup import tensorflow_notes_hidden


def start_loss(job):
    """Return the function that gives the loss of a run, by its number, before training."""

    @cache
    def of_seed(seed):
        model = job.new_model(job.seeds.index(seed))
        return _loss(job, model, job.seeds.index(seed))

    return lambda run: of_seed(job.seeds[run])


def end_loss(job, trained):
    """Return the losses of the trained runs after the last step, or None if one step is not all.

    An epoch's loss is measured batch by batch, each before its step: where a run is a single step,
    it says nothing about what that step did.
    """
    if job.epochs > 1 or any(len(job.rows_of(run)) > job.batch_size for run in range(job.size)):
        return None
    model = job.new_model(0)
    losses = []
    for run in range(len(trained.history["loss"])):
        model.set_weights(trained.weights_of(run))
        losses.append(_loss(job, model, run))
    return losses


def _loss(job, model, run):
    rows = job.rows_of(run)
    with tensorflow_notes_hidden():
        return model.evaluate(job.x[rows], job.y[rows], verbose=0, return_dict=True)["loss"]
