"""Slider demos: one line in any notebook, one picture that follows the slider at once."""

from course_utils.demos.bowls import bowl_demo, ravine_demo, story_demo
from course_utils.demos.live import eta0_demo, keras_demo
from course_utils.demos.momentum import momentum_demo
from course_utils.demos.optimizers import optimizer_demo

__all__ = [
    "bowl_demo",
    "eta0_demo",
    "keras_demo",
    "momentum_demo",
    "optimizer_demo",
    "ravine_demo",
    "story_demo",
]
