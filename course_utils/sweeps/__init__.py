"""Many learning rates × seeds in one call; every sweep gives the same table."""

from importlib import import_module

from course_utils.sweeps.partial_fit import sweep_sgd

# Imported at first use, for TensorFlow is behind them.
_LAZY = {"sweep": "keras", "compare_optimizers": "optimizers", "rank_optimizers": "ranking"}

__all__ = ["compare_optimizers", "rank_optimizers", "sweep", "sweep_sgd"]


def __getattr__(name):
    if name in _LAZY:
        return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
