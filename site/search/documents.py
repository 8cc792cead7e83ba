"""Documents in public search: files that a public page attaches, outside restricted collections.

Wagtail's own model knows nothing of our protocol, so a document is wrapped in what does.
"""

from pathlib import PurePath
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Q, QuerySet
from django.db.models.functions import Cast
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from wagtail.documents import get_document_model
from wagtail.models import CollectionViewRestriction, Page, ReferenceIndex


class PublicDocument:
    """A document as search shows it: its title, and what sort of file it is."""

    search_kind = _("Document")

    def __init__(self, document: Any) -> None:
        self.document = document
        self.pk = document.pk

    def search_title(self) -> str:
        return str(self.document.title)

    def search_meta(self) -> str:
        suffix = PurePath(self.document.file.name).suffix.lstrip(".").upper()
        size = filesizeformat(self.document.file_size) if self.document.file_size else ""
        return " · ".join(filter(None, (suffix, size)))

    def get_absolute_url(self) -> str:
        return str(self.document.url)


def public_documents(pages: Q) -> QuerySet[Any]:
    """What a page among `pages` attaches: in the library alone, a file is not published yet."""
    closed = Q()
    for path in CollectionViewRestriction.objects.values_list("collection__path", flat=True):
        closed |= Q(collection__path__startswith=path)
    documents = get_document_model()
    kinds = ContentType.objects.get_for_models(documents, Page)
    attached = ReferenceIndex.objects.filter(
        to_content_type=kinds[documents],
        base_content_type=kinds[Page],
        object_id__in=Page.objects.filter(pages).annotate(key=Cast("pk", CharField())).values("key"),
    )
    found = documents.objects.annotate(key=Cast("pk", CharField()))
    found = found.filter(key__in=attached.values("to_object_id"))
    return found.exclude(closed) if closed else found
