"""Private numbers inside the documents that a page offers."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from editorial.checks.privacy import allowed_texts, private_in
from editorial.documents import Unreadable, kept_texts
from editorial.findings import Finding, Level, Text, about
from editorial.texts import BETWEEN, Part, parts_of

_DOCUMENT = re.compile(r"<a\b(?=[^>]*\blinktype=\"document\")[^>]*\bid=\"(\d+)\"")


def files_hold_no_private_numbers(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    allowed = allowed_texts()
    seen: set[int] = set()
    for part in parts_of(subject):
        for document in _documents(part):
            if document.pk not in seen:
                seen.add(document.pk)
                yield from found_in(document, part.where, allowed)


def _documents(part: Part) -> list[Any]:
    model = get_document_model()
    if isinstance(part.value, model):
        return [part.value]
    keys = [int(key) for key in _DOCUMENT.findall(part.html)]
    return list(model.objects.filter(pk__in=keys)) if keys else []


def found_in(document: Any, where: str, allowed: frozenset[str]) -> Iterator[Finding]:
    """Private numbers in one document of the library."""
    place = f"{where}{BETWEEN}{document.title}"
    try:
        pieces = kept_texts(document)
    except Unreadable as problem:
        yield about(
            place,
            level=Level.WARN,
            code="file.unreadable",
            message=_("Its text cannot be read: %(why)s") % {"why": problem},
            remedy=_("Open it and look through it yourself for names and numbers."),
        )
        return
    for piece in pieces:
        yield from private_in(Text(f"{place}{BETWEEN}{piece.where}" if piece.where else place, piece.words), allowed)
