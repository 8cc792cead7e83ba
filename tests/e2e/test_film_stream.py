"""A long film in Chromium: the MP4 starts, the HLS sizes take over once it plays, and nothing is fetched before."""

from typing import Any

import pytest

from jobs.worker import work_once
from media import films, pipeline, streaming
from media.ffmpeg import run_ffmpeg
from media.models import Video


@pytest.fixture
def film(tmp_path: Any, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Video:
    from django.core.files import File

    settings.WORK_ROOT = tmp_path / "work"
    monkeypatch.setattr(pipeline, "STREAM_S", 10)
    monkeypatch.setattr(streaming, "SIZES", (180, 120))
    graph = "testsrc2=s=320x180:r=25:d=30[v];sine=f=440:d=30[a]"
    output = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "-c:a", "aac", "long.mp4"], workdir=tmp_path)
    with (tmp_path / "long.mp4").open("rb") as file:
        video = films.create_film(
            "长片", File(file), name="long.mp4", slug="long", published=True, published_on="2026-01-02"
        )
    films.save_captions(video, "zh-Hans", "00:00:00,500 --> 00:00:03,000\n早上好\n", file="a.srt")
    work_once()
    return video


def wait_for(page: Any, expression: str, tries: int = 200) -> None:
    for _try in range(tries):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never true: {expression}")


@pytest.mark.usefixtures("no_foreign_requests")
def test_hls_takes_over_when_a_long_film_plays(site_server: Any, page: Any, film: Video, axe: Any) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site_server.url}/video/long/")
    assert axe(page) == []
    assert page.locator(".scenes li").count() == 6
    assert not [address for address in asked if "hls" in address or address.endswith((".m3u8", ".m4s"))]
    page.click(".scenes li:nth-child(3) a")
    wait_for(page, "document.getElementById('film').currentSrc.startsWith('blob:')")
    wait_for(page, "document.getElementById('film').currentTime > 11")
    wait_for(page, "Boolean(document.getElementById('film').dataset.lines)")
    assert page.evaluate("document.getElementById('film').textTracks[0].label") == "简体中文"
    assert any(address.endswith(".m4s") for address in asked)


def test_without_a_script_a_long_film_is_its_mp4(
    site_server: Any, plain_page: Any, phone_page: Any, film: Video
) -> None:
    plain_page.goto(f"{site_server.url}/video/long/")
    plain_page.click(".scenes li:nth-child(2) a")
    assert plain_page.locator("#film source").get_attribute("src").endswith("#t=5")
    phone_page.goto(f"{site_server.url}/video/long/")
    assert phone_page.evaluate("document.documentElement.scrollWidth") <= 375
