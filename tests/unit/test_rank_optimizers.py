"""Ranks of optimizers: which way a measure counts, and what is not ranked."""

import numpy as np
import pandas as pd
import pytest

from course_utils.sweeps import rank_optimizers


def results(**measures):
    """Two optimizers, two rates and two epochs; the measures of `a`'s runs first, then `b`'s."""
    rows = [
        {
            "optimizer": name,
            "rate_from": kind,
            "learning_rate": 0.1,
            "seed": 0,
            "epoch": epoch,
            "loss": 1.0,
            **{measure: values[which] for measure, values in measures.items()},
            "status": "slow",
            "diverged_at": pd.NA,
        }
        for which, name in enumerate("ab")
        for kind in ("default", "grid")
        for epoch in (1, 2)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    "measure",
    ["accuracy", "acc", "val_acc", "auc", "auc_1", "f1", "f1_score", "val_precision", "recall_2",
     "r2", "r2_score", "sparse_top_k_categorical_accuracy", "AUC", "binary_io_u",
     "mean_test_score"],
)  # fmt: skip
def test_scores_count_upwards(measure):
    ranks = rank_optimizers(results(**{measure: (0.7, 0.9)}), measure)
    assert ranks["tuned_rank"].to_dict() == ranks["default_rank"].to_dict() == {"b": 1, "a": 2}


@pytest.mark.parametrize(
    "measure",
    ["loss", "val_loss", "mae", "mse", "val_rmse", "mean_squared_error", "kl_divergence",
     "brier_score", "sparse_categorical_crossentropy", "hinge"],
)  # fmt: skip
def test_losses_and_errors_count_downwards(measure):
    ranks = rank_optimizers(results(**{measure: (0.7, 0.9)}), measure)
    assert ranks["tuned_rank"].to_dict() == ranks["default_rank"].to_dict() == {"a": 1, "b": 2}


def test_unknown_measures_are_not_guessed():
    table = results(top2=(0.7, 0.9))
    with pytest.raises(ValueError, match="larger_is_better=True"):
        rank_optimizers(table, "top2")
    assert rank_optimizers(table, "top2", larger_is_better=True).index[0] == "b"
    assert rank_optimizers(table, "top2", larger_is_better=False).index[0] == "a"
    with pytest.raises(TypeError, match="give True or False"):
        rank_optimizers(table, "top2", larger_is_better="yes")


def test_no_number_is_no_success():
    for measure in ("auc", "mae"):
        ranks = rank_optimizers(results(**{measure: (0.7, np.nan)}), measure)
        assert ranks["tuned_rank"].to_dict() == {"a": 1, "b": 2}


def test_unequal_epochs_are_not_ranked():
    table = results(auc=(0.7, 0.9))
    short = table[(table["optimizer"] == "a") | (table["epoch"] == 1)]
    with pytest.raises(ValueError, match=r"a 2 to 2, b 1 to 1, .*\['epoch'\] <= 1"):
        rank_optimizers(short, "auc")
    assert len(rank_optimizers(short[short["epoch"] <= 1], "auc")) == 2


def test_unfinished_grids_are_not_ranked():
    table = results(auc=(0.7, 0.9))
    with pytest.raises(ValueError, match="unequal numbers of runs"):
        rank_optimizers(table[(table["optimizer"] == "a") | (table["rate_from"] == "grid")], "auc")
