"""Five hundred moves of a slider leave the kernel's memory where it was."""

import gc

import numpy as np
import psutil
import pytest

from course_utils import demos
from course_utils.demos.controls import Slider

MOVES, FIRST = 500, 100  # the first moves fill what is kept: fonts, ticks
MOST_MEGABYTES = 15


@pytest.mark.parametrize("make", [demos.bowl_demo, demos.luck_demo])
def test_moves_leave_nothing_behind(make, measured):
    demo, rng = make(), np.random.default_rng(0)
    name, slider = next((n, c) for n, c in demo.controls.items() if isinstance(c, Slider))
    numbers = [slider.clip(10**x if slider.log else x) for x in
               rng.uniform(slider.low, slider.high, MOVES + FIRST)]  # fmt: skip
    for place, number in enumerate(numbers):
        demo.widget.inputs[name].value = number
        if place == FIRST:
            gc.collect()
            before = psutil.Process().memory_info().rss
    gc.collect()
    growth = (psutil.Process().memory_info().rss - before) / 1e6
    what = f"`{make.__name__}`: the kernel's memory after {MOVES} moves of a slider"
    measured(what, f"{growth:+.0f} MB", f"at most {MOST_MEGABYTES} MB")
    assert growth < MOST_MEGABYTES
