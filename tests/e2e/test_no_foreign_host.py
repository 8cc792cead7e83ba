"""Everything works on a closed network: no page, public or admin, asks any other host for anything."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command

from jobs.worker import work_once

NOT_FOLLOWED = ("/admin/logout/", "/delete/", "/password_reset/", "/uploads/", "/documents/", "/static/", "/q/")
ARTICLES = 3  # all articles share a template


@pytest.fixture
def whole_site(site_server, tmp_path, monkeypatch):
    """The starter site as `make run` leaves it: the film is ready, a campaign is there."""
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path)
    call_command("load_starter", verbosity=0)
    work_once()
    return site_server


def public_addresses(client):
    tree = ElementTree.fromstring(client.get("/sitemap.xml").content)
    paths = [urlsplit(node.text).path for node in tree.iter() if node.tag.endswith("}loc")]
    articles = [path for path in paths if "/article-" in path]
    return [path for path in paths if path not in articles] + articles[:ARTICLES] + ["/search/?q=社区矫正", "/nowhere/"]


def links(page, under):
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.href)")
    paths = {urlsplit(link).path for link in found if urlsplit(link).hostname in {"localhost", "127.0.0.1"}}
    return sorted(p for p in paths if p.startswith(under) and not any(part in p for part in NOT_FOLLOWED))


def test_no_page_of_the_whole_product_asks_a_foreign_host(whole_site, page, client, no_foreign_requests):
    visited = []
    for path in public_addresses(client):
        page.goto(whole_site.url + path)
        visited.append(path)

    get_user_model().objects.create_superuser("root", password="only-in-this-test")
    page.goto(f"{whole_site.url}/admin/login/")
    page.fill("[name=username]", "root")
    page.fill("[name=password]", "only-in-this-test")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    seen: set[str] = set()
    waiting = ["/admin/", "/admin/reports/", "/admin/settings/", "/planner/", "/geo/pengjiang/map/"]
    while waiting and len(seen) < 70:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        page.goto(whole_site.url + path)
        if path.count("/") <= 4:  # lists and forms of every kind, not every row
            waiting += [link for link in links(page, "/admin/") + links(page, "/planner/") if link not in seen]
    assert len(visited) > 20
    assert len(seen) > 40
