"""The editors' desk: steps of review, what has passed, words to avoid, what is due."""

from editorial.models.places import FileText, HealthReport, ReviewDate
from editorial.models.release import Release, UrgentCorrection
from editorial.models.review import ANONYMISED, REVIEW_STEPS, Deputy, ReviewTask, ReviewTaskState, Step, approval_step
from editorial.models.words import Allowance, TermRule, WatchedName, name_digest

__all__ = [
    "ANONYMISED",
    "REVIEW_STEPS",
    "Allowance",
    "Deputy",
    "FileText",
    "HealthReport",
    "Release",
    "ReviewDate",
    "ReviewTask",
    "ReviewTaskState",
    "Step",
    "TermRule",
    "UrgentCorrection",
    "WatchedName",
    "approval_step",
    "name_digest",
]
