"""Pictures of a grid search: every cell with the spread of its folds, not the winner alone."""

import numpy as np
import pandas as pd
from matplotlib.patches import Rectangle

from course_utils.plotting import marks, style
from course_utils.plotting.labels import Label
from course_utils.validation import is_number, told

CROWDED = 45  # cells from which on a heat map leaves out the spread of the folds


def plot_grid(cv_results, x, y=None, ax=None):
    """Draw the scores of a grid search over one or two of its parameters.

    Over two it is a heat map: the mean score of each cell, ± the standard deviation over the
    folds. The winner has a solid frame, and so have, dashed, all cells within one standard error
    of it: the folds do not tell them apart. Over one parameter it is a line with the scores of
    each fold behind it and the same one-standard-error line.

    Parameters
    ----------
    cv_results : dict or DataFrame
        ``cv_results_`` of a fitted search, with one ``mean_test_score``.
    x, y : str
        Parameters of the grid, such as ``"sgd__alpha"``. If the grid has others, each cell shows
        the best candidate that it holds.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If these are not the results of a search, or it had no such parameter.
    """
    names = [x] if y is None else [x, y]
    table = grid_table(cv_results, names)
    ax = _draw_line(table, x, ax) if y is None else _draw_map(table, x, y, ax)
    style.set_alt_text(ax, _words(table, names))
    return ax


def grid_table(cv_results, names):
    """Return the best candidate for each combination of the named parameters.

    Returns
    -------
    DataFrame
        A row per combination, best first: the parameters, ``mean``, ``sd`` and ``se`` over the
        folds, a column ``fold0``, … for each fold, ``best`` and ``within`` (one standard error of
        the best).
    """
    missing = {"params", "mean_test_score", "std_test_score"} - set(
        cv_results.keys() if hasattr(cv_results, "keys") else ()
    )
    if missing:
        raise TypeError(
            f"cv_results has no {', '.join(sorted(missing))}; give the cv_results_ of a fitted "
            "search with one scoring."
        )
    params = list(cv_results["params"])
    if not params:
        raise ValueError("cv_results is empty; give those of a search with candidates.")
    for column in ("mean_test_score", "std_test_score"):
        if np.shape(cv_results[column]) != (len(params),):
            raise ValueError(
                f"cv_results holds {len(params)} candidates and a {column} of shape "
                f"{np.shape(cv_results[column])}; give one for each."
            )
    known = list(dict.fromkeys(name for candidate in params for name in candidate))
    for axis, name in zip("xy", names, strict=False):
        if name not in known:
            raise ValueError(
                f"{axis} is {told(name)}, but the search had no such parameter; it had "
                f"{', '.join(known)}."
            )
    if len(set(names)) < len(names):
        raise ValueError(f"x and y are both {names[0]!r}; give two parameters.")
    n_folds = sum(key.startswith("split") and key.endswith("_test_score") for key in cv_results)
    scores = {"mean": "mean_test_score", "sd": "std_test_score"}
    scores |= {f"fold{fold}": f"split{fold}_test_score" for fold in range(n_folds)}
    axes = {name: [_key(p.get(name)) for p in params] for name in names}
    table = pd.DataFrame(axes, dtype=object)  # None is a value, and no missing one
    table["position"] = range(len(table))
    for name, column in scores.items():
        table[name] = np.asarray(cv_results[column], dtype=float)
    table["se"] = table["sd"] / np.sqrt(max(n_folds - 1, 1))
    table = table.sort_values("mean", ascending=False, kind="stable", na_position="last")
    table = table.drop_duplicates(names).reset_index(drop=True)
    table["best"] = (table.index == 0) & table["mean"].notna()
    table["within"] = table["mean"] >= table["mean"].iloc[0] - table["se"].iloc[0]
    return table


def heat_map(ax, cells, columns, rows, **scale):
    """Draw a table of numbers as a map, the first row at the bottom; cells of NaN are grey.

    Parameters
    ----------
    ax : Axes
    cells : array of shape (n_rows, n_columns)
    columns, rows : list
        What the ticks say, as many of them as there is room for.
    **scale
        ``vmin`` and ``vmax``, as in `Axes.imshow`.

    Returns
    -------
    AxesImage
    """
    ax.set_facecolor(style.MISSING)
    image = ax.imshow(cells, cmap="viridis", aspect="auto", origin="lower", **scale)
    for axis, values, most in ((ax.xaxis, columns, 7), (ax.yaxis, rows, 12)):
        step = -(-len(values) // most)
        axis.set_ticks(range(0, len(values), step), [_label(value) for value in values[::step]])
    ax.grid(visible=False)
    return image


def _draw_map(table, x, y, ax):
    columns, rows = _in_order(table, x), _in_order(table, y)
    ax = marks.new_axes(ax, height=np.clip(0.75 * len(rows) + 1.5, 4, 7.5))
    cells = np.full((len(rows), len(columns)), np.nan)
    places = [(rows.index(b), columns.index(a)) for a, b in zip(table[x], table[y], strict=True)]
    cells[tuple(np.transpose(places))] = table["mean"]
    image = heat_map(ax, cells, columns, rows)
    for (row, column), cell in zip(places, table.itertuples(), strict=True):
        words, color = "nan", style.RED
        if np.isfinite(cell.mean):
            crowded = len(table) > CROWDED
            words = f"{cell.mean:.2f}" if crowded else f"{cell.mean:.3f}\n±{cell.sd:.3f}"
            color = "black" if image.norm(cell.mean) > 0.55 else "white"
        ax.text(column, row, words, ha="center", va="center", color=color)
        if cell.within:
            line = {"linewidth": 4} if cell.best else {"linewidth": 2, "linestyle": (0, (3, 2))}
            corner = (column - 0.45, row - 0.45)
            ax.add_patch(Rectangle(corner, 0.9, 0.9, fill=False, edgecolor=style.RED, **line))
    ax.set(xlabel=_short(x), ylabel=_short(y))
    return ax


def _draw_line(table, x, ax):
    ax = marks.new_axes(ax)
    values = _in_order(table, x)
    table = table.set_index(x).reindex(values)
    numeric = all(is_number(value) for value in values)
    at = np.asarray(values, dtype=float) if numeric else np.arange(len(values))
    if numeric and min(values) > 0 and max(values) >= 10 * min(values):
        marks.log_rate_axis(ax, _short(x))
    else:
        ax.set_xlabel(_short(x))
        ax.set_xticks(at, [_label(value) for value in values])
    ax.plot(at, table.filter(like="fold"), color=style.PALE, linewidth=style.THIN, zorder=1)
    ax.plot(at, table["mean"], "o-", color=style.INK, zorder=3)
    if table["best"].any():
        best = table[table["best"]].iloc[0]
        line = best["mean"] - best["se"]
        ax.axhline(line, color=style.RED, linewidth=1.5, zorder=2)
        ax.margins(y=0.2)
        ends = [(1, -4), (0, 4), (0.5, 0)]
        places = [((x, line), (dx, dy)) for dy in (-4, 4, -16, 16, 28, 40) for x, dx in ends]
        Label(ax, "best − one standard error", places, "y", color=style.RED)
        ax.plot(
            at[table["best"]], best["mean"], "o", color=style.RED, markersize=style.MARK, zorder=4
        )
    ax.set_ylabel("score (grey: each fold)")
    return ax


def _words(table, names):
    """Return the story of a grid search in two sentences."""
    if not table["best"].any():
        return "Scores of a grid search: all nan."
    best = table[table["best"]].iloc[0]
    where = " and ".join(f"{_short(name)} {_label(best[name])}" for name in names)
    worst, lost = table["mean"].min(), int(table["mean"].isna().sum())
    return (
        f"Mean scores of a grid search over {' and '.join(map(_short, names))}, from {worst:.3f} "
        f"to {best['mean']:.3f} ± {best['sd']:.3f} at {where}. "
        f"{int(table['within'].sum())} of {len(table)} cells lie within one standard error of "
        f"the best." + (f" {lost} are nan." if lost else "")
    )


def _in_order(table, name):
    """Return the distinct values: numbers sorted, others as they first come in the grid."""
    distinct = list(dict.fromkeys(table.sort_values("position")[name]))
    return sorted(distinct) if all(is_number(value) for value in distinct) else distinct


def _key(value):
    """Return a value that can stand in an index: a list of layers becomes a tuple."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (list, np.ndarray)):
        return tuple(value)
    return value if getattr(value, "__hash__", None) else repr(value)


def _label(value):
    return style.rate_label(value) if isinstance(value, float) else str(value)


def _short(name):
    return name.rpartition("__")[2]
