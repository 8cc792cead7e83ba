"""Running text: paragraphs, a note that must not be missed, a quotation."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from pages.blocks.base import Example

# What an editor may do inside a paragraph. No colours, no alignment, no embeds: the style sheet decides how it looks.
TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "link", "document-link"]
LINE_FEATURES = ["bold", "link"]


class TextBlock(Example, blocks.RichTextBlock):
    def __init__(self, **kwargs: object) -> None:
        kwargs.setdefault("features", TEXT_FEATURES)
        super().__init__(**kwargs)

    class Meta:
        template = "pages/blocks/text.html"
        icon = "pilcrow"
        label = _("Text")
        description = _("Paragraphs, headings, lists and links.")


class NoteBlock(Example, blocks.StructBlock):
    title = blocks.CharBlock(max_length=20, label=_("Title"), help_text=_("A few words, such as “Please note”."))
    text = blocks.RichTextBlock(
        features=LINE_FEATURES, label=_("Text"), help_text=_("One or two sentences that nobody should miss.")
    )

    class Meta:
        template = "pages/blocks/note.html"
        icon = "warning"
        label = _("Note")
        description = _("One thing to keep in mind; at most one or two to a page.")


class QuoteBlock(Example, blocks.StructBlock):
    text = blocks.TextBlock(label=_("Text"), help_text=_("What was said, without quotation marks."))
    source = blocks.CharBlock(
        required=False, max_length=80, label=_("Source"), help_text=_("Who said it, or where it stands.")
    )

    class Meta:
        template = "pages/blocks/quote.html"
        icon = "openquote"
        label = _("Quotation")
        description = _("Somebody's words. The text of a law is never quoted here: link to the article.")
