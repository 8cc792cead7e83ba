"""Each page type keeps its query budget."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.images import get_image_model
from wagtail.models import get_page_models

from lawbook.models import Law
from pages.models import ContentPage, HomePage
from pages.registry import examples

PAGE_TYPES = [model for model in get_page_models() if model._meta.app_label == "pages"]


@pytest.mark.parametrize("model", PAGE_TYPES, ids=lambda model: model.__name__)
def test_a_page_type_keeps_its_query_budget(
    model: Any, starter: HomePage, invented_law: Law, queries: Callable[[str], tuple[int, Any]]
) -> None:
    page = examples()[model]()
    taken, response = queries(page.url)
    assert response.status_code == 200
    assert 0 < taken <= model.query_budget, f"{page.url} took {taken} queries; its budget is {model.query_budget}"


def test_no_page_type_takes_more_than_eight_queries_beside_the_frame() -> None:
    """Three of a budget are the frame's: the site, its identity, its columns. Only home, with six rooms, has eight."""
    assert [model.__name__ for model in PAGE_TYPES if model.query_budget - 3 > 7] == ["HomePage"]
    assert HomePage.query_budget - 3 == 8


def test_a_list_of_many_pages_takes_no_more_queries_than_a_list_of_one(
    starter: HomePage, queries: Callable[[str], tuple[int, Any]]
) -> None:
    many, _response = queries("/news/")
    for child in starter.get_children().get(slug="news").get_children()[1:]:
        child.delete()
    one, response = queries("/news/")
    assert response.context["listing"].paginator.count == 1
    assert many == one


def test_an_error_page_for_a_missing_address_stays_cheap(starter: HomePage) -> None:
    with CaptureQueriesContext(connection) as captured:
        response = Client().get("/nowhere/")
    assert response.status_code == 404
    assert len(captured) <= 12


def test_three_pictures_take_no_more_queries_than_one(
    starter: HomePage, library: None, queries: Callable[[str], tuple[int, Any]]
) -> None:
    image = get_image_model().objects.get()
    taken = []
    for count in (1, 3):
        page = ContentPage(title="示例", slug=f"pictures-{count}", locale=starter.locale)
        page.body = [("picture", {"image": image, "alt": "示例", "caption": ""})] * count
        starter.add_child(instance=page)
        Client().get(page.url)  # the rendition is made on the first look of all
        number, response = queries(page.url)
        assert response.content.decode().count("<figure") == count
        taken.append(number)
    assert taken[0] == taken[1]
