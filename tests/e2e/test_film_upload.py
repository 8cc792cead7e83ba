"""A film is sent in pieces from a real browser: paused, taken up after a reload, and through a restart."""

import hashlib
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test.testcases import LiveServerThread
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from media import uploads
from media.ffmpeg import run_ffmpeg
from media.models import Upload, Video
from scripts.temporary_site import free_port
from trust.roles import Role, group_of, sync_roles

PIECE_BYTES = 128 * 1024


class Gate:
    """Lets so many pieces through and holds the next ones, so that an upload can be met half-way."""

    def __init__(self) -> None:
        self.taken = 0
        self.stop_after = 0
        self.add = uploads.add_piece
        self.lock = threading.Lock()

    def __call__(self, upload: Upload, stream: Any, **how: Any) -> int:
        with self.lock:
            if self.stop_after and self.taken >= self.stop_after:
                raise uploads.Busy  # the client comes again
            self.taken += 1
        return self.add(upload, stream, **how)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate()
    monkeypatch.setattr(uploads, "PIECE_BYTES", PIECE_BYTES)
    monkeypatch.setattr(uploads, "add_piece", gate)
    return gate


@pytest.fixture
def film(tmp_path: Path) -> Path:
    output = ["-filter_complex", "testsrc2=s=1280x720:r=25:d=4,noise=alls=40:allf=t[v]", "-map", "[v]"]
    run_ffmpeg([], [*output, "-c:v", "libx264", "-preset", "ultrafast", "-b:v", "6M", "film.mp4"], workdir=tmp_path)
    named = tmp_path / '站台 上的"一课".mp4'
    (tmp_path / "film.mp4").rename(named)
    assert named.stat().st_size > 8 * PIECE_BYTES
    return named


class ServerThatComesBack(ThreadedWSGIServer):
    """Takes its port again although connections of its former self linger."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options | {"allow_reuse_address": True})


@pytest.fixture
def sign_in(client: Any, django_user_model: Any, settings: Any, tmp_path: Path) -> Callable[[Any, str], None]:
    """`sign_in(page, address)` makes a film editor of whoever sits at the page; uploads go to a folder of the test."""
    settings.WORK_ROOT = tmp_path / "work"

    def sign(page: Any, address: str) -> None:
        sync_roles()
        person = django_user_model.objects.create_user("film-editor")
        person.groups.add(group_of(Role.VIDEO_EDITOR))
        client.force_login(person)
        cookie = client.cookies["sessionid"]
        page.context.add_cookies([{"name": "sessionid", "value": cookie.value, "url": address}])

    return sign


def wait_until(page: Any, true: Callable[[], bool], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, page.locator("[data-status]").inner_text()
        page.wait_for_timeout(50)


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.usefixtures("no_foreign_requests")
def test_an_upload_is_paused_and_goes_on_after_a_reload(
    site_server: Any, page: Any, sign_in: Any, gate: Gate, film: Path
) -> None:
    sign_in(page, site_server.url)
    gate.stop_after = 3
    page.goto(site_server.url + reverse("films:add"))
    page.fill("[name=title]", "站台上的一课")
    page.set_input_files("[name=file]", film)
    wait_until(page, lambda: gate.taken == 3 and "%" in page.locator("[data-status]").inner_text())
    page.click("[data-pause]")
    assert page.locator("[data-token]").input_value() == ""
    sent = Upload.objects.get().offset
    assert sent == 3 * PIECE_BYTES

    gate.stop_after = 0
    page.on("dialog", lambda dialog: dialog.accept())  # the form has unsaved changes
    page.reload()
    assert film.name in page.locator(".film-upload").inner_text()
    page.fill("[name=title]", "站台上的一课")
    page.set_input_files("[data-film-upload] input[type=file]", film)
    wait_until(page, lambda: page.locator("[data-token]").input_value() != "")
    assert Upload.objects.count() == 1  # the same one went on
    assert gate.taken == 3 + -(-(film.stat().st_size - sent) // PIECE_BYTES)  # nothing was sent twice
    page.click("#w-editor-form footer button[type=submit]")
    page.wait_for_url("**/admin/film/*/")
    version = Video.objects.get(title="站台上的一课").newest_version
    assert version.sha256 == digest(film)
    assert version.original_name == film.name
    assert not Upload.objects.exists()


@pytest.mark.usefixtures("site_server")
def test_an_upload_goes_on_by_itself_when_the_server_is_back(
    page: Any, sign_in: Any, gate: Gate, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LiveServerThread, "server_class", ServerThatComesBack)
    place = f"localhost:{free_port()}"
    server = LiveServer(place)
    sign_in(page, server.url)
    gate.stop_after = 4
    page.goto(server.url + reverse("films:add"))
    page.fill("[name=title]", "重启也不怕")
    page.set_input_files("[name=file]", film)
    wait_until(page, lambda: gate.taken == 4)
    page.click("#w-editor-form footer button[type=submit]")  # it is saved when the file has arrived
    server.stop()
    assert Upload.objects.get().offset == 4 * PIECE_BYTES
    gate.stop_after = 0
    server = LiveServer(place)
    try:
        page.wait_for_url("**/admin/film/*/", timeout=60_000)
    finally:
        server.stop()
    assert Video.objects.get(title="重启也不怕").newest_version.sha256 == digest(film)


def test_without_a_script_the_file_goes_with_the_form(
    site_server: Any, plain_page: Any, sign_in: Any, film: Path
) -> None:
    sign_in(plain_page, site_server.url)
    plain_page.goto(site_server.url + reverse("films:add"))
    plain_page.fill("[name=title]", "没有脚本")
    plain_page.set_input_files("[name=file]", film)
    plain_page.click("#w-editor-form footer button[type=submit]")
    assert Video.objects.get(title="没有脚本").newest_version.sha256 == digest(film)


def test_what_is_not_a_film_is_told_in_words_while_it_is_sent(
    site_server: Any, page: Any, sign_in: Any, tmp_path: Path
) -> None:
    sign_in(page, site_server.url)
    (tmp_path / "a.mp4").write_text("ffconcat version 1.0\nfile secret.mp4\n" * 1000)
    page.goto(site_server.url + reverse("films:add"))
    page.set_input_files("[name=file]", tmp_path / "a.mp4")
    wait_until(page, lambda: "文本" in page.locator("[data-status]").inner_text())
    assert not Upload.objects.exists()
