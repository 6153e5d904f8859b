"""The LR range test: raise the learning rate step by step, and watch the loss of each batch.

Smith, "Cyclical learning rates for training neural networks", WACV 2017, arXiv:1506.01186.

From the ground up: `rules` (how a curve is read), `checks`, `result` (the record and its answer),
`sgd`, `keras`, `entry` (the test of any model), `callback` (inside your own ``fit``), `confirm`.
"""

from importlib import import_module

from course_utils.range_test.confirm import Confirmation, confirm
from course_utils.range_test.entry import lr_range_test
from course_utils.range_test.result import RangeTest
from course_utils.range_test.rules import (
    smooth,
    suggest_minimum,
    suggest_steepest,
    suggest_valley,
)

__all__ = [
    "Confirmation",
    "LRRangeTest",
    "RangeTest",
    "confirm",
    "lr_range_test",
    "smooth",
    "suggest_minimum",
    "suggest_steepest",
    "suggest_valley",
]


def __getattr__(name):
    if name == "LRRangeTest":  # TensorFlow is behind it
        return import_module(f"{__name__}.callback").LRRangeTest
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
