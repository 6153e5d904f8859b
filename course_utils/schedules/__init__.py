"""Learning-rate schedules that Keras lacks, and a guard for all of them."""

from course_utils.schedules.guard import check_schedule, schedule_boundaries, schedule_rates
from course_utils.schedules.momentum import MomentumCycle
from course_utils.schedules.shapes import OneCycle, Triangular
from course_utils.training.rate_table import RateTable

__all__ = [
    "MomentumCycle",
    "OneCycle",
    "RateTable",
    "Triangular",
    "check_schedule",
    "schedule_boundaries",
    "schedule_rates",
]
