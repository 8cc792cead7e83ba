"""Retired and wrong terms, from the list that editors keep; hard words that the glossary does not explain."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from editorial.findings import Finding, Level, Text, finding
from editorial.models import TermRule
from lawbook.models import GlossaryTerm

LEVELS = {
    TermRule.Level.BLOCK: Level.BLOCK,
    TermRule.Level.WARN: Level.WARN,
    TermRule.Level.JARGON: Level.ADVICE,
}


def terms_are_right(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    rules = list(TermRule.objects.filter(active=True))
    explained = _explained(subject) if any(rule.level == TermRule.Level.JARGON for rule in rules) else frozenset()
    for rule in rules:
        if rule.level == TermRule.Level.JARGON:
            if rule.word not in explained:
                yield from _first_only(rule, texts)
        else:
            for text in texts:
                for start in places(text.words, rule.word, rule.exceptions):
                    yield _found(rule, text, start)


def _first_only(rule: TermRule, texts: Sequence[Text]) -> Iterator[Finding]:
    """A hard word once for a page: it is explained once as well."""
    for text in texts:
        for start in places(text.words, rule.word, rule.exceptions):
            yield _found(rule, text, start)
            return


def _found(rule: TermRule, text: Text, start: int) -> Finding:
    level = LEVELS[TermRule.Level(rule.level)]
    if rule.level == TermRule.Level.JARGON:
        message, remedy = _("A hard word that the glossary does not explain"), _("Explain it where it stands first.")
    elif rule.level == TermRule.Level.BLOCK:
        message, remedy = _("A term that is no longer used, or wrong"), _("Change it.")
    else:
        message, remedy = _("A term to look at"), _("See whether it is right here.")
    if rule.suggestion:
        remedy = _("Write “%(word)s”.") % {"word": rule.suggestion}
    return finding(
        text,
        start,
        start + len(rule.word),
        level=level,
        code=f"term.{rule.level}",
        message=message,
        remedy=f"{remedy}{rule.note}",
    )


def places(words: str, wanted: str, exceptions: Sequence[str]) -> list[int]:
    """Where `wanted` begins in `words`, but not inside one of `exceptions`."""
    taken = [(at, at + len(longer)) for longer in exceptions for at in _all(words, longer) if wanted in longer]
    return [at for at in _all(words, wanted) if not any(start <= at < end for start, end in taken)]


def _all(words: str, wanted: str) -> Iterator[int]:
    at = words.find(wanted)
    while wanted and at >= 0:
        yield at
        at = words.find(wanted, at + 1)


def _explained(subject: Any) -> frozenset[str]:
    """Words that the glossary explains; a term's own page explains itself."""
    rows = GlossaryTerm.objects.filter(live=True).values_list("term", "other_forms")
    words = {form.strip() for term, forms in rows for form in (term, *forms.splitlines())}
    if isinstance(subject, GlossaryTerm):
        words |= {subject.term, *subject.forms}
    return frozenset(words)
