"""The ranks of optimizers, at their default rates and after tuning."""

import pandas as pd

from course_utils.runs import counts_upwards, final, run_status
from course_utils.validation import told


def rank_optimizers(results, measure=None, larger_is_better=None):
    """Rank the optimizers at their default rates, and after tuning.

    Parameters
    ----------
    results : DataFrame
        What `compare_optimizers` returned.
    measure : str, optional
        What counts, at the last epoch, as its median over the seeds: by default ``"val_loss"``
        where there is validation data, else ``"loss"``. The best rate of the grid is chosen by the
        same measure.
    larger_is_better : bool, optional
        By default False for losses and errors, True for accuracies and other scores that Keras
        knows by name (AUC, precision, recall, F1, R², …); of any other measure you must say it.

    Returns
    -------
    DataFrame
        A row per optimizer, best tuned first: ``default_rate``, ``at_default``, ``default_rank``,
        ``tuned_rate``, ``tuned``, ``tuned_rank``.

    Raises
    ------
    ValueError
        If `results` has no such measure, no grid, or runs of unequal epochs, as after an
        interrupt; if nobody says which way a measure counts.
    """
    if "rate_from" not in getattr(results, "columns", ()):
        raise TypeError(
            f"results is {told(results)} and has no column 'rate_from'; give the table that "
            "compare_optimizers returned."
        )
    if not (results["rate_from"] == "grid").any():
        raise ValueError("results has no grid; give compare_optimizers some learning_rates to try.")
    _check_alike(run_status(results))
    keys = ["rate_from", "optimizer", "learning_rate"]
    medians = final(results, measure, by=keys, larger_is_better=larger_is_better)
    measure = medians.name
    upwards = counts_upwards(measure, larger_is_better)
    medians = medians.sort_values(ascending=not upwards, kind="stable").reset_index()
    best = medians.groupby(["rate_from", "optimizer"], sort=False).head(1)
    default, tuned = (
        best[best["rate_from"] == kind].set_index("optimizer") for kind in ("default", "grid")
    )
    return pd.DataFrame(
        {
            "default_rate": default["learning_rate"],
            "at_default": default[measure],
            "default_rank": default[measure].rank(ascending=not upwards, method="min").astype(int),
            "tuned_rate": tuned["learning_rate"],
            "tuned": tuned[measure],
            "tuned_rank": tuned[measure].rank(ascending=not upwards, method="min").astype(int),
        }
    ).loc[tuned.index]


def _check_alike(last):
    """Raise an error unless all runs have as many epochs, and all optimizers as many runs."""
    epochs = last.groupby("optimizer", sort=False)["epoch"].agg(["min", "max"])
    fewest = epochs["min"].min()
    if fewest < epochs["max"].max():
        spans = [f"{name} {low} to {high}" for name, low, high in epochs.itertuples()]
        raise ValueError(
            f"results holds runs of unequal epochs, {', '.join(spans)}, which no ranking compares; "
            f"give results[results['epoch'] <= {fewest}], or train again."
        )
    counts = pd.crosstab(last["optimizer"], last["rate_from"])
    if (counts == 0).any(axis=None) or (counts != counts.iloc[0]).any(axis=None):
        raise ValueError(
            f"results holds unequal numbers of runs: {counts.T.to_dict()}; train again, or leave "
            "out the optimizers that are not finished."
        )
