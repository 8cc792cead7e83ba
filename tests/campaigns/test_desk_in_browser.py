"""The pages behind a plan in a real browser: nothing scrolls sideways, nothing is out of reach or from afar."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from campaigns import examples
from campaigns.models import Artwork, Booking, Campaign
from campaigns.services.artwork import accept, approve_artwork
from campaigns.services.booking import approve_plan, book_plan
from campaigns.services.planning import make_plan
from tests.campaigns.posters import poster
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"


def staff(name: str) -> Any:
    user = get_user_model().objects.create_user(name, password=PASSWORD)
    user.groups.add(group_of(Role.PLANNER))
    return user


def log_in(page: Page, server: Any, name: str, then: str) -> None:
    page.goto(f"{server.url}{then}")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url(f"**{then}")


def sideways(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.fixture
def campaign(site_server: Any) -> Campaign:
    """The example, booked from today, so that photos of today fit."""
    sync_roles()
    found = examples.campaign()
    today = timezone.localdate()
    found.starts_on, found.ends_on = today, today + timedelta(days=27)
    found.save()
    plan = make_plan(found, iterations=60, user=staff("planner-li"))
    approve_plan(plan, staff("second-wang"))
    book_plan(plan, get_user_model().objects.get(username="planner-li"))
    return found


@pytest.mark.usefixtures("no_foreign_requests")
def test_artwork_is_refused_then_accepted_then_approved_and_its_code_is_read(
    page: Page, site_server: Any, campaign: Campaign, tmp_path: Path, axe: Callable[..., list[str]]
) -> None:
    log_in(page, site_server, "planner-li", f"/planner/campaigns/{campaign.pk}/artwork/")
    page.get_by_role("link", name="还缺，去上传").last.click()
    width, height = (int(page.locator(f"#id_{side}_mm").input_value()) for side in ("width", "height"))
    page.locator("#id_scale").select_option("10")
    page.locator("#id_file").set_input_files(poster(tmp_path, "RGB", width, height))
    page.get_by_role("button", name="检查并提交").click()
    expect(page.locator("#refused")).to_contain_text("印刷需要 CMYK")
    assert sideways(page) <= 0
    assert axe(page) == []
    page.locator("#id_file").set_input_files(poster(tmp_path, "CMYK", width, height))
    page.get_by_role("button", name="检查并提交").click()
    expect(page.locator("h1")).to_contain_text("待审核")
    page.locator(".flat img").evaluate("image => image.decode()")
    assert axe(page) == []
    made = Artwork.objects.get()
    shown = page.context.request.get(page.locator(".flat img").evaluate("image => image.src")).body()
    read = [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(shown)))]
    assert len(read) == 1
    assert read[0].rsplit("/", 1)[1] in {
        code.code for booking in Booking.objects.live() for code in booking.codes.all()
    }
    page.context.clear_cookies()
    log_in(page, site_server, "second-wang", f"/planner/artworks/{made.pk}/")
    page.get_by_role("button", name="审核通过这一版画面").click()
    expect(page.locator("h1")).to_contain_text("已审核")


@pytest.mark.parametrize("narrow", [False, True])
def test_flights_posting_and_money_are_readable_at_both_widths(
    new_page: Callable[..., Page], site_server: Any, campaign: Campaign, axe: Callable[..., list[str]], *, narrow: bool
) -> None:
    page = new_page(width=375, height=740, has_touch=True) if narrow else new_page()
    first = Booking.objects.live().first()
    assert first is not None
    log_in(page, site_server, "planner-li", f"/planner/campaigns/{campaign.pk}/posting/")
    for address in (
        f"/planner/campaigns/{campaign.pk}/posting/",
        f"/planner/bookings/?campaign={campaign.pk}",
        f"/planner/bookings/{first.pk}/",
        f"/planner/campaigns/{campaign.pk}/money/",
        f"/planner/campaigns/{campaign.pk}/artwork/",
        f"/planner/campaigns/{campaign.pk}/closing/",
    ):
        page.goto(f"{site_server.url}{address}")
        assert sideways(page) <= 0, address
        assert axe(page) == [], address


def test_a_crew_sends_a_photo_from_the_street_with_the_phones_place(
    new_page: Callable[..., Page], site_server: Any, campaign: Campaign, tmp_path: Path, axe: Callable[..., list[str]]
) -> None:
    flight = Booking.objects.live().filter(placement__stop__isnull=False).first()
    assert flight is not None
    assert flight.placement.stop is not None
    planner = get_user_model().objects.get(username="planner-li")
    width, height = round(flight.placement.width_m * 1000), round(flight.placement.height_m * 1000)  # type: ignore[operator]
    content = poster(tmp_path, "CMYK", width, height).read_bytes()
    artwork = Artwork(
        campaign=campaign, format="shelter", title="示例画面", width_mm=width, height_mm=height, scale=10,
        code_left_mm=width - 300, code_top_mm=height - 300, code_side_mm=220,
    )  # fmt: skip
    accept(artwork, SimpleUploadedFile("a.jpg", content), planner)
    approve_artwork(artwork, get_user_model().objects.get(username="second-wang"))
    page = new_page(width=375, height=740, has_touch=True)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": flight.placement.stop.lat, "longitude": flight.placement.stop.lon})
    log_in(page, site_server, "planner-li", f"/planner/bookings/{flight.pk}/posting/")
    assert sideways(page) <= 0
    assert axe(page) == []
    photo = tmp_path / "street.jpg"
    Image.new("RGB", (1200, 900), (120, 150, 180)).save(photo)
    page.get_by_label("拍照").set_input_files(photo)
    assert page.locator("#id_lat").input_value() == ""  # nothing is asked for before the button
    page.get_by_role("button", name="同意给这张照片记下位置").click()
    expect(page.locator("#where-now [role=status]")).to_contain_text("已记下位置")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".notes")).to_contain_text("时间和位置相符")
    assert axe(page) == []
    proof = flight.proofs.get()
    assert (proof.place_source, proof.state) == ("phone", "proved")
