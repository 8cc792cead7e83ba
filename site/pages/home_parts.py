"""What the home page takes from other rooms: one query each or fewer, and nothing where there is nothing yet."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.files.storage import default_storage
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from wagtail.models import Page

from lawbook.models import Article, Division, Explanation, LawVersion, Paragraph
from media.models import Video, VideoRendition

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from pages.models import HomePage, NewsPage, OutcomesPage, ServicePointsPage


ARTICLE_KEY = re.compile(r"([1-9][0-9]{0,2})(?:-([1-9][0-9]?))?")  # 24; 253-1 is 第二百五十三条之一


@dataclass(frozen=True)
class Stop:
    """A chapter on the route map."""

    label: str
    name: str
    url: str


@dataclass(frozen=True)
class LawRoute:
    version: LawVersion
    stops: list[Stop]
    article_count: int
    explained_count: int


@dataclass
class ArticleToday:
    law: str
    label: str
    url: str
    status: str
    in_force: bool
    gist: str
    meaning: str
    signed: bool
    # (words of a paragraph, [(label, words) of its items])
    paragraphs: list[tuple[str, list[tuple[str, str]]]] = field(default_factory=list)


@dataclass(frozen=True)
class Film:
    title: str
    url: str
    summary: str
    clock: str
    poster_url: str
    published_on: date | None
    has_captions: bool
    is_sample: bool


def law_route(names: Sequence[str] = ()) -> LawRoute | None:
    """The chapters of the law that this site is about; None before one is imported.

    `names` are our own short names of the chapters; they replace the official titles where there is one for each.
    """
    articles = Article.objects.filter(version=OuterRef("version")).order_by().values("version")
    count = articles.annotate(n=Count("pk")).values("n")
    explained = Explanation.objects.served().filter(law=OuterRef("version__law")).order_by().values("law")
    said = explained.annotate(n=Count("pk")).values("n")
    chapters = list(
        Division.objects.filter(
            version__in=LawVersion.objects.current(), version__law__is_default=True, kind=Division.Kind.CHAPTER
        )
        .select_related("version__law")
        .annotate(
            article_count=Coalesce(Subquery(count, output_field=IntegerField()), 0),
            explained_count=Coalesce(Subquery(said, output_field=IntegerField()), 0),
        )
        .order_by("order")
    )
    if not chapters:
        return None
    version: LawVersion = chapters[0].version
    address = version.law.get_absolute_url()
    ours = list(names) if len(names) == len(chapters) else [chapter.title for chapter in chapters]
    stops = [
        Stop(chapter.label, name, f"{address}#{chapter.anchor}") for chapter, name in zip(chapters, ours, strict=True)
    ]
    return LawRoute(version, stops, chapters[0].article_count, chapters[0].explained_count)


def article_today(route: LawRoute | None, day: date | None = None) -> ArticleToday | None:
    """One article a day, in the law's own order, and what we say about it. None without a law.

    As long as only some articles are explained, the day's article is one of those.
    """
    if route is None or not route.article_count:
        return None
    day = day or timezone.localdate()
    said = _said(route.version.law_id)
    candidates = Article.objects.filter(version=route.version).order_by("order")
    if route.explained_count:
        candidates = candidates.filter(Exists(said.filter(number=OuterRef("number"), suffix=OuterRef("suffix"))))
    at = day.toordinal() % (route.explained_count or route.article_count)
    return _whole_article(route.version, candidates.values("pk")[at : at + 1], day)


def article_of(law_id: int | None, key: str, day: date | None = None) -> ArticleToday | None:
    """Article `key` (`24`, `253-1`) of a law as it applies today, with what we say about it; None where there is none.

    Without `law_id`: of the law that this site is about.
    """
    named = ARTICLE_KEY.fullmatch(key)
    version = _current(law_id).select_related("law").first() if named else None
    if named is None or version is None:
        return None
    article = Article.objects.filter(version=version, number=int(named[1]), suffix=int(named[2] or 0))
    return _whole_article(version, article.values("pk")[:1], day or timezone.localdate())


def has_law(law_id: int | None) -> bool:
    """Whether the law that `article_of` would look into is there."""
    return _current(law_id).exists()


def _current(law_id: int | None) -> "QuerySet[LawVersion]":
    return LawVersion.objects.current().filter(**({"law": law_id} if law_id else {"law__is_default": True}))


def _said(law_id: int) -> Any:
    return Explanation.objects.served().filter(law=law_id)


def _whole_article(version: LawVersion, article_pk: Any, day: date) -> ArticleToday | None:
    """The article that the subquery `article_pk` names, its paragraphs, items and explanation: one query."""
    said = _said(version.law_id).filter(number=OuterRef("article__number"), suffix=OuterRef("article__suffix"))
    rows = list(
        Paragraph.objects.filter(article=Subquery(article_pk))
        .order_by("number", "items__number")
        .annotate(
            said_gist=Subquery(said.values("gist")[:1]),
            said_meaning=Subquery(said.values("meaning")[:1]),
            said_signed=Subquery(said.values("signed")[:1]),
        )
        .values(
            "number",
            "text",
            "items__label",
            "items__text",
            "article__number",
            "article__suffix",
            "article__label",
            "said_gist",
            "said_meaning",
            "said_signed",
        )
    )
    if not rows:
        return None
    first = rows[0]
    article = Article(version=version, number=first["article__number"], suffix=first["article__suffix"])
    status = version.status_on(day)
    return ArticleToday(
        law=version.law.short_title,
        label=first["article__label"],
        url=article.get_absolute_url(),
        status=str(status.label),
        in_force=status == status.IN_FORCE,
        gist=first["said_gist"] or "",
        meaning=(first["said_meaning"] or "").split("\n\n")[0],
        signed=bool(first["said_signed"]),
        paragraphs=_paragraphs(rows),
    )


def _paragraphs(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Rows of paragraphs joined with their items, folded back; in order."""
    found: dict[int, tuple[str, list[tuple[str, str]]]] = {}
    for row in rows:
        _words, items = found.setdefault(row["number"], (row["text"], []))
        if row["items__text"] is not None:
            items.append((row["items__label"], row["items__text"]))
    return list(found.values())


def films(most: int) -> list[Film]:
    """The newest public films."""
    return [_film(video) for video in _with_poster()[:most]]


def film(pk: int) -> Film | None:
    """One film; None while it is not public."""
    video = _with_poster().filter(pk=pk).first()
    return _film(video) if video is not None else None


def _with_poster() -> "QuerySet[Video]":
    poster = VideoRendition.objects.filter(version=OuterRef("current_version"), kind=VideoRendition.Kind.POSTER)
    return Video.public_objects().annotate(poster_name=Subquery(poster.values("file")[:1]))


def _film(video: Any) -> Film:
    return Film(
        title=video.title,
        url=video.get_absolute_url(),
        summary=video.summary,
        clock=video.clock,
        poster_url=default_storage.url(video.poster_name) if video.poster_name else "",
        published_on=video.published_on,
        has_captions=bool(video.captioned),
        is_sample=video.is_sample,
    )


def points_and_outcomes(home: "HomePage") -> "tuple[ServicePointsPage | None, OutcomesPage | None]":
    """The first live page of service points below `home` and the newest of figures, in one query."""
    from pages.models import OutcomesPage, ServicePointsPage  # noqa: PLC0415 - the models import this module

    points = ServicePointsPage.objects.descendant_of(home).live().order_by("path").values("pk")[:1]
    figures = OutcomesPage.objects.descendant_of(home).live().order_by("-date").values("pk")[:1]
    found = Page.objects.filter(Q(pk__in=points) | Q(pk__in=figures))
    pages = [
        getattr(page, "servicepointspage", None) or page.outcomespage
        for page in found.select_related("servicepointspage", "outcomespage")
    ]
    return (
        next((page for page in pages if isinstance(page, ServicePointsPage)), None),
        next((page for page in pages if isinstance(page, OutcomesPage)), None),
    )


def news(home: "HomePage", most: int) -> "list[NewsPage]":
    """The newest news below `home`."""
    from pages.models import NewsPage  # noqa: PLC0415 - the models import this module

    return list(NewsPage.objects.descendant_of(home).live().order_by("-date", "-first_published_at")[:most])
