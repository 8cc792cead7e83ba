"""Articles that are named but do not exist, or stand in a law that is no longer in force."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.findings import Finding, Level, Text, finding
from lawbook.linking import Book
from lawbook.models import Article, Law, LawVersion
from lawbook.models.laws import Status
from zh.citations import Citation, find_citations
from zh.numerals import ArticleNumber


def citations_lead_somewhere(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    book = Today()
    if not book.laws:
        return
    own = subject.citation_law() if hasattr(subject, "citation_law") else None
    for text in texts:
        for found in find_citations(text.words, book.by_name):
            if (fault := _fault(found, book, own)) is not None:
                level, code, message, remedy = fault
                yield finding(text, found.start, found.end, level=level, code=code, message=message, remedy=remedy)


def _fault(found: Citation, book: "Today", own: Law | None) -> tuple[Level, str, str, str] | None:
    base = own or book.default
    law = base if base and base.is_called(found.law) else book.by_name.get(found.law or "")
    if law is None:
        if not found.law or found.law.startswith(("本", "该", "同", "上述")):
            return None
        message = _("“%(law)s” is not in the law book") % {"law": found.law}
        return Level.ADVICE, "citation.unknown", message, _("Compare the article with the official text yourself.")
    if law.pk in book.repealed:
        message = _("“%(law)s” is repealed") % {"law": law.short_title}
        return Level.BLOCK, "citation.repealed", message, _("Name the law that is in force instead.")
    if found.article in book.current_keys(law):
        return None
    values = {"law": law.short_title, "article": found.article.label}
    if found.article in book.keys(law):
        message = _("%(law)s has no %(article)s any more") % values
        return Level.BLOCK, "citation.former", message, _("Look it up in the text that is in force.")
    message = _("%(law)s has no %(article)s") % values
    return Level.BLOCK, "citation.missing", message, _("Correct the number of the article.")


class Today(Book):
    """The law book as it stands today: what is repealed, and which articles the texts in force have."""

    def __init__(self) -> None:
        super().__init__()
        versions = list(LawVersion.objects.current())
        today = timezone.localdate()
        self.current = {version.law_id: version.pk for version in versions}
        self.repealed = {
            version.law_id
            for version in versions
            if version.status == Status.REPEALED or (version.repealed_on and version.repealed_on < today)
        }
        self._current_keys: dict[int, set[ArticleNumber]] = {}

    def current_keys(self, law: Law) -> set[ArticleNumber]:
        if law.pk not in self._current_keys:
            rows = Article.objects.filter(version=self.current.get(law.pk)).values_list("number", "suffix")
            self._current_keys[law.pk] = {ArticleNumber(*row) for row in rows}
        return self._current_keys[law.pk]
