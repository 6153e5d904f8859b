"""The capstone's task: a machine of one's own, a budget of fits, rivals, and a report."""

from course_utils.capstone.lab import Lab

__all__ = ["Lab"]
