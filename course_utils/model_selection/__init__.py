"""Grid searches: what they cost, which parameters do nothing, from coarse to fine, stacked."""

from importlib import import_module

# Imported at first use: scikit-learn's searches take a while to load, TensorFlow much longer.
_MODULE_OF = {
    "KerasMLPClassifier": "estimators",
    "KerasMLPRegressor": "estimators",
    "StackedGridSearchCV": "search",
    "StackedRandomizedSearchCV": "search",
    "grid_cost": "cost",
    "refine": "refinement",
    "unused_parameters": "unused",
}
__all__ = list(_MODULE_OF)


def __getattr__(name):
    if name in _MODULE_OF:
        return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
