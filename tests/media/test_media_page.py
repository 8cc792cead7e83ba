"""The public page of a film in a real browser: it plays, shows captions and follows the transcript."""

import time
from typing import Any

import pytest

from jobs.worker import work_once
from media import films
from media.examples import SLUG, starter_film


def wait_for(page: Any, expression: str, seconds: float = 10) -> None:
    """Playwright's own waiting evaluates strings in the page, which a strict policy forbids."""
    deadline = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(100)


@pytest.mark.usefixtures("no_foreign_requests")
def test_the_sample_film_plays_with_captions_and_follows_its_transcript(site_server: Any, page: Any, axe: Any) -> None:
    video = starter_film()
    assert starter_film() == video  # made once only
    work_once()
    address = f"{site_server.url}/video/{SLUG}/"
    page.goto(address)
    assert page.evaluate("document.getElementById('film').paused")  # nothing plays by itself
    page.click("#cues li:nth-child(3) a")
    wait_for(page, "document.getElementById('film').currentTime > 7.9")
    wait_for(page, "document.getElementById('film').textTracks[0].activeCues.length === 1")
    assert page.locator(".cues [aria-current]").count() == 1
    assert page.url == address
    assert axe(page) == []


def test_it_works_without_script_and_fits_a_phone(
    site_server: Any, upload: Any, plain_page: Any, phone_page: Any, axe: Any
) -> None:
    fields = {"slug": "short", "published": True, "published_on": "2026-01-02", "summary": "短片。"}
    video = films.create_film("短片", upload(), name="clip.mp4", **fields)
    films.save_captions(video, "zh-Hans", "00:00:00,250 --> 00:00:01,000\n旁白：早上好\n", file="a.srt")
    work_once()
    plain_page.goto(f"{site_server.url}/video/short/")
    plain_page.click("#cues a")
    assert plain_page.locator("#film source").get_attribute("src").endswith("#t=0.25")
    for address in ("/video/short/", "/video/"):
        phone_page.goto(site_server.url + address)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 375
        assert axe(phone_page) == []
