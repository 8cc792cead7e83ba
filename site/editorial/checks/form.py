"""What a page of a government site must carry: descriptions of pictures, captions, source, date, attachments' names."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.documents import get_document_model

from editorial.findings import Finding, Level, Text, about
from editorial.texts import BETWEEN, Part, parts_of
from pages.blocks import FigureBlock, PictureBlock
from pages.models import ContentPage, NewsPage
from pages.models.base import DatedPage

# What cameras and word processors call a picture: no description.
_FILE_NAME = re.compile(
    r"^(?:img|dsc|image|图片|截图|微信图片|未标题|screenshot|photo)?[\s_\-]*\d*(?:\.\w{3,4})?$", re.IGNORECASE
)
_IMAGE = re.compile(r"<embed\b[^>]*embedtype=\"image\"[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"\balt=\"([^\"]*)\"")


def form_is_complete(subject: Any, texts: Sequence[Text]) -> Iterator[Finding]:
    for part in parts_of(subject):
        yield from _picture(part)
        yield from _figure(part)
        yield from _attachment(part)
    yield from _page(subject)


def _picture(part: Part) -> Iterator[Finding]:
    if isinstance(part.block, PictureBlock):
        alt, caption = (part.value.get("alt") or "").strip(), (part.value.get("caption") or "").strip()
        if not alt or _FILE_NAME.match(alt):
            yield _no_alt(f"{part.where}{BETWEEN}{part.block.child_blocks['alt'].label}", alt)
        if not caption:
            yield about(
                f"{part.where}{BETWEEN}{part.block.child_blocks['caption'].label}",
                level=Level.WARN,
                code="form.caption",
                message=_("A picture without caption"),
                remedy=_("Write who made it, when, and what it shows."),
            )
    for found in _IMAGE.finditer(part.html):
        alt_of = _ALT.search(found[0])
        alt = alt_of[1].strip() if alt_of else ""
        if not alt or _FILE_NAME.match(alt):
            yield _no_alt(part.where, alt)


def _no_alt(where: str, alt: str) -> Finding:
    return about(
        where,
        level=Level.BLOCK,
        code="form.alt",
        hit=alt,
        message=_("A picture without description"),
        remedy=_("Say in a sentence what it tells, for those who cannot see it."),
    )


def _figure(part: Part) -> Iterator[Finding]:
    if not isinstance(part.block, FigureBlock):
        return
    if not (part.value.get("source") or "").strip():
        yield about(
            part.where,
            level=Level.BLOCK,
            code="form.source",
            message=_("A figure without source"),
            remedy=_("Enter who published it, and where."),
        )
    as_of = part.value.get("as_of")
    if as_of is None or as_of > timezone.localdate():
        yield about(
            part.where,
            level=Level.BLOCK,
            code="form.date",
            hit=str(as_of or ""),
            message=_("A figure without date, or with a day that has not come"),
            remedy=_("Enter the last day that was counted."),
        )


def _attachment(part: Part) -> Iterator[Finding]:
    if isinstance(part.value, get_document_model()) and _FILE_NAME.match(part.value.title.strip()):
        yield about(
            part.where,
            level=Level.WARN,
            code="form.attachment",
            hit=part.value.title,
            message=_("An attachment whose name says nothing"),
            remedy=_("Give the document a title that a reader understands."),
        )


def _page(subject: Any) -> Iterator[Finding]:
    if isinstance(subject, DatedPage):
        label = str(subject._meta.get_field("date").verbose_name)
        if subject.date is None:
            yield about(
                label,
                level=Level.BLOCK,
                code="form.date",
                message=_("A page without date"),
                remedy=_("Enter the day that stands beside the title."),
            )
        elif subject.date > timezone.localdate():
            yield about(
                label,
                level=Level.WARN,
                code="form.date",
                hit=str(subject.date),
                message=_("The date lies in the future"),
                remedy=_("Readers see it beside the title: enter the day of publication."),
            )
    if isinstance(subject, NewsPage | ContentPage) and not subject.source.strip():
        is_news = isinstance(subject, NewsPage)
        yield about(
            str(subject._meta.get_field("source").verbose_name),
            level=Level.BLOCK if is_news else Level.ADVICE,
            code="form.source",
            message=_("No source is given"),
            remedy=_("Enter the organisation that published it first.")
            if is_news
            else _("Left empty, the host answers for it."),
        )
    if isinstance(subject, DatedPage) and not subject.standfirst.strip():
        yield about(
            str(subject._meta.get_field("standfirst").verbose_name),
            level=Level.ADVICE,
            code="form.summary",
            message=_("No summary"),
            remedy=_("Lists and search engines show one or two sentences under the title."),
        )
