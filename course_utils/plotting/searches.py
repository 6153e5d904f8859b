"""What a search tried: candidates that are stopped early, and the trials of a study."""

import numpy as np
from matplotlib.lines import Line2D

from course_utils.plotting.marks import log_rate_axis, log_value_axis, new_axes
from course_utils.plotting.style import (
    BOLD,
    DOT,
    GREY,
    INK,
    THIN,
    rate_color,
    rough,
    set_alt_text,
)


def plot_halving(losses, kept, ax=None):
    """Draw the losses of candidates that halving would have stopped.

    A curve is dotted from where its candidate would have been stopped.

    Parameters
    ----------
    losses : DataFrame of shape (n_candidates, n_rungs)
        A row for each learning rate, a column for each number of passes. What is worse than two
        thirds of the candidates at the first of these lies outside the picture.
    kept : dict of int to int
        How many candidates stay after a rung: ``{2: 6, 6: 2}``.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax)
    rungs, alive, stop = list(losses.columns), losses.index, {}
    for rung, n_kept in kept.items():
        best = losses.loc[alive, rung].nsmallest(n_kept).index
        stop |= dict.fromkeys(alive.difference(best), rung)
        alive = best
    survivor, last = alive[0], losses[rungs[-1]]
    for rate, curve in losses.iterrows():
        end = stop.get(rate, rungs[-1])
        ax.plot(curve.loc[:end], color=rate_color(rate), linewidth=BOLD)
        ax.plot(curve.loc[end:], color=rate_color(rate), linewidth=THIN, linestyle=":")
    low, high = losses.min().min(), losses[rungs[0]].nsmallest(len(losses) * 2 // 3).max()
    room = 0.12 * (high - low)
    for rung, n_kept in kept.items():
        ax.axvline(rung, color=GREY, linewidth=THIN, zorder=1)
        above = {"xycoords": ax.get_xaxis_transform(), "textcoords": "offset points"}
        ax.annotate(f"{n_kept} left", (rung, 1), xytext=(0, 6), ha="center", color=GREY, **above)
    ends = {"best": last.idxmin(), "survivor": survivor}
    if survivor == last.idxmin():
        del ends["survivor"]
    for (name, rate), shift in zip(ends.items(), (-14, 14), strict=False):
        ax.plot(rungs[-1], last[rate], "o", color=rate_color(rate), markersize=DOT)
        ax.annotate(
            f"{name} {rough(rate)}", (rungs[-1], last[rate]), xytext=(10, shift), va="center",
            textcoords="offset points", color=rate_color(rate), annotation_clip=False,
        )  # fmt: skip
    inside = losses.index[losses[rungs[0]] <= high]
    shown = np.quantile(inside, [0, 1 / 3, 2 / 3, 1], method="nearest")
    lines = [Line2D([], [], color=rate_color(rate), label=rough(rate)) for rate in shown]
    ax.legend(handles=lines, title="learning rate", loc="upper left", bbox_to_anchor=(1.02, 1))
    ax.set(xscale="log", ylim=(low - room, high + room), xlabel="passes", ylabel="validation loss")
    ax.set_xticks(rungs, [str(rung) for rung in rungs])
    ax.minorticks_off()
    set_alt_text(
        ax,
        f"Loss of {len(losses)} rates; halving ends with {rough(survivor)}, the best after "
        f"{rungs[-1]} passes is {rough(last.idxmin())}.",
    )
    return ax


def plot_study(trials, rate, n_random=10, ax=None):
    """Draw the loss of each trial of a study over its learning rate.

    The first, drawn at random, are hollow; a cross was pruned, and stands at its last loss.

    Parameters
    ----------
    trials : list of optuna.trial.FrozenTrial
        Trials without any loss are left out.
    rate : str
        Name of the parameter on the axis.
    n_random : int, default=10
        How many trials the sampler draws at random before it learns.
    ax : Axes, optional

    Returns
    -------
    Axes
    """
    ax = new_axes(ax)
    ended = [trial for trial in trials if trial.state.is_finished() and trial.value is not None]
    for number, trial in enumerate(ended):
        pruned, early = trial.state.name == "PRUNED", number < n_random
        color = GREY if early else rate_color(trial.params[rate])
        ax.plot(
            trial.params[rate], trial.value, marker="x" if pruned else "o", color=color,
            fillstyle="none" if early else "full", markersize=DOT, markeredgewidth=2.5,
            linestyle="", zorder=2 if early else 3,
        )  # fmt: skip
    looks = {"linestyle": "", "markersize": DOT, "markeredgewidth": 2.5}
    kinds = {
        "drawn at random": {"marker": "o", "color": GREY, "fillstyle": "none"},
        "drawn by the sampler": {"marker": "o", "color": INK},
        "pruned, at its last loss": {"marker": "x", "color": INK},
    }
    handles = [Line2D([], [], label=label, **looks, **kind) for label, kind in kinds.items()]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.02, 1))
    log_rate_axis(ax, rate)
    log_value_axis(ax)
    ax.set_ylabel("validation loss")
    set_alt_text(
        ax,
        f"The loss of each trial over its {rate}; those drawn at random are hollow, and crosses "
        "were pruned.",
    )
    return ax
