"""Slider demos: one line in any notebook, one picture that follows the slider at once."""

from course_utils.demos.bowls import bowl_demo, ravine_demo, story_demo
from course_utils.demos.live import eta0_demo

__all__ = ["bowl_demo", "eta0_demo", "ravine_demo", "story_demo"]
