"""Many learning rates × seeds in one call; every sweep gives the same table."""

from course_utils.sweeps.partial_fit import sweep_sgd

__all__ = ["sweep_sgd"]
