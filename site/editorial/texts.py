"""Read a thing part by part: every text, picture, file and link, with the place where an editor finds it.

A model that knows better says so with `checked_texts()`: pairs of place and text. Pages and snippets need not: their
fields and blocks carry labels.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.html import strip_tags
from django.utils.text import capfirst
from wagtail import blocks
from wagtail.documents import get_document_model
from wagtail.fields import RichTextField, StreamField
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail.rich_text import RichText

from editorial.findings import Text

BETWEEN = " › "
_NOT_READ = frozenset({"slug", "url_path", "draft_title", "path", "alias_of"})
_BLOCK_END = re.compile(r"</(?:p|h[1-6]|li|td|th|div)>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """One value of a thing: a text (`html` where it is rich text), or what it points to."""

    where: str
    value: Any
    html: str = ""
    block: Any = None


def parts_of(subject: Any) -> Iterator[Part]:
    """Every value of the editable fields of `subject`, in the order of its fields."""
    for field in subject._meta.fields:
        if not field.editable or field.name in _NOT_READ or field.choices or field.primary_key:
            continue
        label = capfirst(str(field.verbose_name))
        value = field.value_from_object(subject)
        if isinstance(field, StreamField):
            yield from _in_block(label, value, field.stream_block)
        elif isinstance(field, RichTextField):
            yield Part(label, plain(value or ""), html=value or "")
        elif isinstance(field, models.ForeignKey):
            if value is not None and issubclass(field.related_model, Page | get_image_model()):
                yield Part(label, getattr(subject, field.name, None))
        elif isinstance(field, models.CharField | models.TextField) and value:
            yield Part(label, str(value))


def _in_block(where: str, value: Any, block: Any) -> Iterator[Part]:
    if value is None:
        return
    if isinstance(value, blocks.StreamValue):
        for number, child in enumerate(value, start=1):
            yield from _in_block(_numbered(where, number, child.block), child.value, child.block)
    elif isinstance(value, blocks.StructValue):
        yield Part(where, value, block=block)
        for name, child in block.child_blocks.items():
            yield from _in_block(f"{where}{BETWEEN}{child.label}", value.get(name), child)
    elif isinstance(block, blocks.ListBlock):
        for number, child in enumerate(value, start=1):
            yield from _in_block(_numbered(where, number, block.child_block), child, block.child_block)
    elif isinstance(value, RichText):
        yield Part(where, plain(value.source), html=value.source, block=block)
    elif isinstance(value, (str, Page, get_image_model(), get_document_model())):
        yield Part(where, value, block=block)


def _numbered(where: str, number: int, block: Any) -> str:
    return f"{where}{BETWEEN}{number}. {block.label}"


def plain(source: str) -> str:
    """The words of rich text; paragraphs, items and cells end in a line break."""
    return html.unescape(strip_tags(_BLOCK_END.sub("\n", source))).strip()


def texts_of(subject: Any) -> list[Text]:
    """Every text of `subject` with its place."""
    if hasattr(subject, "checked_texts"):
        return [Text(str(where), words) for where, words in subject.checked_texts() if words]
    return [Text(part.where, part.value) for part in parts_of(subject) if isinstance(part.value, str) and part.value]
