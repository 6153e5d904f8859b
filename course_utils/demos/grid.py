"""A search by hand over scores that are known already: resolution of the grid against budget."""

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from course_utils.demos.layout import counted_button, lay_out
from course_utils.plotting.grid import grid_table, heat_map
from course_utils.plotting.style import BACKING, GREY, INK, RED, rate_label
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

    Returns
    -------
    ipywidgets.VBox
    """
    table = grid_table(simulated_search() if cv_results is None else cv_results, [x, y])
    surface = Surface(table, x, y)
    search = HandSearch(surface)

    def draw(figure, column, row, spacing, points, rounds):
        planned = surface.cells(column, row, spacing, points)
        search.follow(rounds, planned)
        figure.subplots_adjust(left=0.1, wspace=0.25)
        left, right = figure.subplots(1, 2, width_ratios=[1.15, 1])
        _draw_map(left, surface, search, planned)
        _draw_spending(right, surface, search)
        return _words(surface, search, planned)

    column = _place_slider(x, surface.columns)
    row = _place_slider(y, surface.rows)
    spacing = widgets.ToggleButtons(options=[1, 2, 3], value=3, description="spacing")
    points = widgets.ToggleButtons(options=[1, 3, 5], value=3, description="points per axis")
    counter, run = counted_button("run the planned fits").children
    again = widgets.Button(description="start again")
    again.on_click(lambda _: setattr(counter, "value", 0))
    goal = (
        "Goal: reach the red line, one standard error below the best of all cells, with fewer "
        f"than {surface.to_beat} fits. <b>Which cells would you try next?</b>"
    )
    return lay_out(
        draw,
        goal,
        column=column,
        row=row,
        spacing=spacing,
        points=points,
        rounds=widgets.HBox([counter, run, again]),
    )


class Surface:
    """The scores of all cells of a fine grid, by column and row."""

    def __init__(self, table, x, y):
        self.x, self.y = x, y
        self.columns, self.rows = sorted(set(table[x])), sorted(set(table[y]))
        self.scores = table.pivot(index=y, columns=x, values="mean").to_numpy()
        if np.isnan(self.scores).any():
            raise ValueError("cv_results has cells without a score; give one of a full grid.")
        self.folds = sum(name.startswith("fold") for name in table)
        self.goal = float(table["mean"].iloc[0] - table["se"].iloc[0])
        self.to_beat = ROUNDS * 9 * self.folds

    def cells(self, column, row, spacing, points):
        """Return the cells (row, column) of a small grid, as far as they lie on the map."""
        reach = [spacing * step for step in range(-(points // 2), points // 2 + 1)]
        return [
            (row + down, column + right)
            for down in reach
            for right in reach
            if 0 <= row + down < len(self.rows) and 0 <= column + right < len(self.columns)
        ]


class HandSearch:
    """What the reader has run so far: the cells, and the best score after each round."""

    def __init__(self, surface):
        self.surface = surface
        self.start()

    def start(self):
        self.rounds, self.tried, self.fits, self.history = 0, set(), 0, []

    def follow(self, rounds, planned):
        """Run the planned cells if the reader has asked for another round, or start again."""
        if rounds < self.rounds:
            self.start()
        elif rounds > self.rounds:
            self.rounds = rounds
            self.fits += len(planned) * self.surface.folds
            self.tried |= set(planned)
            self.history.append((self.fits, self.best()[0]))

    def best(self):
        """Return (score, cell) of the best cell tried, or None."""
        if not self.tried:
            return None
        return max((float(self.surface.scores[cell]), cell) for cell in self.tried)


def simulated_search(folds=5):
    """Return the ``cv_results_`` of a simulated search over 13 × 13 rates and penalties.

    The accuracy falls off on both sides of a best rate, and beyond a penalty of about 0.1; a large
    penalty wants a smaller rate. Noise as of five folds of a few hundred rows.
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


def _place_slider(name, values):
    return widgets.SelectionSlider(
        options=[(rate_label(value), place) for place, value in enumerate(values)],
        value=len(values) // 2,
        description=f"{name.rpartition('__')[2]}, centre",
        style={"description_width": "11em"},
        layout=widgets.Layout(width="36em"),
    )


def _draw_map(ax, surface, search, planned):
    shown = np.full(surface.scores.shape, np.nan)
    for cell in search.tried:
        shown[cell] = surface.scores[cell]
    low, high = np.quantile(surface.scores, [0.05, 1])
    heat_map(ax, shown, surface.columns, surface.rows, vmin=low, vmax=high)
    for row, column in planned:
        corner = (column - 0.4, row - 0.4)
        ax.add_patch(Rectangle(corner, 0.8, 0.8, fill=False, edgecolor="black", linewidth=2))
    if search.tried:
        row, column = search.best()[1]
        ax.plot(column, row, "o", markersize=19, fillstyle="none", color=RED, markeredgewidth=3)
    ax.set(xlabel=surface.x.rpartition("__")[2], ylabel=surface.y.rpartition("__")[2])


def _draw_spending(ax, surface, search):
    top = surface.scores.max()
    low = min([score for _, score in search.history] + [surface.goal])
    all_fits = surface.scores.size * surface.folds
    ax.set(xlim=(0, max(1.4 * surface.to_beat, 1.1 * search.fits)), xlabel="fits spent")
    ax.set(ylim=(low - 0.3 * (top - low) - 0.01, top + 0.01), ylabel="best score so far")
    ax.axhline(surface.goal, color=RED, linewidth=2)
    ax.axvline(surface.to_beat, color=GREY, linewidth=1.5)
    for words, place in (
        (f"{surface.to_beat} fits: {ROUNDS} rounds of 3 × 3", 0.03),
        (f"all cells: {all_fits} fits", 0.12),
    ):
        ax.annotate(words, (0.98, place), xycoords="axes fraction", ha="right", color=GREY,
                    bbox=BACKING)  # fmt: skip
    if search.history:
        ax.plot(*np.transpose(search.history), "o-", color=INK, markersize=11)


def _words(surface, search, planned):
    n = len(planned)
    plan = f"Planned: {n} cell{'s' * (n > 1)} × {surface.folds} folds = {n * surface.folds} fits. "
    if not search.tried:
        return plan + "Nothing tried yet."
    score = search.best()[0]
    there = score >= surface.goal
    won = "<b>You beat it.</b>" if there and search.fits < surface.to_beat else ""
    return (
        f"{plan}Spent: {search.fits} fits, best score <b>{score:.3f}</b> "
        f"({'beyond' if there else 'below'} the line at {surface.goal:.3f}). {won}"
    )
