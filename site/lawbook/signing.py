"""A second person signs an explanation: these words, checked against the law."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from lawbook.models import Explanation
from trust.approvals import approve

STEP = "explanation"


def sign(explanation: Explanation, person: Any) -> None:
    """Sign the words that are published now.

    Raises trust.errors.OwnWork or AlreadyApproved (both recorded); everyone who has edited it counts as its maker.
    """
    makers = [revision.user for revision in explanation.revisions.select_related("user") if revision.user]
    digest = explanation.fingerprint()
    with transaction.atomic():
        approve(explanation, sha256=digest, step=STEP, person=person, makers=makers)
        explanation.reviewer = person.get_full_name() or person.get_username()
        explanation.reviewed_on = timezone.localdate()
        explanation.reviewed_sha256 = digest
        explanation.save()
