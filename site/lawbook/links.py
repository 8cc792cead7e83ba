"""Turn the citations in a text into links, from the relations that were stored when it was saved."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, QuerySet, Subquery
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lawbook.models import Citation, Law
from lawbook.models.carried import in_one_value
from zh.citations import find_citations
from zh.numerals import ArticleNumber


class Span(NamedTuple):
    """Words that lead somewhere: half-open, in characters."""

    start: int
    end: int
    url: str


class Linker:
    """Links what one object cites. `law` is what 本法 means there; `citations` are the object's stored rows."""

    def __init__(self, law: Law | None, citations: Iterable[Citation]) -> None:
        self.law = law
        self.rows = list(citations)
        self.known: set[tuple[int, ArticleNumber]] = set()
        self.by_name: dict[str, Law] = {}
        for row in self.rows:
            self.known.add((row.law_id, row.key))
            self.by_name.update(dict.fromkeys(row.law.names, row.law))

    def spans(self, text: str) -> list[Span]:
        """Every citation in `text` that is known to lead somewhere, in order."""
        if not self.known:
            return []
        spans = []
        for found in find_citations(text, self.by_name):
            own = self.law
            law = own if own and own.is_called(found.law) else self.by_name.get(found.law or "")
            if law is None or (law.pk, found.article) not in self.known:
                continue
            url = reverse("lawbook:article", args=[law.slug, found.article])
            if found.paragraph:
                url += f"#p{found.paragraph}" + (f"-i{found.item}" if found.item else "")
            spans.append(Span(found.start, found.end, url))
        return spans

    def html(self, text: str) -> SafeString:
        """`text`, escaped, with a link around each citation that is known to lead somewhere."""
        parts: list[str] = []
        end = 0
        for span in self.spans(text):
            parts += [
                escape(text[end : span.start]),
                format_html('<a href="{}">{}</a>', span.url, text[span.start : span.end]),
            ]
            end = span.end
        parts.append(escape(text[end:]))
        return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def linker_for(obj: Model, law: Law | None = None) -> Linker:
    """A linker for any saved object, in one query. Without `law` a bare number means the default law."""
    return linker_for_all([obj], law)


def linker_for_all(objects: Sequence[Model], law: Law | None = None) -> Linker:
    """One linker for several objects of one model, in one query."""
    return _linker(citations_by(objects).select_related("law"), law) if objects else Linker(law, [])


def citations_by(objects: Sequence[Model]) -> "QuerySet[Citation]":
    """What several objects of one model cite."""
    kind = ContentType.objects.get_for_model(objects[0])
    return Citation.objects.filter(source_type=kind, source_id__in=[str(obj.pk) for obj in objects])


def _linker(rows: Iterable[Citation], law: Law | None = None) -> Linker:
    rows = list(rows)
    return Linker(law or next((row.law for row in rows if row.law.is_default), None), rows)


def kept_linker(obj: Model) -> Linker:
    """`linker_for`, once for each object however many of its texts a page shows."""
    if not hasattr(obj, "_lawbook_linker"):
        vars(obj)["_lawbook_linker"] = linker_for(obj)
    linker: Linker = vars(obj)["_lawbook_linker"]
    return linker


_OF_CITATION = ("number", "suffix", "paragraph", "item")
_OF_LAW = ("law_slug", "law_title", "law_short_title", "law_aliases", "law_is_default")


def citations_in_one_value(obj: Model) -> Subquery:
    """What `obj` cites, for annotating another query; `keep_linker` reads it."""
    named = {name: F(name.replace("law_", "law__", 1)) for name in _OF_LAW}
    return in_one_value(citations_by([obj]).annotate(**named), "law_id", *_OF_LAW, *_OF_CITATION)


def keep_linker(obj: Model, values: Iterable[dict[str, Any]]) -> Linker:
    """The linker of `obj` from `citations_in_one_value`, kept for `kept_linker`."""
    laws: dict[int, Law] = {}
    rows = []
    for value in values:
        if (pk := value["law_id"]) not in laws:
            laws[pk] = Law(pk=pk, **{name.removeprefix("law_"): value[name] for name in _OF_LAW})
        rows.append(Citation(law=laws[pk], **{name: value[name] for name in _OF_CITATION}))
    linker = vars(obj)["_lawbook_linker"] = _linker(rows)
    return linker
