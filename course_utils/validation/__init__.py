"""Checks of what the caller hands in, made before any work starts.

Every message says what was got, what is allowed, and what to do.
"""

from course_utils.validation.data import (
    as_features,
    as_targets,
    as_validation_data,
    check_labels,
    check_pair,
    check_settings,
)
from course_utils.validation.networks import as_data, check_builder
from course_utils.validation.numbers import (
    as_choice,
    as_count,
    as_flag,
    as_learning_rates,
    as_named_numbers,
    as_number,
    as_numbers,
    as_seed,
    as_seeds,
)
from course_utils.validation.words import plain, told

__all__ = [
    "as_choice",
    "as_count",
    "as_data",
    "as_features",
    "as_flag",
    "as_learning_rates",
    "as_named_numbers",
    "as_number",
    "as_numbers",
    "as_seed",
    "as_seeds",
    "as_targets",
    "as_validation_data",
    "check_builder",
    "check_labels",
    "check_pair",
    "check_settings",
    "plain",
    "told",
]
