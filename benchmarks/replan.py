"""How soon a changed brief is answered, against computing the plan anew: the workbench's trial at district size.

    .venv/bin/python -m benchmarks.replan [--rounds 30]

The starter site is served from a temporary folder and its district planned. Chromium moves the budget's slider on the
workbench: from the slider's event to numbers, list and map redrawn. Then, in this process, each kind of change goes
through the view: from the form's fields to the list's HTML and the map's GeoJSON. The peer is what a planner waited for
before: `make_plan` with its 2,000 rounds, from the tables to a stored plan.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from scripts.steps import ROOT
from scripts.temporary_site import temporary_site

SEED = 2026
AREA = "pengjiang"
CHROMIUM = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PLAN_LIMIT_MS = 180_000
TIMED = """async () => {
    const slide = document.getElementById('budget-slide'), canvas = document.getElementById('canvas');
    const began = performance.now();
    const drawn = new Promise(done => canvas.addEventListener('plan:picks', () =>
        requestAnimationFrame(() => setTimeout(() => done(performance.now()), 0)), {once: true}));
    slide.value = String(Number(slide.value) + Number(slide.step) * STEPS);
    slide.dispatchEvent(new Event('input', {bubbles: true}));
    return await drawn - began;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=30)
    rounds = parser.parse_args().rounds
    folder = Path(tempfile.mkdtemp(prefix="pufa-replan-"))
    try:
        with temporary_site(folder) as site:
            in_browser = drag(site.url, site.accounts["planner"], rounds)
            served = through_the_view(folder, rounds)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print("| what | n | median | 95th percentile | CPU, median |\n|---|--:|--:|--:|--:|")
    for name, walls, cpus in [*served, ("slider to numbers, list and map redrawn (Chromium)", in_browser, None)]:
        cpu = f"{1000 * np.median(cpus):.0f} ms" if cpus else ""
        print(f"| {name} | {len(walls)} | {ms(walls, 50)} | {ms(walls, 95)} | {cpu} |")


def ms(seconds: list[float], percentile: float) -> str:
    return f"{1000 * float(np.percentile(seconds, percentile)):,.0f} ms"


def timed(work: Callable[[], Any], repeats: int) -> tuple[list[float], list[float]]:
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - wall)
        cpus.append(time.process_time() - cpu)
    return walls, cpus


def through_the_view(folder: Path, rounds: int) -> list[tuple[str, list[float], list[float] | None]]:
    """Times of the four kinds of question, and of the peer, in this process."""
    os.environ |= {"PUFA_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    sys.path[:0] = [str(ROOT), str(ROOT / "site")]
    import django  # noqa: PLC0415 — the settings are chosen above

    django.setup()
    from django.contrib.auth import get_user_model  # noqa: PLC0415
    from django.test import RequestFactory  # noqa: PLC0415

    from campaigns.models import Campaign  # noqa: PLC0415
    from campaigns.services.planning import make_plan  # noqa: PLC0415
    from campaigns.views.trial import trial  # noqa: PLC0415

    campaign = Campaign.objects.filter(area__slug=AREA).order_by("pk")[0]
    plan = make_plan(campaign)
    picked = [pick.placement_id for pick in plan.picks.all()]
    others = list(campaign.area.placements.exclude(pk__in=picked).values_list("pk", flat=True))
    user, dice = get_user_model().objects.get(username="planner"), random.Random(SEED)
    area = campaign.area
    print(f"{area.placements.count()} placements, {area.hotspots.count()} hotspots\n")

    def ask(**changes: Any) -> None:
        fields = {"campaign": campaign.pk, "locked": "", "excluded": "", "without": ""} | brief(campaign) | changes
        request = RequestFactory().post("/planner/trial/", fields)
        request.user = user
        answer = trial(request, AREA)
        if answer.status_code != 200:
            raise SystemExit(f"the trial answered {answer.status_code}: {answer.content.decode()[:200]}")

    ask()  # loads the network into memory
    kinds = {
        "trial: budget": lambda: ask(budget_cny=str(dice.randrange(60_000, 400_000, 1000))),
        "trial: lock one": lambda: ask(locked=str(dice.choice(others))),
        "trial: exclude one": lambda: ask(excluded=str(dice.choice(picked))),
        "trial: leave one out": lambda: ask(without=str(dice.choice(picked))),
    }
    served: list[tuple[str, list[float], list[float] | None]] = []
    for name, work in kinds.items():
        served.append((name, *timed(work, rounds)))
    served.append(("peer: the plan computed anew and stored", *timed(lambda: make_plan(campaign), max(3, rounds // 6))))
    return served


def brief(campaign: Any) -> dict[str, Any]:
    """The form's fields of a saved brief."""
    from campaigns.forms import BriefForm  # noqa: PLC0415

    form = BriefForm(instance=campaign, area=campaign.area)
    values = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in values.items() if value is not None and value != ""}


def drag(url: str, password: str, rounds: int) -> list[float]:
    """Seconds from a step of the slider to everything redrawn."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    dice = random.Random(SEED)
    steps = [dice.choice([-3, -2, -1, 1, 2, 3]) for _ in range(rounds + 2)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(PLAN_LIMIT_MS)
        page.goto(f"{url}/planner/{AREA}/")
        page.locator("[name=username]").fill("planner")
        page.locator("[name=password]").fill(password)
        page.locator("button[type=submit]").click()
        page.goto(f"{url}/planner/{AREA}/")
        page.locator(".go button").click()
        page.wait_for_url("**/plans/**")
        page.locator("#canvas[data-ready]").wait_for()
        seconds = [page.evaluate(TIMED.replace("STEPS", str(step))) / 1000 for step in steps]
        browser.close()
    return seconds[2:]  # the first two read the network and compile nothing: they are what opening the page costs


if __name__ == "__main__":
    main()
