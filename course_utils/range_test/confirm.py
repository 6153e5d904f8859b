"""A short sweep around the band of a range test, to see how good the answer is."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from course_utils import sweeps
from course_utils.range_test.checks import check_instance
from course_utils.range_test.result import RangeTest
from course_utils.runs import run_status
from course_utils.runs import seeds as course_seeds
from course_utils.validation import as_count, as_number, told


@dataclass(frozen=True, repr=False)
class Confirmation:
    """What a sweep around the band has shown.

    Attributes
    ----------
    runs : DataFrame
        The table of the sweep.
    measure : str
        What was compared, at the last epoch: ``"val_loss"`` or ``"loss"``.
    band : tuple of float
    suggestion : float
        `RangeTest.suggestion`, one of the rates.
    """

    runs: pd.DataFrame
    measure: str
    band: tuple
    suggestion: float

    @property
    def losses(self):
        """The median loss of each rate over the seeds, a Series; a diverged run counts as inf."""
        final = run_status(self.runs)
        value = final[self.measure].where(final["status"] != "diverged", np.inf)
        return value.groupby(final["learning_rate"]).median()

    @property
    def best_rate(self):
        """The rate of the sweep with the smallest median loss."""
        return float(self.losses.idxmin())

    @property
    def regret(self):
        """The loss at the suggestion over the best loss of the sweep; 1 is no regret."""
        return float(self.losses[self.suggestion] / self.losses.min())

    @property
    def band_regret(self):
        """The same of the best rate in the band."""
        low, high = self.band
        return float(self.losses.loc[low:high].min() / self.losses.min())

    @property
    def inside(self):
        """Whether the best rate of the sweep lies in the band."""
        low, high = self.band
        return low <= self.best_rate <= high

    def __repr__(self):
        low, high = self.band
        n_seeds = self.runs["seed"].nunique()
        return (
            f"Sweep of {len(self.losses)} rates × {n_seeds} seed{'s' * (n_seeds > 1)} around "
            f"{low:.2g} to {high:.2g}: the best is {self.best_rate:.2g}, "
            f"{'inside' if self.inside else 'outside'} the band. At the suggestion "
            f"{self.suggestion:.2g} the {self.measure} is {self.regret:.2f} × the best; "
            f"the best of the band has {self.band_regret:.2f} ×."
        )


def confirm(
    test,
    model,
    x,
    y,
    validation_data=None,
    epochs=20,
    batch_size=32,
    seeds=None,
    reach=10.0,
    progress=True,
):
    """Train at rates in and around the band of a range test, and compare.

    At the ends of the band, at three rates in it (the suggestion is one), and at two to either
    side, the outermost the factor `reach` away. The training is that of `sweep`.

    Parameters
    ----------
    test : RangeTest
    model : callable, keras.Model, SGDRegressor or SGDClassifier
        What was tested. A Keras model is not changed: copies with new weights are trained. What
        its preprocessing layers have learnt by ``adapt`` is kept.
    x, y, validation_data
        As in `sweep`. Without validation data the training loss is compared.
    epochs, batch_size : int
        As in `sweep`; scikit-learn's estimators have no batches.
    seeds : sequence of int, optional
        One run each per rate; by default ``seeds(3)``.
    reach : float
        Above 1.
    progress : bool

    Returns
    -------
    Confirmation
        With ``regret``, ``inside``, ``best_rate`` and the table ``runs``.

    Raises
    ------
    TypeError, ValueError
        If the test suggests no rate, or an argument cannot be used.

    Examples
    --------
    ::

        test = lr_range_test(build_model, x, y)
        confirm(test, build_model, x, y, validation_data=(x_val, y_val)).regret
    """
    if not isinstance(test, RangeTest):
        raise TypeError(f"test is {told(test)}; give the result of lr_range_test.")
    check_instance(model)
    reach = as_number(reach, "reach", above=1)
    epochs = as_count(epochs, "epochs")
    low, high = test.band
    suggestion = test.suggestion
    inner = {low, *np.geomspace(low, high, 4)[1:3], suggestion, high}
    outer = reach ** np.array([0.5, 1.0])
    rates = sorted({float(rate) for rate in (*inner, *low / outer, *high * outer)})
    seeds = course_seeds(3) if seeds is None else seeds
    if hasattr(model, "get_params"):
        from course_utils.range_test.sgd import constant_rate

        estimator, _ = constant_rate(model)
        runs = sweeps.sweep(
            estimator, rates, x, y, validation_data=validation_data, epochs=epochs, seeds=seeds,
            progress=progress,
        )  # fmt: skip
    else:
        runs = sweeps.sweep(
            _builder(model), rates, x, y, validation_data=validation_data, epochs=epochs,
            batch_size=batch_size, seeds=seeds, progress=progress,
        )  # fmt: skip
    measure = "val_loss" if "val_loss" in runs else "loss"
    return Confirmation(runs, measure, (low, high), suggestion)


def _builder(model):
    from course_utils.training.keras_setup import keras

    if not isinstance(model, keras.Model):
        return model
    if not model.compiled:
        raise ValueError(
            "The model is not compiled, so it has no loss and no optimizer; call "
            "model.compile(optimizer=..., loss=...) first."
        )

    def build():
        copy = keras.models.clone_model(model)
        for layer, original in zip(copy._flatten_layers(), model._flatten_layers(), strict=True):
            if hasattr(original, "adapt"):
                adapted = {}
                original.save_own_variables(adapted)
                layer.load_own_variables(adapted)
        copy.compile_from_config(model.get_compile_config())
        return copy

    return build
