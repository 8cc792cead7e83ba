"""Examples of this app's page types and blocks; `build_site()` makes the whole starter site."""

from typing import Any

from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from pages import blocks
from pages.models import ColumnPage, ContentPage, HomePage, NewsPage, OutcomesPage
from pages.registry import example
from pages.starter import build_site, cases, guides, news, outcomes, places
from pages.starter.build import ensure, site_root

__all__ = ["build_site"]


# ── page types: build(parent) → page; every part of a body appears in at least one ────────────────


@example(HomePage)
def home_page(parent: Page | None = None) -> HomePage:
    return site_root()


@example(ColumnPage)
def column_page(parent: Page | None = None) -> ColumnPage:
    return ensure(parent or site_root(), ColumnPage, news.COLUMN)


@example(ContentPage)
def content_page(parent: Page | None = None) -> ContentPage:
    return ensure(parent or ensure(site_root(), ColumnPage, guides.COLUMN), ContentPage, guides.PAGES[4])


@example(NewsPage)
def news_page(parent: Page | None = None) -> NewsPage:
    return ensure(parent or column_page(), NewsPage, news.PAGES[0])


@example(OutcomesPage)
def outcomes_page(parent: Page | None = None) -> OutcomesPage:
    return ensure(parent or ensure(site_root(), ColumnPage, outcomes.COLUMN), OutcomesPage, outcomes.PAGES[0])


# ── blocks: build() → value in the form that the block takes ──────────────────────────────────────


def _from(pages: list[dict[str, Any]], kind: str) -> Any:
    """The first block of this kind in the starter pages."""
    return next(value for page in pages for name, value in page["body"] if name == kind)


@example(blocks.TextBlock)
def text() -> str:
    return _from(guides.PAGES, "text")


@example(blocks.NoteBlock)
def note() -> dict[str, Any]:
    return _from(guides.PAGES, "note")


@example(blocks.QuoteBlock)
def quote() -> dict[str, Any]:
    return _from(cases.PAGES, "quote")


@example(blocks.StepsBlock)
def steps() -> dict[str, Any]:
    return _from(guides.PAGES, "steps")


@example(blocks.QuestionsBlock)
def questions() -> dict[str, Any]:
    return _from(guides.PAGES, "questions")


@example(blocks.FigureBlock)
def figure() -> dict[str, Any]:
    return outcomes.MOVES[0]["figures"][0]


@example(blocks.FiguresBlock)
def figures() -> dict[str, Any]:
    return _from(guides.PAGES, "figures")


@example(blocks.MoveBlock)
def move() -> dict[str, Any]:
    return outcomes.MOVES[0]


@example(blocks.PlacesBlock)
def list_of_places() -> dict[str, Any]:
    return _from(places.PAGES, "places")


@example(blocks.TableBlock)
def table() -> dict[str, Any]:
    return _from(places.PAGES, "table")


@example(blocks.PictureBlock)
def picture() -> dict[str, Any]:
    """The newest image of the library; an editor's first preview has none and shows nothing."""
    return {
        "image": get_image_model().objects.order_by("-pk").first(),
        "alt": "候车亭里的普法海报，旁边停着一辆公交车（示例）",
        "caption": "候车亭示意图（示例）",
    }


@example(blocks.FilesBlock)
def files() -> dict[str, Any]:
    return {"files": list(get_document_model().objects.order_by("-pk")[:2])}


@example(blocks.LeadBlock)
def lead() -> dict[str, Any]:
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    return {
        "question": "要外出，怎么请假",
        "hint": "什么情况能请、提前多久、由谁批准。",
        "page": site.root_page if site else None,
    }
