"""Grid searches: what they cost, which parameters do nothing, from coarse to fine, stacked."""

from importlib import import_module

# Imported at first use: scikit-learn's searches take a while to load, TensorFlow much longer.
_LAZY = {
    "StackedGridSearchCV": "stacked",
    "StackedRandomizedSearchCV": "stacked",
    "grid_cost": "cost",
    "refine": "refinement",
    "unused_parameters": "unused",
}

__all__ = [
    "StackedGridSearchCV",
    "StackedRandomizedSearchCV",
    "grid_cost",
    "refine",
    "unused_parameters",
]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
