"""Which way a measure counts."""

import re

import numpy as np

# Measures by Keras's names for them; which way each counts.
SMALLER = (
    r".*loss|.*error|.*crossentropy|.*hinge|mse|rmse|mae|mape|msle|poisson|huber|log_?cosh"
    r"|kl_?divergence|kld|brier.*|false_(positives|negatives)|dice|tversky|circle"
)
LARGER = (
    r"acc|.*accuracy|(pr_|roc_)?auc|.*precision.*|.*recall.*|f1|f_?beta|r2|.*score"
    r"|.*iou|.*io_u|sensitivity.*|specificity.*|true_(positives|negatives)|cosine_similarity"
    r"|concordance_correlation|pearson_correlation"
)


def counts_upwards(measure, larger_is_better=None):
    """Return whether larger is better, from the name of a measure where nobody says so.

    Raises
    ------
    ValueError
        If it is not known.
    """
    if isinstance(larger_is_better, (bool, np.bool_)):
        return bool(larger_is_better)
    if larger_is_better is not None:
        raise TypeError(f"larger_is_better is {larger_is_better!r}; give True or False.")
    name = re.sub(r"_\d+$", "", measure.removeprefix("val_"))
    for upwards, names in ((False, SMALLER), (True, LARGER)):
        if re.fullmatch(names, name, re.IGNORECASE):
            return upwards
    raise ValueError(
        f"Whether a larger {measure!r} is better is not known; say it by larger_is_better=True "
        "or larger_is_better=False."
    )
