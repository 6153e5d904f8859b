"""The sharpness of a network: the largest curvature of its loss where its weights are now."""

import numpy as np

from course_utils.validation import as_count, as_numbers, told

STEP = 1e-4  # between the two gradients whose difference is a curvature


def sharpness(gradient, w, iterations=30):
    """Return the largest curvature of a loss at `w`, by power iteration.

    A direction is pushed through the curvature again and again; each time the steepest part of it
    grows most, until that alone is left. The curvature along a direction is how much the gradient
    changes along it, so that gradients are all that is needed.

    Parameters
    ----------
    gradient : callable
        Returns the gradient of the loss, shape (d,), at weights of shape (d,).
    w : array-like of shape (d,)
        The weights.
    iterations : int
        Pushes. The result comes close from below; curvatures that are nearly equal need more.

    Returns
    -------
    float
        The eigenvalue of the Hessian that is largest in size, with its sign.

    Raises
    ------
    TypeError, ValueError
        If `gradient` cannot be called, or `w` is no row of finite numbers.

    Examples
    --------
    >>> round(sharpness(lambda w: w * [1.0, 25.0], [4.0, 2.0]), 3)
    25.0
    """
    if not callable(gradient):
        raise TypeError(f"gradient is {told(gradient)}; give a function of the weights.")
    w = as_numbers(w, "w")
    if w.ndim != 1 or not w.size:
        raise ValueError(f"w has shape {w.shape}; give all weights in one row, such as w.ravel().")
    curvature, direction = 0.0, np.random.default_rng(0).normal(size=w.size)
    for _ in range(as_count(iterations, "iterations")):
        length = np.linalg.norm(direction)
        if not length:  # flat in every direction
            break
        direction = direction / length
        change = (gradient(w + STEP * direction) - gradient(w - STEP * direction)) / (2 * STEP)
        curvature, direction = float(direction @ change), change
    return curvature
