"""Put the starter pages into the tree: what is missing is made, what is there stays as it is."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

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
    SiteIdentity,
    SupervisionPage,
)
from pages.starter import (
    cases,
    events,
    guides,
    home,
    landing,
    library,
    news,
    organisations,
    outcomes,
    places,
    press,
    questions,
    quiz,
    statements,
    supervision,
)

Kind = TypeVar("Kind", bound=Page)


@transaction.atomic
def build_site() -> HomePage:
    """Home page as the root of the default site, columns, pages and identity. Safe to repeat."""
    top = site_root()
    _fill(top, ColumnPage, guides.COLUMN, ContentPage, guides.PAGES)
    _fill(top, ServicePointsPage, places.PAGE, ContentPage, places.PAGES)
    _fill(top, ColumnPage, outcomes.COLUMN, OutcomesPage, outcomes.PAGES)
    _fill(top, ColumnPage, cases.COLUMN, ContentPage, cases.PAGES)
    _fill(top, ColumnPage, news.COLUMN, NewsPage, news.PAGES)
    _fill(top, OrganisationsPage, organisations.PAGE)
    _fill(top, SupervisionPage, supervision.PAGE, NewsPage, supervision.NEWS)
    _fill(top, EventsPage, events.COLUMN, EventPage, events.pages(timezone.localdate()))
    _fill(top, QuestionsPage, questions.PAGE)
    _documents(top)
    _fill(top, ColumnPage, press.COLUMN, NewsPage, press.PAGES)
    _fill(top, QuizPage, quiz.PAGE)
    made = {page["slug"]: ensure(top, ContentPage, page) for page in statements.PAGES}
    for page in landing.PAGES:
        ensure(top, LandingPage, landing_values(top, page))
    lead_home(top, street=made["on-the-bus"])
    name_site(
        accessibility_page=made["accessibility"],
        privacy_page=made["privacy"],
        statement_page=made["site-statement"],
    )
    return top


def site_root() -> HomePage:
    """The home page of the default site. Wagtail's welcome page goes, unless somebody has built below it."""
    site = Site.objects.filter(is_default_site=True).select_related("root_page").first()
    if site is not None and isinstance(site.root_page.specific, HomePage):
        return site.root_page.specific
    page = HomePage.objects.first() or add(Page.get_first_root_node(), HomePage, home.PAGE)
    site = site or Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = page, page.title
    site.save()
    # Only now: a site goes with its root page.
    for welcome in Page.objects.child_of(Page.get_first_root_node()).exact_type(Page):
        if welcome.numchild == 0:
            welcome.delete()
    page.refresh_from_db()
    return page


def ensure(parent: Page, kind: type[Kind], values: Mapping[str, Any]) -> Kind:
    """The child of `parent` under this slug, made where there is none."""
    found = kind.objects.child_of(parent).filter(slug=values["slug"]).first()
    return found or add(parent, kind, values)


def is_taken(parent: Page, kind: type[Page], slug: str) -> bool:
    """Whether a page of another type has this address: an older starter site, or an editor's own page."""
    holder = Page.objects.child_of(parent).filter(slug=slug).first()
    return holder is not None and not isinstance(holder.specific, kind)


def add(parent: Page, kind: type[Kind], values: Mapping[str, Any]) -> Kind:
    page = kind(**{"locale": parent.locale, **values})
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    page.save_revision()
    parent.refresh_from_db()
    return page


def _fill(
    top: Page,
    kind: type[Page],
    values: Mapping[str, Any],
    child_kind: type[Page] = ContentPage,
    children: list[dict[str, Any]] | None = None,
) -> None:
    """A page right below home and the pages below it; nothing where its address belongs to another type."""
    if not is_taken(top, kind, values["slug"]):
        page = ensure(top, kind, values)
        for child in children or []:
            ensure(page, child_kind, child)


def _documents(top: Page) -> None:
    page = OutcomesPage.objects.descendant_of(top).order_by("path").first()
    if page is not None and not is_taken(top, DocumentsPage, library.PAGE["slug"]):
        ensure(top, DocumentsPage, {**library.PAGE, "collection": library.shelve(page)})


def lead_home(page: Any, street: Page) -> None:
    """Fill the parts of the home page that point to other pages, unless somebody has."""
    changed = False
    if not page.leads:
        page.leads = leads(page, home.LEADS)
        changed = True
    if page.street_page_id is None:
        page.street_page, changed = street, True
    if changed:
        page.save()
        page.save_revision()


def leads(top: Page, asked: Iterable[tuple[str, str, str]]) -> list[tuple[str, dict[str, Any]]]:
    """Blocks for those questions whose page is there: question, hint, slug of the page that answers it."""
    answers = {answer.slug: answer for answer in Page.objects.descendant_of(top).live()}
    return [
        ("lead", {"question": question, "hint": hint, "page": answers[slug]})
        for question, hint, slug in asked
        if slug in answers
    ]


def landing_values(top: Page, page: Mapping[str, Any]) -> dict[str, Any]:
    """What a landing page of the starter site is made of, its questions led to their pages."""
    values = {name: value for name, value in page.items() if name != "asks"}
    return {**values, "leads": leads(top, page["asks"])}


def name_site(**pages: Page) -> None:
    """The identity of the default site, where it has none yet; pages that it does not name yet."""
    site = Site.objects.get(is_default_site=True)
    identity, is_new = SiteIdentity.objects.get_or_create(site=site, defaults={**home.IDENTITY, **pages})
    missing = [name for name in pages if getattr(identity, f"{name}_id") is None]
    if missing and not is_new:
        for name in missing:
            setattr(identity, name, pages[name])
        identity.save()
