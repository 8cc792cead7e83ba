"""A page that moves or is renamed can still be found where it was."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page

from pages.models import ContentPage, HomePage


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks: Any) -> Any:
    """What happens once the change is safely stored happens in a test too."""
    return django_capture_on_commit_callbacks


def test_a_renamed_page_is_found_under_its_old_address(starter: HomePage, on_commit: Any) -> None:
    page = ContentPage.objects.get(slug="hardship")
    page.slug = "help-with-money"
    with on_commit(execute=True):
        page.save_revision().publish()
    for script in ("", "/zh-hant"):
        response = Client().get(f"{script}/help/hardship/")
        assert (response.status_code, response["Location"]) == (301, f"{script}/help/help-with-money/")


def test_a_page_that_moves_is_found_under_its_old_address(starter: HomePage) -> None:
    ContentPage.objects.get(slug="night-school").move(Page.objects.get(slug="help"), pos="last-child")
    response = Client().get("/cases/night-school/")
    assert (response.status_code, response["Location"]) == (301, "/help/night-school/")


def test_what_lies_below_a_renamed_column_is_found_too(starter: HomePage, on_commit: Any) -> None:
    column = Page.objects.get(slug="cases").specific
    column.slug = "stories"
    with on_commit(execute=True):
        column.save_revision().publish()
    response = Client().get("/cases/night-school/")
    assert (response.status_code, response["Location"]) == (301, "/stories/night-school/")


def test_the_feed_of_a_renamed_column_is_found_too(starter: HomePage, on_commit: Any) -> None:
    column = Page.objects.get(slug="cases").specific
    column.slug = "stories"
    with on_commit(execute=True):
        column.save_revision().publish()
    response = Client().get("/cases/feed/")
    assert (response.status_code, response["Location"]) == (301, "/stories/feed/")
