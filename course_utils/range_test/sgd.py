"""The range test of scikit-learn's SGDRegressor and SGDClassifier, by ``partial_fit``."""

import copy

from sklearn.linear_model import SGDClassifier, SGDRegressor

from course_utils.validation import check_settings, told


def constant_rate(estimator):
    """Return a copy with ``learning_rate="constant"``, and a note if it had a schedule.

    Raises
    ------
    TypeError
        If the estimator has no such thing.
    ValueError
        If one of its parameters cannot be used.
    """
    if not isinstance(estimator, (SGDRegressor, SGDClassifier)):
        raise TypeError(
            f"model is {told(estimator)}, which cannot take another rate at each step; give an "
            "SGDRegressor, an SGDClassifier, a compiled Keras model or a function that returns one."
        )
    check_settings(estimator, "model")
    found = copy.deepcopy(estimator).set_params(learning_rate="constant")
    if estimator.learning_rate == "constant":
        return found, []
    note = (
        f"the estimator has learning_rate={estimator.learning_rate!r}, a schedule; it was set "
        'aside here, and the answer is for learning_rate="constant" with eta0'
    )
    return found, [note]
