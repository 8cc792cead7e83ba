"""A statute as plain data, on its way from a file to the tables."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zh.numerals import ArticleNumber
from zh.spacing import without_space


class Kind(StrEnum):
    """What a heading opens, outermost first: 编, 分编, 章, 节."""

    PART = "part"
    SUBPART = "subpart"
    CHAPTER = "chapter"
    SECTION = "section"

    @property
    def rank(self) -> int:
        return list(Kind).index(self)


class Status(StrEnum):
    """What a source says of its text."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPEALED = "repealed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Line:
    """One line of a source: `row` is 1-based as a person counts it, `heading` that the source marks it as a heading."""

    row: int
    text: str
    heading: bool = False
    spaced: bool = False  # the source itself sets the number at its head apart, as **第一条** does


@dataclass(frozen=True)
class ItemRecord:
    """项: `label` as written, （二）."""

    number: int
    label: str
    text: str


@dataclass(frozen=True)
class ParagraphRecord:
    """款: its own words, then its items."""

    number: int
    text: str
    items: tuple[ItemRecord, ...] = ()


@dataclass(frozen=True)
class ArticleRecord:
    """条. `division` is the index in `LawRecord.divisions` of the innermost heading it stands under."""

    key: ArticleNumber
    paragraphs: tuple[ParagraphRecord, ...]
    division: int | None
    row: int

    @property
    def text(self) -> str:
        return "\n".join(self.lines())

    def lines(self) -> Iterator[str]:
        for paragraph in self.paragraphs:
            yield paragraph.text
            for item in paragraph.items:
                yield item.label + item.text


@dataclass(frozen=True)
class DivisionRecord:
    """编, 分编, 章 or 节. `parent` is an index in `LawRecord.divisions`."""

    kind: Kind
    number: int
    label: str
    title: str
    parent: int | None
    row: int


@dataclass(frozen=True)
class LawRecord:
    """One text of one law.

    `preamble` is what the source says of its adoption; `appendix` what follows the last article (附件).
    `effective_on` is None where the source gives only the date of an earlier text, or none.
    """

    title: str
    preamble: str
    adopted_on: date | None
    effective_on: date | None
    status: Status
    divisions: tuple[DivisionRecord, ...]
    articles: tuple[ArticleRecord, ...]
    appendix: str
    source: str
    source_sha256: str
    origin: str = ""  # where the text is from, as readers are told; the name of the file where it is empty

    @property
    def text_sha256(self) -> str:
        """Identity of the official text: numbers, words and paragraphs of every article, whatever file they came in."""
        digest = hashlib.sha256()
        for article in self.articles:
            digest.update(article.key.label.encode() + b"\t")
            digest.update("\n".join(without_space(line) for line in article.lines()).encode() + b"\n\n")
        if self.appendix:
            digest.update(without_space(self.appendix).encode())
        return digest.hexdigest()

    def heading_path(self, article: ArticleRecord) -> list[DivisionRecord]:
        """The headings above an article, outermost first."""
        path: list[DivisionRecord] = []
        at = article.division
        while at is not None:
            path.insert(0, self.divisions[at])
            at = self.divisions[at].parent
        return path
