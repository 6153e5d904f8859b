"""Claims: sentences of a lesson that are computed where they are stated."""

from collections.abc import Iterable, Mapping, Set

import numpy as np
from IPython.display import display

from course_utils.grading.display import note
from course_utils.runs import seeds


class ClaimError(AssertionError):
    """A sentence of the lesson does not hold on this machine."""


def claim(sentence, holds, evidence=None, at_least=None, of="seeds"):
    """State a result that has just been computed, and fail loudly when it does not hold.

    Parameters
    ----------
    sentence : str
        What the lesson says.
    holds : bool, or bools of shape (n,)
        Whether it is so: one value, or one for each of n seeds (splits, optimizers, …): a Series
        whose index names them, or a list or an array, of seeds in the order of ``seeds(n)``.
    evidence : str, optional
        The numbers behind it, such as ``"0.94 against 0.85"``. The count of several values ("10 of
        10 seeds") is added before it.
    at_least : int, optional
        How many of several are enough; all of them, when not given.
    of : str, default="seeds"
        What several values belong to, in the plural.

    Raises
    ------
    ClaimError
        If it does not hold.
    TypeError, ValueError
        If there is nothing to judge: no sentence, no values, or values that are not bools.

    Examples
    --------
    >>> claim("A small step goes downhill.", 0.9**2 < 1**2, evidence="0.81 against 1")
    ✓ A small step goes downhill. (0.81 against 1)
    >>> claim("Most seeds agree.", [True, True, False], at_least=2)
    ✓ Most seeds agree. (2 of 3 seeds)
    """
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError(f"A claim needs a sentence; got {sentence!r}.")
    if evidence is not None and not isinstance(evidence, str):
        raise TypeError(f'Give the evidence as text, such as f"{{score:.2f}}"; got {evidence!r}.')
    if not isinstance(of, str) or not of.strip():
        raise TypeError(f'`of` names in one word what is counted, such as "splits"; got {of!r}.')

    if is_bool(holds):
        if at_least is not None:
            raise ValueError(f"`at_least` counts {of}; give `holds` one bool for each of them.")
        enough, facts = bool(holds), [evidence]
    else:
        verdicts, labels = one_for_each(holds, of)
        needed = required(at_least, len(verdicts), of)
        enough = sum(verdicts) >= needed
        facts = [f"{sum(verdicts)} of {len(verdicts)} {of}", evidence]
        if not enough:
            failed = [str(label) for label, ok in zip(labels, verdicts, strict=True) if not ok]
            facts += [f"needed {needed}", f"fails for {', '.join(failed)}"]
    facts = "; ".join(fact for fact in facts if fact)

    if not enough:
        raise ClaimError(
            f"This does not hold here: {sentence}\n"
            f"Evidence: {facts or 'none given'}.\n"
            "What to do: restart the kernel and run all cells. If it fails again, report\n"
            '"my result differs" with this message and the versions of your packages.'
        )
    display(note("✓", sentence, facts))


def is_bool(value):
    """Tell whether `value` is one bool, of Python or of NumPy."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value.item()
    return isinstance(value, (bool, np.bool_))


def one_for_each(holds, of):
    """Return the bools as a list, and a label for each: from the index, its seed or its number."""
    if isinstance(holds, (str, bytes, Mapping, Set)) or not isinstance(holds, Iterable):
        raise TypeError(f"`holds` is a bool, or one bool for each of the {of}; got {holds!r}.")
    verdicts = list(holds)
    if not verdicts:
        raise ValueError(f"`holds` is empty: a claim over no {of} says nothing.")
    strangers = [value for value in verdicts if not is_bool(value)]
    if strangers:
        raise TypeError(
            f"Each value of `holds` must be True or False; got {strangers[0]!r}. "
            "Compare the numbers first, as in `scores > 0.9`."
        )
    if hasattr(holds, "to_numpy"):
        labels = holds.index
    elif of == "seeds":
        labels = seeds(len(verdicts))
    else:
        labels = [f"number {place}" for place in range(1, len(verdicts) + 1)]
    return [bool(value) for value in verdicts], labels


def required(at_least, n, of):
    """Return how many of `n` must agree."""
    if at_least is None:
        return n
    if isinstance(at_least, bool) or not isinstance(at_least, (int, np.integer)):
        raise TypeError(f"`at_least` is a whole number of {of}; got {at_least!r}.")
    if not 1 <= at_least <= n:
        raise ValueError(f"`at_least` must lie between 1 and {n} {of}; got {at_least}.")
    return int(at_least)
