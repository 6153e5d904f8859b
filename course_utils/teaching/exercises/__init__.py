"""Exercises that answer back: feedback, hints and worked solutions."""

from course_utils.teaching.exercises.feedback import check, hint, solution

__all__ = ["check", "hint", "solution"]
