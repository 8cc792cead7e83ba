"""Mark the terms of the glossary in our own texts: a link each, at the first place in a section.

Official words are never marked: they stand as they are.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Model
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lawbook.links import Linker, Span, citations_in_one_value, keep_linker
from lawbook.models import GlossaryTerm

#: The title of a law or a book is one name: no term is marked inside it.
TITLE = "《[^《》]*》"


@dataclass(frozen=True)
class Term:
    """A term as a reader needs it. `anchor` is its place on the glossary page."""

    pk: int
    term: str
    forms: tuple[str, ...]
    meaning: str
    signed: bool

    @property
    def anchor(self) -> str:
        return f"t{self.pk}"

    @property
    def here(self) -> str:
        """The id of its meaning on a page that uses it."""
        return f"term-{self.pk}"

    @property
    def url(self) -> str:
        return f"{reverse('lawbook:glossary')}#{self.anchor}"


@dataclass
class Glossary:
    """All terms that the public may read, and how to find them in a text. `used` collects those that were found."""

    terms: Sequence[Term] = ()
    used: dict[int, Term] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_form = {form: term for term in self.terms for form in term.forms}
        # A longer form first: 暂予监外执行决定机关 is not 暂予监外执行 and something.
        forms = sorted(self._by_form, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join([TITLE, *map(re.escape, forms)])) if forms else None

    @classmethod
    def of_rows(cls, rows: Iterable[dict[str, Any]]) -> "Glossary":
        """From the values of `GlossaryTerm.objects.in_one_value()`."""
        return cls(
            [
                Term(
                    pk=row["pk"],
                    term=row["term"],
                    forms=(row["term"], *(line.strip() for line in row["other_forms"].splitlines() if line.strip())),
                    meaning=row["meaning"],
                    signed=bool(row["signed"]),
                )
                for row in rows
            ]
        )

    @classmethod
    def served(cls) -> "Glossary":
        """In a query of its own."""
        return cls.of_rows(GlossaryTerm.objects.served().values("pk", "term", "other_forms", "meaning", "signed"))

    def section(self, linker: Linker) -> "Section":
        return Section(self, linker)

    def find(self, text: str, start: int, end: int) -> Iterable[tuple[int, int, Term]]:
        for found in self._pattern.finditer(text, start, end) if self._pattern else ():
            if term := self._by_form.get(found[0]):
                yield *found.span(), term


def linker_and_glossary(obj: Model) -> tuple[Linker, Glossary]:
    """What it takes to mark the words of a saved object, in one query."""
    kind = ContentType.objects.get_for_model(obj)  # a row that is always there, to carry both
    row: Any = ContentType.objects.annotate(
        terms=GlossaryTerm.objects.served().in_one_value(), citations=citations_in_one_value(obj)
    ).get(pk=kind.pk)
    return keep_linker(obj, row.citations or []), Glossary.of_rows(row.terms or [])


class Section:
    """One section of a text: its citations become links, and each term at its first place."""

    def __init__(self, glossary: Glossary, linker: Linker) -> None:
        self.glossary = glossary
        self.linker = linker
        self.seen: set[int] = set()

    def html(self, text: str) -> SafeString:
        """`text`, escaped, with its links; line breaks are kept."""
        parts: list[str] = []
        end = 0
        for span in [*self.linker.spans(text), Span(len(text), len(text), "")]:
            parts.append(self.words(text, end, span.start))
            if span.url:
                parts.append(format_html('<a href="{}">{}</a>', span.url, text[span.start : span.end]))
            end = span.end
        return mark_safe("".join(parts).replace("\n", "<br>"))  # noqa: S308 - every part is escaped

    def finds(self, text: str) -> bool:
        """Whether `text` has a term that this section has not marked yet."""
        return any(term.pk not in self.seen for _start, _end, term in self.glossary.find(text, 0, len(text)))

    def words(self, text: str, start: int, end: int) -> str:
        """A part of `text` outside links, escaped, with its terms."""
        parts: list[str] = []
        at = start
        for begin, stop, term in self.glossary.find(text, start, end):
            if term.pk in self.seen:
                continue
            self.seen.add(term.pk)
            self.glossary.used[term.pk] = term
            link = '<a class="term" href="{}" data-term="{}">{}</a>'
            parts += [escape(text[at:begin]), format_html(link, term.url, term.here, text[begin:stop])]
            at = stop
        return "".join([*parts, escape(text[at:end])])
