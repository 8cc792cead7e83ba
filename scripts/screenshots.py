"""Pictures of the main pages, phone and desk: `python -m scripts.screenshots [URL [DATA_DIR]]`.

Without a URL a site of its own is started, filled with the starter content and removed again. The pictures go to
`screenshots/` in the data folder, named `<page>-<width>.png`.
"""

import os
import re
import shutil
import sys
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from scripts.steps import DATA_DIR, Stop, say
from scripts.temporary_site import read_accounts, temporary_site

WIDTHS = {375: 740, 1280: 900}
FILM_LIMIT_S = 180
PLAN_LIMIT_S = 180
ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def read(url: str) -> str:
    with urllib.request.urlopen(url, timeout=30) as response:
        return str(response.read().decode("utf-8", errors="replace"))


def public_pages(url: str) -> dict[str, str]:
    """Name → path of one page of each kind, found as a reader would find them."""
    listed = re.findall(r"<loc>https?://[^/<]+(/[^<]*)</loc>", read(f"{url}/sitemap.xml"))

    def first(pattern: str) -> str | None:
        return next((path for path in listed if re.fullmatch(pattern, path)), None)

    found = {
        "home": "/",
        "law-book": "/law/",
        "law": first(r"/law/[^/]+/"),
        "article": first(r"/law/[^/]+/article-24/") or first(r"/law/[^/]+/article-[^/]+/"),
        "films": "/video/",
        "film": first(r"/video/[^/]+/"),
        "search": "/search/?q=%E7%A4%BE%E5%8C%BA%E7%9F%AB%E6%AD%A3",
    }
    return {name: path for name, path in found.items() if path}


def wait_for_film(url: str) -> None:
    """The worker prepares the starter film after the site is up."""
    limit = time.monotonic() + FILM_LIMIT_S
    while time.monotonic() < limit:
        if "film" in public_pages(url):
            return
        time.sleep(1)
    say(f"No film was ready within {FILM_LIMIT_S} s; its picture is left out.")


def log_in(context: BrowserContext, url: str, name: str, password: str) -> None:
    page = context.new_page()
    page.goto(f"{url}/admin/login/")
    page.fill("input[name=username]", name)
    page.fill("input[name=password]", password)
    page.click("button[type=submit]")
    page.wait_for_url(lambda address: "/login" not in address)
    page.close()


def take(context: BrowserContext, address: str, path: Path) -> None:
    page = context.new_page()
    response = page.goto(address, wait_until="networkidle")
    if response is None or not response.ok:
        raise Stop(f"{address} answers {response.status if response else 'nothing'}; no picture taken.")
    page.screenshot(path=path, full_page=True)
    page.close()
    say(f"  {path.name}")


def take_plan(context: BrowserContext, address: str, path: Path) -> None:
    """Press the planner's button and picture the plan that the worker makes."""
    page = context.new_page()
    page.goto(address)
    page.locator("form.brief button[type=submit]").click()
    page.wait_for_url(re.compile(r"/planner/plans/\d+/"), timeout=PLAN_LIMIT_S * 1000)
    page.wait_for_selector("#canvas[data-ready=true]")
    page.screenshot(path=path, full_page=True)
    page.close()
    say(f"  {path.name}")


def take_all(browser: Browser, url: str, accounts: dict[str, str], folder: Path) -> None:
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        for name, path in public_pages(url).items():
            take(context, url + path, folder / f"{name}-{width}.png")
        if "planner" in accounts:
            log_in(context, url, "planner", accounts["planner"])
            planner = context.new_page()
            planner.goto(f"{url}/planner/")
            areas = planner.locator("a[href^='/planner/']").evaluate_all("links => links.map(a => a.pathname)")
            planner.close()
            take(context, f"{url}/planner/", folder / f"planner-{width}.png")
            area = next((path for path in areas if re.fullmatch(r"/planner/(?!bookings/)[^/]+/", path)), None)
            if area:
                take(context, url + area, folder / f"planner-map-{width}.png")
                take_plan(context, url + area, folder / f"planner-plan-{width}.png")
        context.close()


def picture(url: str, accounts: dict[str, str]) -> None:
    folder = DATA_DIR / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    wait_for_film(url)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGS)
        take_all(browser, url, accounts, folder)
        browser.close()
    say(f"Pictures are in {folder}")


def main(arguments: Sequence[str]) -> int:
    try:
        if arguments:
            accounts = read_accounts(Path(arguments[1])) if len(arguments) > 1 else {}
            picture(arguments[0].rstrip("/"), accounts)
        else:
            say("Starting a site to picture …")
            with tempfile.TemporaryDirectory(prefix="pufa-pictures-") as data, temporary_site(Path(data)) as site:
                picture(site.url, site.accounts)
    except Stop as stop:
        say(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
