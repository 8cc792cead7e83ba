"""Put the starter pages into the tree: what is missing is made, what is there stays as it is."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from pages.models import ColumnPage, ContentPage, HomePage, NewsPage, OutcomesPage, SiteIdentity
from pages.starter import cases, guides, home, news, outcomes, places, statements

Kind = TypeVar("Kind", bound=Page)


@transaction.atomic
def build_site() -> HomePage:
    """Home page as the root of the default site, columns, pages and identity. Safe to repeat."""
    top = site_root()
    columns = {}
    for module in (guides, places, outcomes, cases, news):
        columns[module] = ensure(top, ColumnPage, module.COLUMN)
    for page in guides.PAGES:
        ensure(columns[guides], ContentPage, page)
    for page in places.PAGES:
        ensure(columns[places], ContentPage, page)
    for page in outcomes.PAGES:
        ensure(columns[outcomes], OutcomesPage, page)
    for page in cases.PAGES:
        ensure(columns[cases], ContentPage, page)
    for page in news.PAGES:
        ensure(columns[news], NewsPage, page)
    made = {page["slug"]: ensure(top, ContentPage, page) for page in statements.PAGES}
    lead_home(top, street=made["on-the-bus"])
    name_site(report=made["report-an-error"], accessibility=made["accessibility"])
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


def add(parent: Page, kind: type[Kind], values: Mapping[str, Any]) -> Kind:
    page = kind(**{"locale": parent.locale, **values})
    page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    page.save_revision()
    parent.refresh_from_db()
    return page


def lead_home(page: Any, street: Page) -> None:
    """Fill the parts of the home page that point to other pages, unless somebody has."""
    changed = False
    if not page.leads:
        answers = {answer.slug: answer for answer in Page.objects.descendant_of(page).live()}
        page.leads = [
            ("lead", {"question": question, "hint": hint, "page": answers[slug]})
            for question, hint, slug in home.LEADS
            if slug in answers
        ]
        changed = True
    if page.street_page_id is None:
        page.street_page, changed = street, True
    if changed:
        page.save()
        page.save_revision()


def name_site(report: Page, accessibility: Page) -> None:
    """The identity of the default site, where it has none yet."""
    site = Site.objects.get(is_default_site=True)
    SiteIdentity.objects.get_or_create(
        site=site, defaults={**home.IDENTITY, "report_page": report, "accessibility_page": accessibility}
    )
