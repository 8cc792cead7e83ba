"""Long films as HLS: sizes, one decode, what is shown when, what a worker that fails leaves, turns of ffmpeg."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from jobs.models import Job
from jobs.queue import cancel
from jobs.worker import claim, execute, work_once
from media import films, pipeline, slots, sprites, streaming
from media.admin.views import time_left
from media.ffmpeg import Source, run_ffmpeg
from media.models import State, Video
from media.probe import probe

pytestmark = pytest.mark.django_db


def fresh(made: Any) -> Any:
    return type(made).objects.get(pk=made.pk)


@pytest.fixture
def long_film(upload: Any, monkeypatch: Any, people: Any) -> Video:
    """A film of 17 s that counts as long, in a small ladder."""
    monkeypatch.setattr(pipeline, "STREAM_S", 10)
    monkeypatch.setattr(streaming, "SIZES", (180, 120))
    video = films.create_film(
        "长片", upload("long.mp4"), name="long.mp4", user=people.editor, no_captions_reason="无声"
    )
    assert work_once(limit=1) == 1
    return fresh(video)


@pytest.mark.parametrize(
    ("source", "sizes"),
    [
        ((3840, 2160), [(1920, 1080), (1280, 720), (854, 480)]),
        ((1920, 1080), [(1920, 1080), (1280, 720), (854, 480)]),
        ((1080, 1920), [(1080, 1920), (720, 1280), (480, 854)]),
        ((1280, 720), [(1280, 720), (854, 480)]),
        ((1024, 576), [(854, 480)]),
        ((1100, 620), [(1100, 620), (852, 480)]),
        ((640, 360), [(640, 360)]),
    ],
)
def test_sizes_are_480_and_720_and_1080_where_the_source_has_them(source: Any, sizes: Any) -> None:
    assert streaming.ladder(*source) == sizes


@given(st.integers(16, 4096), st.integers(16, 2304))
def test_sizes_are_even_fall_and_never_outgrow_the_source(width: int, height: int) -> None:
    made = streaming.ladder(width, height)
    assert made == sorted(made, reverse=True)
    assert all(side % 2 == 0 for size in made for side in size)
    assert all(min(size) <= min(width, height) + 1 for size in made)


def test_the_page_is_ready_before_the_stream_is_made(long_film: Video, client: Any, people: Any) -> None:
    version = long_film.current_version
    assert version.state == State.READY
    assert version.stream_job().state == Job.State.QUEUED
    films.publish(long_film, user=people.editor)
    page = client.get(long_film.get_absolute_url()).text
    assert "data-stream" not in page
    work_once()
    page = client.get(long_film.get_absolute_url()).text
    address = re.search(r'data-stream="([^"]+)"', page)
    assert address
    assert client.get(address.group(1))["Content-Type"] == "application/vnd.apple.mpegurl"
    assert page.count("<image ") == 4
    assert '<track kind="metadata"' in page


def test_every_size_is_whole_and_has_sound(long_film: Video) -> None:
    work_once()
    stream = fresh(long_film).stream
    folder = Path(stream.file.path).parent
    master = (folder / "master.m3u8").read_text()
    assert re.findall(r"RESOLUTION=(\S+?),", master) == ["320x180", "214x120"]
    assert "mp4a.40.2" in master
    for place, size in enumerate([(320, 180), (214, 120)]):
        made = probe(folder / f"v{place}.m4s")
        assert (made["width"], made["height"]) == size
        assert made["audio"]["rate"] == 48000
        assert made["held_s"] == pytest.approx(17, abs=0.2)
        listing = (folder / f"v{place}.m3u8").read_text()
        assert [float(length) for length in streaming.EXTINF.findall(listing)] == pytest.approx([6, 6, 5], abs=0.1)
        assert listing.rstrip().endswith("#EXT-X-ENDLIST")
        ranges = [tuple(map(int, found)) for found in re.findall(r"BYTERANGE[:=]\"?(\d+)@(\d+)", listing)]
        assert sum(length for length, _start in ranges) == (folder / f"v{place}.m4s").stat().st_size
    assert stream.size_bytes == sum(path.stat().st_size for path in folder.iterdir())


def test_a_segment_is_asked_for_by_range(long_film: Video, client: Any) -> None:
    work_once()
    media = fresh(long_film).stream.file.url.replace("master.m3u8", "v0.m4s")
    response = client.get(media, headers={"Range": "bytes=10-19"})
    assert (response.status_code, response["Content-Type"]) == (206, "video/iso.segment")
    assert len(b"".join(response.streaming_content)) == 10


def test_the_sheet_of_small_pictures_is_what_its_webvtt_says(long_film: Video) -> None:
    work_once()
    video = fresh(long_film)
    with Image.open(video.sprite.file.path) as sheet:
        assert sheet.size == (video.sprite.width, video.sprite.height) == (1600, 90)
        assert sheet.getpixel((80, 45)) != sheet.getpixel((1550, 45))  # the last tiles are empty
    text = Path(video.thumbs.file.path).read_text()
    assert re.findall(r"(\S+) --> (\S+)\n(\S+)", text)[-1] == (
        "00:00:15.000",
        "00:00:17.000",
        "sprite.jpg#xywh=480,0,160,90",
    )


def test_a_stream_tells_how_far_it_is_while_it_is_made(tmp_path: Path) -> None:
    graph = "testsrc2=s=160x90:r=5:d=150[v];sine=f=440:d=150[a]"
    output = ["-filter_complex", graph, "-map", "[v]", "-map", "[a]", "-c:v", "libx264", "-preset", "ultrafast"]
    run_ffmpeg([], [*output, "-pix_fmt", "yuv420p", "-c:a", "aac", "film.mp4"], workdir=tmp_path)
    sizes, facts = streaming.ladder(160, 90), probe(tmp_path / "film.mp4")
    told: list[float] = []
    command = streaming.command(sizes, sprites.plan(150, 160, 90), facts)
    run_ffmpeg([Source("film.mp4", "mov")], command, workdir=tmp_path, tick=told.append)
    assert any(5 < seconds < 140 for seconds in told)
    assert len(list(tmp_path.glob("tile*.jpg"))) == 30


@given(st.floats(1, 10_800), st.integers(16, 4096), st.integers(16, 2304))
def test_a_sheet_never_has_more_than_a_hundred_tiles(duration_s: float, width: int, height: int) -> None:
    sheet = sprites.plan(duration_s, width, height)
    assert 1 <= sheet.count <= 100
    assert (sheet.count - 1) * sheet.interval_s < duration_s <= sheet.count * sheet.interval_s
    assert len(sheet.scenes()) <= sprites.MOST_SCENES


def test_a_silent_film_streams_without_sound(upload: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(pipeline, "STREAM_S", 1)
    video = films.create_film("默片", upload("silent.mp4"), name="silent.mp4")
    work_once()
    folder = Path(fresh(video).stream.file.path).parent
    assert probe(folder / "v0.m4s")["audio"] is None


def test_a_stream_that_fails_leaves_the_film_as_it_is(long_film: Video, monkeypatch: Any) -> None:
    from media.errors import FilmProblem

    def fail(*args: Any) -> None:
        raise FilmProblem("half a film")

    monkeypatch.setattr(streaming, "check", fail)
    work_once()
    version = fresh(long_film).current_version
    assert version.state == State.READY
    assert (version.stream_job().state, version.stream_job().error) == (Job.State.FAILED, "half a film")
    assert fresh(long_film).stream is None
    assert not default_storage.listdir(f"films/{version.token}")[0]


def test_made_again_the_new_stream_takes_the_place_of_the_old(
    long_film: Video, monkeypatch: Any, django_capture_on_commit_callbacks: Any
) -> None:
    work_once()
    before = fresh(long_film).stream.file.name
    monkeypatch.setattr(streaming, "SIZES", (180,))
    films.ask_for_stream(long_film.current_version)
    assert fresh(long_film).stream.file.name == before
    with django_capture_on_commit_callbacks(execute=True):
        work_once()
    after = fresh(long_film).stream.file.name
    assert after != before
    assert not default_storage.exists(before)
    assert default_storage.exists(after)
    assert len(default_storage.listdir(f"films/{long_film.current_version.token}")[0]) == 1


def test_a_film_made_again_stays_public_meanwhile(long_film: Video, people: Any) -> None:
    films.publish(long_film, user=people.editor)
    films.ask_for(long_film.current_version, user=people.editor)
    assert fresh(long_film).is_public
    job = claim("somebody")
    assert job is not None
    assert job.kind == "media.process"
    assert fresh(long_film).is_public
    execute(job, "somebody")
    assert fresh(long_film).is_public


def test_short_films_go_before_long_streams(long_film: Video, upload: Any) -> None:
    films.create_film("后来的短片", upload(), name="a.mp4")
    job = claim("somebody")
    assert job is not None
    assert job.kind == "media.process"


def test_the_desk_shows_stops_and_asks_again(long_film: Video, client: Any, people: Any) -> None:
    client.force_login(people.chief)
    version = long_film.current_version
    again = reverse("media_admin:again", args=["stream", version.pk])
    status = reverse("media_admin:status", args=["stream", version.pk])
    assert client.get(status).json()["open"] is True
    client.post(again, {"cancel": "1"})
    assert version.stream_job().state == Job.State.CANCELLED
    assert again in client.get(reverse("media_admin:film", args=[long_film.pk])).text
    client.post(again)
    work_once()
    assert client.get(status).json()["state"] == State.READY
    assert "320×180" in client.get(reverse("media_admin:film", args=[long_film.pk])).text


def test_the_time_left_follows_from_the_speed_so_far() -> None:
    now = timezone.now()
    job = Job(state=Job.State.RUNNING, started_at=now - timedelta(seconds=60), progress=50)
    assert re.search(r"\b(59|60|61)\b", time_left(job))
    job.progress = 10
    assert re.search(r"\b9\b", time_left(job))
    job.progress = 2
    assert time_left(job) == ""
    job.progress, job.state = 50, Job.State.QUEUED
    assert time_left(job) == ""


def test_a_cancelled_stream_stops_ffmpeg_and_leaves_no_folder(
    long_film: Video, monkeypatch: Any, settings: Any
) -> None:
    transcode = streaming.transcode

    def cancel_first(*args: Any, tick: Any, **how: Any) -> Any:
        cancel(long_film.current_version.stream_job())

        def now(seconds: float) -> None:
            run._beat = 0.0  # the next tick asks the database
            tick(seconds)

        return transcode(*args, tick=now, **how)

    run: Any = None
    make = streaming.make

    def keep_run(version: Any, given: Any) -> None:
        nonlocal run
        run = given
        make(version, given)

    monkeypatch.setattr(streaming, "transcode", cancel_first)
    monkeypatch.setattr(streaming, "make", keep_run)
    work_once()
    assert long_film.current_version.stream_job().state == Job.State.CANCELLED
    assert fresh(long_film).stream is None
    assert not list((Path(settings.WORK_ROOT) / "media").iterdir())


def test_ffmpegs_take_turns_and_a_wait_can_be_ended() -> None:
    class Stop(Exception):
        pass

    def stop() -> None:
        raise Stop

    with slots.turn(stop, count=2) as first, slots.turn(stop, count=2) as second:
        assert {first, second} == {0, 1}
        with pytest.raises(Stop), slots.turn(stop, count=2):
            pytest.fail("a third turn of two")
    with slots.turn(stop, count=1) as again:
        assert again == 0
    assert slots.most() >= 1
