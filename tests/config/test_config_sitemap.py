"""The sitemap lists what is public, and nothing else."""

import pytest
from wagtail.models import Page, Site

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
