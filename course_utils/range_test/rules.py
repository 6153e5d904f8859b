"""How a range test is read: smoothing, the rules that suggest a rate, and when they must not.

Each rule is a function of the rates, rising, and of the smoothed losses that it may look at; it
returns a rate, or NaN where the loss never falls. A new rule is a function and a line in `RULES`.
A loss curve a·L + b with a > 0 gives the same answers as L.
"""

import numpy as np

DIVISOR = 10.0  # between the rate of the smallest loss and the one to train at
DIVERGED = 4.0  # times the best smoothed loss
PATIENCE = 10  # steps before that can stop a test
FEWEST_POINTS = 6  # for a rule to look at


def valley(rates, losses):
    """Return the rate in the middle of the longest fall; a little low as a rule, but steady.

    The longest strictly falling subsequence of the losses jumps over spikes. The idea is that of
    the default rule of fastai's ``lr_find``, contributed by ESRI.
    """
    falls, previous = np.zeros(len(losses), dtype=int), np.zeros(len(losses), dtype=int)
    for here in range(1, len(losses)):
        before = np.where(losses[:here] > losses[here], falls[:here] + 1, 0)
        falls[here], previous[here] = before.max(), before.argmax()
    points = [falls.argmax()]
    while falls[points[-1]]:
        points.append(previous[points[-1]])
    return rates[points[len(points) // 2]] if len(points) > 1 else np.nan


def steepest(rates, losses):
    """Return the rate before the minimum where the loss falls fastest per factor of the rate.

    The slope is dL / d(ln η). Of dL/dη, which some tools use, the first points of a test with
    exponential steps have the most, whatever the curve.
    """
    slopes = np.diff(losses) / np.diff(np.log(rates))
    slopes = slopes[: losses.argmin()]  # beyond it the loss falls back from its own leaps only
    if not (slopes < 0).any():
        return np.nan
    first = (slopes <= (1 - 1e-9) * slopes.min()).argmax()  # rounding breaks no tie
    return rates[first]


def minimum(rates, losses):
    """Return a tenth of the rate of the smallest loss; a little high as a rule, never far off.

    At the smallest loss itself the training is about to break.
    """
    lowest = losses.argmin()
    falls = losses[lowest] < losses[: lowest + 1].max()
    return rates[lowest] / DIVISOR if falls else np.nan


RULES = {"valley": valley, "steepest": steepest, "minimum/10": minimum}


def suggest(rates, losses, smoothing=0.9):
    """Return what each rule says of a recorded curve: a dict, NaN where there is no answer.

    Parameters
    ----------
    rates, losses : ndarray of shape (n_steps,)
        Raw losses, NaN from where the test stopped. No rule sees the first tenth of the steps, nor
        the last twentieth before the stop.
    smoothing : float
    """
    if reason_against(losses, smoothing) is not None:
        return dict.fromkeys(RULES, np.nan)
    head, tail = _unread(len(losses))
    seen = slice(head, _n_finite(losses) - tail)
    smoothed = smooth(losses, smoothing)
    return {name: rule(rates[seen], smoothed[seen]) for name, rule in RULES.items()}


def reason_against(losses, smoothing=0.9):
    """Return why a recorded curve, as in `suggest`, tells no learning rate, or None if it does.

    The fall from the mean of the first tenth of the losses to the smoothed minimum must exceed
    what the noise of the batches alone would give (estimated from the steps between successive
    losses). So must the rise after it, and a quarter of the fall, unless the test ended in an
    infinite loss.
    """
    losses = np.asarray(losses, dtype=float)
    head, tail = _unread(len(losses))
    fine = losses[: _n_finite(losses)]
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
    if not np.isinf(losses).any() and rise < max(least, fall / 4):
        return (
            "the loss has not risen again by the last rate, so it is unknown which rate is too "
            "large; give a larger end"
        )
    return None


def smooth(losses, smoothing=0.9):
    """Return the exponential moving average of losses, corrected for its start at zero.

    m_t = s·m_{t−1} + (1 − s)·L_t and m_t / (1 − s^t), the correction of Kingma and Ba, "Adam: a
    method for stochastic optimization", ICLR 2015, section 3.

    Parameters
    ----------
    losses : array-like of shape (..., n_steps)
    smoothing : float
        The share of the past s, from 0 (no smoothing) to below 1.

    Returns
    -------
    ndarray of shape (..., n_steps)
        NaN from the first loss on that is not finite.

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


class StopRule:
    """Tell, loss by loss, when a test has seen enough: the reason, or None.

    ``"not finite"``, or ``"diverged"``: after ten steps, above four times the best, both smoothed.

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


def _unread(n_steps):
    """Return how many of the first and of the last steps of a test no rule reads."""
    return max(n_steps // 10, 1), n_steps // 20


def _n_finite(losses):
    return int(np.logical_and.accumulate(np.isfinite(losses)).sum())
