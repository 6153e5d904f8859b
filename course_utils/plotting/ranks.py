"""The picture that compares the ranks of optimizers before and after tuning."""

from course_utils.plotting import marks, style


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
    ax = marks.new_axes(ax, height=5.5)
    left, right = (ranking[when].rank(method="first") for when in ("at_default", "tuned"))
    if ranking["at_default"].rank(method="min").ne(ranking["default_rank"]).any():
        left, right = len(ranking) + 1 - left, len(ranking) + 1 - right  # the largest comes first
    words = ["Ranks of optimizers."]
    for position, (name, row) in enumerate(ranking.sort_index().iterrows()):
        looks = style.optimizer_style(position)
        before, default = f"{left[name]:.0f}", f"{row['at_default']:.2f}"
        after, tuned = f"{right[name]:.0f}", f"{row['tuned']:.2f}"
        best = f"{name}, rate {style.rate_label(row['tuned_rate'])}"
        ax.plot([0, 1], [left[name], right[name]], markersize=style.DOT, **looks)
        text = {"va": "center", "color": looks["color"]}
        ax.text(-0.06, left[name], f"{name}  {default}  {before}", ha="right", **text)
        ax.text(1.06, right[name], f"{after}  {tuned}  {best}", ha="left", **text)
        words.append(f"{name}: {before} at its default rate ({default}), {after} tuned ({tuned}).")
    ax.set(xlim=(-1, 2.4), ylim=(len(ranking) + 0.6, 0.4), yticks=[])
    ax.set_xticks([0, 1], ["default rate", "tuned rate"], color=style.GREY)
    ax.xaxis.tick_top()
    ax.tick_params(length=0)
    ax.grid(False)
    ax.spines[:].set_visible(False)
    style.set_alt_text(ax, " ".join(words))
    return ax
