"""Everything that is checked before something is submitted or published.

`checked(subject)` reads one thing, as it is in memory, and answers with findings, the gravest first. Each family of
checks is a function `(subject, texts) -> findings` in a module of its own.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from editorial.checks.citations import citations_lead_somewhere
from editorial.checks.files import files_hold_no_private_numbers
from editorial.checks.form import form_is_complete
from editorial.checks.links import links_lead_somewhere
from editorial.checks.plain import sentences_are_short
from editorial.checks.privacy import no_minor_is_named, nothing_private
from editorial.checks.terms import terms_are_right
from editorial.findings import Finding, Text, gravest_first
from editorial.texts import texts_of

Check = Callable[[Any, Sequence[Text]], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    nothing_private,
    no_minor_is_named,
    terms_are_right,
    citations_lead_somewhere,
    links_lead_somewhere,
    form_is_complete,
    files_hold_no_private_numbers,
    sentences_are_short,
)


def checked(subject: Any) -> list[Finding]:
    """What is to be said about `subject`: a page, a draft, an explanation, anything with texts."""
    texts = texts_of(subject)
    return gravest_first(found for check in CHECKS for found in check(subject, texts))
