"""Law → LawVersion → Division → Article → Paragraph → Item, and what is said about articles."""

from lawbook.models.citations import Citation
from lawbook.models.explanations import Explanation
from lawbook.models.glossary import GlossaryTerm
from lawbook.models.laws import Law, LawVersion, Status, Topic
from lawbook.models.text import Article, Division, Item, Paragraph

__all__ = [
    "Article",
    "Citation",
    "Division",
    "Explanation",
    "GlossaryTerm",
    "Item",
    "Law",
    "LawVersion",
    "Paragraph",
    "Status",
    "Topic",
]
