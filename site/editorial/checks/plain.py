"""Sentences that are too long to be followed: advice, never a hindrance."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from editorial.findings import Finding, Level, Text, finding
from zh.sentences import LONGEST, long_sentences


def sentences_are_short(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    for text in texts:
        for start, end, count in long_sentences(text.words):
            yield finding(
                text,
                start,
                min(end, start + 30),
                level=Level.ADVICE,
                code="plain.long",
                message=_("A sentence of %(count)d characters") % {"count": count},
                remedy=_("Make two of it; readers follow up to %(most)d.") % {"most": LONGEST},
            )
