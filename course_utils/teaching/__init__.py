"""What makes a lesson check itself: claims, exercises and quizzes."""

from course_utils.teaching.claims import ClaimError, claim
from course_utils.teaching.exercises import check, hint, solution
from course_utils.teaching.quiz import quiz

__all__ = ["ClaimError", "check", "claim", "hint", "quiz", "solution"]
