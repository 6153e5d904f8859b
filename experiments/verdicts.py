"""Verdicts: what is said, and whether it holds, computed over what varies."""

from dataclasses import asdict, dataclass

import numpy as np

ENOUGH = 2.0
"""Standard errors from zero at which a difference counts as shown."""


@dataclass(frozen=True)
class Verdict:
    """A sentence and what became of it.

    Attributes
    ----------
    sentence : str
    word : str
        ``"holds"``, ``"does not hold"``, ``"holds for 7 of 10 seeds"``, …
    evidence : str
        The numbers behind the word.
    told : bool
        Whether the sentence is told by a tutorial, or asked here.
    """

    sentence: str
    word: str
    evidence: str
    told: bool = False

    def to_json(self):
        return asdict(self)


def counted(sentence, holds, evidence="", *, told=False, of="seeds"):
    """Judge a sentence that is true or false of each seed (or whatever `of` names)."""
    verdicts = [bool(value) for value in np.ravel(holds)]
    if not verdicts:
        raise ValueError(f"{sentence!r} is judged by no {of}; give one bool for each.")
    n, size = sum(verdicts), len(verdicts)
    word = {size: "holds", 0: "does not hold"}.get(n, f"holds for {n} of {size} {of}")
    return Verdict(sentence, word, "; ".join(filter(None, [f"{n} of {size} {of}", evidence])), told)


def stated(sentence, holds, evidence, *, told=False):
    """Judge a sentence that is true or false once, of a library or of a grid."""
    return Verdict(sentence, "holds" if holds else "does not hold", evidence, told)


def paired(sentence, differences, evidence="", *, unit="points", scale=100, told=False):
    """Judge a sentence that says of two things that one is ahead: by differences, seed by seed.

    Parameters
    ----------
    sentence : str
        True if the differences are above zero in the mean.
    differences : array of shape (n_seeds,)
    unit, scale : str, float
        Of the evidence: accuracies are told in points, a hundred to one.
    """
    values = np.asarray(differences, dtype=float)
    with np.errstate(invalid="ignore"):  # inf - inf
        mean, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
    words = f"mean difference {scale * mean:+.2f} ± {scale * error:.2f} {unit}, {len(values)} pairs"
    if not np.isfinite(mean):
        word = "cannot be judged: a run without a finite value"
    elif mean > ENOUGH * error:
        word = "holds"
    elif mean < -ENOUGH * error:
        word = "does not hold: it is the other way round"
    else:
        word = "not shown: the difference is within two standard errors of zero"
    return Verdict(sentence, word, "; ".join(filter(None, [words, evidence])), told)
