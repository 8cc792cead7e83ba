"""Blocks of page bodies, one file per family. `BodyBlock` is what a page's body may hold."""

from wagtail import blocks

from pages.blocks.figures import FigureBlock, FiguresBlock, MoveBlock, OutreachBlock
from pages.blocks.files import FilesBlock, PictureBlock, TableBlock
from pages.blocks.film import FilmBlock
from pages.blocks.guide import LeadBlock, QuestionsBlock, StepsBlock
from pages.blocks.organisations import CommitteeBlock, LevelBlock, LinesBlock, PapersBlock, UnitsBlock
from pages.blocks.places import PlacesBlock
from pages.blocks.points import PointBlock
from pages.blocks.quiz import QuizQuestionBlock
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
    film = FilmBlock()
    table = TableBlock()
    files = FilesBlock()

    class Meta:
        template = "pages/blocks/body.html"


__all__ = [
    "BodyBlock",
    "CommitteeBlock",
    "FigureBlock",
    "FiguresBlock",
    "FilesBlock",
    "FilmBlock",
    "LeadBlock",
    "LevelBlock",
    "LinesBlock",
    "MoveBlock",
    "NoteBlock",
    "OutreachBlock",
    "PapersBlock",
    "PictureBlock",
    "PlacesBlock",
    "PointBlock",
    "QuestionsBlock",
    "QuizQuestionBlock",
    "QuoteBlock",
    "StepsBlock",
    "TableBlock",
    "TextBlock",
    "UnitsBlock",
]
