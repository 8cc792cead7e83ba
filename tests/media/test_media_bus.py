"""A cut of exact length with subtitles in the picture, signed by its bytes, packed for the bus, counted back."""

import io
import json
import subprocess
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from jobs.models import Job
from jobs.worker import work_once
from media import buscuts, films, packaging, playreports, signing
from media.errors import FilmProblem
from media.ffmpeg import Source, run_ffmpeg
from media.models import BusCut, BusProfile, MediaPackage, Playlist, PlaylistItem, PlayReport, State, Video
from media.probe import probe
from trust.approvals import AlreadyApproved, OwnWork
from trust.models import AuditEvent

pytestmark = pytest.mark.django_db
CAPTIONS = (
    "WEBVTT\n\n00:00.000 --> 00:08.000\n旁白：每个人情况不同，所以一人一个方案。\n\n"
    "00:09.000 --> 00:17.000\n先请假，批准了再走。\n"
)


def fresh(made: Any) -> Any:
    return type(made).objects.get(pk=made.pk)


@pytest.fixture
def film(upload: Any, people: Any) -> Video:
    """A film whose version counts as ready; cuts are made from the original, so nothing needs to be transcoded."""
    video = films.create_film("Bus film", upload("long.mp4"), name="long.mp4", user=people.editor)
    Job.objects.all().delete()
    version = video.newest_version
    version.mark(state=State.READY, probe={"duration_s": 17.0})
    Video.objects.filter(pk=video.pk).update(current_version=version)
    films.save_captions(fresh(video), "zh-Hans", CAPTIONS, file="a.vtt", user=people.editor)
    return fresh(video)


def profile(**values: Any) -> BusProfile:
    defaults = {"name": "试屏", "width": 480, "height": 270, "fps": 25, "seconds": 15, "video_kbps": 800}
    return BusProfile.objects.create(**defaults | values)


@pytest.fixture
def cut(film: Video, people: Any, tmp_path: Path) -> BusCut:
    """A finished cut whose bytes are any bytes: what is signed and packed is bytes."""
    made = BusCut.objects.create(version=film.current_version, profile=profile(), made_by=people.editor)
    (tmp_path / "cut.mp4").write_bytes(b"the exact bytes that were watched")
    buscuts.keep(made, tmp_path / "cut.mp4", made.profile.specification, made.wanted_captions())
    return fresh(made)


def make_cut(film: Video, people: Any, *, start_s: float = 1, **values: Any) -> BusCut:
    cut = BusCut.objects.create(
        version=film.current_version, profile=profile(**values), start_s=start_s, made_by=people.editor
    )
    films.ask_for(cut)
    work_once()
    return fresh(cut)


@pytest.mark.parametrize("audio", ["sound", "silent", "none"])
def test_a_cut_is_exactly_fifteen_seconds(film: Video, people: Any, audio: str) -> None:
    cut = make_cut(film, people, audio=audio)
    assert (cut.state, cut.message) == (State.READY, "")
    made = probe(Path(cut.file.path))
    assert (made["frames"], made["duration_s"]) == (375, 15.0)
    assert (made["width"], made["height"], made["fps"]) == (480, 270, 25)
    assert bool(made["audio"]) == (audio != "none")
    assert not default_storage.exists(cut.file.name)  # never where the public could ask for it


def test_subtitles_are_in_the_picture_and_inside_the_safe_area(film: Video, people: Any, tmp_path: Path) -> None:
    with_text = make_cut(film, people, safe_area_percent=10)
    film.caption_tracks.all().delete()
    without = make_cut(film, people, name="无字幕", safe_area_percent=10)
    frames = []
    for cut in (with_text, without):
        folder = tmp_path / str(cut.pk)
        folder.mkdir()
        (folder / "cut.mp4").write_bytes(cut.file.open().read())
        source = Source("cut.mp4", "mov", options=("-ss", "3"))
        run_ffmpeg([source], ["-frames:v", "1", "frame.png"], workdir=folder)
        frames.append(Image.open(folder / "frame.png").convert("L"))
    difference = np.abs(np.asarray(frames[0], dtype=int) - np.asarray(frames[1], dtype=int)) > 60
    rows, columns = np.nonzero(difference)
    assert difference.sum() > 1000
    assert rows.min() > 135
    assert rows.max() <= 270 * 0.9 + 4
    assert columns.min() >= 480 * 0.1 - 4
    assert columns.max() <= 480 * 0.9 + 4


def test_a_film_that_is_too_short_is_refused(film: Video, people: Any) -> None:
    cut = make_cut(film, people, start_s=5)
    assert cut.state == State.FAILED
    assert "12.0" in cut.message


def test_a_missing_glyph_is_an_error_and_never_a_blank(film: Video, people: Any) -> None:
    films.save_captions(film, "zh-Hans", CAPTIONS.replace("方案", "方案😀"), file="b.vtt", user=people.editor)
    cut = make_cut(film, people)
    assert cut.state == State.FAILED
    assert "😀" in cut.message


def test_a_cut_over_the_size_limit_is_refused(film: Video, people: Any) -> None:
    cut = make_cut(film, people, size_cap_mb=1, video_kbps=4000, width=640, height=360)
    assert cut.state == State.FAILED


def test_nobody_approves_their_own_cut(cut: BusCut, people: Any) -> None:
    with pytest.raises(OwnWork):
        buscuts.sign(cut, sha256=cut.sha256, user=people.editor)
    assert not cut.approved
    assert AuditEvent.objects.filter(outcome="refused", subject_id=str(cut.pk)).exists()
    buscuts.sign(cut, sha256=cut.sha256, user=people.reviewer)
    assert cut.approved
    with pytest.raises(AlreadyApproved):
        buscuts.sign(cut, sha256=cut.sha256, user=people.reviewer)


def test_superusers_are_bound_too(cut: BusCut, people: Any) -> None:
    BusCut.objects.filter(pk=cut.pk).update(made_by=people.chief)
    with pytest.raises(OwnWork):
        buscuts.sign(fresh(cut), sha256=cut.sha256, user=people.chief)


def test_changed_bytes_are_not_approved(cut: BusCut, people: Any) -> None:
    with pytest.raises(buscuts.ChangedBytes):
        buscuts.sign(cut, sha256="0" * 64, user=people.reviewer)
    with Path(cut.file.path).open("ab") as file:
        file.write(b"\x00")
    with pytest.raises(buscuts.ChangedBytes):
        buscuts.sign(cut, sha256=cut.sha256, user=people.reviewer)
    assert not cut.approved


def test_a_cut_goes_stale_when_film_captions_or_profile_change(
    cut: BusCut, film: Video, people: Any, upload: Any
) -> None:
    assert not cut.stale
    films.save_captions(film, "zh-Hans", CAPTIONS.replace("先请假", "请先请假"), file="b.vtt", user=people.editor)
    assert fresh(cut).stale
    with pytest.raises(FilmProblem):
        buscuts.sign(fresh(cut), sha256=cut.sha256, user=people.reviewer)
    films.save_captions(film, "zh-Hans", CAPTIONS, file="c.vtt", user=people.editor)
    assert not fresh(cut).stale
    BusProfile.objects.update(video_kbps=900)
    assert fresh(cut).stale
    BusProfile.objects.update(video_kbps=800)
    films.add_version(film, upload("clip.mp4"), name="new.mp4", user=people.editor)
    work_once()
    assert fresh(cut).stale


@pytest.fixture
def package(cut: BusCut, people: Any) -> MediaPackage:
    playlist = Playlist.objects.create(name="蓬江示例", ends_on=timezone.localdate() + timedelta(days=30), loop_s=60)
    PlaylistItem.objects.create(playlist=playlist, cut=cut, plays_per_loop=2)
    with pytest.raises(FilmProblem):
        packaging.ask_for_package(playlist, user=people.editor)  # not approved
    assert not MediaPackage.objects.exists()
    buscuts.sign(cut, sha256=cut.sha256, user=people.reviewer)
    made = packaging.ask_for_package(playlist, user=people.editor)
    work_once()
    return fresh(made)


def test_a_package_verifies_with_sha256sum(package: MediaPackage, tmp_path: Path) -> None:
    assert (package.state, package.message) == (State.READY, "")
    with zipfile.ZipFile(package.file.open()) as archive:
        assert archive.testzip() is None
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}
        assert all(name.isascii() for name in archive.namelist())
        archive.extractall(tmp_path / "out")
    folder = tmp_path / "out"
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout.count(": OK")) == (0, 5)
    manifest = json.loads((folder / "manifest.json").read_text())
    item = manifest["items"][0]
    assert manifest["expires_on"] == package.expires_on.isoformat()
    assert item["sha256"] == BusCut.objects.get().sha256
    assert (folder / "playlist.m3u").read_text().splitlines()[2::2] == [item["file"]] * 2
    assert (folder / "verify.cmd").read_bytes().count(b"\r\n") == (folder / "verify.cmd").read_bytes().count(b"\n") > 10
    (folder / item["file"]).write_bytes(b"x")
    check = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, check=False)
    assert check.returncode == 1


def test_a_withdrawn_package_is_named_in_every_later_one(package: MediaPackage, people: Any, client: Any) -> None:
    packaging.withdraw(package, reason="换新片", user=people.editor)
    again = packaging.ask_for_package(package.playlist, user=people.editor)
    work_once()
    again = fresh(again)
    with zipfile.ZipFile(again.file.open()) as archive:
        told = archive.read("WITHDRAWN.txt").decode("ascii")
    today = timezone.localdate().isoformat()
    assert told.splitlines()[1:] == [f"{package.code} {today}"]
    assert again.manifest["withdrawn"] == [package.code]
    client.force_login(people.chief)
    listing = client.get(reverse("media_admin:withdrawn"))
    assert listing.text == told
    assert reverse("media_admin:withdrawn") in client.get(reverse("media_admin:package", args=[package.pk])).text


def test_a_package_is_signed_once_there_is_a_key(package: MediaPackage, people: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(package.file.open()) as archive:
        assert "SHA256SUMS.sig" not in archive.namelist()
    said = io.StringIO()
    call_command("make_package_key", stdout=said)
    assert signing.fingerprint() in said.getvalue()
    with pytest.raises(CommandError):
        call_command("make_package_key", stdout=said)
    assert signing.private_key().stat().st_mode & 0o077 == 0
    again = packaging.ask_for_package(package.playlist, user=people.editor)
    work_once()
    again = fresh(again)
    assert again.manifest["signed_by"] == signing.fingerprint()
    with zipfile.ZipFile(again.file.open()) as archive:
        archive.extractall(tmp_path / "out")
    command = ["openssl", "dgst", "-sha256", "-verify", signing.public_key(), "-signature", "SHA256SUMS.sig"]
    check = subprocess.run([*command, "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, text=True, check=False)
    assert (check.returncode, check.stdout.strip()) == (0, "Verified OK")
    with (tmp_path / "out" / "SHA256SUMS").open("ab") as sums:
        sums.write(b"x")
    check = subprocess.run([*command, "SHA256SUMS"], cwd=tmp_path / "out", capture_output=True, check=False)
    assert check.returncode != 0


def test_where_a_key_is_and_openssl_is_not_the_package_fails_and_is_not_unsigned(
    package: MediaPackage, people: Any, monkeypatch: Any
) -> None:
    signing.make_key()
    monkeypatch.setattr(signing.shutil, "which", lambda name: None)
    again = packaging.ask_for_package(package.playlist, user=people.editor)
    work_once()
    assert (fresh(again).state, bool(fresh(again).file)) == (State.FAILED, False)
    assert "openssl" in fresh(again).message


def test_a_cut_that_went_stale_while_the_job_waited_stays_out(package: MediaPackage, film: Video, people: Any) -> None:
    again = packaging.ask_for_package(package.playlist, user=people.editor)
    assert again.revision == 2
    films.save_captions(film, "zh-Hans", CAPTIONS.replace("先请假", "请先请假"), file="b.vtt", user=people.editor)
    work_once()
    again = fresh(again)
    assert again.state == State.FAILED
    assert not again.file


def test_a_changed_file_stays_out_of_the_package(package: MediaPackage, people: Any) -> None:
    with Path(BusCut.objects.get().file.path).open("ab") as file:
        file.write(b"\x00")
    again = packaging.ask_for_package(package.playlist, user=people.editor)
    work_once()
    assert fresh(again).state == State.FAILED


def test_a_package_ends_by_date_or_by_withdrawal(package: MediaPackage, people: Any) -> None:
    assert package.is_valid
    assert not package.is_valid_on(package.expires_on + timedelta(days=1))
    packaging.withdraw(package, reason="换新片", user=people.editor)
    assert not fresh(package).is_valid


def test_too_many_plays_for_the_loop_are_refused(package: MediaPackage) -> None:
    PlaylistItem.objects.update(plays_per_loop=5)
    with pytest.raises(FilmProblem), transaction.atomic():
        packaging.ask_for_package(package.playlist)


def test_what_was_played_stands_beside_what_was_booked(package: MediaPackage, people: Any, client: Any) -> None:
    playlist = package.playlist
    cut = BusCut.objects.get()
    day = playlist.starts_on
    playlist.weekdays = "".join(
        str(number) for number in range(1, 8) if number != (day + timedelta(days=1)).isoweekday()
    )
    playlist.save()
    for offset, vehicle, plays in (
        (0, "粤J00001", 1920),
        (0, "粤J00002", 960),
        (1, "粤J00001", 500),
        (-1, "粤J00001", 7),
    ):
        PlayReport.objects.create(day=day + timedelta(days=offset), vehicle=vehicle, cut=cut, plays=plays)
    row = playreports.fulfilment(playlist)[0]
    assert row.booked == 1920  # 16 hours, a loop of a minute, twice in each
    assert (row.vehicle_days, row.booked_plays, row.plays, row.percent) == (2, 3840, 2880, 75)
    client.force_login(people.chief)
    assert "75 %" in client.get(reverse("media_admin:playlist", args=[playlist.pk])).text


def test_play_reports_are_imported_whole_or_not_at_all(package: MediaPackage, tmp_path: Path) -> None:
    code = package.items[0]["item"]
    report = tmp_path / "report.csv"
    report.write_text(f"日期,车辆,节目,播放次数\n2026-10-01,粤J00001,{code},120\n2026-10-01,粤J00002,{code},80\n")
    call_command("import_play_report", report, "--dry-run", stdout=io.StringIO())
    assert not PlayReport.objects.exists()
    call_command("import_play_report", report, stdout=io.StringIO())
    assert sum(row.plays for row in PlayReport.objects.all()) == 200
    report.write_text(f"day,vehicle,item,plays\n2026/10/01,粤J00001,{code},121\n2026-10-01,粤J00002,{code},80\n")
    call_command("import_play_report", report, stdout=io.StringIO())
    assert sum(row.plays for row in PlayReport.objects.all()) == 201
    report.write_text(
        f"day,vehicle,item,plays\n2026-13-01,粤J00001,{code},1\n2026-10-02,,{code},1\n"
        f"2026-10-02,粤J00001,{code},-3\n2026-10-03,粤J00001,{code},1\n2026-10-03,粤J00001,{code},1\n"
    )
    with pytest.raises(CommandError) as caught:
        call_command("import_play_report", report)
    for row in (2, 3, 4, 6):
        assert str(row) in str(caught.value)
    report.write_text("day,vehicle,item,plays\n2026-10-04,粤J00001,C9-ffffffff,1\n")
    with pytest.raises(CommandError, match="C9-ffffffff"):
        call_command("import_play_report", report)
    assert PlayReport.objects.count() == 2
