"""Mourning: every page grey from one moment to another, without anyone at the screen."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from pages.models import HomePage, SiteIdentity

BEGIN = datetime(2026, 12, 13, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
END = BEGIN + timedelta(days=1)


def is_grey(address: str) -> bool:
    html = Client().get(address).content.decode()
    root = html[html.index("<html") : html.index(">", html.index("<html"))]
    return "data-mourning" in root


@pytest.mark.parametrize("address", ["/", "/help/hardship/", "/search/", "/law/", "/video/", "/no-such-page/"])
def test_pages_are_grey_exactly_as_long_as_planned(
    address: str, starter: HomePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    SiteIdentity.objects.update(mourning_from=BEGIN, mourning_until=END)
    second = timedelta(seconds=1)
    for moment, grey in ((BEGIN - second, False), (BEGIN, True), (END - second, True), (END, False)):
        monkeypatch.setattr("django.utils.timezone.now", lambda moment=moment: moment)
        assert is_grey(address) is grey, moment


def test_nothing_is_grey_without_a_plan(starter: HomePage) -> None:
    assert not is_grey("/")


@pytest.mark.parametrize(
    ("begins", "ends", "wrong"),
    [
        (BEGIN, None, "mourning_until"),
        (None, END, "mourning_from"),
        (END, BEGIN, "mourning_until"),
        (END, END, "mourning_until"),
    ],
)
def test_half_a_plan_is_refused(begins: datetime | None, ends: datetime | None, wrong: str, starter: HomePage) -> None:
    identity = SiteIdentity.objects.get()
    identity.mourning_from, identity.mourning_until = begins, ends
    with pytest.raises(ValidationError) as refused:
        identity.clean()
    assert set(refused.value.error_dict) == {wrong}


def test_the_footer_leads_to_privacy_policy_and_site_statement(starter: HomePage) -> None:
    footer = Client().get("/").content.decode().split('<footer class="foot">')[1]
    assert '<a href="/privacy/">隐私政策</a>' in footer
    assert '<a href="/site-statement/">网站声明</a>' in footer
    for address in ("/privacy/", "/site-statement/"):
        assert Client().get(address).status_code == 200
