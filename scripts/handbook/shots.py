"""What a picture of the handbooks is, and how one is taken and kept small.

A module of this package (`editor`, `film`, `planner` …) names its pictures in `SHOTS`; `python -m scripts.handbook`
takes them in that order, all on one site, so that a shot may build on what an earlier one did.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from scripts.screenshots import log_in
from scripts.steps import ROOT, Stop, say

IMAGES = ROOT / "docs" / "handbook" / "images"
MOST_BYTES = 150 * 1024
COLOURS = (256, 128, 64, 32)
NARROWER = 0.85
LEAST_WIDTH = 640
FILM_AT_S = 2
# A film that is still loading shows a wheel: every one is loaded whole, moved on a little, and waited for.
SHOW_FILMS = f"""Promise.all([...document.querySelectorAll("video")].map(film => new Promise(done => {{
    setTimeout(done, 10000);
    film.preload = "auto";
    film.addEventListener("canplaythrough", () => {{
        film.addEventListener("seeked", () => setTimeout(done, 700), {{once: true}});
        film.currentTime = {FILM_AT_S};
    }}, {{once: true}});
    film.load();
}})))"""


@dataclass
class Scene:
    """The site that is pictured, and what earlier shots have noted for later ones (addresses, names)."""

    url: str
    accounts: dict[str, str]  # account of a role, such as `first-reviewer` → password
    notes: dict[str, str] = field(default_factory=dict)


Act = Callable[[Page, Scene], None]


@dataclass(frozen=True)
class Shot:
    """One picture. `act` does on the page whatever the picture needs; where `path` depends on what was done, it goes
    there itself. `part` is a selector of what is pictured; the window without one, the whole page with `whole`.
    """

    name: str  # of the file, without .png; also what the handbook's text names
    account: str = ""  # whose screen; nobody's for a visitor
    path: str = "/admin/"
    act: Act | None = None
    part: str = ""
    whole: bool = False
    width: int = 1280
    height: int = 820


class Camera:
    """Takes shots with one browser; each account logs in once."""

    def __init__(self, browser: Browser, scene: Scene, folder: Path = IMAGES) -> None:
        self.browser = browser
        self.scene = scene
        self.folder = folder
        self.contexts: dict[str, BrowserContext] = {}

    def take(self, shot: Shot) -> Path:
        """Take one picture and write it as `<folder>/<name>.png`. Raises Stop where its page does not open."""
        page = self._context(shot.account).new_page()
        page.set_viewport_size({"width": shot.width, "height": shot.height})
        try:
            response = page.goto(self.scene.url + shot.path)
            if response is None or not response.ok:
                raise Stop(f"{shot.path} answers {response.status if response else 'nothing'} to {shot.account}.")
            if shot.act is not None:
                shot.act(page, self.scene)
            page.wait_for_load_state("networkidle")
            page.evaluate(SHOW_FILMS)
            data = page.locator(shot.part).first.screenshot() if shot.part else page.screenshot(full_page=shot.whole)
        finally:
            page.close()
        path = self.folder / f"{shot.name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(small(data))
        say(f"  {path.name} ({path.stat().st_size // 1024} KB)")
        return path

    def _context(self, account: str) -> BrowserContext:
        if account not in self.contexts:
            context = self.browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
            context.set_default_timeout(20_000)
            if account:
                log_in(context, self.scene.url, account, self.scene.accounts[account])
            self.contexts[account] = context
        return self.contexts[account]


def small(data: bytes) -> bytes:
    """The same picture as a PNG with a palette, at most MOST_BYTES; fewer colours first, then fewer pixels."""
    picture = Image.open(io.BytesIO(data)).convert("RGB")
    while True:
        for colours in COLOURS:
            out = io.BytesIO()
            picture.quantize(colours, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
            if out.tell() <= MOST_BYTES:
                return out.getvalue()
        width = round(picture.width * NARROWER)
        if width < LEAST_WIDTH:
            raise Stop("A picture of the handbook cannot be made small enough: picture a part of the page.")
        picture = picture.resize((width, round(picture.height * NARROWER)), Image.Resampling.LANCZOS)
