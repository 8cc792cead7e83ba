"""A second person signs an explanation or a term of the glossary: these words, checked against the law."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from lawbook.models import Explanation, GlossaryTerm
from trust.approvals import approve

STEPS = {Explanation: "explanation", GlossaryTerm: "glossary_term"}


def sign(words: Explanation | GlossaryTerm, person: Any) -> None:
    """Sign the words that are published now.

    Raises trust.errors.OwnWork or AlreadyApproved (both recorded); everyone who has edited it counts as its maker.
    """
    makers = [revision.user for revision in words.revisions.select_related("user") if revision.user]
    digest = words.fingerprint()
    with transaction.atomic():
        approve(words, sha256=digest, step=STEPS[type(words)], person=person, makers=makers)
        words.reviewer = person.get_full_name() or person.get_username()
        words.reviewed_on = timezone.localdate()
        words.reviewed_sha256 = digest
        words.save()
