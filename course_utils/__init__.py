"""Learning rates, by experiment: the utility package of the course."""

from importlib import import_module

from course_utils.datasets import load_bmi, load_wine_quality
from course_utils.descent import StabilityLimits, descend, stability_limits
from course_utils.plots import (
    alt_text,
    bowl_loss,
    describe,
    mark_baselines,
    mark_limit,
    plot_descent,
    plot_descent_loss,
    plot_learning_curves,
    plot_story,
    plot_sweep,
    rate_color,
    rate_label,
    show,
    use_course_style,
)
from course_utils.runs import run_status, seeds
from course_utils.setup_check import check_setup, environment_report
from course_utils.sweeps import sweep_sgd
from course_utils.teaching import check, claim, hint, quiz, solution

__version__ = "0.1.0"

# Imported at first use, for TensorFlow is behind them.
_LAZY = {
    "compare_optimizers": "course_utils.sweeps",
    "rank_optimizers": "course_utils.sweeps",
    "sweep": "course_utils.sweeps",
}

__all__ = [
    "StabilityLimits",
    "alt_text",
    "bowl_loss",
    "check",
    "check_setup",
    "claim",
    "compare_optimizers",
    "descend",
    "describe",
    "environment_report",
    "hint",
    "load_bmi",
    "load_wine_quality",
    "mark_baselines",
    "mark_limit",
    "plot_descent",
    "plot_descent_loss",
    "plot_learning_curves",
    "plot_story",
    "plot_sweep",
    "quiz",
    "rank_optimizers",
    "rate_color",
    "rate_label",
    "run_status",
    "seeds",
    "show",
    "solution",
    "stability_limits",
    "sweep",
    "sweep_sgd",
    "use_course_style",
]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
