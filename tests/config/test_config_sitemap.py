"""The sitemap lists what is public, and nothing else."""

from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from wagtail.models import Page, Site

from lawbook.models import GlossaryTerm

pytestmark = pytest.mark.django_db


def test_the_sitemap_lists_public_pages_and_leaves_out_drafts_search_and_codes(client):
    home = Site.objects.get(is_default_site=True).root_page
    home.add_child(instance=Page(title="公开", slug="open"))
    home.add_child(instance=Page(title="草稿", slug="draft", live=False))
    answer = client.get("/sitemap.xml")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "/open/" in text
    assert "/draft/" not in text
    assert "/search/" not in text
    assert "/q/" not in text


def test_every_address_is_listed_in_both_scripts_with_its_alternates(client):
    Site.objects.get(is_default_site=True).root_page.add_child(instance=Page(title="公开", slug="open"))
    GlossaryTerm.objects.create(term="土湿", meaning="凉。")
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    listed = {
        url.findtext("s:loc", namespaces=names): {
            link.get("hreflang"): link.get("href") for link in url.findall("x:link", names)
        }
        for url in root.findall("s:url", names)
    }
    law = next(url for url in listed if url.endswith("/law/glossary/") and "/zh-hant/" not in url)
    traditional = law.replace("/law/", "/zh-hant/law/")
    assert listed[law] == {"zh-Hans": law, "zh-Hant": traditional, "x-default": law}
    assert listed[traditional] == listed[law]
    assert sum("/zh-hant/" in url for url in listed) * 2 == len(listed)
    page = next(url for url in listed if url.endswith("/open/") and "/zh-hant/" in url)
    assert listed[page]["zh-Hans"] == page.replace("/zh-hant/", "/")
    assert client.get(urlsplit(traditional).path).status_code == 200
