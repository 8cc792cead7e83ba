"""Every address of the product, asked for by everybody: nobody unknown sees the inside, and nothing breaks.

Addresses come from the URL resolver, so a new one is in the crawl by itself. Their arguments are those of the starter
site: the first row of the model that a view is about, else something plausible. What a view does with rows that the
starter site lacks is its own room's test.
"""

import io
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import models, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from wagtail.models import Page, Revision, Site

from campaigns.models import AdCode
from geo.models import Area
from lawbook.models import Law
from media.models import Video
from pages.models import ContentPage, HomePage
from trust.roles import Role, group_of

pytestmark = pytest.mark.xdist_group("crawl")  # the starter site once, not per process
INSIDE = ("/admin/", "/planner/")
#: What a log-in needs before there is one: forms, Wagtail's own words and icons.
OPEN = frozenset(
    {
        "wagtailadmin_login",
        "wagtailadmin_sprite",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
    }
)
#: Wagtail raises on purpose for whoever is logged in; asking to log out logs out.
NOT_ASKED = frozenset({"wagtailadmin_error_test", "wagtailadmin_logout"})
BY_NAME = {
    "app_label": "pages",
    "content_type_app_name": "pages",
    "app_name": "pages",
    "content_type_model_name": "contentpage",
    "model_name": "contentpage",
    "language": "zh-Hans",
    "filter_spec": "max-100x100",
    "layer": "stops",
    "kind": "network",
}
BY_CONVERTER = {
    "int": "1",
    "str": "1",
    "slug": "x",
    "path": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "day": "2026-11-01",
    "article": "article-1",
    "heading": "d1",
    "made": "version",
}
#: Who alone gets an answer (200), as docs and decisions promise it.
ONLY = {
    "wagtailusers_users:index": {Role.ADMIN},
    "wagtailusers_groups:index": {Role.ADMIN},
    "wagtailsites:index": {Role.ADMIN},
    "audit:index": {Role.AUDITOR, Role.ADMIN},
    # Not even a superuser without the role: decision 0011.
    "feedback_inbox": {Role.EDITOR, Role.AUDITOR},
    "campaigns:area": {Role.PLANNER, Role.FINAL_REVIEWER, Role.AUDITOR, Role.ADMIN},
    "jobs:index": {Role.PLANNER, Role.VIDEO_EDITOR, Role.ADMIN},
}


class Address(NamedTuple):
    name: str
    url: str


def addresses() -> list[Address]:
    """One address for every pattern that a browser can reach, in the order of the resolver."""
    found = {address.url: address for address in _walk(get_resolver().url_patterns, "/", "")}
    return [address for address in found.values() if address.name not in NOT_ASKED]


def _walk(patterns: list[Any], prefix: str, space: str) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, prefix + _filled(pattern, None, space), inner)
        elif isinstance(pattern, URLPattern):
            yield Address(f"{space}{pattern.name}", prefix + _filled(pattern, _model_of(pattern.callback), space))


def _filled(entry: URLPattern | URLResolver, model: type[models.Model] | None, space: str) -> str:
    """The route with arguments in the place of its converters or groups."""
    route = str(entry.pattern)
    if hasattr(entry.pattern, "_route"):
        return re.sub(r"<(?:(\w+):)?(\w+)>", lambda match: _argument(match[2], match[1] or "str", model, space), route)
    route = route.removeprefix("^").removesuffix("$")
    while "(" in route:  # the innermost group first
        route = re.sub(
            r"\((?:\?P<(\w+)>|\?:)?([^()]*)\)[?*+]?",
            lambda match: _argument(match[1] or "", "int" if r"\d" in match[2] else "str", model, space),
            route,
            count=1,
        )
    return re.sub(r"\\(.)", r"\1", route).replace("?", "")


def _argument(name: str, kind: str, model: type[models.Model] | None, space: str) -> str:
    if name in BY_NAME:
        return BY_NAME[name]
    if name == "area" or (space == "geo:" and name == "slug"):
        return Area.objects.get().slug
    if kind == "slug" and space in (rows := {"lawbook:": Law, "media:": Video, "codes:": AdCode}):
        row = rows[space]._default_manager.order_by("pk").first()
        assert row is not None
        return str(getattr(row, name))
    stem = name.removesuffix("_id").removesuffix("_pk")
    if "page" in stem:
        return str(HomePage.objects.get().pk)
    if "revision" in stem:
        return str(Revision.page_revisions.order_by("pk").first().pk)
    held = next((one for one in apps.get_models() if one._meta.model_name == stem.replace("_", "")), model)
    row = held._default_manager.order_by("pk").first() if held is not None and kind in {"int", "str"} else None
    return str(row.pk) if row is not None else BY_CONVERTER[kind]  # KeyError: give a new converter an example


def _model_of(callback: Any) -> type[models.Model] | None:
    given = getattr(callback, "view_initkwargs", {}).get("model")
    found = given or getattr(getattr(callback, "view_class", None), "model", None)
    return found if isinstance(found, type) and issubclass(found, models.Model) else None


@pytest.fixture(scope="module")
def _site_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def everything(_site_once: None, db: None) -> list[Address]:
    Site.clear_site_root_paths_cache()
    assert Page.objects.type(ContentPage).exists()
    return addresses()


def ask(client: Client, address: Address) -> int:
    """Status of the answer; whatever the question wrote is undone."""
    mark = transaction.savepoint()
    status = int(client.get(address.url).status_code)
    transaction.savepoint_rollback(mark)
    return status


def test_the_crawl_knows_the_whole_product(everything):
    assert len(everything) > 400
    rooms = {"lawbook", "media", "geo", "campaigns", "codes", "search", "feedback", "media_admin", "audit", "jobs"}
    assert rooms <= {address.name.partition(":")[0] for address in everything}
    assert not [address for address in everything if re.search(r"[<>()^$\\]", address.url)]


def test_nobody_unknown_sees_the_inside_and_nothing_breaks_for_them(everything):
    client = Client(raise_request_exception=False)
    statuses = {address: ask(client, address) for address in everything}
    assert not [address for address, status in statuses.items() if status >= 500]
    seen = {address.name for address, status in statuses.items() if status == 200 and address.url.startswith(INSIDE)}
    assert seen == OPEN
    public = [a for a, status in statuses.items() if status == 200 and not a.url.startswith(INSIDE)]
    assert len(public) > 10, "the crawl's arguments no longer find public pages"


@pytest.mark.parametrize("role", Role)
def test_nothing_breaks_for_a_role_and_each_sees_what_is_its_own(everything, role):
    user = get_user_model().objects.create_user(f"crawl-{role}", password="x")
    user.groups.add(group_of(role))
    if role is Role.ADMIN:
        user.is_superuser = True
        user.save()
    client = Client(raise_request_exception=False)
    client.force_login(user)
    statuses = {address: ask(client, address) for address in everything}
    assert client.get("/admin/account/").status_code == 200, "the crawl lost its session on the way"
    assert not [address for address, status in statuses.items() if status >= 500]
    seen = {address.name for address, status in statuses.items() if status == 200}
    asked = {address.name for address in everything}
    assert asked >= set(ONLY)
    assert {name for name in ONLY if name in seen} == {name for name, roles in ONLY.items() if role in roles}
