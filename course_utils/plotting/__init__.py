"""Pictures from the tidy table and from the bowl; they take and return Axes."""

from course_utils.plotting.bowl import plot_descent, plot_descent_loss, plot_story
from course_utils.plotting.by_rate import plot_sweep
from course_utils.plotting.curves import plot_learning_curves
from course_utils.plotting.grid import plot_grid
from course_utils.plotting.marks import mark_baselines, mark_limit
from course_utils.plotting.range_test import plot_range_test
from course_utils.plotting.schedules import plot_schedule
from course_utils.plotting.style import (
    rate_color,
    rate_label,
    set_alt_text,
    show,
    use_course_style,
)

__all__ = [
    "mark_baselines", "mark_limit", "plot_descent", "plot_descent_loss", "plot_grid",
    "plot_learning_curves", "plot_range_test", "plot_schedule", "plot_story", "plot_sweep",
    "rate_color", "rate_label", "set_alt_text", "show", "use_course_style",
]  # fmt: skip
