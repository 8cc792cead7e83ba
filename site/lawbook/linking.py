"""Keep the stored citations true: who names which article.

A model takes part by having `citation_texts()`; `public_objects()` says which of its objects count (a page without it
counts while it is live and public). `citation_title()`, `citation_law()` and `citation_skips()` are optional.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction

from lawbook.models import Article, Citation, Law, LawVersion
from zh.citations import Citation as Found
from zh.citations import find_citations
from zh.numerals import ArticleNumber


def citing_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if hasattr(model, "citation_texts")]


class Book:
    """The laws and article numbers that exist, read once for a run."""

    def __init__(self) -> None:
        self.laws = list(Law.objects.all())
        self.by_name = {name: law for law in self.laws for name in law.names}
        self.default = next((law for law in self.laws if law.is_default), None)
        self._keys: dict[int, set[ArticleNumber]] = {}

    def resolve(self, found: Found, own: Law | None) -> Law | None:
        """The law that a citation means, where we have it and the article is in it."""
        own = own or self.default
        law = own if own and own.is_called(found.law) else self.by_name.get(found.law or "")
        return law if law and found.article in self.keys(law) else None

    def keys(self, law: Law) -> set[ArticleNumber]:
        if law.pk not in self._keys:
            rows = Article.objects.filter(version__law=law).values_list("number", "suffix").distinct()
            self._keys[law.pk] = {ArticleNumber(*row) for row in rows}
        return self._keys[law.pk]

    def citations_in(self, text: str, own: Law | None = None) -> list[tuple[Found, Law]]:
        """Every citation in `text` that can be linked, in order."""
        found = [(citation, self.resolve(citation, own)) for citation in find_citations(text, self.by_name)]
        return [(citation, law) for citation, law in found if law]


def public_objects(model: type[models.Model]) -> models.QuerySet[Any]:
    if hasattr(model, "public_objects"):
        objects: models.QuerySet[Any] = model.public_objects()
        return objects
    manager = model._default_manager.all()
    if hasattr(manager, "live") and hasattr(manager, "public"):
        return manager.live().public()
    return manager.none()


@transaction.atomic
def relink(model: type[models.Model], pk: Any, book: Book | None = None) -> int:
    """Renew what one object cites, as it stands in the database. Returns how many places it names."""
    source = {"source_type": ContentType.objects.get_for_model(model), "source_id": str(pk)}
    obj = public_objects(model).filter(pk=pk).first()
    wanted = list(_rows(obj, book or Book(), source)) if obj is not None else []
    Citation.objects.filter(**source).delete()
    Citation.objects.bulk_create(wanted)
    return len(wanted)


def relink_version(version: LawVersion) -> int:
    """Renew what the articles of a law cite, after a new text of it came in; and what bare numbers now mean."""
    Citation.objects.filter(
        source_type=ContentType.objects.get_for_model(Article),
        source_id__in=[str(pk) for pk in Article.objects.filter(version__law=version.law).values_list("pk", flat=True)],
    ).delete()
    return sum(_relink_all(public_objects(Article).filter(version__law=version.law), Article, Book()))


@transaction.atomic
def relink_everything(check: Callable[[], None] = lambda: None) -> int:
    """Renew all citations: nightly, after an import, and by hand with `manage.py relink`.

    `check` is called after each object; what it raises leaves the citations as they were.
    """
    Citation.objects.all().delete()
    book, total = Book(), 0
    for model in citing_models():
        for count in _relink_all(public_objects(model), model, book):
            total += count
            check()
    return total


def _relink_all(objects: models.QuerySet[Any], model: type[models.Model], book: Book) -> Iterator[int]:
    source_type = ContentType.objects.get_for_model(model)
    for obj in objects:
        rows = list(_rows(obj, book, {"source_type": source_type, "source_id": str(obj.pk)}))
        Citation.objects.bulk_create(rows)
        yield len(rows)


def _rows(obj: Any, book: Book, source: dict[str, Any]) -> Iterator[Citation]:
    url = obj.get_absolute_url() if hasattr(obj, "get_absolute_url") else getattr(obj, "url", None)
    if not url or not book.laws:
        return
    own = obj.citation_law() if hasattr(obj, "citation_law") else None
    own_keys = set(_skipped(obj))
    title = obj.citation_title() if hasattr(obj, "citation_title") else str(obj)
    kind = getattr(obj, "search_kind", None) or obj._meta.verbose_name
    seen: set[tuple[int, ArticleNumber, int, int]] = set()
    for text in obj.citation_texts():
        for found, law in book.citations_in(text or "", own):
            place = (law.pk, found.article, found.paragraph or 0, found.item or 0)
            if place in seen or (law == own and found.article in own_keys):
                continue
            seen.add(place)
            yield Citation(
                law=law,
                number=found.article.number,
                suffix=found.article.suffix,
                paragraph=found.paragraph or 0,
                item=found.item or 0,
                kind=str(kind)[:60],
                title=title[:255],
                url=url[:500],
                **source,
            )


def _skipped(obj: Any) -> Iterable[ArticleNumber]:
    if isinstance(obj, Article):
        return [obj.key]
    return obj.citation_skips() if hasattr(obj, "citation_skips") else []
