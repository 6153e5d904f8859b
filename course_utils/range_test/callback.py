"""The range test as a Keras callback, for those who want it inside their own ``fit``."""

import numpy as np

from course_utils.range_test.checks import as_rates, as_smoothing
from course_utils.range_test.result import RangeTest
from course_utils.range_test.rules import StopRule
from course_utils.sweeps.optimizers import optimizer_label
from course_utils.training.keras_setup import keras
from course_utils.training.library_hooks import keep_model
from course_utils.training.optimizer import own_schedule


class LRRangeTest(keras.callbacks.Callback):
    """Raise the learning rate batch by batch in your own ``fit``, and record each batch's loss.

    The record is of the batch alone: Keras's ``logs["loss"]`` is a mean since the epoch began,
    so the callback resets the metrics at each batch. It stops ``fit`` when the loss diverges or
    the last rate is reached, and then puts the model and its optimizer back as they were.

    What it cannot do, and `lr_range_test` can:

    - repeat itself with other seeds: it is one curve, whose suggestion the next one contradicts;
    - restore the random states, for ``fit`` draws from them before the callback is asked;
    - clean up after an error in ``fit``, for then Keras calls no callback: call ``restore()``;
    - leave the epoch's metrics alone: what ``fit`` reports is that of its last batch;
    - test a model that was compiled with a schedule, or with ``steps_per_execution`` above 1;
    - make ``fit`` long enough: give it as many epochs as the steps need.

    Parameters
    ----------
    start, end : float
    steps : int
    smoothing : float
        As in `lr_range_test`.

    Attributes
    ----------
    result : RangeTest or None
        After ``fit``.

    Examples
    --------
    ::

        finder = LRRangeTest(steps=100)
        model.fit(x, y, epochs=10, callbacks=[finder], verbose=0)
        finder.result.band
    """

    def __init__(self, start=1e-6, end=10.0, steps=100, smoothing=0.9):
        super().__init__()
        self.result = None
        self._rates, self._smoothing = as_rates(start, end, steps), as_smoothing(smoothing)
        self._undo = None

    def restore(self):
        """Put the model back to what it was when ``fit`` began; a second call does nothing."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    def on_train_begin(self, logs=None):
        """Keep the model, or explain why it cannot be tested here."""
        schedule = own_schedule(self.model.optimizer)
        if schedule is not None:
            raise TypeError(
                f"The model was compiled with {type(schedule).__name__}, which sets the rate by "
                "itself; compile with a number, or use lr_range_test, which sets it aside."
            )
        if self.model.steps_per_execution != 1:
            raise ValueError(
                f"The model was compiled with steps_per_execution="
                f"{self.model.steps_per_execution}, so a callback does not see each batch; "
                "compile with 1, or use lr_range_test."
            )
        if not self.model.built:
            raise ValueError("The model has no weights yet; begin it with keras.Input(...).")
        self._undo = keep_model(self.model)
        self._losses, self._reason, self._stop = [], None, StopRule()
        self.result = None

    def on_train_batch_begin(self, batch, logs=None):
        """Set the rate of this step, and forget the batches before it."""
        self.model.optimizer.learning_rate = float(self._rates[len(self._losses)])
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        """Record the loss that the batch had before its step."""
        loss = float(logs["loss"])
        self._losses.append(loss if np.isfinite(loss) else np.inf)
        self._reason = self._stop(loss)
        if self._reason is None and len(self._losses) == len(self._rates):
            self._reason = "end"
        if self._reason is not None:
            self.model.stop_training = True

    def on_train_end(self, logs=None):
        """Build the result and restore the model."""
        losses = np.full((1, len(self._rates)), np.nan)
        losses[0, : len(self._losses)] = self._losses
        label = optimizer_label(self.model.optimizer)
        self.restore()
        self.result = RangeTest(
            self._rates, losses, [0], [self._reason or "fit ended"], label, self._smoothing
        )
