"""How a range test is read: smoothing, the rules that suggest a rate, and when they must not.

Pure functions of one recorded curve, rates rising and one loss for each. A loss curve a·L + b
(a > 0) gives the same answers as L.
"""

import numpy as np

from course_utils.validation import as_number, as_numbers

FEWEST_POINTS = 6
DIVISOR = 10.0  # between the rate of the smallest loss and the one to train at
DIVERGED = 4.0  # times the best smoothed loss
PATIENCE = 10  # steps before that can stop a test


def smooth(losses, smoothing=0.9):
    """Return the exponential moving average of losses, corrected for its start at zero.

    Parameters
    ----------
    losses : array-like of shape (..., n_steps)
    smoothing : float
        The share of the past, from 0 (no smoothing) to below 1.

    Returns
    -------
    ndarray of shape (..., n_steps)
        NaN from the first loss on that is not finite.

    Notes
    -----
    m_t = s·m_{t−1} + (1 − s)·L_t and m_t / (1 − s^t), the correction of Kingma and Ba, "Adam: a
    method for stochastic optimization", ICLR 2015, section 3.

    Examples
    --------
    >>> smooth([4.0, 2.0, 2.0], smoothing=0.5).round(3).tolist()
    [4.0, 2.667, 2.286]
    """
    losses = np.asarray(losses, dtype=float)
    finite = np.logical_and.accumulate(np.isfinite(losses), axis=-1)
    mean, means = 0.0, []
    for step in range(losses.shape[-1]):
        now = np.where(finite[..., step], losses[..., step], 0.0)
        mean = smoothing * mean + (1 - smoothing) * now
        means.append(mean / (1 - smoothing ** (step + 1)))
    return np.where(finite, np.stack(means, axis=-1), np.nan)


def suggest_valley(learning_rates, losses):
    """Return the rate in the middle of the longest fall of the curve.

    The longest strictly falling subsequence of the losses jumps over spikes; its middle point is
    the suggestion. It is a little low as a rule, and the steadiest rule there is.

    Parameters
    ----------
    learning_rates : array-like of shape (n_points,)
        Rising.
    losses : array-like of shape (n_points,)
        Smoothed. From the first one on that is not finite, the points are left out.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If fewer than six points are left, or the loss never falls.

    Notes
    -----
    The idea is that of the default rule of fastai's ``lr_find``, contributed by ESRI.

    Examples
    --------
    >>> rates = np.geomspace(1e-6, 1, 7)
    >>> round(suggest_valley(rates, [5, 5, 4, 9, 3, 1, 8]), 6)
    0.0001
    """
    rates, losses = _curve(learning_rates, losses)
    lengths = np.ones(len(losses), dtype=int)
    previous = np.full(len(losses), -1)
    for here in range(1, len(losses)):
        before = np.where(losses[:here] > losses[here], lengths[:here], 0)
        if before.any():
            previous[here] = before.argmax()
            lengths[here] = before.max() + 1
    if lengths.max() == 1:
        raise ValueError("losses never falls, so the curve has no valley.")
    points = [int(lengths.argmax())]
    while previous[points[-1]] >= 0:
        points.append(previous[points[-1]])
    return float(rates[points[len(points) // 2]])


def suggest_minimum(learning_rates, losses, divisor=DIVISOR):
    """Return the rate of the smallest loss, divided by ten.

    At the smallest loss itself the training is about to break. A tenth of it is a little high as a
    rule, and never far off.

    Parameters
    ----------
    learning_rates, losses : array-like of shape (n_points,)
        As in `suggest_valley`.
    divisor : float
        Above 0.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If fewer than six points are left, or the loss never falls.

    Examples
    --------
    >>> rates = np.geomspace(1e-6, 1, 7)
    >>> round(suggest_minimum(rates, [5, 5, 4, 9, 3, 1, 8]), 6)
    0.01
    """
    rates, losses = _curve(learning_rates, losses)
    divisor = as_number(divisor, "divisor", above=0)
    lowest = losses.argmin()
    if losses[lowest] >= losses[: lowest + 1].max():
        raise ValueError("losses never falls, so the curve has no minimum to go by.")
    return float(rates[lowest] / divisor)


def suggest_steepest(learning_rates, losses):
    """Return the rate before the minimum at which the loss falls fastest per factor of the rate.

    Parameters
    ----------
    learning_rates, losses : array-like of shape (n_points,)
        As in `suggest_valley`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If fewer than six points are left, or the loss never falls.

    Notes
    -----
    The slope is dL / d(ln η). Of dL/dη, which some tools use, the first points of a sweep with
    exponential steps have the most, whatever the curve.

    Examples
    --------
    >>> rates = np.geomspace(1e-6, 1, 7)
    >>> round(suggest_steepest(rates, [5, 5, 4, 3.5, 2, 1, 8]), 6)
    0.001
    """
    rates, losses = _curve(learning_rates, losses)
    slopes = np.diff(losses) / np.diff(np.log(rates))
    slopes = slopes[: losses.argmin()]  # beyond it the loss falls back from its own leaps only
    if not len(slopes) or slopes.min() >= 0:
        raise ValueError("losses never falls, so the curve has no steepest fall.")
    return float(rates[slopes.argmin()])


def ends(n_steps):
    """Return how many of the first and of the last points of a test no rule reads."""
    return max(n_steps // 10, 1), n_steps // 20


def reason_against(losses, smoothing=0.9, n_steps=100):
    """Return why a recorded curve tells no learning rate, or None if it does.

    Parameters
    ----------
    losses : array-like of shape (n_steps,)
        Raw losses up to where the test stopped.
    smoothing : float
    n_steps : int
        How many steps the whole test has.

    Returns
    -------
    str or None

    Notes
    -----
    The fall from the mean of the first tenth of the losses to the smoothed minimum must exceed
    what the noise of the batches alone would give (estimated from the steps between successive
    losses). So must the rise after it, and a quarter of the fall, unless the test ended in a loss
    that is not finite.
    """
    losses = np.asarray(losses, dtype=float)
    broken = ~np.isfinite(losses)
    fine = losses[: broken.argmax()] if broken.any() else losses
    head, tail = ends(n_steps)
    if len(fine) < head + tail + FEWEST_POINTS:
        return f"it diverged after {len(fine)} steps; start at a smaller rate"
    fine = fine - fine[0]
    smoothed = smooth(fine, smoothing)
    lowest = head + smoothed[head:].argmin()
    noise = 1.4826 * np.median(np.abs(np.diff(fine[: lowest + 1]))) / np.sqrt(2)
    least = noise * (2 / np.sqrt(head) + 2.5 * np.sqrt((1 - smoothing) / (1 + smoothing)))
    fall = fine[:head].mean() - smoothed[lowest]
    if fall <= least:
        return (
            "the loss never falls by more than the noise of the batches, so there is no valley; "
            "give a larger end, or larger batches"
        )
    rise = smoothed[lowest:].max() - smoothed[lowest]
    if not broken.any() and rise < max(least, fall / 4):
        return (
            "the loss has not risen again by the last rate, so it is unknown which rate is too "
            "large; give a larger end"
        )
    return None


class StopRule:
    """Tell, loss by loss, when a test has seen enough.

    Parameters
    ----------
    smoothing : float

    Examples
    --------
    >>> stop = StopRule()
    >>> [stop(loss) for loss in (1.0, 0.5, float("inf"))]
    [None, None, 'not finite']
    """

    def __init__(self, smoothing=0.9):
        self._smoothing, self._mean, self._best, self._step = smoothing, 0.0, np.inf, 0

    def __call__(self, loss):
        if not np.isfinite(loss):
            return "not finite"
        self._step += 1
        self._mean = self._smoothing * self._mean + (1 - self._smoothing) * loss
        smoothed = self._mean / (1 - self._smoothing**self._step)
        self._best = min(self._best, smoothed)
        diverged = self._step > PATIENCE and 0 < DIVERGED * self._best < smoothed
        return "diverged" if diverged else None


def _curve(learning_rates, losses):
    rates = as_numbers(learning_rates, "learning_rates")
    losses = as_numbers(losses, "losses", finite=False)
    if rates.ndim != 1 or rates.shape != losses.shape:
        raise ValueError(
            f"learning_rates has shape {rates.shape} and losses {losses.shape}; give two lists of "
            "the same length."
        )
    if not (np.isfinite(rates).all() and (rates > 0).all() and (np.diff(rates) > 0).all()):
        raise ValueError("learning_rates must be finite, above 0, and rise from point to point.")
    broken = ~np.isfinite(losses)
    n_points = int(broken.argmax()) if broken.any() else len(losses)
    if n_points < FEWEST_POINTS:
        raise ValueError(
            f"losses holds {n_points} points before the first loss that is not finite; a rule "
            f"needs {FEWEST_POINTS} at least."
        )
    return rates[:n_points], losses[:n_points]
