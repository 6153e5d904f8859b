"""Exercises that answer back: feedback, hints and worked solutions."""

from course_utils.grading.exercises.feedback import check, hint, solution

__all__ = ["check", "hint", "solution"]
