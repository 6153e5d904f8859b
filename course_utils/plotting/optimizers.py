"""Pictures that compare optimizers: one colour and one mark for each."""

from course_utils.plotting.style import GREY, log_rate_axis, new_axes, rate_label, set_alt_text
from course_utils.runs import last_epochs

COLORS = ("#0072b2", "#d55e00", "#009e73", "#b35a8c", "#8a6d00", "#333333", "#3f8fc0", "#7b3294")
MARKS = "osD^vXP*"


def optimizer_style(position):
    """Return the colour and the mark of the optimizer at a position of a list."""
    return {"color": COLORS[position % len(COLORS)], "marker": MARKS[position % len(MARKS)]}


def plot_ranks(ranking, ax=None):
    """Draw each optimizer's rank at its default rate beside its rank after tuning.

    Parameters
    ----------
    ranking : DataFrame
        What `rank_optimizers` returned.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, figsize=(11, 5.5))
    left = ranking["at_default"].rank(method="first")
    right = ranking["tuned"].rank(method="first")
    if ranking["at_default"].rank(method="min").ne(ranking["default_rank"]).any():
        left = len(ranking) + 1 - left  # an accuracy: the largest comes first
        right = len(ranking) + 1 - right
    words = []
    for position, (name, row) in enumerate(ranking.sort_index().iterrows()):
        style = optimizer_style(position)
        ax.plot([0, 1], [left[name], right[name]], markersize=11, **style)
        before = f"{name}  {row['at_default']:.2f}  {left[name]:.0f}"
        after = (
            f"{right[name]:.0f}  {row['tuned']:.2f}  {name}, rate {rate_label(row['tuned_rate'])}"
        )
        kind = {"va": "center", "color": style["color"], "fontsize": 14}
        ax.text(-0.04, left[name], before, ha="right", **kind)
        ax.text(1.04, right[name], after, ha="left", **kind)
        words.append(
            f"{name}: {left[name]:.0f} at its default rate ({row['at_default']:.2f}), "
            f"{right[name]:.0f} tuned ({row['tuned']:.2f})."
        )
    ax.set(xlim=(-0.9, 2.1), ylim=(len(ranking) + 0.6, 0.4), yticks=[], xticks=[0, 1])
    ax.set_xticklabels(["default rate", "tuned rate"], color=GREY, fontsize=15)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(False)
    set_alt_text(ax, " ".join(["Ranks of optimizers.", *words]))
    return ax


def plot_effective_rates(runs, ax=None, measure="val_accuracy"):
    """Draw what runs of SGD reach over their effective rate, learning_rate / (1 − momentum).

    Parameters
    ----------
    runs : DataFrame
        A table of results with a column ``momentum``; of each rate and momentum the median of the
        seeds at the last epoch is drawn.
    ax : Axes, optional
    measure : str

    Returns
    -------
    Axes
    """
    ax = new_axes(ax)
    log_rate_axis(ax, "effective rate η/(1−β)")
    reached = last_epochs(runs).groupby(["momentum", "learning_rate"])[measure].median()
    words = []
    for position, (momentum, values) in enumerate(reached.groupby(level="momentum")):
        values = values.droplevel("momentum")
        effective = values.index / (1 - momentum)
        ax.plot(effective, values, markersize=11, linewidth=1.5, label=f"β = {momentum:g}",
                **optimizer_style(position))  # fmt: skip
        words.append(f"momentum {momentum:g}: best {values.max():.2f} at η = {values.idxmax():.2g}")
    ax.set_ylabel(measure.replace("val_", "validation ").replace("_", " "))
    set_alt_text(ax, f"{ax.get_ylabel()} over the effective rate; {'; '.join(words)}.")
    return ax
