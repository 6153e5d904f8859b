"""Many runs in one call, which all give the same table: learning rates × seeds, and optimizers."""

from importlib import import_module

from course_utils.sweeps.ranking import rank_optimizers
from course_utils.sweeps.sweep import sweep

__all__ = ["compare_optimizers", "rank_optimizers", "sweep"]


def __getattr__(name):
    if name == "compare_optimizers":  # TensorFlow is behind it
        return import_module(f"{__name__}.optimizers").compare_optimizers
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
