"""The one parser of statutes: lines in, a `LawRecord` out. Readers turn a file into lines and call `parse_lines`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from lawbook.sources.foreign import speaks_about_the_law
from lawbook.sources.numbering import Numbering
from lawbook.sources.records import (
    ArticleRecord,
    DivisionRecord,
    ItemRecord,
    Kind,
    LawRecord,
    Line,
    ParagraphRecord,
    Status,
)
from trust.errors import InputError, InputProblem, gettext_noop
from zh.numerals import NUMERAL, ArticleNumber, read_article, to_int
from zh.spacing import close_up, without_space

KINDS = {"编": Kind.PART, "分编": Kind.SUBPART, "章": Kind.CHAPTER, "节": Kind.SECTION}
_DIVISION = re.compile(rf"第({NUMERAL})(分编|编|章|节)\s*([^。；]{{0,60}})")
_ARTICLE = re.compile(rf"第({NUMERAL})条(?:之([一二三四五六七八九十]+))?(\s*)(.*)", re.DOTALL)
_ITEM = re.compile(rf"[（(]\s*({NUMERAL})\s*[）)]\s*(.*)", re.DOTALL)
_SUBITEM = re.compile(r"[0-9０-９]{1,2}\s*[.．、]")
_APPENDIX = re.compile(r"附(?:件|表|录)\s*[一二三四五六七八九十0-9]*\s*[:：]?(?:\s.*)?")
_SUPPLEMENT = "附则"  # the one heading that some laws leave without a number
_CONTENTS = re.compile(r"目\s*录\s*[:：]?")
_DATE = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
_ADOPTION = re.compile(
    r"[（(]?\s*\d{4}年\d{1,2}月\d{1,2}日.*(?:通过|修订|修正|公布|批准|发布|施行|令)|中华人民共和国主席令|第[^条]{1,12}号|根据.*(?:修正|修订|修改)"
)
_EFFECTIVE = re.compile(
    r"(?:本法|本条例|本规定|本办法|本决定|本细则)?自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|实施|生效)"
)
_SENTENCE_END = tuple('。：；！？”’）》，"')  # ，: the lists of offices in organic laws
# 第三条规定的…: a paragraph that begins with a citation, not an article without a space.
_GOES_ON = tuple("、，,。；：和与或及至到第规所的中之款项")


@dataclass
class _Article:
    key: ArticleNumber
    division: int | None
    row: int
    paragraphs: list[tuple[str, list[ItemRecord]]] = field(default_factory=list)

    def record(self) -> ArticleRecord:
        paragraphs = (
            ParagraphRecord(number, text, tuple(items)) for number, (text, items) in enumerate(self.paragraphs, 1)
        )
        return ArticleRecord(self.key, tuple(paragraphs), self.division, self.row)


def parse_lines(
    lines: Iterable[Line],
    *,
    file: str,
    source_sha256: str,
    status: Status = Status.UNKNOWN,
    chapters_restart: bool = False,
) -> LawRecord:
    """Read a whole statute. `chapters_restart`: the source leaves out parts, so that 第一章 may come again.

    Raises
    ------
    InputError
        With every problem found, each by its row: a gap or a repeat in the numbering of parts, chapters, sections,
        articles or items; an article or a chapter without text; text before the first article that is neither title
        nor adoption; a summary, remark or link among the text; a sentence cut off; a list of contents that differs
        from the headings.
    """
    return _Parser(file, chapters_restart).parse(lines, source_sha256, status)


class _Parser:
    def __init__(self, file: str, chapters_restart: bool) -> None:
        self.file = file
        self.problems: list[InputProblem] = []
        self.title = ""
        self.preamble: list[str] = []
        self.in_brackets = False  # （…根据…修正） over several lines
        self.contents: list[tuple[int, str]] | None = None
        self.in_contents = False
        self.divisions: list[DivisionRecord] = []
        self.untitled: tuple[Kind, str, str, int] | None = None  # a heading whose title stands on the next line
        self.articles: list[_Article] = []
        self.appendix: list[str] = []
        self.numbering = Numbering(self.problem, chapters_restart=chapters_restart)

    def problem(self, row: int, where: str, found: str, expected: str, **values: str) -> None:
        self.problems.append(InputProblem(self.file, row, where, found[:60], expected, tuple(values.items())))

    def parse(self, lines: Iterable[Line], source_sha256: str, status: Status) -> LawRecord:
        for line in lines:
            if text := close_up(line.text):
                self.read(line, text)
        self.finish()
        if self.problems:
            raise InputError(sorted(self.problems, key=lambda problem: problem.row))
        articles = tuple(article.record() for article in self.articles)
        preamble = "\n".join(self.preamble)
        adopted_on = _last_date(preamble)
        effective_on = _effective_date(articles)
        if adopted_on and effective_on and effective_on < adopted_on:
            effective_on = None  # the day the first text took effect, not this one
        if status == Status.UNKNOWN and effective_on:
            status = Status.IN_FORCE
        return LawRecord(
            title=self.title,
            preamble=preamble,
            adopted_on=adopted_on,
            effective_on=effective_on,
            status=status,
            divisions=tuple(self.divisions),
            articles=articles,
            appendix="\n".join(self.appendix),
            source=self.file,
            source_sha256=source_sha256,
        )

    def read(self, line: Line, text: str) -> None:
        if self.appendix:
            self.appendix.append(text)
        elif speaks_about_the_law(text):
            self.problem(line.row, "text", text, gettext_noop("only the text of the law: no summary, remark or link"))
        elif self.untitled and not self.article_of(line, text) and not self.division_of(text):
            self.open_division(*self.untitled[:2], text, self.untitled[3])
            self.untitled = None
        elif division := self.division_of(text):
            self.read_division(line, text, division)
        elif article := self.article_of(line, text):
            self.read_article(line, *article)
        elif line.heading and self.articles and not _APPENDIX.fullmatch(text):
            self.problem(line.row, "heading", text, gettext_noop("a heading of a part, chapter or section"))
        elif self.articles:
            self.read_text(line, text)
        else:
            self.read_front(line, text)

    # Headings

    def division_of(self, text: str) -> tuple[Kind, str, str] | None:
        if text == _SUPPLEMENT:
            outermost = min((division.kind for division in self.divisions), key=lambda kind: kind.rank, default=None)
            return outermost or Kind.CHAPTER, _SUPPLEMENT, _SUPPLEMENT
        found = _DIVISION.fullmatch(text)
        if not found or text.endswith(_SENTENCE_END[:3]):
            return None
        return KINDS[found[2]], f"第{found[1]}{found[2]}", found[3].strip()

    def read_division(self, line: Line, text: str, division: tuple[Kind, str, str]) -> None:
        self.close_untitled()
        kind, label, title = division
        if self.in_contents and self.contents is not None:
            if not self.contents or without_space(text) != self.contents[0][1]:
                self.contents.append((line.row, without_space(text)))
                return
            self.in_contents = False
        if not title:
            self.untitled = (kind, label, title, line.row)
        else:
            self.open_division(kind, label, title, line.row)

    def open_division(self, kind: Kind, label: str, title: str, row: int) -> None:
        parent = self.parent_of(kind)
        if label == _SUPPLEMENT:
            number, title = self.numbering.last_of.get(kind, 0) + 1, ""
        else:
            number = self.number(label.strip("第编章节分"), row, "heading")
        self.numbering.division(kind, number, parent, row, label)
        self.divisions.append(DivisionRecord(kind, number, label, title, parent, row))

    def close_untitled(self) -> None:
        if self.untitled:
            kind, label, _, row = self.untitled
            self.problem(row, "heading", label, gettext_noop("the title of the heading"))
            self.open_division(kind, label, "", row)
            self.untitled = None

    def parent_of(self, kind: Kind) -> int | None:
        """The nearest open heading above `kind`."""
        at = len(self.divisions) - 1 if self.divisions else None
        while at is not None and self.divisions[at].kind.rank >= kind.rank:
            at = self.divisions[at].parent
        return at

    # Articles

    def article_of(self, line: Line, text: str) -> tuple[ArticleNumber, str] | None:
        """The number at the head of a line, where it opens an article, and the words after it."""
        plain = " ".join(line.text.split())  # before closing up: the space after the number tells
        found = _ARTICLE.fullmatch(plain)
        if not found or not (key := read_article(found[1], found[2])):
            return None
        apart = bool(found[3]) or line.spaced or not found[4]
        expected = self.numbering.may_follow(key) and not found[4].startswith(_GOES_ON)
        if not apart and not expected:
            return None
        return key, close_up(found[4])

    def read_article(self, line: Line, key: ArticleNumber, text: str) -> None:
        self.in_contents = False
        self.close_untitled()
        self.close_article()
        self.numbering.article(key, line.row)
        self.articles.append(_Article(key, len(self.divisions) - 1 if self.divisions else None, line.row))
        if text:
            self.read_text(line, text)

    def read_text(self, line: Line, text: str) -> None:
        if _APPENDIX.fullmatch(text):
            self.appendix.append(text)
            return
        article = self.articles[-1]
        if self.divisions and self.divisions[-1].row > article.row:
            self.problem(line.row, "text", text, gettext_noop("an article after a heading"))
            return
        found = _ITEM.fullmatch(text)
        if found and article.paragraphs:
            items = article.paragraphs[-1][1]
            number = self.number(found[1], line.row, "item")
            if number != len(items) + 1:
                self.problem(
                    line.row,
                    "item",
                    f"（{found[1]}）",
                    gettext_noop("item number %(number)s"),
                    number=str(len(items) + 1),
                )
            items.append(ItemRecord(number, f"（{found[1]}）", found[2]))
        elif article.paragraphs and article.paragraphs[-1][1] and _SUBITEM.match(text):
            items = article.paragraphs[-1][1]
            items[-1] = ItemRecord(items[-1].number, items[-1].label, f"{items[-1].text}\n{text}")
        else:
            article.paragraphs.append((text, []))
        if not text.endswith(_SENTENCE_END):
            self.problem(line.row, "text", text[-20:], gettext_noop("a sentence that ends with its punctuation"))

    def close_article(self) -> None:
        if self.articles and not self.articles[-1].paragraphs:
            last = self.articles[-1]
            self.problem(last.row, "article", last.key.label, gettext_noop("the text of the article"))

    # Before the first article

    def read_front(self, line: Line, text: str) -> None:
        if _CONTENTS.fullmatch(text):
            self.contents, self.in_contents = [], True
        elif self.divisions or self.in_contents:
            self.problem(line.row, "text", text, gettext_noop("the first article, or a heading"))
        elif not self.title and not _ADOPTION.search(text):
            self.title = text
        elif self.title and without_space(text) == without_space(self.title):
            pass  # some files say their title twice
        elif self.in_brackets or _ADOPTION.search(text) or (text[0] in "（(" and "日" in text):
            self.preamble.append(text)
            opened, closed = len(re.findall("[（(]", text)), len(re.findall("[）)]", text))
            self.in_brackets = opened > closed if not self.in_brackets else closed <= opened
        else:
            self.problem(line.row, "text", text, gettext_noop("title, adoption, contents or the first article"))

    # The end

    def finish(self) -> None:
        self.close_article()
        if not self.articles:
            self.problem(0, "file", self.title or "", gettext_noop("at least one article, as 第一条"))
        if not self.title:
            self.problem(0, "title", "", gettext_noop("the title of the law before its first article"))
        with_articles: set[int] = set()
        for article in self.articles:
            at = article.division
            while at is not None and at not in with_articles:
                with_articles.add(at)
                at = self.divisions[at].parent
        for index, division in enumerate(self.divisions):
            if index not in with_articles:
                self.problem(division.row, "heading", division.label, gettext_noop("at least one article below it"))
        self.compare_contents()

    def compare_contents(self) -> None:
        if not self.contents:
            return
        headings = [without_space(division.label + division.title) for division in self.divisions]
        listed = {text for _, text in self.contents}
        for row, text in self.contents:
            if text not in headings:
                self.problem(row, "contents", text, gettext_noop("a heading that stands in the text"))
        ranks = {
            kind
            for division in self.divisions
            if without_space(division.label + division.title) in listed
            for kind in [division.kind]
        }
        for division, heading in zip(self.divisions, headings, strict=True):
            # Contents may stop at chapters; what they list of a kind, they list in full.
            if division.kind in ranks and heading not in listed:
                self.problem(division.row, "heading", heading, gettext_noop("a heading listed in the contents"))

    def number(self, text: str, row: int, where: str) -> int:
        try:
            return to_int(text)
        except ValueError:
            self.problem(row, where, text, gettext_noop("a number"))
            return 0


def _dates(text: str) -> list[date]:
    out = []
    for year, month, day in _DATE.findall(text):
        try:
            out.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return out


def _last_date(preamble: str) -> date | None:
    """When this text was adopted: the latest date that the adoption lines name."""
    return max(_dates(preamble), default=None)


def _effective_date(articles: tuple[ArticleRecord, ...]) -> date | None:
    """The day the law names for itself, in one of its last articles."""
    for article in reversed(articles[-5:]):
        if found := _EFFECTIVE.search(without_space(article.text)):
            try:
                return date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                return None
    return None
