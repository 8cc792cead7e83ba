"""One campaign from brief to closing report in a browser: two members of staff, a crew, and somebody in the street."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
import zxingcpp
from django.contrib.auth import get_user_model
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from campaigns import examples
from campaigns.models import Booking, Campaign, ClosingReport, PlanVersion, PostingProof
from campaigns.scans import fold_scans
from jobs.worker import work_once
from tests.campaigns.posters import poster
from tests.campaigns.street_photos import photo
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
PHONE = (
    "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/111.0 Mobile Safari/537.36 "
    "MicroMessenger/8.0.49"
)


class Desk:
    """One member of staff at their own browser."""

    def __init__(self, page: Page, server: Any, name: str) -> None:
        user = get_user_model().objects.create_user(name, password=PASSWORD)
        user.groups.add(group_of(Role.PLANNER))
        self.page, self.url, self.name = page, server.url, name

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        if "/login/" in self.page.url:
            self.page.locator("[name=username]").fill(self.name)
            self.page.locator("[name=password]").fill(PASSWORD)
            self.page.locator("button[type=submit]").click()
            self.page.wait_for_url(f"**{path}")
        return self.page

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()


@pytest.fixture
def li(page: Page, site_server: Any) -> Desk:
    sync_roles()
    return Desk(page, site_server, "planner-li")


@pytest.fixture
def wang(new_page: Callable[..., Page], site_server: Any) -> Desk:
    return Desk(new_page(), site_server, "second-wang")


def compute(desk: Desk, button: str) -> PlanVersion:
    """Press a button that asks for a plan, let a worker make it, and wait until the page shows it."""
    before = PlanVersion.objects.count()
    desk.press(button)
    expect(desk.page.locator("#job")).to_be_visible()
    work_once()
    desk.page.wait_for_url(re.compile(r"/planner/plans/\d+/"))
    assert PlanVersion.objects.count() == before + 1
    return PlanVersion.objects.order_by("-pk")[0]


def read_codes(picture: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))]


@pytest.mark.usefixtures("no_foreign_requests")
def test_a_whole_campaign(
    li: Desk, wang: Desk, *, new_page: Callable[..., Page], browser: Browser, site_server: Any, settings: Any,
    tmp_path: Path, axe: Callable[..., list[str]],
) -> None:  # fmt: skip
    settings.PUBLIC_URL = site_server.url
    area = examples.campaign().area
    today = timezone.localdate()

    # A brief of one's own.
    desk = li.open(f"/planner/{area.slug}/?new=1")
    desk.get_by_label("投放活动").fill("社区矫正法宣传（示例）")
    desk.get_by_label("上刊").fill(str(today))
    desk.get_by_label("下刊").fill(str(today + timedelta(days=27)))
    desk.get_by_label("预算（元）").fill("60,000")
    desk.get_by_label("预算（元）").blur()
    expect(desk.locator("#trial-said")).to_contain_text("到达率")
    first = compute(li, "计算投放方案")
    assert axe(desk) == []

    # Lock one, exclude one, and see both in the next plan and side by side.
    picks = list(first.picks.all())
    locked, excluded = picks[-1], picks[0]
    desk.locator(f"#stored #pick-{locked.order} button[value=lock]").click()
    expect(desk.locator("#trial .picks .tag-law")).to_have_count(1)
    desk.locator("#trial .picks li", has_text=excluded.name).first.get_by_role("button", name="排除").click()
    expect(desk.locator("#trial .aside-marks")).to_contain_text(excluded.name)
    second = compute(li, "按此计算并保存")
    codes = {pick.code for pick in second.picks.all()}
    assert locked.code in codes
    assert excluded.code not in codes
    desk.get_by_text("历次方案", exact=True).click()
    desk.get_by_role("link", name=re.compile("^对比")).click()
    expect(desk.locator("table").first).to_contain_text("到达率")
    expect(desk.locator(".three")).to_contain_text(excluded.name)
    assert axe(desk) == []

    # Nobody approves their own; the second person does; then it is booked, and the schedule is a workbook.
    li.open(second.get_absolute_url())
    expect(desk.get_by_text("等待另一位同事审核")).to_be_visible()
    expect(desk.get_by_role("button", name="审核通过")).to_have_count(0)
    wang.open(second.get_absolute_url())
    wang.press("审核通过")
    li.open(second.get_absolute_url())
    li.press("全部排期")
    bookings = list(Booking.objects.filter(plan=second, state="booked").select_related("placement__stop"))
    assert len(bookings) == second.picks.count()
    desk.get_by_role("link", name="报告", exact=True).click()
    with desk.expect_download() as workbook:
        desk.get_by_role("link", name="排期表（XLSX）").click()
    sheet = openpyxl.load_workbook(io.BytesIO(Path(workbook.value.path()).read_bytes())).active
    assert sheet is not None
    assert sheet.max_row >= len(bookings)

    # Artwork for a shelter: refused, then accepted, then approved by the other.
    shelter = next(one for one in bookings if one.placement.format == "shelter")
    campaign = Campaign.objects.get(pk=second.campaign_id)
    width, height = (round(float(side) * 1000) for side in (shelter.placement.width_m, shelter.placement.height_m))  # type: ignore[arg-type]
    li.open(f"/planner/campaigns/{campaign.pk}/artwork/?face=shelter-{width}-{height}")
    desk.locator("#id_scale").select_option("10")
    desk.locator("#id_file").set_input_files(poster(tmp_path, "RGB", width, height))
    li.press("检查并提交")
    expect(desk.locator("#refused")).to_contain_text("印刷需要 CMYK")
    desk.locator("#id_file").set_input_files(poster(tmp_path, "CMYK", width, height))
    li.press("检查并提交")
    expect(desk.locator("h1")).to_contain_text("待审核")
    wang.open(urlsplit(desk.url).path)
    wang.press("审核通过这一版画面")
    expect(wang.page.locator("h1")).to_contain_text("已审核")

    # Somebody scans what hangs there.
    code = shelter.codes.get()
    face = wang.page.context.request.get(f"{wang.page.url}face.png?code={code.code}").body()
    assert read_codes(face) == [f"{site_server.url}/q/{code.code}"]
    street = new_page(width=375, height=740, user_agent=PHONE)
    opened = street.goto(read_codes(face)[0])
    assert opened is not None
    assert opened.status == 200
    assert "/q/" not in street.url
    assert fold_scans() == 1

    # The crew gets a link, and sends a photo from the street without an account.
    li.open(f"/planner/campaigns/{campaign.pk}/posting/")
    desk.locator(f"[name=crew-{shelter.pk}]").fill("一组")
    li.press("保存班组")
    desk.locator("#link-crew").select_option("一组")
    li.press("生成链接")
    link = desk.locator(".crew-link a").get_attribute("href")
    assert link is not None
    assert read_codes(desk.locator(".crew-link .code").screenshot()) == [link]
    crew = new_page(width=375, height=740, has_touch=True)
    crew.goto(link)
    expect(crew.locator(".stops li")).to_have_count(1)
    assert axe(crew) == []
    crew.locator(".stops a").click()
    stop = shelter.placement.stop
    assert stop is not None
    shot = tmp_path / "street.jpg"
    shot.write_bytes(photo((stop.lat, stop.lon), timezone.localtime()).read())
    crew.get_by_label("拍照").set_input_files(shot)
    crew.get_by_role("button", name="提交").click()
    expect(crew.locator(".notes")).to_contain_text("时间和位置相符")
    assert axe(crew) == []
    assert PostingProof.objects.get().state == "proved"

    # Money, and the end: closed with lessons, taken away as one file that needs nothing and nobody.
    li.open(f"/planner/campaigns/{campaign.pk}/money/")
    desk.get_by_label("金额（元）").fill("1,000")
    desk.get_by_label("收款方").fill("示例传媒")
    li.press("登记")
    li.open(f"/planner/campaigns/{campaign.pk}/closing/")
    desk.get_by_label("哪些值得再做，哪些要改").fill("学校门口的候车亭最好。")
    li.press("结案")
    report = ClosingReport.objects.get()
    with desk.expect_download() as download:
        desk.get_by_role("link", name=re.compile("下载成一个文件")).click()
    closed_report_stands_alone(browser, download.value.path(), report)


def closed_report_stands_alone(browser: Browser, file: Path, report: ClosingReport) -> None:
    """The downloaded file opens from disk, asks for nothing, and says the figures that were kept."""
    there = file.with_suffix(".html")
    there.write_bytes(file.read_bytes())
    context = browser.new_context(offline=True)
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    try:
        page = context.new_page()
        page.goto(there.as_uri())
        assert asked == [there.as_uri()]
        delivered = report.figures["delivered"]
        text = page.locator("body").inner_text()
        assert f"{100 * delivered['central']['reach']:.0f}%" in text
        assert "学校门口的候车亭最好。" in text
        assert report.figures["scans"]["total"] == 1
        assert (delivered["posted"], delivered["flights"]) == (1, report.plan.bookings.count())
        assert report.figures["money"]["paid_cny"] == "1000.00"
        assert report.sha256[:16] in text
    finally:
        context.close()
