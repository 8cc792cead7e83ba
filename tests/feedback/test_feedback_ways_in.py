"""How people get to the form: from the foot of every page, from a page that is missing, from one that failed."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from wagtail.models import Page, Site

from pages.examples import build_site
from pages.models import SiteIdentity

LINK = re.compile(r'href="(/(?:zh-hant/)?contact/[^"]*)"')


@pytest.fixture(scope="module")
def _site_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        build_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def starter(_site_once: None, db: None) -> None:
    Site.clear_site_root_paths_cache()


def foot(path: str) -> str:
    return Client().get(path).content.decode().split('<footer class="foot">')[1]


@pytest.mark.parametrize("path", ["/", "/help/", "/search/?q=a", "/law/", "/zh-hant/help/"])
def test_the_foot_of_every_page_leads_to_the_form_and_names_the_page(starter: None, path: str) -> None:
    ways = LINK.findall(foot(path))
    script = "/zh-hant" if path.startswith("/zh-hant/") else ""
    assert ways[0] == f"{script}/contact/"
    report = urlsplit(ways[1])
    assert report.path == f"{script}/contact/"
    about = parse_qs(report.query)["about"]
    assert about == [urlsplit(path).path.removeprefix(script)]
    assert f'href="{script}{about[0]}"' in Client().get(ways[1]).content.decode()


def test_a_page_that_the_identity_names_comes_first(starter: None) -> None:
    page = Page.objects.get(slug="report-an-error")
    SiteIdentity.objects.update(report_page=page)
    assert LINK.findall(foot("/help/")) == ["/contact/"]
    assert f'href="{page.get_url()}"' in foot("/help/")


def test_a_missing_page_can_be_told_of(starter: None) -> None:
    response = Client().get("/nothing-here/")
    assert response.status_code == 404
    main = response.content.decode().split("<footer")[0]
    assert 'href="/contact/?about=%2Fnothing-here%2F"' in main


def test_a_failed_page_leads_to_a_form_that_stands(starter: None) -> None:
    (way,) = LINK.findall(render_to_string("500.html"))
    assert Client().get(way).status_code == 200


@pytest.mark.parametrize("path", ["/", "/help/", "/law/", "/search/?q=a", "/nothing-here/", "/sitemap.xml"])
def test_no_other_page_sets_a_cookie(starter: None, path: str) -> None:
    assert not Client().get(path).cookies


def test_the_form_is_in_the_site_map_and_receipts_are_not(starter: None) -> None:
    listed = Client().get("/sitemap.xml").content.decode()
    assert "/contact/</loc>" in listed
    assert "/contact/receipt" not in listed
