"""Each page type keeps its query budget."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import get_page_models

from lawbook.models import Law
from pages.models import HomePage
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


def test_the_budget_of_the_home_page_is_twelve_with_law_and_news(starter: HomePage) -> None:
    assert HomePage.query_budget <= 12


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
