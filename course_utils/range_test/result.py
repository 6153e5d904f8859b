"""What a range test has recorded, and how it reads."""

from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd

from course_utils.plotting.range_test import plot_range_test
from course_utils.plotting.style import rate_label
from course_utils.range_test.rules import RULES, reason_against, smooth, suggest
from course_utils.validation import as_number

BETWEEN = (0.05, 0.95)  # what a band over the repeats reaches from and to, as shares of them
WORDS = {
    "diverged": "the loss rose to 4 × its best",
    "not finite": "the loss was no longer finite",
    "end": "the last rate was reached",
}


@dataclass(frozen=True, repr=False)
class RangeTest:
    """The curves of a range test, a row per repeat, and the rates that they suggest.

    Attributes
    ----------
    learning_rates : ndarray of shape (n_steps,)
        The rate of each step.
    losses : ndarray of shape (n_repeats, n_steps)
        The loss of each batch before its step; NaN after the test has stopped.
    seeds : list of int
        One per repeat.
    stop_reasons : list of str
        One per repeat: ``"diverged"``, ``"not finite"`` or ``"end"``.
    label : str
        What was tested, read from its own settings.
    smoothing : float
    val_losses : ndarray of shape (n_repeats, n_steps) or None
        On the validation data, before the step; NaN where it was not measured.
    notes : list of str
        What a reader should know about this test.
    """

    learning_rates: np.ndarray
    losses: np.ndarray
    seeds: list
    stop_reasons: list
    label: str
    smoothing: float = 0.9
    val_losses: np.ndarray | None = None
    notes: list = field(default_factory=list)

    def read(self, smoothing):
        """Return the same records, read with another smoothing, from 0 to below 1."""
        return replace(self, smoothing=as_number(smoothing, "smoothing", least=0, below=1))

    @cached_property
    def smoothed(self):
        """The smoothed losses, shape (n_repeats, n_steps); NaN where a test has stopped."""
        return smooth(self.losses, self.smoothing)

    @cached_property
    def stopped_at(self):
        """The last rate of each repeat, shape (n_repeats,)."""
        return self.learning_rates[(~np.isnan(self.losses)).sum(axis=1) - 1]

    @cached_property
    def by_repeat(self):
        """What each rule suggests for each repeat, NaN where the curve is refused: a DataFrame."""
        answers = [suggest(self.learning_rates, curve, self.smoothing) for curve in self.losses]
        return pd.DataFrame(answers, pd.Index(self.seeds, name="seed"), list(RULES), dtype=float)

    @cached_property
    def suggestions(self):
        """What each rule suggests over the repeats.

        A DataFrame with a row per rule: ``learning_rate``, the median of the repeats, ``low`` and
        ``high``, between which nine of ten lie. NaN if the test is refused.
        """
        columns = [self.by_repeat.median(), *(self.by_repeat.quantile(q) for q in BETWEEN)]
        table = pd.concat(columns, axis=1, keys=["learning_rate", "low", "high"])
        table = table if self.refusal is None else table * np.nan
        return table.rename_axis("rule")

    @cached_property
    def refusal(self):
        """Why the test suggests nothing, or None: what is wrong with half or more of the curves."""
        reasons = [reason_against(curve, self.smoothing) for curve in self.losses]
        reasons = [reason for reason in reasons if reason is not None]
        many = 2 * len(reasons) >= len(self.losses)
        return Counter(reasons).most_common(1)[0][0] if many else None

    @property
    def band(self):
        """The answer: the rates from the valleys to the tenths of the minima, (low, high).

        It leaves out the lowest twentieth of the repeats' valleys and the highest twentieth of
        their minimum/10. The median valley is a little low as a rule, the median minimum/10 a
        little high, and one repeat's answer is not another's.

        Raises
        ------
        ValueError
            If the curves suggest nothing, with the reason.
        """
        if self.refusal is not None:
            raise ValueError(f"This range test suggests no learning rate: {self.refusal}.")
        ends = self.suggestions.loc["valley", "low"], self.suggestions.loc["minimum/10", "high"]
        return tuple(sorted(float(rate) for rate in ends))

    @property
    def suggestion(self):
        """One rate of the band, to begin with: the median valley. See `band` for when none is."""
        low, high = self.band
        return float(np.clip(self.suggestions.loc["valley", "learning_rate"], low, high))

    @property
    def agreement(self):
        """Within which factors the answers lie: 1 would be full agreement.

        A Series: ``rules``, the largest median of the three rules over the smallest; ``repeats``,
        the same for the valleys of nine in ten repeats.
        """
        medians, valley = self.suggestions["learning_rate"], self.suggestions.loc["valley"]
        return pd.Series(
            {"rules": medians.max() / medians.min(), "repeats": valley["high"] / valley["low"]}
        )

    def to_frame(self):
        """Return a row per repeat and step: ``seed, step, learning_rate, loss, smoothed``.

        ``val_loss`` too, where it was measured. Steps after the stop are left out.
        """
        repeats, steps = np.nonzero(~np.isnan(self.losses))
        columns = {
            "seed": np.array(self.seeds)[repeats],
            "step": steps + 1,
            "learning_rate": self.learning_rates[steps],
            "loss": self.losses[repeats, steps],
            "smoothed": self.smoothed[repeats, steps],
        }
        if self.val_losses is not None:
            columns["val_loss"] = self.val_losses[repeats, steps]
        return pd.DataFrame(columns)

    def plot(self, ax=None):
        """Draw the test; see `plot_range_test`."""
        return plot_range_test(self, ax)

    def __repr__(self):
        first, last = self.learning_rates[[0, -1]]
        n_repeats, n_steps = self.losses.shape
        many = n_repeats > 1
        lines = [
            f"LR range test of {self.label}: {n_steps} steps from {rate_label(first)} to "
            f"{rate_label(last)}, {n_repeats} repeat{'s' * many}"
        ]
        stopped_at = pd.Series(self.stopped_at).groupby(self.stop_reasons).median()
        for reason, count in Counter(self.stop_reasons).most_common():
            where = rate_label(stopped_at[reason])
            lines.append(f"  stopped: {WORDS[reason]} ({count} of {n_repeats}, at {where})")
        if self.refusal is not None:
            lines.append(f"  no suggestion: {self.refusal}")
        else:
            for rule, row in self.suggestions.iterrows():
                between = f" ({row['low']:.2g} to {row['high']:.2g})" * many
                lines.append(f"  {rule}: {row['learning_rate']:.2g}{between}")
            low, high = self.band
            lines.append(f"  band: {low:.2g} to {high:.2g}; begin with {self.suggestion:.2g}")
            rules, repeats = self.agreement
            among = f", the valleys of the repeats by {repeats:.1f}" * many
            lines.append(f"  the rules differ by a factor of {rules:.1f}{among}")
        return "\n".join([*lines, *(f"  note: {note}" for note in self.notes)])
