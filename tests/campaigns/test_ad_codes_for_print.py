"""Codes for the printer: as large as they say, and read back by a decoder from every kind of file."""

import io
import re
import zipfile
from typing import Any

import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from PIL import Image

from campaigns.artwork import codes
from campaigns.models import AdCode, Booking
from campaigns.services.booking import approve_plan, book_plan
from campaigns.services.codefiles import archive, campaign_codes
from campaigns.services.planning import make_plan
from trust.roles import Role

URL = "https://pufa.example.gov.cn/q/demo2a"


def read_back(picture: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(picture.convert("RGB"))]


@pytest.mark.parametrize("side", [60.0, 190.0, 310.0])
def test_a_png_prints_at_its_side_and_is_read_back(side: float) -> None:
    content = codes.png(URL, side)
    picture = Image.open(io.BytesIO(content))
    dpi = picture.info["dpi"][0]
    assert picture.width / dpi * 25.4 == pytest.approx(side, abs=0.1)
    assert dpi >= codes.PNG_DPI
    assert read_back(picture) == [URL]


def test_svg_and_pdf_say_their_size_in_print() -> None:
    svg = codes.svg(URL, 190).decode()
    assert float(re.search(r'width="([\d.]+)mm"', svg)[1]) == pytest.approx(190, abs=0.01)  # type: ignore[index]
    pdf = codes.pdf(URL, 190)
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    assert box is not None
    assert float(box[1]) / 72 * 25.4 == pytest.approx(190, abs=0.01)
    assert box[1] == box[2]


def test_a_third_of_the_code_may_be_lost() -> None:
    """Error level H: a strip pasted over a quarter of the modules does not silence it."""
    picture = codes.raster(URL, 8).convert("RGB")
    side = picture.width
    assert codes.make(URL).error == "H"
    picture.paste((255, 255, 255), (int(side * 0.62), int(side * 0.45), int(side * 0.82), int(side * 0.62)))
    assert read_back(picture) == [URL]


def test_the_side_for_a_distance_is_the_smallest_that_does() -> None:
    side = codes.side_for(URL, 1500)
    assert codes.geometry(URL, side, 300).readable_from_mm >= 1500
    assert codes.geometry(URL, side - 10, 300).readable_from_mm < 1500


@pytest.fixture
def booked(campaign: Any, planner: Any, person: Any) -> Any:
    plan = make_plan(campaign, iterations=60, user=planner)
    approve_plan(plan, person("second", Role.FINAL_REVIEWER))
    book_plan(plan, planner)
    return campaign


def test_the_archive_holds_every_code_three_times_and_says_where_it_hangs(booked: Any) -> None:
    packed = zipfile.ZipFile(io.BytesIO(archive(booked)))
    found = campaign_codes(booked)
    assert found
    assert set(packed.namelist()) == {"codes.csv"} | {
        f"{kind}/{code.code}.{kind}" for code in found for kind in ("svg", "png", "pdf")
    }
    table = packed.read("codes.csv").decode("utf-8-sig")
    for code in found:
        assert code.placement.name in table
        picture = Image.open(io.BytesIO(packed.read(f"png/{code.code}.png")))
        assert read_back(picture) == [f"http://testserver/q/{code.code}"]


def test_a_code_read_from_its_file_leads_through_the_counter_to_a_page(booked: Any, planner: Any) -> None:
    client = Client()
    client.force_login(planner)
    code = campaign_codes(booked)[0]
    answer = client.get(reverse("campaigns:code_file", args=[code.code, "png"]))
    url = read_back(Image.open(io.BytesIO(answer.content)))[0]
    scanned = Client().get(url.removeprefix("http://testserver"), HTTP_USER_AGENT="Mozilla/5.0 (Linux; Android 14)")
    assert scanned.status_code == 302
    assert client.get(reverse("campaigns:code_file", args=[code.code, "exe"])).status_code == 404


def test_a_cancelled_booking_prints_no_code(booked: Any) -> None:
    gone = AdCode.objects.filter(booking__plan__campaign=booked)[0]
    gone.booking.state = Booking.State.CANCELLED  # type: ignore[union-attr]
    gone.booking.save()  # type: ignore[union-attr]
    assert gone not in campaign_codes(booked)
