"""What single runs, or pairs of runs, say: a row of dots for each experiment."""

import numpy as np

from course_utils.plotting.marks import new_axes
from course_utils.plotting.style import DOT, INK, OPTIMIZER_COLORS, set_alt_text

GOLDEN = 0.618  # puts the dots of a row at heights that hardly repeat


def plot_dots(rows, xlabel, ax=None, *, mean=False):
    """Draw a row of dots for each name in `rows`, on a common axis.

    Parameters
    ----------
    rows : dict of str to array-like of shape (n,)
        The numbers of each row; the first row stands on top.
    xlabel : str
    ax : Axes, optional
    mean : bool
        Draw each row's mean, give or take one standard error, as a strip with its numbers at the
        right end, and a line at 0.

    Returns
    -------
    Axes
    """
    ax = new_axes(ax, height=1.3 + 1.1 * len(rows))
    told = []
    for height, (name, values) in zip(range(len(rows))[::-1], rows.items(), strict=True):
        values = np.asarray(values, dtype=float)
        places = height + 0.6 * ((np.arange(len(values)) * GOLDEN) % 1 - 0.5)
        ax.plot(values, places, "o", color=INK, alpha=0.6, markersize=DOT, markeredgewidth=0)
        words = f"from {values.min():.1f} to {values.max():.1f}"
        if mean:
            middle, error = values.mean(), values.std(ddof=1) / np.sqrt(len(values))
            color = OPTIMIZER_COLORS[0]
            box = {"color": color, "alpha": 0.3, "linewidth": 0, "zorder": 0}
            ax.fill_betweenx([height - 0.42, height + 0.42], middle - error, middle + error, **box)
            ax.plot([middle, middle], [height - 0.42, height + 0.42], color=color)
            result = f"{middle:+.1f} ± {error:.1f}".replace("-", "−")
            ax.annotate(
                result, (1, height), xycoords=ax.get_yaxis_transform(), xytext=(8, 0),
                textcoords="offset points", va="center", color=color, annotation_clip=False,
            )  # fmt: skip
            words += f", mean {middle:.1f} with standard error {error:.1f}"
        told.append(f"{name}: {len(values)} dots {words}".replace("\n", " "))
    if mean:
        ax.axvline(0, color=INK, linewidth=1)
    ax.set(xlabel=xlabel, ylim=(-0.6, len(rows) - 0.4))
    ax.set_yticks(range(len(rows))[::-1], rows)
    ax.tick_params(axis="y", length=0)
    ax.grid(visible=False, axis="y")
    set_alt_text(ax, f"{'; '.join(told)}.")
    return ax
