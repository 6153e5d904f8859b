"""Pictures that compare optimizers: one colour and one mark for each."""

from course_utils.plots.style import GREY, describe, new_axes, rate_label

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
    describe(ax, " ".join(["Ranks of optimizers.", *words]))
    return ax
