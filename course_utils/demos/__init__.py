"""Slider demos: one line in any notebook, one picture that follows the slider at once.

A function such as `bowl_demo` returns a `Demo`: what to predict, a goal, the controls, and one
function that draws the picture of their values and returns the sentence below it. At the end of a
cell a demo shows itself as widgets, in JupyterLab and on a page of Voila alike. Still pages need no
widgets: they ask the same function for the frames that they want.

Examples
--------
>>> from matplotlib.figure import Figure
>>> from course_utils.demos import bowl_demo
>>> demo = bowl_demo(curvature=1.0)
>>> demo.draw(Figure(figsize=(11, 4.4)), learning_rate=0.5)
'Each step multiplies w by 1 − ηλ = <b>0.5</b>. The loss went from 8 to <b>7.28e-12</b>.'
>>> png, sentence, alt = demo.frame(learning_rate=2.5)
>>> sentence.split("<b>")[-1]
'Diverging</b>: the loss grew from 8 to 8.85e+07.'
"""

from course_utils.demos.bowls import bowl_demo, momentum_demo, ravine_demo, story_demo
from course_utils.demos.goldilocks import goldilocks_demo
from course_utils.demos.grid import grid_demo
from course_utils.demos.live import effective_rate_demo, eta0_demo, keras_demo, optimizer_demo
from course_utils.demos.luck import luck_demo
from course_utils.demos.own_data import own_data
from course_utils.demos.race import race_demo
from course_utils.demos.random_search import random_search_demo
from course_utils.demos.range_test import range_test_demo
from course_utils.demos.schedules import schedule_demo

__all__ = [
    "bowl_demo",
    "effective_rate_demo",
    "eta0_demo",
    "goldilocks_demo",
    "grid_demo",
    "keras_demo",
    "luck_demo",
    "momentum_demo",
    "optimizer_demo",
    "own_data",
    "race_demo",
    "random_search_demo",
    "range_test_demo",
    "ravine_demo",
    "schedule_demo",
    "story_demo",
]
