"""Pictures of what runs end with, against their learning rate."""

from course_utils.plotting import marks, style
from course_utils.plotting.checks import check_runs
from course_utils.plotting.final import best_end, final_spread, set_scale
from course_utils.plotting.labels import Label
from course_utils.validation import as_named_numbers


def plot_sweep(runs, measure="val_loss", *, baselines=None, limits=None, ax=None, keys=()):
    """Draw the final value of a measure against the learning rate.

    The line is the median over the runs of a rate, the band reaches from the best to the worst. A
    rate at which runs diverged has an X, with its rate and the share of the runs, at the edge
    where no good value can stand: the top for a loss, the bottom for an accuracy.

    Parameters
    ----------
    runs : DataFrame
        The table of a sweep.
    measure : str
        The column to draw, at the last epoch of each run.
    baselines : dict of str to float, optional
        Values to compare with, drawn as thin grey lines with their names.
    limits : dict of str to float, optional
        Predicted limits: formula and rate, drawn as vertical lines.
    ax : Axes, optional
    keys : sequence of str, optional
        As in `run_status`.

    Returns
    -------
    Axes

    Raises
    ------
    TypeError, ValueError
        If `runs` is not the table of a sweep or lacks the measure, if it holds two runs with the
        same keys, if a baseline is no number, or a limit no rate above 0.

    Examples
    --------
    >>> from sklearn.linear_model import SGDRegressor
    >>> from course_utils import sweep
    >>> model = SGDRegressor(learning_rate="constant")
    >>> runs = sweep(model, [0.01, 0.1], [[-1.0], [0.0], [1.0]], [-2.0, 0.0, 2.0], epochs=9)
    >>> plot_sweep(runs, "loss").get_ylabel()
    'loss'
    """
    check_runs(runs, measure)
    baselines = as_named_numbers(baselines, "baselines")
    limits = as_named_numbers(limits, "limits", above=0)
    final = final_spread(runs, measure, keys=keys)
    seen, gone = final.dropna(), final[final["diverged"] > 0]
    ax = marks.new_axes(ax)
    marks.log_rate_axis(ax)
    ax.set_ylabel(style.measure_label(measure))
    ax.fill_between(seen.index, seen["low"], seen["high"], color=style.PALE, alpha=0.5, linewidth=0)
    ax.plot(seen.index, seen["median"], color=style.INK, linewidth=style.MEDIUM, zorder=2)
    for rate, median in seen["median"].items():
        ax.plot(rate, median, "o", color=style.rate_color(rate), markersize=style.DOT, zorder=3)
    rates = [*final.index, *limits.values()]
    pad = max((max(rates) / min(rates)) ** 0.05, 1.3)
    ax.set_xlim(min(rates) / pad, max(rates) * pad)
    best = best_end(measure)
    worst_end, best_room = 0.25 * (not gone.empty), 0.08 * bool(baselines)
    above, below = (worst_end, best_room) if best == "low" else (best_room, worst_end)
    values = [*seen["low"], *seen["high"], *baselines.values()]
    set_scale([ax], values, measure, above + 0.9 * seen.empty, below)
    for rate, count, size in zip(gone.index, gone["diverged"], gone["runs"], strict=True):
        share = "" if count == size else f" ({count} of {size})"
        marks.mark_diverged(ax, rate, style.rate_label(rate) + share, best=best)
    for formula, rate in limits.items():
        marks.mark_limit(ax, rate, formula)
    if seen.empty:
        ax.set_yticks(ax.get_yticks() if baselines else [])
        places = [((x, y), (0, 0)) for y in (0.7, 0.85) for x in (0.5, 0.3, 0.7)]
        Label(ax, "every run diverged:\nno value to draw", places, "axes", color=style.RED)
    marks.mark_baselines(ax, baselines)
    style.set_alt_text(ax, _words(measure, final, baselines, limits))
    return ax


def _words(measure, final, baselines, limits):
    words = [f"{measure} after training against learning rate."]
    label, gone = style.rate_label, final[final["diverged"] > 0]
    words += [f"{label(rate)}: {value:.3g}." for rate, value in final["median"].dropna().items()]
    words += [
        f"{label(rate)}: {count} of {size} runs diverged."
        for rate, count, size in zip(gone.index, gone["diverged"], gone["runs"], strict=True)
    ]
    words += [f"Baseline {name}: {value:.3g}." for name, value in baselines.items()]
    words += [f"Predicted limit {name} = {label(rate)}." for name, rate in limits.items()]
    return " ".join(words)


def plot_effective_rates(runs, ax=None, measure="val_accuracy"):
    """Draw what runs of SGD reach over their effective rate, learning_rate / (1 − momentum).

    Parameters
    ----------
    runs : DataFrame
        A table of results with a column ``momentum``; of each rate and momentum the median of the
        seeds at the last epoch is drawn. Where all diverged an X stands at the edge.
    ax : Axes, optional
    measure : str

    Returns
    -------
    Axes
    """
    ax = marks.new_axes(ax)
    marks.log_rate_axis(ax, "effective rate η/(1−β)")
    ax.set_ylabel(style.measure_label(measure))
    medians = final_spread(runs, measure, ["momentum", "learning_rate"])["median"]
    best, words = best_end(measure), []
    for position, (momentum, values) in enumerate(medians.groupby(level="momentum")):
        values = values.droplevel("momentum")
        looks = style.optimizer_style(position)
        effective = values.index / (1 - momentum)
        ax.plot(effective, values, markersize=style.DOT, label=f"β = {momentum:g}", **looks)
        for rate in effective[values.isna()]:
            marks.mark_diverged(ax, rate, color=looks["color"], best=best)
        reached = "diverged"
        if values.notna().any():
            at = values.idxmin() if best == "low" else values.idxmax()
            reached = f"best {values[at]:.2f} at η = {at:.2g}"
        words.append(f"momentum {momentum:g}: {reached}")
    style.set_alt_text(ax, f"{ax.get_ylabel()} over the effective rate; {'; '.join(words)}.")
    return ax
