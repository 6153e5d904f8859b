"""A short sweep around the band of a range test, to see how good the answer is."""

import numpy as np

from course_utils.range_test.result import RangeTest
from course_utils.range_test.test import as_tested
from course_utils.runs import seeds as course_seeds
from course_utils.sweeps import sweep
from course_utils.training.fit import is_estimator
from course_utils.validation import as_count, as_number, told


def confirm(
    test,
    model,
    x,
    y,
    *,
    validation_data=None,
    epochs=20,
    batch_size=32,
    seeds=None,
    reach=10.0,
    progress=True,
):
    """Train at rates in and around the band of a range test.

    At the ends of the band, at three rates in it (the suggestion is one), and at two to either
    side, the outermost the factor `reach` away. The training is that of `sweep`.

    Parameters
    ----------
    test : RangeTest
    model : callable, keras.Model, SGDRegressor or SGDClassifier
        What was tested. A Keras model is not changed: copies with new weights are trained. What
        its preprocessing layers have learnt by ``adapt`` is kept.
    x, y, validation_data
        As in `sweep`.
    epochs, batch_size : int
        As in `sweep`; scikit-learn's estimators have no batches.
    seeds : sequence of int, optional
        One run each per rate; by default ``seeds(3)``.
    reach : float
        Above 1.
    progress : bool

    Returns
    -------
    DataFrame
        The table of runs of `sweep`, its rates rising.

    Raises
    ------
    ValueError
        If the test suggests no rate.

    Examples
    --------
    ::

        test = lr_range_test(build_model, x, y)
        runs = confirm(test, build_model, x, y, validation_data=(x_val, y_val))
        losses = final(runs, by="learning_rate")
        regret = losses / losses.min()  # of each rate; 1 is the best
        low, high = test.band
        regret[test.suggestion], regret.loc[low:high].min()
    """
    if not isinstance(test, RangeTest):
        raise TypeError(f"test is {told(test)}; give the result of lr_range_test.")
    model, _ = as_tested(model)
    reach = as_number(reach, "reach", above=1)
    low, high = test.band
    inner = {low, *np.geomspace(low, high, 4)[1:3], test.suggestion, high}
    outer = reach ** np.array([0.5, 1.0])
    rates = sorted({float(rate) for rate in (*inner, *low / outer, *high * outer)})
    seeds = course_seeds(3) if seeds is None else seeds
    settings = {}
    if not is_estimator(model):
        model, settings = builder_of(model), {"batch_size": as_count(batch_size, "batch_size")}
    return sweep(
        model, rates, x, y, validation_data=validation_data, epochs=epochs, seeds=seeds,
        progress=progress, **settings,
    )  # fmt: skip


def builder_of(model):
    """Return a function that builds a compiled Keras model: copies, where the model is one."""
    # Imported here, for TensorFlow is behind them.
    from course_utils.training.checks import check_compiled
    from course_utils.training.keras_setup import keras
    from course_utils.training.support import layers_of

    if not isinstance(model, keras.Model):
        return model
    check_compiled(model)

    def build():
        copy = keras.models.clone_model(model)
        for layer, original in zip(layers_of(copy), layers_of(model), strict=True):
            if hasattr(original, "adapt"):
                adapted = {}
                original.save_own_variables(adapted)
                layer.load_own_variables(adapted)
        copy.compile_from_config(model.get_compile_config())
        return copy

    return build
