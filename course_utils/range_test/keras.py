"""What a range test says of a Keras model."""

from course_utils.sweeps.optimizers import optimizer_label
from course_utils.training.optimizer import own_schedule


def label_and_notes(model):
    """Return what the optimizer of a model is called, and what a reader should know."""
    return optimizer_label(model.optimizer), _notes(model)


def _notes(model):
    schedule = own_schedule(model.optimizer)
    if schedule is None:
        return []
    return [
        f"the model was compiled with {type(schedule).__name__}, which sets the rate by itself; it "
        "was set aside here, and the answer is for a constant rate, or for the schedule's peak"
    ]
