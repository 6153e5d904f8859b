"""Learning rates, by experiment: the utility package of the course.

Every public name is imported from here, ``from course_utils import sweep``: the table below says
what is public, and where it comes from. A module is loaded at the first use of a name, for some
need TensorFlow or the searches of scikit-learn, which take seconds to load. The
``__init__`` of a package inside gathers names for the code inside, if any, and loads no TensorFlow.
"""

from importlib import import_module

__version__ = "0.1.0"

_PUBLIC = {
    "datasets.loaders": ["load_bmi", "load_wine_quality"],
    "quadratic": ["bowl_loss", "descend", "stability_limits"],
    "plotting": [
        "set_alt_text", "mark_baselines", "mark_limit", "plot_descent", "plot_descent_loss",
        "plot_grid", "plot_learning_curves", "plot_range_test", "plot_schedule", "plot_story",
        "plot_sweep", "rate_color", "rate_label", "show", "use_course_style",
    ],
    "range_test": ["confirm", "lr_range_test"],
    "runs": ["final", "paired_difference", "run_status", "seeds"],
    "schedules": ["MomentumCycle", "OneCycle", "Triangular", "check_schedule", "schedule_rates"],
    "model_selection.cost": ["grid_cost"],
    "model_selection.estimators": ["KerasMLPClassifier", "KerasMLPRegressor"],
    "model_selection.refinement": ["refine"],
    "model_selection.search": ["StackedGridSearchCV", "StackedRandomizedSearchCV"],
    "model_selection.unused": ["unused_parameters"],
    "setup_check": ["check_setup", "environment_report"],
    "sweeps": ["compare_optimizers", "rank_optimizers", "sweep"],
    "grading": ["check", "claim", "hint", "my_progress", "quiz", "solution"],
}  # fmt: skip
_MODULE_OF = {name: module for module, names in _PUBLIC.items() for name in names}

__all__ = sorted(_MODULE_OF)


def __getattr__(name):
    if name in _MODULE_OF:
        return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return sorted({*globals(), *__all__})
