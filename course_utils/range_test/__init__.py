"""The LR range test: raise the learning rate step by step, and watch the loss of each batch.

Smith, "Cyclical learning rates for training neural networks", WACV 2017, arXiv:1506.01186.

`rules` says how a curve is read, `result` holds the curves and their answer, `test` trains, and
`confirm` asks the answer again.
"""

from course_utils.range_test.confirm import confirm
from course_utils.range_test.result import RangeTest
from course_utils.range_test.rules import smooth
from course_utils.range_test.test import lr_range_test

__all__ = ["RangeTest", "confirm", "lr_range_test", "smooth"]
