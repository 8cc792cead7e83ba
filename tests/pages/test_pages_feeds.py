"""Atom feeds: what a list shows, in a form that a reader's program understands."""

from datetime import datetime
from xml.etree import ElementTree

import pytest
from django.test import Client
from wagtail.models import Page

from pages.models import HomePage, NewsPage

ATOM = "{http://www.w3.org/2005/Atom}"
FEEDS = ["/feed/", "/help/feed/", "/news/feed/", "/press/feed/", "/cases/feed/", "/supervision/feed/", "/events/feed/"]


def read(address: str) -> ElementTree.Element:
    response = Client().get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert not response.cookies
    return ElementTree.fromstring(response.content)


def text(node: ElementTree.Element, name: str) -> str:
    return node.findtext(f"{ATOM}{name}") or ""


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_what_the_standard_asks_for(address: str, starter: HomePage) -> None:
    feed = read(address)
    for name in ("title", "id", "updated"):
        assert text(feed, name), name
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://localhost{address}"
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    ids = [text(entry, "id") for entry in entries]
    assert len(set(ids)) == len(ids)
    for entry in entries:
        assert text(entry, "title")
        assert datetime.fromisoformat(text(entry, "updated")).tzinfo
        assert (entry.find(f"{ATOM}link").get("href") or "").startswith("http://localhost/")  # type: ignore[union-attr]


@pytest.mark.parametrize("address", FEEDS)
def test_a_page_names_its_feed(address: str, starter: HomePage) -> None:
    html = Client().get(address.removesuffix("feed/")).content.decode()
    assert '<link rel="alternate" type="application/atom+xml" title="' in html
    assert f'href="{address}"' in html


def test_the_newest_comes_first_and_samples_are_marked(starter: HomePage) -> None:
    entries = read("/news/feed/").findall(f"{ATOM}entry")
    days = [text(entry, "published") for entry in entries]
    assert days == sorted(days, reverse=True)
    assert text(entries[0], "title").endswith("（示例）")


def test_a_draft_is_in_no_feed(starter: HomePage) -> None:
    column = Page.objects.get(slug="news")
    draft = NewsPage(title="示例草稿", slug="draft", source="示例", live=False, locale=column.locale)
    draft.body = [("text", "<p>示例</p>")]
    column.add_child(instance=draft)
    for address in ("/feed/", "/news/feed/"):
        assert "示例草稿" not in Client().get(address).content.decode()


def test_the_feed_of_the_site_leaves_out_what_it_says_about_itself(starter: HomePage) -> None:
    titles = [text(entry, "title") for entry in read("/feed/").findall(f"{ATOM}entry")]
    assert "隐私政策" not in titles
    assert "生活或找工作有困难" in titles


def test_an_entry_keeps_its_id_when_its_page_moves(starter: HomePage) -> None:
    page = NewsPage.objects.get(slug="winter-bus-posters")
    before = {text(entry, "title"): text(entry, "id") for entry in read("/news/feed/").findall(f"{ATOM}entry")}
    page.slug = "posters"
    page.save()
    after = {text(entry, "title"): text(entry, "id") for entry in read("/news/feed/").findall(f"{ATOM}entry")}
    assert after == before


def test_what_an_editor_writes_is_escaped(starter: HomePage) -> None:
    NewsPage.objects.filter(slug="winter-bus-posters").update(title="<b>甲</b> & 乙", standfirst="]]> <i>")
    titles = [text(entry, "title") for entry in read("/news/feed/").findall(f"{ATOM}entry")]
    assert any(title.startswith("<b>甲</b> & 乙") for title in titles)


def test_a_feed_takes_few_queries(starter: HomePage, queries: object) -> None:
    taken, _response = queries("/news/feed/")  # type: ignore[operator]
    assert taken <= 8
