"""Runs of a Keras model: the models that they start from, and their losses at both ends."""

from functools import cached_property

import numpy as np

from course_utils.training.baseline import baseline_loss, one_loss
from course_utils.training.keras_setup import keras, tensorflow_notes_hidden
from course_utils.training.library_hooks import everything_restored, loss_weight
from course_utils.training.optimizer import without_schedule
from course_utils.training.runs import Runs
from course_utils.validation import as_data


class KerasRuns(Runs):
    """`Runs` of a Keras model.

    Run k starts from the weights of ``build_model()`` right after
    ``keras.utils.set_random_seed(seeds[k])``; or, where a compiled model is given, from its
    present weights and the present state of its optimizer.
    """

    @property
    def given(self):
        """The compiled model that all runs start from, or None."""
        return self.model if isinstance(self.model, keras.Model) else None

    @cached_property
    def template(self):
        """The model of the first run, untrained."""
        return self.new_model(0)

    def new_model(self, run):
        """Return the untrained model of a run, or the model that was given."""
        if self.given is not None:
            return self.given
        keras.utils.set_random_seed(self.seeds[run])
        model = self.model()
        if not isinstance(model, keras.Model):
            raise TypeError(
                f"build_model returned {model!r}; it must return a compiled Keras model, "
                "so end it with `return model`. An estimator with partial_fit is given as it is."
            )
        if not model.compiled or model.optimizer is None or model.loss is None:
            raise ValueError(
                "build_model returned a model without optimizer or loss; call "
                "model.compile(optimizer=..., loss=...) in it."
            )
        if not model.built:
            model(self.x[:2])
        template, like = self.__dict__.get("template"), None
        if self.optimizers is not None:
            like = self.optimizers[self.table["optimizer"].iloc[run]]
        elif template and model.optimizer is template.optimizer:  # made outside of build_model
            like = model.optimizer
        if like is not None:
            model.optimizer = type(like).from_config(like.get_config())
        return model

    @cached_property
    def movers(self):
        """The optimizer of each run, one object for the runs of one optimizer."""
        by_name, names = {None: self.template.optimizer}, [None] * self.size
        if self.optimizers is not None:
            by_name, names = self.optimizers, self.table["optimizer"]
        if self.by_step:
            by_name = {name: without_schedule(one) for name, one in by_name.items()}
        return [by_name[name] for name in names]

    @cached_property
    def baseline_loss(self):
        """The loss of the best constant, on the scale of the losses that Keras reports."""
        loss, y = one_loss(self.template.loss), self.y
        scale = loss_weight(self.template)
        if getattr(loss, "reduction", None) == "sum":  # a mean over batches of sums over samples
            full, rest = divmod(self.visit_size(0), self.batch_size)
            scale *= (full * self.batch_size**2 + rest**2) / self.visit_size(0)
        return scale * baseline_loss(loss, y)

    def _start_loss(self, run):
        with everything_restored(self.given):
            return self._loss(self.new_model(run).get_weights(), run)

    def end_losses(self, trained):
        """Return the losses after the last step, or None where a run is more than one step.

        An epoch's loss is measured batch by batch, each before its step: where a run is a single
        step, it says nothing about what that step did.
        """
        if self.visits > 1 or max(map(self.visit_size, range(self.size))) > self.batch_size:
            return None
        losses = []
        with everything_restored(self.given):
            for run in range(len(trained.history["loss"])):
                losses.append(self._loss(trained.weights_of(run), run))
        return losses

    @cached_property
    def _measured(self):
        """The model that losses are measured with: what Keras traces, it traces once."""
        return self.new_model(0)

    def _loss(self, weights, run):
        x, y = self.data_of(run)
        self._measured.set_weights(weights)
        with tensorflow_notes_hidden():
            return self._measured.evaluate(x, y, verbose=0, return_dict=True)["loss"]


def as_keras_data(x, y, validation_data):
    """Return the data, checked, as Keras would have them: floats in single precision."""
    x, y, validation_data = as_data(x, y, validation_data)
    x, y = in_single_precision(x, "x"), in_single_precision(y, "y")
    if validation_data is not None:
        names = ("validation_data[0]", "validation_data[1]")
        validation_data = tuple(map(in_single_precision, validation_data, names))
    return x, y, validation_data


def in_single_precision(values, name):
    """Return floats and bools as float32, which networks compute in; whole numbers as they are."""
    if values.dtype.kind not in "fb":
        return values
    largest = max(float(values.max()), -float(values.min()))
    if largest > float(np.finfo(np.float32).max):
        raise ValueError(
            f"{name} holds numbers up to {largest:g}, and networks compute in single "
            "precision, which ends at 3.4e38; scale them first."
        )
    return values.astype(np.float32)
