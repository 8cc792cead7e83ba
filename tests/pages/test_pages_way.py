"""An address is followed in one query, and finds what Wagtail itself would find."""

from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.http import Http404
from django.test import Client, RequestFactory
from wagtail.models import Page, PageViewRestriction

from pages.models import ColumnPage, ContentPage, HomePage
from pages.way import steps_to, way_down


def test_every_page_is_found_at_its_own_address(starter: HomePage) -> None:
    request = RequestFactory().get("/")
    for page in starter.get_descendants(inclusive=True).live():
        steps = [step for step in page.url.split("/") if step]
        ours = starter.route(request, steps)
        theirs = Page.route(starter, request, steps) if steps else ours
        assert (ours.page.pk, type(ours.page)) == (page.pk, page.specific_class)
        assert theirs.page.pk == page.pk


@pytest.mark.parametrize(
    "address",
    ["/no/", "/help/no/", "/help/hardship/no/", "/hardship/", "/help/help/", "/" + "help/" * 12, "/help/feed/no/"],
)
def test_an_address_of_nothing_finds_nothing(address: str, starter: HomePage) -> None:
    with pytest.raises(Http404):
        starter.route(RequestFactory().get(address), [step for step in address.split("/") if step])


def test_the_same_name_in_two_columns_is_two_pages(starter: HomePage) -> None:
    for column in ("help", "cases"):
        parent = ColumnPage.objects.get(slug=column)
        body = [("text", f"<p>{column}</p>")]
        parent.add_child(instance=ContentPage(title=f"示例 {column}", slug="twin", body=body, locale=parent.locale))
    for column in ("help", "cases"):
        assert f"<h1>示例 {column}</h1>" in Client().get(f"/{column}/twin/").content.decode()


def test_a_withdrawn_page_is_not_served_and_what_lies_below_it_is(starter: HomePage) -> None:
    Page.objects.filter(slug="help").update(live=False)
    assert Client().get("/help/").status_code == 404
    assert Client().get("/help/hardship/").status_code == 200


def test_the_way_down_takes_one_query(starter: HomePage, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        found = way_down(starter, ["help", "hardship", "no"])
    assert [page.slug for page in found] == ["help", "hardship"]
    with django_assert_num_queries(0):
        assert way_down(starter, []) == []


def test_steps_lead_from_the_root_to_the_page() -> None:
    assert steps_to("000100020003") == ["0001", "00010002", "000100020003"]


# ── restrictions: a page that is closed stays closed ────────────────────────────────────────────


@pytest.mark.parametrize("closed", ["root", "pufa", "help", "hardship"])
def test_a_restriction_anywhere_above_closes_a_page(closed: str, starter: HomePage) -> None:
    page = Page.objects.get(depth=1) if closed == "root" else Page.objects.get(slug=closed)
    restriction = PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.GROUPS)
    restriction.groups.add(Group.objects.create(name="示例"))
    assert Client().get("/help/hardship/").status_code == 302
    other = Client().get("/cases/")
    assert other.status_code == (302 if closed in {"root", "pufa"} else 200)


def test_an_alias_of_a_closed_page_is_closed(starter: HomePage) -> None:
    source = ContentPage.objects.get(slug="hardship")
    alias = source.create_alias(parent=Page.objects.get(slug="cases"), update_slug="mirror")
    assert Client().get(alias.url).status_code == 200
    PageViewRestriction.objects.create(page=source, restriction_type=PageViewRestriction.LOGIN)
    assert Client().get(alias.url).status_code == 302
