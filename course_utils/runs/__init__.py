"""The table of runs that every experiment gives, and what is read from it.

`table` (keys, seeds, status and final value of each run), `status` (how a run is judged),
`measures` (which way one counts), `paired` (two settings compared seed by seed).
"""

from course_utils.runs.measures import counts_upwards
from course_utils.runs.paired import PairedDifference, paired_difference
from course_utils.runs.status import STATUSES, judge_run
from course_utils.runs.table import (
    KEY_COLUMNS,
    final,
    last_epochs,
    run_keys,
    run_status,
    runs_table,
    seeds,
)

__all__ = [
    "KEY_COLUMNS",
    "STATUSES",
    "PairedDifference",
    "counts_upwards",
    "final",
    "judge_run",
    "last_epochs",
    "paired_difference",
    "run_keys",
    "run_status",
    "runs_table",
    "seeds",
]
