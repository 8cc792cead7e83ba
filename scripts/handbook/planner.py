"""Pictures of the planner's handbook (docs/handbook/投放规划手册.md): one campaign, each picture a step further."""

import io
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image, ImageDraw
from playwright.sync_api import FilePayload, Page

from scripts.handbook.shots import Scene, Shot

AREA = "/planner/pengjiang/"
PLAN_LIMIT_MS = 180_000
ACROSS, BELOW = 3500, 1500  # mm of the example's shelter faces
CREW = "一组（示例）"


def compute(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()
    page.wait_for_url(re.compile(r"/planner/plans/\d+/"), timeout=PLAN_LIMIT_MS)
    page.locator("#canvas[data-ready]").wait_for()


def first_plan(page: Page, scene: Scene) -> None:
    """From today, so that photos and flights of the later pictures fit."""
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    page.locator("#id_starts_on").fill(str(today))
    page.locator("#id_ends_on").fill(str(today + timedelta(days=27)))
    page.locator(".go button").click()
    page.wait_for_url(re.compile(r"/planner/plans/\d+/"), timeout=PLAN_LIMIT_MS)
    page.locator("#canvas[data-ready]").wait_for()
    scene.notes["first"] = path_of(page)
    link = page.locator(".next-steps a").first.get_attribute("href") or ""
    scene.notes["campaign"] = link.split("/")[3]


def try_out(page: Page, scene: Scene) -> None:
    page.goto(scene.url + scene.notes["first"])
    page.locator("#canvas[data-ready]").wait_for()
    page.locator("#stored .marks button[value=lock]").nth(1).click()
    page.locator("#trial .tag-law").first.wait_for()
    slide = page.locator("#budget-slide")
    slide.focus()
    with page.expect_response(re.compile("/trial/")):
        for _ in range(20):
            slide.press("ArrowLeft")
    page.locator("#trial-said.vh").wait_for(state="attached")
    page.locator("#main").evaluate("pane => pane.scrollTo(0, 0)")


def compare(page: Page, scene: Scene) -> None:
    """The browser still has the changes that were tried out."""
    page.goto(scene.url + scene.notes["first"])
    page.locator("#trial .tag-law").first.wait_for()
    compute(page, "按此计算并保存")
    scene.notes["second"] = path_of(page)
    page.get_by_text("历次方案", exact=True).click()
    page.get_by_role("link", name=re.compile("^对比")).first.click()
    page.locator("#canvas[data-ready]").wait_for()


def approve(page: Page, scene: Scene) -> None:
    page.goto(scene.url + scene.notes["second"])
    page.get_by_role("button", name="审核通过", exact=True).click()
    page.locator("#canvas[data-ready]").wait_for()


def book(page: Page, scene: Scene) -> None:
    page.goto(scene.url + scene.notes["second"])
    page.get_by_role("button", name="全部排期", exact=True).click()
    page.goto(f"{scene.url}/planner/bookings/?campaign={scene.notes['campaign']}")


def refuse_artwork(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.url}/planner/campaigns/{scene.notes['campaign']}/artwork/?face=shelter-{ACROSS}-{BELOW}")
    page.locator("#id_scale").select_option("10")
    page.locator("#id_file").set_input_files(poster("RGB"))
    page.get_by_role("button", name="检查并提交").click()
    page.locator("#refused").wait_for()


def accept_artwork(page: Page, scene: Scene) -> None:
    refuse_artwork(page, scene)
    page.locator("#id_file").set_input_files(poster("CMYK"))
    page.get_by_role("button", name="检查并提交").click()
    page.locator(".mockup").wait_for()
    scene.notes["artwork"] = path_of(page)


def approve_artwork(page: Page, scene: Scene) -> None:
    page.goto(scene.url + scene.notes["artwork"])
    page.get_by_role("button", name="审核通过这一版画面").click()
    page.locator(".mockup").scroll_into_view_if_needed()


def make_link(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.url}/planner/campaigns/{scene.notes['campaign']}/posting/")
    for shelter in page.locator(".tasks tr", has_text="候车亭").all():
        shelter.locator(".crew-field").fill(CREW)
    page.get_by_role("button", name="保存班组").click()
    page.locator("#link-crew").select_option(CREW)
    page.get_by_role("button", name="生成链接").click()
    scene.notes["crew"] = page.locator(".crew-link a").first.get_attribute("href") or ""


def crew_list(page: Page, scene: Scene) -> None:
    page.goto(scene.notes["crew"])


def crew_photo(page: Page, scene: Scene) -> None:
    page.goto(scene.notes["crew"])
    page.locator(".stops a").first.click()
    page.get_by_label("拍照").set_input_files(photo())
    page.get_by_role("button", name="提交").click()
    page.locator(".sent").wait_for()


def judge(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.url}/planner/campaigns/{scene.notes['campaign']}/posting/")
    page.locator(".versions a").first.click()
    page.get_by_role("button", name="确认无误").click()


def money(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.url}/planner/campaigns/{scene.notes['campaign']}/money/")
    page.get_by_label("金额（元）").fill("50,000")
    page.get_by_label("收款方").fill("示例传媒有限公司")
    page.get_by_role("button", name="登记", exact=True).click()


def closing(page: Page, scene: Scene) -> None:
    page.goto(f"{scene.url}/planner/campaigns/{scene.notes['campaign']}/closing/")


def path_of(page: Page) -> str:
    return re.sub(r"^https?://[^/]+|#.*$", "", page.url)


def poster(mode: str) -> FilePayload:
    """A face with bleed at a tenth of its size: fields of colour, as lettering is the designer's."""
    size = round((ACROSS + 60) / 254 * 720), round((BELOW + 60) / 254 * 720)
    dark, light, red = ((235, 180, 0, 60), (12, 6, 0, 0), (20, 240, 230, 20)) if mode == "CMYK" else (
        (20, 71, 143), (238, 243, 250), (184, 35, 26),
    )  # fmt: skip
    made: Any = Image.new(mode, size, dark)
    draw = ImageDraw.Draw(made)
    draw.ellipse((size[0] * 0.05, size[1] * 0.12, size[0] * 0.45, size[1] * 0.88), fill=light)
    draw.rectangle((size[0] * 0.5, size[1] * 0.3, size[0] * 0.78, size[1] * 0.4), fill=light)
    draw.rectangle((size[0] * 0.5, size[1] * 0.5, size[0] * 0.7, size[1] * 0.56), fill=red)
    return as_file(made, "face.jpg", dpi=(720, 720))


def photo() -> FilePayload:
    """A street as a drawing: what matters is that it is a photo that says neither time nor place."""
    made = Image.new("RGB", (1200, 900), (178, 202, 224))
    draw = ImageDraw.Draw(made)
    draw.rectangle((0, 560, 1200, 900), fill=(122, 132, 144))
    draw.rectangle((180, 240, 1020, 280), fill=(44, 55, 70))
    draw.rectangle((300, 300, 900, 560), fill=(238, 243, 250))
    draw.rectangle((330, 330, 600, 530), fill=(20, 71, 143))
    return as_file(made, "street.jpg")


def as_file(picture: Image.Image, name: str, **how: Any) -> FilePayload:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85, **how)
    return {"name": name, "mimeType": "image/jpeg", "buffer": out.getvalue()}


SHOTS: list[Shot] = [
    Shot("planner-workbench", "planner", AREA, first_plan, height=900),
    Shot("planner-trial", "planner", AREA, try_out, height=900),
    Shot("planner-compare", "planner", AREA, compare, height=900),
    Shot("planner-approved", "final-reviewer", AREA, approve, height=900),
    Shot("planner-schedule", "planner", AREA, book),
    Shot("planner-artwork-refused", "planner", AREA, refuse_artwork, part="main"),
    Shot("planner-artwork", "planner", AREA, accept_artwork, part="main"),
    Shot("planner-artwork-approved", "final-reviewer", AREA, approve_artwork),
    Shot("planner-crew-links", "planner", AREA, make_link, part="#links"),
    Shot("planner-crew-list", "", "/", crew_list, width=375, height=740),
    Shot("planner-crew-photo", "", "/", crew_photo, width=375, whole=True),
    Shot("planner-proof", "final-reviewer", AREA, judge, part="main"),
    Shot("planner-money", "planner", AREA, money),
    Shot("planner-closing", "planner", AREA, closing, part="main"),
]
