"""Slider demos: one line in any notebook, one picture that follows the slider at once."""

from course_utils.demos.bowls import bowl_demo, ravine_demo, story_demo
from course_utils.demos.grid import grid_demo
from course_utils.demos.live import eta0_demo, keras_demo
from course_utils.demos.momentum import momentum_demo
from course_utils.demos.momentum_live import effective_rate_demo
from course_utils.demos.optimizers import optimizer_demo
from course_utils.demos.random_search import random_search_demo
from course_utils.demos.range_test import range_test_demo
from course_utils.demos.schedules import schedule_demo

__all__ = [
    "bowl_demo",
    "effective_rate_demo",
    "eta0_demo",
    "grid_demo",
    "keras_demo",
    "momentum_demo",
    "optimizer_demo",
    "random_search_demo",
    "range_test_demo",
    "ravine_demo",
    "schedule_demo",
    "story_demo",
]
