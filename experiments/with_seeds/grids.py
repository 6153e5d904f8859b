"""What the experiments with grids share: scores as a table of candidates and seeds."""

import pandas as pd

from experiments.verdicts import counted


def scores_of(results):
    """Return the candidates of a search with their scores."""
    table = pd.DataFrame(list(results["params"]))
    return table.assign(score=results["mean_test_score"], sd=results["std_test_score"])


def by_seed(scores, names):
    """Return the scores with a row per seed and a column per candidate."""
    return scores.pivot_table("score", "seed", names, sort=False, dropna=False)


def winners(scores, names):
    """Return the best candidate of each seed: a row per seed."""
    places = scores.groupby("seed", sort=False)["score"].idxmax()
    return scores.loc[places].set_index("seed")[names]


def best_over(scores, name):
    """Return the best score of each value of a parameter, over all others: a row per seed."""
    return scores.pivot_table("score", "seed", name, aggfunc="max", sort=False)


def how_many(chosen):
    """Return how often each candidate has won, in words."""
    counts = chosen.value_counts()
    words = [", ".join(map(show, key)) for key in counts.index]
    return "; ".join(f"({word}) {n} times" for word, n in zip(words, counts, strict=True))


def same_winner(chosen):
    """Judge what one is told of a grid: that it finds the best candidate."""
    return counted(
        "The grid finds the best candidate: every seed names the same one",
        [len(chosen.drop_duplicates()) == 1],
        f"winners: {how_many(chosen)}",
        told=True,
        of="grids",
    )


def show(value):
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def lead_and_sd(scores):
    """Return by how much the winner of each seed leads the third, and the spread of the folds."""
    of_seed = scores.groupby("seed", sort=False)
    return of_seed["score"].agg(lambda of: of.max() - of.nlargest(3).min()), of_seed["sd"].median()
