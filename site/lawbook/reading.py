"""What a page of the law book shows, in as few queries as it takes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, F, Model, OuterRef, Q, Subquery, prefetch_related_objects
from django.db.models.functions import Coalesce
from django.urls import get_script_prefix, reverse
from django.utils import timezone

from lawbook.contents import CHAIN, Branch, Contents, path_of, read_contents
from lawbook.glossary import Glossary
from lawbook.links import Linker
from lawbook.models import Article, Citation, Division, Explanation, GlossaryTerm, Law, LawVersion, Paragraph, Status
from lawbook.models.laws import FIRST_DAY
from zh.numerals import ArticleNumber


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
class CitedBy:
    """One object that names the article, and the paragraphs and items that it names."""

    kind: str
    title: str
    url: str
    places: list[str]

    @property
    def place(self) -> str:
        return f"（{'、'.join(self.places)}）" if self.places else ""


@dataclass(frozen=True)
class Now:
    """How the text that is shown stands to the one that applies today and to the next one."""

    is_current: bool
    current_since: date | None
    coming: date | None  # when the next text takes effect
    in_current: bool = True  # whether the current text has the article that is shown
    status: Status = Status.UNKNOWN

    @property
    def is_future(self) -> bool:
        return not self.is_current and self.status == Status.FUTURE


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
    glossary: Glossary
    now: Now


@dataclass
class VersionLine:
    """One text in the list of all texts of a law, and the one before it to compare it with."""

    version: LawVersion
    status: Status
    before: LawVersion | None


@dataclass
class LawReading:
    """Everything on a law's page."""

    law: Law
    version: LawVersion
    versions: list[VersionLine]
    contents: Contents
    now: Now
    chapter: Branch | None = None  # the one chapter of a long text that is shown
    with_text: bool = True

    @property
    def shown(self) -> list[Branch]:
        """Headings with their text below; a chapter's own heading is the title of its page."""
        return self.chapter.branches if self.chapter else self.contents.branches

    @property
    def beside(self) -> tuple[Branch | None, Branch | None]:
        """The chapters before and after the one that is shown."""
        chapters = self.contents.chapters
        at = next(index for index, branch in enumerate(chapters) if branch is self.chapter)
        return (chapters[at - 1] if at else None, chapters[at + 1] if at + 1 < len(chapters) else None)


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
    current = version_pk(slug, None)
    same = Article.objects.filter(version_id=current, number=key.number, suffix=key.suffix)
    rows = list(
        Paragraph.objects.filter(
            article__version=version_pk(slug, day), article__number=key.number, article__suffix=key.suffix
        )
        .select_related("article__version__law", f"article__{CHAIN}")
        .annotate(item_number=F("items__number"), item_label=F("items__label"), item_text=F("items__text"))
        .annotate(current=current, in_current=Exists(same), coming=coming_on(slug))
        .annotate(current_since=since_of(current))
        .order_by("number", "items__number")
    )
    if not rows:
        return None
    article: Article = rows[0].article
    contents = read_contents(article.version, article)
    contents.place(base_url(slug, day))
    place = next(index for index, other in enumerate(contents.articles) if other.pk == article.pk)
    law = article.version.law
    explanation, glossary = _explanation(law, key) if draft is None else (draft, Glossary.served())
    if explanation:
        explanation.law = law
    citations = _citations(law, article, explanation)
    is_current = rows[0].current == article.version.pk
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
        glossary=glossary,
        now=Now(
            is_current=is_current,
            current_since=rows[0].current_since,
            coming=rows[0].coming,
            in_current=rows[0].in_current,
            status=article.version.status_among(is_current=is_current),
        ),
    )


def read_law(
    slug: str, day: date | None = None, *, chapter: int | None = None, whole: bool = False
) -> LawReading | None:
    """A whole text, or the contents of a long one; None where there is none (on `day`).

    `chapter` asks for one chapter of a long text by its place among all headings, `whole` for all of it on one page.
    Five queries, three without the text.
    """
    version = LawVersion.objects.select_related("law").filter(pk=version_pk(slug, day)).first()
    if version is None:
        return None
    versions = list(version.law.versions.by_age())
    for other in versions:
        other.law = version.law
    contents = read_contents(version)
    contents.place(base_url(slug, day))
    shown = None
    if chapter is not None:
        found = (branch for branch in contents.chapters if branch.division.order == chapter)
        shown = next(found, None) if contents.is_long else None
        if shown is None:
            return None
        shown.open = True
    with_text = whole or not contents.is_long or shown is not None
    if with_text:
        prefetch_related_objects(shown.all_articles if shown else contents.articles, "paragraphs__items")
    current = current_of(versions)
    lines = [
        VersionLine(other, other.status_among(is_current=other.pk == current.pk), before)
        for other, before in zip(versions, [*versions[1:], None], strict=True)
    ]
    status = version.status_among(is_current=version.pk == current.pk)
    today = timezone.localdate()
    coming = min((day for other in versions if (day := other.effective_on) and day > today), default=None)
    now = Now(version.pk == current.pk, current.since, coming, status=status)
    return LawReading(version.law, version, lines, contents, now, shown, with_text)


def current_of(versions: list[LawVersion]) -> LawVersion:
    """Of all texts of a law, newest first, the one that applies today, or else the next to come."""
    today = timezone.localdate()
    return next((version for version in versions if (version.since or FIRST_DAY) <= today), versions[-1])


def coming_on(slug: str) -> Any:
    """The day on which the next text takes effect, as an expression."""
    return _first_day_to_come(LawVersion.objects.filter(law__slug=slug))


def coming_after_today() -> Any:
    """The same beside each version, for its law; none for a text that is itself still to come."""
    return _first_day_to_come(LawVersion.objects.filter(law=OuterRef("law")).exclude(pk=OuterRef("pk")))


def _first_day_to_come(versions: Any) -> Any:
    later = versions.filter(effective_on__gt=timezone.localdate()).order_by("effective_on")
    return Subquery(later.values("effective_on")[:1])


def since_of(version: Any) -> Any:
    """Since when the version of that key applies, as an expression."""
    rows = LawVersion.objects.filter(pk=version).annotate(day=Coalesce("effective_on", "adopted_on"))
    return Subquery(rows.values("day")[:1])


def base_url(slug: str, day: date | None) -> str:
    """The page of a law: today's, or as of `day`."""
    return reverse("lawbook:law-on", args=[slug, day]) if day else reverse("lawbook:law", args=[slug])


def _explanation(law: Law, key: ArticleNumber) -> tuple[Explanation | None, Glossary]:
    """The published explanation, and the glossary along with it in the same query."""
    served = Explanation.objects.served().filter(law=law, number=key.number, suffix=key.suffix)
    explanation = served.annotate(glossary=GlossaryTerm.objects.served().in_one_value()).first()
    return explanation, Glossary.of_rows(explanation.glossary or []) if explanation else Glossary()


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
