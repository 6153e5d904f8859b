"""Learning curves: how a measure moves from epoch to epoch, a panel for each rate or optimizer."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D

from course_utils.plotting import marks, style
from course_utils.plotting.checks import check_axes, check_runs
from course_utils.plotting.final import best_end, set_scale, status_of
from course_utils.plotting.labels import Label
from course_utils.runs import last_epochs, run_keys
from course_utils.validation import as_flag, as_named_numbers, told

RUN = "run of the table"  # a column beside those of the table
TRAINING = {"linestyle": "--", "linewidth": 1.6}
VALIDATION = {"linestyle": "-", "linewidth": style.BOLD}
WORDS_AT = [((x, y), (0, 0)) for x in (0.5, 0.65, 0.35) for y in (0.55, 0.8, 0.25, 0.92, 0.08)]


def plot_learning_curves(
    runs,
    measure="loss",
    *,
    by="learning_rate",
    baselines=None,
    whole_scale=False,
    axes=None,
    keys=(),
):
    """Draw a small learning curve for every learning rate, all on the same scale.

    Training is thin and dashed, validation solid; several runs of a panel are a band with its
    median. A run that diverged leaves the picture at an X, unless all did; where most runs of a
    panel are stuck, it says so.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    measure : str
        ``"loss"`` or ``"accuracy"``; ``val_…`` is drawn with it where the table has it.
    by : str
        The column that has a panel for each of its values: another one for runs whose rate is not
        what differs, as ``"optimizer"`` or ``"momentum"``.
    baselines : dict of str to float, optional
        Values to compare with, drawn as thin grey lines.
    whole_scale : bool
        Stretch the axis until the diverged runs fit, instead of marking them with an X.
    axes : array of Axes, optional
        One per panel; by default a new figure with four columns.
    keys : sequence of str, optional
        As in `run_status`.

    Returns
    -------
    ndarray of Axes

    Raises
    ------
    TypeError, ValueError
        If `runs` is not the table of a sweep or lacks the measure or the column `by`, if it holds
        two runs with the same keys, or a baseline is no number.

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> from course_utils import sweep
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.01, 0.1], [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0], epochs=9)
    >>> plot_learning_curves(runs).shape
    (1, 2)
    """
    check_runs(runs, measure)
    if not isinstance(by, str) or by not in runs:
        names = ", ".join(map(str, runs))
        raise ValueError(f"by is {told(by)}; give one of the columns of runs: {names}.")
    baselines = as_named_numbers(baselines, "baselines")
    whole_scale = as_flag(whole_scale, "whole_scale")
    final = last_epochs(runs, keys)
    runs = runs.assign(**{RUN: runs.groupby(run_keys(runs, keys), dropna=False).ngroup()})
    panel_of = {value: _panel_name(by, value) for value in sorted(runs[by].dropna().unique())}
    lines = {measure: TRAINING, f"val_{measure}": VALIDATION}
    lines = {name: line for name, line in lines.items() if name in runs}
    panels, own = _as_panels(axes, len(panel_of)), axes is None
    gone = status_of(runs) == "diverged"
    # Where every run diverged, and none beyond what can be drawn, the scale is theirs.
    whole_scale |= bool(gone.all() and np.isfinite(final[measure]).all())
    shown = runs if whole_scale or gone.all() else runs[~gone]
    room = 0.1 * bool(baselines)
    values = [*shown[[*lines]].to_numpy(float).ravel(), *baselines.values()]
    set_scale(panels.flat, values, measure, room, room)
    for ax, (value, title) in zip(panels.flat, panel_of.items(), strict=False):
        ended = final[final[by] == value]
        color = style.rate_color(ended["learning_rate"].median())
        for name, line in lines.items():
            _draw_band(ax, runs[runs[by] == value], name, {"color": color, **line})
        ax.set_title(title, color=color, fontsize=plt.rcParams["font.size"])
        _tell_fates(ax, ended, measure, whole_scale, color)
        style.set_alt_text(ax, _words(ended, list(lines)[-1], title))
    marks.name_baselines(panels.flat[: len(panel_of)], baselines)
    if len(lines) == 2:
        handles = [Line2D([], [], color=style.GREY, **line) for line in lines.values()]
        where = {"loc": "outside upper right", "ncols": 2} if own else {"loc": "best"}
        owner = panels.flat[0].figure if own else panels.flat[0]
        owner.legend(handles, ["training", "validation"], handlelength=1.4, **where)
    for ax in panels.flat[len(panel_of) :]:
        ax.set_visible(False)
    for ax in np.atleast_2d(panels)[-1]:
        ax.set_xlabel("epoch")
    for ax in np.atleast_2d(panels)[:, 0]:
        ax.set_ylabel(measure)
    return panels


def _panel_name(by, value):
    """Return the title of the panel of one value: rate 0.1, momentum 0.9, Adam."""
    if by == "learning_rate":
        return f"rate {style.rate_label(value)}"
    return value if isinstance(value, str) else f"{by} {value:g}"


def _as_panels(axes, n):
    """Return the Axes to draw `n` panels into, by default those of a new figure."""
    if axes is None:
        columns = min(n, 4)
        rows = -(-n // columns)
        size = (style.WIDTH if n > 1 else 0.6 * style.WIDTH, 2.6 * rows + 0.6)
        return plt.subplots(rows, columns, figsize=size, sharex=True, sharey=True, squeeze=False)[1]
    axes = np.atleast_1d(np.asarray(axes, dtype=object))
    for ax in axes.flat:
        check_axes(ax, "axes")
    if axes.size < n:
        raise ValueError(f"axes has {axes.size} Axes for {n} panels.")
    return axes


def _draw_band(ax, runs, name, line):
    values = runs[name].astype(float)
    if ax.get_yscale() == "log":  # a loss that is not finite leaves at the top
        values = values.fillna(np.inf).replace(np.inf, 10 * ax.get_ylim()[1])
    curves = runs.assign(**{name: values}).pivot(index="epoch", columns=RUN, values=name)
    ax.plot(curves.index, curves.median(axis=1), **line)
    if curves.shape[1] > 1:
        low, high = curves.min(axis=1), curves.max(axis=1)
        ax.fill_between(curves.index, low, high, color=line["color"], alpha=0.22, linewidth=0)


def _tell_fates(ax, final, measure, whole_scale, color):
    """Mark where runs left the picture, or say what became of most of them."""
    status = status_of(final)
    diverged = final[status == "diverged"]
    if len(diverged) and not whole_scale:
        at = diverged["diverged_at"].dropna() if "diverged_at" in diverged else ()
        epoch = int(np.median(at) if len(at) else diverged["epoch"].median())
        marks.mark_diverged(ax, epoch, color=color, best=best_end(measure))
        words = f"diverged\nin epoch {epoch}" if len(at) else "diverged"
        Label(ax, words, WORDS_AT, "axes", color=color)
    for name in ("stuck", "diverged") if whole_scale else ("stuck",):
        if (status == name).mean() > 0.5:
            Label(ax, name, WORDS_AT, "axes", color=style.STATUS_COLORS[name])


def _words(final, measure, title):
    words = f"{title[0].upper()}{title[1:]}: {measure} ends at {final[measure].median():.3g}"
    if "status" not in final:
        return f"{words}."
    fates = ", ".join(f"{n} {status}" for status, n in final["status"].value_counts().items())
    return f"{words} ({fates})."
