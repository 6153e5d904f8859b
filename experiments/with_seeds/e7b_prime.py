"""E7b' with ten seeds: the 36 candidates with dropout, and whether it helps."""

from course_utils import KerasMLPClassifier
from experiments.verdicts import paired
from experiments.with_seeds.e7b import GRID, SHORT, draw, load, tables
from experiments.with_seeds.grids import best_over, by_seed, same_winner, winners
from experiments.with_seeds.stacked import stacked_scores

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "The same 36 candidates, with dropout"
TOLD = "A Dropout layer makes the network better, and the grid finds the best candidate with it."
DROPOUT = 0.2


def scores_at(dropout, data, short):
    network = KerasMLPClassifier(optimizer="adam", dropout=dropout)
    return stacked_scores(network, SHORT if short else GRID, *data, short)


def train(data, short):
    return scores_at(DROPOUT, data, short)


def control(data, short, scores):
    return scores_at(0.0, data, short)


def judge(data, told, scores, without):
    names = list(GRID)
    chosen = winners(scores, names)
    best = [best_over(table, "epochs") for table in (scores, without)]
    late = max(best[0].columns)
    all_of = [by_seed(table, names).mean(axis=1) for table in (scores, without)]
    n_candidates = len(scores) // scores["seed"].nunique()
    verdicts = [
        paired(
            "With dropout the best candidate is better than without",
            best[0].max(axis=1) - best[1].max(axis=1),
            told=True,
        ),
        same_winner(chosen),
        paired(
            f"In so few epochs dropout costs: the mean of all {n_candidates} is higher without it",
            all_of[1] - all_of[0],
            f"{late} epochs at most",
        ),
    ]
    return tables(told, scores), verdicts
