"""The picture that compares the ranks of optimizers before and after tuning."""

from course_utils.plotting.axes import new_axes
from course_utils.plotting.style import DOT, GREY, optimizer_style, rate_label, set_alt_text


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
    ax = new_axes(ax, height=5.5)
    left, right = (ranking[when].rank(method="first") for when in ("at_default", "tuned"))
    if ranking["at_default"].rank(method="min").ne(ranking["default_rank"]).any():
        left, right = len(ranking) + 1 - left, len(ranking) + 1 - right  # the largest comes first
    words = ["Ranks of optimizers."]
    for position, (name, row) in enumerate(ranking.sort_index().iterrows()):
        style = optimizer_style(position)
        before, after = f"{left[name]:.0f}", f"{right[name]:.0f}"
        default, tuned = f"{row['at_default']:.2f}", f"{row['tuned']:.2f}"
        ax.plot([0, 1], [left[name], right[name]], markersize=DOT, **style)
        looks = {"va": "center", "color": style["color"]}
        ax.text(-0.06, left[name], f"{name}  {default}  {before}", ha="right", **looks)
        best = f"{after}  {tuned}  {name}, rate {rate_label(row['tuned_rate'])}"
        ax.text(1.06, right[name], best, ha="left", **looks)
        words.append(f"{name}: {before} at its default rate ({default}), {after} tuned ({tuned}).")
    ax.set(xlim=(-1, 2.4), ylim=(len(ranking) + 0.6, 0.4), yticks=[])
    ax.set_xticks([0, 1], ["default rate", "tuned rate"], color=GREY)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    set_alt_text(ax, " ".join(words))
    return ax
