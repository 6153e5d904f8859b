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
    plot_grid,
    plot_learning_curves,
    plot_range_test,
    plot_schedule,
    plot_story,
    plot_sweep,
    rate_color,
    rate_label,
    show,
    use_course_style,
)
from course_utils.range_test import (
    confirm,
    lr_range_test,
    suggest_minimum,
    suggest_steepest,
    suggest_valley,
)
from course_utils.runs import run_status, seeds
from course_utils.setup_check import check_setup, environment_report
from course_utils.sweeps import sweep_sgd
from course_utils.teaching import check, claim, hint, quiz, solution

__version__ = "0.1.0"

# Imported at first use, for TensorFlow, or the searches of scikit-learn, are behind them.
_LAZY = {
    "KerasMLPClassifier": "course_utils.estimators",
    "KerasMLPRegressor": "course_utils.estimators",
    "LRRangeTest": "course_utils.range_test",
    "MomentumCycle": "course_utils.schedules",
    "OneCycle": "course_utils.schedules",
    "StackedGridSearchCV": "course_utils.search",
    "StackedRandomizedSearchCV": "course_utils.search",
    "Triangular": "course_utils.schedules",
    "check_schedule": "course_utils.schedules",
    "compare_optimizers": "course_utils.sweeps",
    "grid_cost": "course_utils.search",
    "rank_optimizers": "course_utils.sweeps",
    "refine": "course_utils.search",
    "schedule_rates": "course_utils.schedules",
    "sweep": "course_utils.sweeps",
    "unused_parameters": "course_utils.search",
}

__all__ = [
    "KerasMLPClassifier",
    "KerasMLPRegressor",
    "LRRangeTest",
    "MomentumCycle",
    "OneCycle",
    "StabilityLimits",
    "StackedGridSearchCV",
    "StackedRandomizedSearchCV",
    "Triangular",
    "alt_text",
    "bowl_loss",
    "check",
    "check_schedule",
    "check_setup",
    "claim",
    "compare_optimizers",
    "confirm",
    "descend",
    "describe",
    "environment_report",
    "grid_cost",
    "hint",
    "load_bmi",
    "load_wine_quality",
    "lr_range_test",
    "mark_baselines",
    "mark_limit",
    "plot_descent",
    "plot_descent_loss",
    "plot_grid",
    "plot_learning_curves",
    "plot_range_test",
    "plot_schedule",
    "plot_story",
    "plot_sweep",
    "quiz",
    "rank_optimizers",
    "rate_color",
    "rate_label",
    "refine",
    "run_status",
    "schedule_rates",
    "seeds",
    "show",
    "solution",
    "stability_limits",
    "suggest_minimum",
    "suggest_steepest",
    "suggest_valley",
    "sweep",
    "sweep_sgd",
    "unused_parameters",
    "use_course_style",
]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(_LAZY[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
