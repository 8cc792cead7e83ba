"""Examples of this app's page types and blocks; `build_site()` makes the whole starter site."""

from typing import Any

from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Site

from media.models import Video
from pages import blocks
from pages.models import (
    ColumnPage,
    ContentPage,
    DocumentsPage,
    EventPage,
    EventsPage,
    HomePage,
    LandingPage,
    NewsPage,
    OrganisationsPage,
    OutcomesPage,
    QuestionsPage,
    QuizPage,
    ServicePointsPage,
    SupervisionPage,
)
from pages.registry import example
from pages.starter import (
    build_site,
    cases,
    events,
    guides,
    landing,
    library,
    news,
    organisations,
    outcomes,
    places,
    quiz,
    supervision,
)
from pages.starter import (
    questions as asked,
)
from pages.starter.build import ensure, landing_values, site_root

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


@example(OrganisationsPage)
def organisations_page(parent: Page | None = None) -> OrganisationsPage:
    return ensure(parent or site_root(), OrganisationsPage, organisations.PAGE)


@example(SupervisionPage)
def supervision_page(parent: Page | None = None) -> SupervisionPage:
    page = ensure(parent or site_root(), SupervisionPage, supervision.PAGE)
    ensure(page, NewsPage, supervision.NEWS[0])
    return page


@example(ServicePointsPage)
def service_points_page(parent: Page | None = None) -> ServicePointsPage:
    return ensure(parent or site_root(), ServicePointsPage, places.PAGE)


@example(DocumentsPage)
def documents_page(parent: Page | None = None) -> DocumentsPage:
    shelf = library.shelve(outcomes_page())
    return ensure(parent or site_root(), DocumentsPage, {**library.PAGE, "collection": shelf})


@example(QuestionsPage)
def questions_page(parent: Page | None = None) -> QuestionsPage:
    return ensure(parent or site_root(), QuestionsPage, asked.PAGE)


@example(QuizPage)
def quiz_page(parent: Page | None = None) -> QuizPage:
    return ensure(parent or site_root(), QuizPage, quiz.PAGE)


@example(EventsPage)
def events_page(parent: Page | None = None) -> EventsPage:
    page = ensure(parent or site_root(), EventsPage, events.COLUMN)
    for values in events.pages(timezone.localdate()):
        ensure(page, EventPage, values)
    return page


@example(EventPage)
def event_page(parent: Page | None = None) -> EventPage:
    return ensure(parent or events_page(), EventPage, events.pages(timezone.localdate())[0])


@example(LandingPage)
def landing_page(parent: Page | None = None) -> LandingPage:
    top = parent or site_root()
    return ensure(top, LandingPage, landing_values(top, landing.PAGES[0]))


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


@example(blocks.CommitteeBlock)
def committee() -> dict[str, Any]:
    return _from([organisations.PAGE], "committee")


@example(blocks.UnitsBlock)
def units() -> dict[str, Any]:
    return _from([organisations.PAGE], "units")


@example(blocks.PapersBlock)
def papers() -> dict[str, Any]:
    return _from([organisations.PAGE], "papers")


@example(blocks.LinesBlock)
def lines() -> dict[str, Any]:
    return _from([organisations.PAGE], "lines")


@example(blocks.LevelBlock)
def level() -> dict[str, Any]:
    return supervision.PAGE["levels"][0][1]


@example(blocks.PointBlock)
def point() -> dict[str, Any]:
    return places.PAGE["points"][0][1]


@example(blocks.QuizQuestionBlock)
def quiz_question() -> dict[str, Any]:
    return quiz.PAGE["questions"][0][1]


@example(blocks.OutreachBlock)
def outreach() -> dict[str, Any]:
    return {"counts": outcomes.OUTREACH}


@example(blocks.PictureBlock)
def picture() -> dict[str, Any]:
    """The newest image of the library; an editor's first preview has none and shows nothing."""
    return {
        "image": get_image_model().objects.order_by("-pk").first(),
        "alt": "候车亭里的普法海报，旁边停着一辆公交车（示例）",
        "caption": "候车亭示意图（示例）",
    }


@example(blocks.FilmBlock)
def film() -> dict[str, Any]:
    """The newest public film; where there is none yet, the block shows nothing."""
    return {"film": Video.public_objects().order_by("-pk").first(), "note": "等一趟车的工夫，看完一条法（示例）"}


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
