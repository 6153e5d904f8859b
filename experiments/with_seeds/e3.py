"""E3 with ten seeds: four momenta at the rate 0.001, raw and scaled, and plain SGD at 0.01."""

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

from course_utils import compare_optimizers, mark_baselines, seeds, set_alt_text, sweep
from course_utils.plotting import style
from course_utils.training.keras_setup import keras
from experiments.report import settings_table
from experiments.verdicts import counted, paired, stated
from experiments.with_seeds.bmi import build_model, jumps, level, load
from experiments.with_seeds.lengths import n_epochs, n_seeds

__all__ = ["TITLE", "TOLD", "control", "draw", "judge", "load", "train"]

TITLE = "Four values of momentum at the learning rate 0.001"
TOLD = "Momentum 0.9 reaches its maximum within 70 epochs of 200, and is constant from there on."
MOMENTA = [0.0, 0.1, 0.5, 0.9]


def momenta(data, short):
    """Return the table of runs, with a column for the momentum."""
    runs = compare_optimizers(
        build_model,
        [keras.optimizers.SGD(0.001, momentum=momentum) for momentum in MOMENTA],
        **data,
        epochs=n_epochs(short),
        seeds=seeds(n_seeds(short)),
    )
    names = dict(zip(runs["optimizer"].unique(), MOMENTA, strict=True))
    return runs.assign(momentum=runs["optimizer"].map(names))


def train(data, short):
    return momenta(data.raw, short)


def control(data, short, raw):
    plain = sweep(
        build_model, [0.01], **data.scaled, epochs=n_epochs(short), seeds=seeds(n_seeds(short))
    )
    return {"scaled": momenta(data.scaled, short), "plain": plain}


def curve(runs, measure, momentum=None):
    """Return a measure by epoch, a column per seed."""
    if momentum is not None:
        runs = runs[runs["momentum"] == momentum]
    return runs.pivot_table(measure, "epoch", "seed")


def judge(data, told, raw, control):
    scaled, early = control["scaled"], int(0.35 * raw["epoch"].max())
    accuracy = curve(raw, "val_accuracy", 0.9)
    reached = (accuracy >= 0.95 * accuracy.max()).idxmax()
    moves = jumps(raw, "momentum")[0.9]
    heavy, plain = curve(scaled, "val_loss", 0.9), curve(control["plain"], "val_loss")
    of_scaled, end = level(scaled, "momentum"), heavy.index.max()
    ratio = heavy.loc[end] / plain.loc[end]
    gap = curve(scaled, "val_accuracy", 0.9).loc[end]
    gap = gap - curve(control["plain"], "val_accuracy").loc[end]
    verdicts = [
        counted(
            f"Momentum 0.9 is at 95 % of its maximum within {early} epochs",
            reached <= early,
            f"median epoch {reached.median():.0f}",
            told=True,
        ),
        counted(
            "It is constant afterwards: it moves by less than a point of accuracy an epoch",
            moves < 0.01,
            f"median {100 * moves.median():.1f} points",
            told=True,
        ),
        counted(
            f"Scaled, its loss still falls by more than a fifth after epoch {early}",
            heavy.loc[end] < 0.8 * heavy.loc[early],
            f"from {heavy.loc[early].median():.2f} to {heavy.loc[end].median():.2f}",
        ),
        paired("Scaled, 0.9 is ahead of 0.5", of_scaled[0.9] - of_scaled[0.5]),
        stated(
            "Scaled, 0.9 at rate 0.001 and plain SGD at 0.01 = 0.001/(1 − 0.9) are less than two "
            "points of accuracy apart, two standard errors included",
            abs(gap.mean()) + 2 * gap.sem() < 0.02,
            f"mean difference {100 * gap.mean():+.2f} ± {100 * gap.sem():.2f} points",
        ),
        counted(
            "Their losses end within 5 % of each other: here momentum is a larger rate",
            (ratio - 1).abs() < 0.05,
            f"median ratio {ratio.median():.3f}",
        ),
    ]
    table = settings_table(
        "momentum", level(told, "momentum"), level(raw, "momentum"), scaled=of_scaled
    )
    return table, verdicts


def draw(data, told, raw, control):
    figure, axes = plt.subplots(1, 2, figsize=(13, 5), sharey=True)
    for ax, (name, runs) in zip(axes, [("raw", raw), ("scaled", control["scaled"])], strict=True):
        words = []
        for place, momentum in enumerate(MOMENTA):
            accuracy, color = curve(runs, "val_accuracy", momentum), style.OPTIMIZER_COLORS[place]
            low, high = accuracy.quantile(0.1, axis=1), accuracy.quantile(0.9, axis=1)
            ax.fill_between(accuracy.index, low, high, color=color, alpha=0.15, linewidth=0)
            middle = accuracy.median(axis=1)
            ax.plot(middle, color=color, linewidth=style.MEDIUM, label=f"momentum {momentum:g}")
            words.append(f"{momentum:g}: {middle.iloc[-1]:.2f}")
        mark_baselines(ax, data.baselines)
        ax.set(ylim=(0, 1), xlabel="epoch", ylabel="validation accuracy", title=f"{name} features")
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        ax.label_outer()
        set_alt_text(ax, f"{name} features, accuracy at the end by momentum: {', '.join(words)}.")
    figure.legend(*axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4)
    return figure
