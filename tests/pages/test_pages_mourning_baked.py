"""A page that was kept in colours is not shown in mourning, nor the other way round."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from baking import generations
from pages.models import HomePage, SiteIdentity


def test_a_kept_page_turns_grey_and_back_on_time(
    starter: HomePage, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.BAKED_PAGES, settings.BAKED_ROOT = True, tmp_path / "baked"
    now = timezone.now()
    begins, ends = now + timedelta(minutes=5), now + timedelta(minutes=9)
    Site.objects.update(hostname="testserver", port=80)
    SiteIdentity.objects.update(mourning_from=begins, mourning_until=ends)
    generations.forget()

    def is_grey(moment: Any) -> bool:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        Client().get("/")
        kept = Client().get("/")
        assert "ETag" in kept.headers
        return b"data-mourning" in kept.content

    assert not is_grey(now)
    assert not is_grey(begins - timedelta(seconds=1))
    assert is_grey(begins)
    assert is_grey(ends - timedelta(seconds=1))
    assert not is_grey(ends)
    generations.forget()
