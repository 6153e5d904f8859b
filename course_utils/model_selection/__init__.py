"""Grid searches: what they cost, which parameters do nothing, from coarse to fine, stacked."""

from importlib import import_module

# Imported at first use: scikit-learn's searches take a while to load, TensorFlow much longer.
_LAZY = {
    "KerasMLPClassifier": "mlp",
    "KerasMLPRegressor": "mlp",
    "StackedGridSearchCV": "stacked",
    "StackedRandomizedSearchCV": "stacked",
    "grid_cost": "cost",
    "refine": "refinement",
    "trained_by": "network",
    "unused_parameters": "unused",
}

__all__ = [
    "KerasMLPClassifier",
    "KerasMLPRegressor",
    "StackedGridSearchCV",
    "StackedRandomizedSearchCV",
    "grid_cost",
    "refine",
    "trained_by",
    "unused_parameters",
]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
