"""Gradient descent and heavy ball on a quadratic bowl, and the rates at which they break."""

from typing import NamedTuple

import numpy as np

from course_utils.validation import as_count, as_features, as_flag, as_numbers


def descend(hessian, start, learning_rate, momentum=0.0, steps=100, minimum=0.0):
    """Follow gradient descent on the bowl ½ (w − minimum)ᵀ H (w − minimum).

    Each step is Keras's SGD: ``v = momentum * v − learning_rate * gradient``, then ``w = w + v``.
    Without momentum that is ``w = w − learning_rate * gradient``.

    Parameters
    ----------
    hessian : float or array-like of shape (d,) or (d, d)
        H: one curvature, the curvatures along the axes, or the whole symmetric matrix.
    start : float or array-like of shape (d,)
        Where every path begins.
    learning_rate, momentum : float or array-like
        Numbers, or arrays that broadcast against each other: every pair has its own path.
    steps : int
        Number of updates.
    minimum : float or array-like of shape (d,)
        The bottom of the bowl.

    Returns
    -------
    ndarray of shape (..., steps + 1, d)
        The paths, start included; the leading axes are those of `learning_rate` and `momentum`
        together. A path that leaves the range of floats is inf from there on.

    Raises
    ------
    ValueError
        If the shapes disagree, the matrix is not symmetric, or a number is not finite.

    References
    ----------
    .. [1] B. T. Polyak, "Some methods of speeding up the convergence of iteration methods",
       USSR Computational Mathematics and Mathematical Physics 4(5), 1964.

    Examples
    --------
    >>> descend(1.0, start=4.0, learning_rate=[0.5, 2.0], steps=3)[..., 0]
    array([[ 4. ,  2. ,  1. ,  0.5],
           [ 4. , -4. ,  4. , -4. ]])
    """
    matrix = as_hessian(hessian)
    start = _as_point(start, "start", len(matrix))
    minimum = _as_point(minimum, "minimum", len(matrix), same_for_all=True)
    steps = as_count(steps, "steps", minimum=0)
    rate, beta = as_numbers(learning_rate, "learning_rate"), as_numbers(momentum, "momentum")
    try:
        rate, beta = np.broadcast_arrays(rate, beta)
    except ValueError:
        raise ValueError(
            f"momentum has shape {beta.shape} and learning_rate {rate.shape}; give one number, or "
            "as many as learning_rate has."
        ) from None
    rate, beta = rate[..., None], beta[..., None]
    path = np.empty((*rate.shape[:-1], steps + 1, len(start)))
    path[..., 0, :] = start
    velocity = np.zeros_like(path[..., 0, :])
    with np.errstate(over="ignore", invalid="ignore"):
        for step in range(steps):
            w = path[..., step, :]
            gradient = (w - minimum) @ matrix
            velocity = beta * velocity - rate * gradient
            path[..., step + 1, :] = w + velocity
    path[~np.isfinite(path)] = np.inf
    return path


def bowl_loss(hessian, path):
    """Return the loss ½ wᵀ H w along a path of shape (..., d)."""
    matrix = as_hessian(hessian)
    path = as_numbers(path, "path", finite=False)
    if path.shape[-1:] != (len(matrix),):
        raise ValueError(
            f"path has shape {path.shape} and hessian {len(matrix)} dimension(s); give path one "
            "number per dimension in its last axis."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        loss = 0.5 * np.einsum("...i,ij,...j->...", path, matrix, path)
    return np.where(np.isfinite(loss), loss, np.inf)


class StabilityLimits(NamedTuple):
    """What `stability_limits` returns: rates that follow from the data alone."""

    full_batch: float
    """2/λmax: gradient descent on all samples diverges above it."""
    best_fixed: float
    """2/(λmin + λmax): the fixed rate with the fastest guaranteed descent."""
    heavy_ball_learning_rate: float
    """4/(√λmax + √λmin)²: the best rate together with the best momentum."""
    heavy_ball_momentum: float
    """((√κ − 1)/(√κ + 1))²: the best momentum."""
    one_sample_mean: float
    """2/mean‖x‖²: above it, steps on single samples grow on average."""
    one_sample_max: float
    """2/max‖x‖²: below it, no single sample can overshoot."""
    condition_number: float
    """κ = λmax/λmin: how much steeper the steepest direction is than the flattest."""


def stability_limits(X, fit_intercept=True):
    """Compute the largest and the best learning rates of least squares from its data.

    They hold for the loss ½ (prediction − y)², the ``squared_error`` of scikit-learn's
    `SGDRegressor`. For a loss without the half (Keras's mean squared error) halve every rate.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        The features as the model sees them: scaled, if the model gets them scaled.
    fit_intercept : bool
        Whether the model has an intercept; it counts as one more feature that is always 1.

    Returns
    -------
    StabilityLimits
        A named tuple of the limits. λ are the eigenvalues of XᵀX / n_samples; directions in which
        the data do not vary at all (λ = 0) are left out, since no step moves along them.

    Raises
    ------
    ValueError
        If X is not a table of finite numbers, or is zero everywhere.

    References
    ----------
    .. [1] G. Goh, "Why Momentum Really Works", Distill, 2017 (2/λmax, best fixed rate, heavy ball).
    .. [2] B. Widrow and M. E. Hoff, "Adaptive switching circuits", IRE WESCON, 1960 (one sample).

    Examples
    --------
    >>> limits = stability_limits([[1.0, 0.0], [0.0, 3.0]], fit_intercept=False)
    >>> round(limits.full_batch, 3), round(limits.one_sample_max, 3), limits.condition_number
    (0.444, 0.222, 9.0)
    """
    X = as_features(X, "X")
    if as_flag(fit_intercept, "fit_intercept"):
        X = np.column_stack([X, np.ones(len(X))])
    squared_norms = (X**2).sum(axis=1)
    if not squared_norms.any():
        raise ValueError("X is zero everywhere; a learning rate has nothing to act on.")
    singular_values = np.linalg.svd(X, compute_uv=False)
    cutoff = singular_values[0] * max(X.shape) * np.finfo(float).eps
    curvatures = singular_values[singular_values > cutoff] ** 2 / len(X)
    largest, smallest = curvatures.max(), curvatures.min()
    roots = np.sqrt(largest), np.sqrt(smallest)
    return StabilityLimits(
        full_batch=float(2 / largest),
        best_fixed=float(2 / (smallest + largest)),
        heavy_ball_learning_rate=float(4 / sum(roots) ** 2),
        heavy_ball_momentum=float(((roots[0] - roots[1]) / sum(roots)) ** 2),
        one_sample_mean=float(2 / squared_norms.mean()),
        one_sample_max=float(2 / squared_norms.max()),
        condition_number=float(largest / smallest),
    )


def _as_point(point, name, dimensions, same_for_all=False):
    """Return a point of the bowl, checked; one number may stand for all dimensions."""
    point = np.atleast_1d(as_numbers(point, name))
    if point.shape != (dimensions,) and not (same_for_all and point.size == 1):
        raise ValueError(
            f"{name} has shape {point.shape} and hessian {dimensions} dimension(s); "
            f"give {name} one number per dimension."
        )
    return np.broadcast_to(np.ravel(point), (dimensions,))


def as_hessian(hessian):
    """Return the matrix of a bowl from one curvature, its curvatures, or the matrix itself."""
    matrix = as_numbers(hessian, "hessian")
    if matrix.ndim < 2:
        matrix = np.diag(np.atleast_1d(matrix))
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not matrix.size:
        raise ValueError(
            f"hessian has shape {matrix.shape}; give one curvature, a list of them, "
            "or a square matrix."
        )
    if not np.allclose(matrix, matrix.T):
        raise ValueError("hessian is not symmetric; give (H + H.T) / 2, the same bowl.")
    return matrix
