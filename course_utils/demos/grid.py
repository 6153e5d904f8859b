"""A search by hand over scores that are known already: resolution of the grid against budget."""

import numpy as np
from matplotlib.patches import Rectangle

from course_utils.demos.controls import Choice
from course_utils.demos.demo import Demo
from course_utils.plotting.grid import grid_table, heat_map
from course_utils.plotting.style import GREY, INK, RED, rate_label, set_alt_text
from course_utils.runs import seeds as course_seeds

ROUNDS = 3
"""Rounds of a 3 × 3 grid whose budget is the number to beat."""


def grid_demo(cv_results=None, x="learning_rate", y="alpha"):
    """Search a map of scores by hand: choose a small grid, run it, look, and choose the next.

    Every score was computed beforehand, so a round shows at once; its fits count all the same.
    Hollow squares are the planned cells, filled ones have been tried, the ring is the best so far.

    Parameters
    ----------
    cv_results : dict or DataFrame, optional
        ``cv_results_`` of a search over a fine grid of two parameters. Without it the map is
        simulated: a hill with a ridge, and the noise of five folds.
    x, y : str
        Its two parameters.
    """
    table = grid_table(simulated_search() if cv_results is None else cv_results, [x, y])
    scores = table.pivot(index=y, columns=x, values="mean")
    if scores.isna().to_numpy().any():
        raise ValueError("cv_results has cells without a score; give one of a full grid.")
    folds = sum(name.startswith("fold") for name in table)
    goal = float(table["mean"].iloc[0] - table["se"].iloc[0])
    to_beat = ROUNDS * 9 * folds

    def draw(figure, tries, **plan):
        planned = cells_of(scores.shape, **plan)
        rounds = [cells_of(scores.shape, *each) for each in tries]
        fits = np.cumsum([folds * len(cells) for cells in rounds])
        found = [max(scores.iat[cell] for cell in cells) for cells in rounds]
        best = np.maximum.accumulate(found) if found else []
        figure.subplots_adjust(left=0.12, wspace=0.27)
        left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
        _draw_map(left, scores, {cell for cells in rounds for cell in cells}, planned)
        left.set_title(f"all cells: {scores.size * folds} fits", color=GREY)
        _draw_spending(right, fits, best, goal, to_beat, top=scores.to_numpy().max())
        n = len(planned)
        words = f"Planned: {n} cell{'s' * (n > 1)} × {folds} folds = {n * folds} fits. "
        if not rounds:
            return words + "Nothing tried yet."
        there = best[-1] >= goal
        return (
            f"{words}Spent: {fits[-1]} fits, best score <b>{best[-1]:.3f}</b> "
            f"({'beyond' if there else 'below'} the line at {goal:.3f})."
            + " <b>You beat it.</b>"
            * bool(there and fits[-1] < to_beat)
        )

    return Demo(
        "How fine a grid",
        "twice as fine on both axes: how many times the fits? Which cells would you try next?",
        "Goal: reach the red line, one standard error below the best of all cells, with fewer "
        f"than {to_beat} fits.",
        {
            "column": _centre(x, scores.columns),
            "row": _centre(y, scores.index),
            "spacing": Choice("spacing", (1, 2, 3), 3),
            "points": Choice("points per axis", (1, 3, 5), 3),
        },
        draw,
        button="run the planned fits",
    )


def cells_of(shape, column, row, spacing, points):
    """Return the cells (row, column) of a small grid, as far as they lie on a map of this shape."""
    reach = spacing * np.arange(-(points // 2), points // 2 + 1)
    return [
        (int(row + down), int(column + right))
        for down in reach
        for right in reach
        if 0 <= row + down < shape[0] and 0 <= column + right < shape[1]
    ]


def simulated_search(folds=5):
    """Return the ``cv_results_`` of a simulated search over 13 × 13 rates and penalties.

    The accuracy falls off on both sides of a best rate, and beyond a penalty of about 0.1; a large
    penalty wants a smaller rate. Noise as of five folds of a few hundred samples.
    """
    rng = np.random.default_rng(course_seeds(1)[0])
    exponents = np.linspace(-5, 1, 13)
    best = rng.uniform(-2.5, -1.5)
    params, scores = [], []
    for penalty in exponents:
        for rate in exponents - 1:
            hill = 0.035 * abs(rate - best + 0.25 * max(penalty + 1, 0)) ** 1.7
            slope = 0.07 * np.logaddexp(0, 3 * (penalty + 1)) / 3
            params.append({"learning_rate": 10.0**rate, "alpha": 10.0**penalty})
            scores.append(np.clip(0.9 - hill - slope, 0.3, 1) + rng.normal(0, 0.012, folds))
    results = {f"split{fold}_test_score": column for fold, column in enumerate(np.array(scores).T)}
    means, spreads = np.mean(scores, axis=1), np.std(scores, axis=1)
    return {"params": params, "mean_test_score": means, "std_test_score": spreads, **results}


def _centre(name, values):
    options = [(rate_label(value), place) for place, value in enumerate(values)]
    return Choice(f"{_short(name)}, centre", options, len(values) // 2, "SelectionSlider")


def _short(name):
    return name.rpartition("__")[2]


def _draw_map(ax, scores, tried, planned):
    values = scores.to_numpy()
    shown = np.full(values.shape, np.nan)
    for cell in tried:
        shown[cell] = values[cell]
    low, high = np.quantile(values, [0.05, 1])
    heat_map(ax, shown, scores.columns, scores.index, vmin=low, vmax=high)
    for row, column in planned:
        corner = (column - 0.4, row - 0.4)
        ax.add_patch(Rectangle(corner, 0.8, 0.8, fill=False, edgecolor="black", linewidth=2))
    if tried:
        row, column = max(tried, key=values.__getitem__)
        ax.plot(column, row, "o", markersize=19, fillstyle="none", color=RED, markeredgewidth=3)
    ax.set(xlabel=_short(scores.columns.name), ylabel=_short(scores.index.name))
    set_alt_text(ax, f"A map of {values.size} cells: {len(planned)} planned, {len(tried)} tried.")


def _draw_spending(ax, fits, best, goal, to_beat, top):
    low = min([*best, goal])
    ax.set(xlim=(0, max([1.4 * to_beat, *(1.1 * fits)])), xlabel="fits spent")
    ax.set(ylim=(low - 0.3 * (top - low) - 0.01, top + 0.01), ylabel="best score so far")
    ax.axhline(goal, color=RED, linewidth=2)
    ax.axvline(to_beat, color=GREY, linewidth=1.5)
    ax.annotate(f"{ROUNDS} rounds of 3 × 3: {to_beat} fits ", (to_beat, 0.03), ha="right",
                xycoords=ax.get_xaxis_transform(), color=GREY)  # fmt: skip
    ax.plot(fits, best, "o-", color=INK, markersize=11)
