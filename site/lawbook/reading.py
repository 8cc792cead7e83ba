"""What a page of the law book shows, in as few queries as it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import F, Model, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import get_script_prefix
from django.utils import timezone

from lawbook.links import Linker
from lawbook.models import Article, Citation, Division, Explanation, Law, LawVersion, Paragraph
from zh.numerals import ArticleNumber

_CHAIN = "division__parent__parent__parent"  # 编, 分编, 章, 节


@dataclass
class ItemLine:
    """An item as it is shown."""

    number: int
    label: str
    text: str
    anchor: str


@dataclass
class ParagraphLine:
    """A paragraph as it is shown, with its items."""

    number: int
    text: str
    anchor: str
    label: str
    items: list[ItemLine] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield self.text
        for item in self.items:
            yield item.label + item.text


@dataclass
class Branch:
    """A heading in the contents: what stands below it, and whether the reader is in it."""

    division: Division
    branches: list["Branch"] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)
    open: bool = False

    def walk(self) -> Iterator["Branch"]:
        yield self
        for branch in self.branches:
            yield from branch.walk()


@dataclass
class Contents:
    """A whole text by headings; `loose` are articles under no heading."""

    branches: list[Branch]
    loose: list[Article]
    articles: list[Article]


@dataclass
class CitedBy:
    """One object that names the article, and the paragraphs and items that it names."""

    kind: str
    title: str
    url: str
    places: list[str]

    @property
    def place(self) -> str:
        return f"（{'、'.join(self.places)}）" if self.places else ""


@dataclass
class ArticleReading:
    """Everything on an article's page."""

    article: Article
    version: LawVersion
    law: Law
    path: list[Division]
    paragraphs: list[ParagraphLine]
    contents: Contents
    previous: Article | None
    next: Article | None
    explanation: Explanation | None
    cited_by: list[CitedBy]
    linker: Linker  # for the official words
    explanation_linker: Linker


@dataclass
class LawReading:
    """Everything on a law's page."""

    law: Law
    version: LawVersion
    versions: list[LawVersion]
    contents: Contents


def version_pk(slug: str, day: date | None) -> Any:
    """The version to read, as an expression: what applied on `day`; without a day what applies now or comes next."""
    versions = LawVersion.objects.filter(law__slug=slug)
    applying = Subquery(versions.applying_on(day or timezone.localdate()).values("pk")[:1])
    if day:
        return applying
    return Coalesce(applying, Subquery(versions.by_age().reverse().values("pk")[:1]))


def read_article(
    slug: str, key: ArticleNumber, day: date | None = None, *, draft: Explanation | None = None
) -> ArticleReading | None:
    """An article with all around it, in four queries; None where that text has no such article.

    `draft` stands in for the published explanation, for a preview.
    """
    rows = list(
        Paragraph.objects.filter(
            article__version=version_pk(slug, day), article__number=key.number, article__suffix=key.suffix
        )
        .select_related("article__version__law", f"article__{_CHAIN}")
        .annotate(item_number=F("items__number"), item_label=F("items__label"), item_text=F("items__text"))
        .order_by("number", "items__number")
    )
    if not rows:
        return None
    article: Article = rows[0].article
    contents = read_contents(article.version, article)
    place = next(index for index, other in enumerate(contents.articles) if other.pk == article.pk)
    law = article.version.law
    explanation = draft or Explanation.objects.served().filter(law=law, number=key.number, suffix=key.suffix).first()
    if explanation:
        explanation.law = law
    citations = _citations(law, article, explanation)
    return ArticleReading(
        article=article,
        version=article.version,
        law=law,
        path=path_of(article),
        paragraphs=_paragraphs(rows),
        contents=contents,
        previous=contents.articles[place - 1] if place else None,
        next=contents.articles[place + 1] if place + 1 < len(contents.articles) else None,
        explanation=explanation,
        cited_by=_cited_by(citations, law, key),
        linker=Linker(law, _made_by(citations, article)),
        explanation_linker=Linker(law, _made_by(citations, explanation)),
    )


def read_law(slug: str, day: date | None = None) -> LawReading | None:
    """A whole text; None where there is none (on `day`)."""
    version = LawVersion.objects.select_related("law").filter(pk=version_pk(slug, day)).first()
    if version is None:
        return None
    return LawReading(
        law=version.law,
        version=version,
        versions=list(version.law.versions.by_age()),
        contents=read_contents(version, with_text=True),
    )


def read_contents(version: LawVersion, current: Article | None = None, *, with_text: bool = False) -> Contents:
    """The tree of headings and articles, open where `current` stands. One query, two more with the text."""
    found = Article.objects.filter(version=version).select_related(_CHAIN).order_by("order")
    articles = list(found.with_text() if with_text else found)
    contents = Contents([], [], articles)
    known: dict[int, Branch] = {}
    for article in articles:
        article.version = version
        siblings, branch = contents.branches, None
        for division in path_of(article):
            branch = known.get(division.pk)
            if branch is None:
                branch = known[division.pk] = Branch(division)
                siblings.append(branch)
            branch.open = branch.open or (current is not None and article.pk == current.pk)
            siblings = branch.branches
        (branch.articles if branch else contents.loose).append(article)
    return contents


def path_of(article: Article) -> list[Division]:
    """The headings above an article, outermost first."""
    path: list[Division] = []
    division = article.division
    while division:
        path.insert(0, division)
        division = division.parent
    return path


def _paragraphs(rows: Iterable[Any]) -> list[ParagraphLine]:
    """One row an item, or one a paragraph without items."""
    out: list[ParagraphLine] = []
    for row in rows:
        if not out or out[-1].number != row.number:
            out.append(ParagraphLine(row.number, row.text, row.anchor, row.label))
        if row.item_number is not None:
            anchor = f"{row.anchor}-i{row.item_number}"
            out[-1].items.append(ItemLine(row.item_number, row.item_label, row.item_text, anchor))
    return out


def _citations(law: Law, article: Article, explanation: Explanation | None) -> list[Citation]:
    """Who names this article, and what it and its explanation name."""
    wanted = Q(law=law, number=article.number, suffix=article.suffix) | _from(article)
    if explanation and explanation.pk:
        wanted |= _from(explanation)
    return list(Citation.objects.filter(wanted).select_related("law"))


def _from(obj: Model) -> Q:
    return Q(source_type=ContentType.objects.get_for_model(obj), source_id=str(obj.pk))


def _made_by(citations: list[Citation], obj: Model | None) -> list[Citation]:
    if obj is None:
        return []
    source_type = ContentType.objects.get_for_model(obj)
    return [row for row in citations if row.source_type_id == source_type.pk and row.source_id == str(obj.pk)]


def _cited_by(citations: list[Citation], law: Law, key: ArticleNumber) -> list[CitedBy]:
    out: dict[tuple[int, str], CitedBy] = {}
    here = get_script_prefix().rstrip("/")  # stored addresses know no script: the reader stays in theirs
    for row in citations:
        if row.law_id == law.pk and row.key == key:
            cited_by = CitedBy(row.kind, row.title, here + row.url, [])
            entry = out.setdefault((row.source_type_id, row.source_id), cited_by)
            if row.place:
                entry.places.append(row.place)
    return list(out.values())
