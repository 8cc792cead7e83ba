"""Pictures, tables and attachments."""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images import get_image_model
from wagtail.images.blocks import ImageChooserBlock

from pages.blocks.base import Example

RENDITION = "width-1080|format-webp"  # as in pages/blocks/picture.html


class PictureChooser(ImageChooserBlock):
    def bulk_to_python(self, values: Sequence[int | None]) -> list[Any]:
        """The images of a whole stream with the rendition that readers see: two queries, however many there are."""
        images = get_image_model().objects.prefetch_renditions(RENDITION).in_bulk([pk for pk in values if pk])
        return [copy(images.get(pk)) for pk in values]


class PictureBlock(Example, blocks.StructBlock):
    image = PictureChooser(label=_("Image"), help_text=_("A picture that explains something."))
    alt = blocks.CharBlock(
        max_length=120, label=_("Description"), help_text=_("What the picture tells, for those who cannot see it.")
    )
    caption = blocks.CharBlock(
        required=False, max_length=120, label=_("Caption"), help_text=_("Who made it, when, and what it shows.")
    )

    class Meta:
        template = "pages/blocks/picture.html"
        icon = "image"
        label = _("Picture")
        description = _("A picture with its description and caption.")


class TableBlock(Example, blocks.StructBlock):
    """A small table typed as text: reads well on a phone, needs no script in the editor."""

    caption = blocks.CharBlock(max_length=60, label=_("Caption"), help_text=_("What the table shows."))
    rows = blocks.ListBlock(
        blocks.CharBlock(max_length=300, label=_("Row")),
        min_num=2,
        label=_("Rows"),
        help_text=_("Cells separated by | ; the first row holds the headings."),
    )

    class Meta:
        template = "pages/blocks/table.html"
        icon = "table"
        label = _("Table")
        description = _("A small table of text.")

    def get_context(self, value: blocks.StructValue, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        context = super().get_context(value, parent_context=parent_context)
        rows = [[cell.strip() for cell in row.replace("｜", "|").split("|")] for row in value["rows"]]
        width = max((len(row) for row in rows), default=0)
        rows = [row + [""] * (width - len(row)) for row in rows]
        context["head"], context["body_rows"] = (rows[0], rows[1:]) if rows else ([], [])
        return context


class FilesBlock(Example, blocks.StructBlock):
    files = blocks.ListBlock(
        DocumentChooserBlock(label=_("File")),
        min_num=1,
        label=_("Files"),
        help_text=_("Documents to download; each shows its type and size."),
    )

    class Meta:
        template = "pages/blocks/files.html"
        icon = "download"
        label = _("Attachments")
        description = _("Documents that belong to this page.")
