"""The frame around every page costs no query once it is known, and the pages inside it keep a small budget."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from baking import generations, store
from lawbook.models import Law
from pages.models import HomePage, SiteIdentity
from pages.navigation import frame_of

#: Queries that make a page. The look at the generation afterwards, before it is kept, is not among them.
ARTICLE = 4
ANY_PAGE = 8


@pytest.fixture
def warm(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """`warm(url)`: SQL of a page made anew on a site in use: its frame is known, the page itself is not kept."""
    Site.objects.update(hostname="testserver", port=80)
    settings.BAKED_PAGES, settings.BAKED_ROOT = True, tmp_path / "baked"
    monkeypatch.setattr(store, "read", lambda *args, **kwargs: None)
    monkeypatch.setattr(generations, "POLL_S", 60)
    generations.forget()

    def get(url: str) -> list[str]:
        Client().get("/no-such-page/")
        Client().get(url)
        with CaptureQueriesContext(connection) as captured:
            response = Client().get(url)
        assert response.status_code == 200
        return [query["sql"] for query in captured if 'FROM "baking_generation"' not in query["sql"]]

    return get


def test_an_article_takes_four_queries(starter: HomePage, invented_law: Law, warm: Callable[[str], list[str]]) -> None:
    found = warm("/law/flower-care/article-2/")
    assert len(found) <= ARTICLE, "\n".join(found)


@pytest.mark.parametrize(
    "url",
    ["/", "/help/", "/help/hardship/", "/news/", "/news/winter-bus-posters/", "/outcomes/", "/law/",
     "/law/flower-care/", "/video/", "/search/", "/accessibility/",
     "/street-leave/", "/quiz/"],
)  # fmt: skip
def test_a_public_page_keeps_its_query_budget_with_the_frame_known(
    url: str, starter: HomePage, invented_law: Law, warm: Callable[[str], list[str]]
) -> None:
    found = warm(url)
    assert len(found) <= ANY_PAGE, "\n".join(found)


def test_the_frame_of_one_script_is_not_that_of_the_other(starter: HomePage, warm: Callable[[str], list[str]]) -> None:
    warm("/help/")
    warm("/zh-hant/help/")
    assert 'href="/news/"' in Client().get("/help/").content.decode()
    assert 'href="/zh-hant/news/"' in Client().get("/zh-hant/help/").content.decode()
    assert 'href="/zh-hant/news/"' not in Client().get("/help/").content.decode()


def test_the_frame_is_read_anew_in_a_new_generation(starter: HomePage, warm: Callable[[str], list[str]]) -> None:
    warm("/help/")
    SiteIdentity.objects.update(site_name="换了名字")
    assert "换了名字" not in Client().get("/help/").content.decode()
    generations._move_on()
    assert "换了名字" in Client().get("/help/").content.decode()


def test_without_a_generation_nothing_of_the_frame_is_kept(starter: HomePage, rf: Any) -> None:
    cache.clear()
    request = rf.get("/")
    assert frame_of(request).identity.site_name == "普法直通车"
    SiteIdentity.objects.update(site_name="换了名字")
    assert frame_of(rf.get("/")).identity.site_name == "换了名字"
