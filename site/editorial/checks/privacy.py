"""Nothing that identifies a person, and no child by name."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.findings import Finding, Level, Text, finding
from editorial.models import Allowance, WatchedName, name_digest
from zh.minors import find_minors
from zh.privacy import Kind, find_private
from zh.spacing import hanzi_runs, narrow, without_space

MESSAGES = {
    Kind.IDENTITY: (_("An identity number"), _("Delete it. A public text never needs one.")),
    Kind.MOBILE: (
        _("A mobile number"),
        _("Delete it. If it is a duty telephone, enter it under “Allowed numbers and addresses” with its reason."),
    ),
    Kind.BANK_CARD: (_("A bank-card number"), _("Delete it.")),
    Kind.PLATE: (_("A number plate"), _("Delete it, or write 粤J×××××.")),
    Kind.EMAIL: (
        _("An e-mail address"),
        _("Delete it. If it is an official mailbox, enter it under “Allowed numbers and addresses” with its reason."),
    ),
}
OFFICIAL = (".gov.cn",)


def nothing_private(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    allowed = allowed_texts()
    for text in texts:
        yield from private_in(text, allowed)


def private_in(text: Text, allowed: frozenset[str]) -> Iterator[Finding]:
    """Findings in one text; `allowed` as `allowed_texts()` gives it."""
    for hit in find_private(text.words):
        words = _bare(text.words[hit.start : hit.end])
        if words in allowed or (hit.kind is Kind.EMAIL and words.endswith(OFFICIAL)):
            continue
        message, remedy = MESSAGES[hit.kind]
        yield finding(
            text, hit.start, hit.end, level=Level.BLOCK, code=f"privacy.{hit.kind}", message=message, remedy=remedy
        )


def allowed_texts() -> frozenset[str]:
    return frozenset(_bare(text) for text in Allowance.objects.values_list("text", flat=True))


def _bare(words: str) -> str:
    return without_space(narrow(words)).replace("-", "")


def no_minor_is_named(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    watched = set(WatchedName.objects.values_list("digest", "length"))
    year = timezone.localdate().year
    for text in texts:
        for start, end in watched_in(text.words, watched):
            yield finding(
                text,
                start,
                end,
                level=Level.BLOCK,
                code="minor.watched",
                message=_("A name on the list of protected names"),
                remedy=_("Delete it, or write 小某 with （化名）."),
            )
        for hit in find_minors(text.words, year=year):
            yield finding(
                text,
                hit.start,
                hit.end,
                level=Level.BLOCK if hit.certain else Level.WARN,
                code="minor.aged" if hit.certain else "minor.pupil",
                message=_("The name of a minor, with their age") if hit.certain else _("Perhaps the name of a minor"),
                remedy=_("Write 张某, or a made-up name followed by （化名）."),
            )


def watched_in(words: str, watched: set[tuple[str, int]]) -> list[tuple[int, int]]:
    """Where a protected name stands; names are known by their digests alone."""
    if not watched:
        return []
    digests, lengths = {digest for digest, _length in watched}, sorted({length for _digest, length in watched})
    found: list[tuple[int, int]] = []
    known: dict[str, bool] = {}
    start = 0
    for run in hanzi_runs(words):
        start = words.index(run, start)
        for length in lengths:
            for i in range(len(run) - length + 1):
                name = run[i : i + length]
                if name not in known:
                    known[name] = name_digest(name) in digests
                if known[name]:
                    found.append((start + i, start + i + length))
        start += len(run)
    return found
