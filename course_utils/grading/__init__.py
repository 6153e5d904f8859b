"""What makes a lesson check itself: claims, exercises and quizzes."""

from course_utils.grading.claims import ClaimError, claim
from course_utils.grading.exercises import check, hint, solution
from course_utils.grading.progress import my_progress
from course_utils.grading.quiz import quiz

__all__ = ["ClaimError", "check", "claim", "hint", "my_progress", "quiz", "solution"]
