"""Blocks of page bodies, one file per family. `BodyBlock` is what a page's body may hold."""

from wagtail import blocks

from pages.blocks.figures import FigureBlock, FiguresBlock, MoveBlock
from pages.blocks.files import FilesBlock, PictureBlock, TableBlock
from pages.blocks.guide import LeadBlock, QuestionsBlock, StepsBlock
from pages.blocks.places import PlacesBlock
from pages.blocks.text import NoteBlock, QuoteBlock, TextBlock


class BodyBlock(blocks.StreamBlock):
    text = TextBlock()
    note = NoteBlock()
    quote = QuoteBlock()
    steps = StepsBlock()
    questions = QuestionsBlock()
    figures = FiguresBlock()
    places = PlacesBlock()
    picture = PictureBlock()
    table = TableBlock()
    files = FilesBlock()

    class Meta:
        template = "pages/blocks/body.html"


__all__ = [
    "BodyBlock",
    "FigureBlock",
    "FiguresBlock",
    "FilesBlock",
    "LeadBlock",
    "MoveBlock",
    "NoteBlock",
    "PictureBlock",
    "PlacesBlock",
    "QuestionsBlock",
    "QuoteBlock",
    "StepsBlock",
    "TableBlock",
    "TextBlock",
]
