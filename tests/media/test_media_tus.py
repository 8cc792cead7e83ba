"""Resumable uploads: the protocol as tus 1.0 has it, whose upload it is, how much may come, and what goes when."""

import base64
import hashlib
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from media import uploads
from media.models import Upload, Video
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}


@pytest.fixture
def film(clips: Path) -> bytes:
    return (clips / "clip.mp4").read_bytes()


@pytest.fixture
def editors(django_user_model: Any) -> list[Any]:
    sync_roles()
    people = [django_user_model.objects.create_user(name) for name in ("one", "two")]
    for person in people:
        person.groups.add(group_of(Role.VIDEO_EDITOR))
    return people


@pytest.fixture
def tus(client: Any, editors: list[Any]) -> Any:
    client.force_login(editors[0])

    def ask(method: str, address: str = "", body: bytes = b"", **headers: Any) -> Any:
        kind = headers.pop("kind", "application/offset+octet-stream")
        sent = TUS | {name.replace("_", "-"): str(value) for name, value in headers.items()}
        address = address or reverse("media_admin:uploads")
        return client.generic(method, address, body, content_type=kind, headers=sent)

    return ask


def begin(tus: Any, data: bytes, name: str = "影片.mp4") -> str:
    encoded = base64.b64encode(name.encode()).decode()
    response = tus("POST", Upload_Length=len(data), Upload_Metadata=f"filename {encoded},filetype dmlkZW8vbXA0")
    assert response.status_code == 201, response.text
    assert response["Tus-Resumable"] == "1.0.0"
    assert response["Upload-Expires"].endswith("GMT")
    address: str = response["Location"]
    return address


def test_options_say_what_the_server_can(tus: Any) -> None:
    response = tus("OPTIONS")
    assert response.status_code == 204
    assert response["Tus-Version"] == "1.0.0"
    assert set(response["Tus-Extension"].split(",")) == {"creation", "expiration", "checksum", "termination"}
    assert int(response["Tus-Max-Size"]) == 2 * 1024**3


def test_a_film_in_pieces_arrives_byte_for_byte_and_becomes_a_version(
    tus: Any, client: Any, film: bytes, django_capture_on_commit_callbacks: Any
) -> None:
    address = begin(tus, film)
    head = tus("HEAD", address)
    assert (head.status_code, head["Upload-Offset"], head["Upload-Length"]) == (200, "0", str(len(film)))
    assert "no-store" in head["Cache-Control"]
    for start in range(0, len(film), 50_000):
        response = tus("PATCH", address, film[start : start + 50_000], Upload_Offset=start)
        assert (response.status_code, response["Upload-Offset"]) == (204, str(min(start + 50_000, len(film))))
    upload = Upload.objects.get()
    assert (upload.name, upload.is_complete) == ("影片.mp4", True)
    collection = Video._meta.get_field("collection").get_default()
    data = {"title": "课", "slug": "", "tags": "", "collection": collection, "file_upload": upload.token}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("films:add"), data).status_code == 302
        assert upload.is_complete  # until the film is in the tables, its pieces stay
    version = Video.objects.get().newest_version
    assert (version.original_name, version.sha256) == ("影片.mp4", hashlib.sha256(film).hexdigest())
    assert version.file.open().read() == film
    assert not Upload.objects.exists()
    assert not list(uploads.incoming_folder().iterdir())


def test_the_film_is_uploaded_as_a_new_version_too(tus: Any, client: Any, film: bytes, upload: Any) -> None:
    from media import films

    video = films.create_film("课", upload("silent.mp4"), name="a.mp4")
    address = begin(tus, film)
    tus("PATCH", address, film, Upload_Offset=0)
    token = Upload.objects.get().token
    client.post(reverse("media_admin:new_version", args=[video.pk]), {"file_upload": token})
    assert video.newest_version.sha256 == hashlib.sha256(film).hexdigest()


def test_an_unfinished_upload_is_no_film(tus: Any, client: Any, film: bytes) -> None:
    address = begin(tus, film)
    tus("PATCH", address, film[:9000], Upload_Offset=0)
    data = {"title": "课", "collection": 1, "tags": "", "file_upload": Upload.objects.get().token}
    response = client.post(reverse("films:add"), data)
    assert response.context["form"].errors["file"]
    assert "影片.mp4" in response.text
    assert not Video.objects.exists()


def test_a_piece_at_the_wrong_place_is_refused_and_nothing_of_it_kept(tus: Any, film: bytes) -> None:
    address = begin(tus, film)
    assert tus("PATCH", address, film[:9000], Upload_Offset=0).status_code == 204
    assert tus("PATCH", address, film[:100], Upload_Offset=0).status_code == 409
    assert tus("PATCH", address, film[:100], Upload_Offset=9001).status_code == 409
    assert tus("PATCH", address, film, Upload_Offset=9000).status_code == 409  # more than was promised
    assert tus("HEAD", address)["Upload-Offset"] == "9000"


def test_a_piece_that_breaks_off_is_kept_as_far_as_it_came(tus: Any, film: bytes) -> None:
    class Breaks:
        pieces = [film[:9000], film[9000:9500]]

        def read(self, size: int) -> bytes:
            if not self.pieces:
                raise OSError("the line is cut")
            return self.pieces.pop(0)

    begin(tus, film)
    upload = Upload.objects.get()
    with pytest.raises(OSError, match="cut"):
        uploads.add_piece(upload, Breaks(), offset=0, length=50_000)  # type: ignore[arg-type]
    assert upload.offset == 9500
    assert upload.path.read_bytes() == film[:9500]


def test_a_piece_with_a_wrong_check_sum_leaves_nothing(tus: Any, film: bytes) -> None:
    address = begin(tus, film)
    piece = film[:9000]
    good = base64.b64encode(hashlib.sha256(piece).digest()).decode()
    assert tus("PATCH", address, piece[::-1], Upload_Offset=0, Upload_Checksum=f"sha256 {good}").status_code == 460
    assert tus("HEAD", address)["Upload-Offset"] == "0"
    assert tus("PATCH", address, piece, Upload_Offset=0, Upload_Checksum="md5 xyz=").status_code == 400
    assert tus("PATCH", address, piece, Upload_Offset=0, Upload_Checksum=f"sha256 {good}").status_code == 204
    short = base64.b64encode(hashlib.sha1(film[9000:9100], usedforsecurity=False).digest()).decode()
    response = tus("PATCH", address, film[9000:9100], Upload_Offset=9000, Upload_Checksum=f"sha1 {short}")
    assert response.status_code == 204


@pytest.mark.parametrize("first", [10, 5000, 100_000])
def test_what_is_not_a_film_ends_with_its_first_bytes(first: int, tus: Any) -> None:
    data = b"ffconcat version 1.0\nfile secret.mp4\n" * 5000
    address = begin(tus, data)
    responses = [
        tus("PATCH", address, data[:first], Upload_Offset=0),
        tus("PATCH", address, data[first : first + 90_000], Upload_Offset=first),
    ]
    refused = next(response for response in responses if response.status_code != 204)
    assert refused.status_code == 415
    assert refused["Content-Type"].startswith("text/plain")
    assert len(refused.text) > 10
    assert not Upload.objects.exists()
    assert not list(uploads.incoming_folder().iterdir())
    assert tus("HEAD", address).status_code == 404


def test_size_and_piece_size_have_limits(tus: Any, film: bytes, monkeypatch: Any) -> None:
    assert tus("POST", Upload_Length=2 * 1024**3 + 1).status_code == 413
    assert tus("POST", Upload_Length=0).status_code == 415
    for wrong in ({}, {"Upload_Length": "x"}, {"Upload_Length": "-5"}, {"Upload_Defer_Length": 1}):
        assert tus("POST", **wrong).status_code == 400
    address = begin(tus, film)
    monkeypatch.setattr(uploads, "PIECE_BYTES", 1000)
    assert tus("PATCH", address, film[:1001], Upload_Offset=0).status_code == 413
    assert tus("PATCH", address, film[:1000], Upload_Offset=0).status_code == 204


def test_nobody_holds_more_than_their_share_of_the_disk(tus: Any, film: bytes, monkeypatch: Any) -> None:
    monkeypatch.setattr(uploads, "QUOTA_BYTES", 2 * len(film))
    begin(tus, film)
    begin(tus, film)
    assert tus("POST", Upload_Length=10).status_code == 403
    monkeypatch.setattr(uploads, "QUOTA_BYTES", 10**12)
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    assert tus("POST", Upload_Length=10).status_code == 403
    assert Upload.objects.count() == 2


def test_an_upload_is_refused_before_the_disk_is_full(tus: Any, film: bytes, monkeypatch: Any) -> None:
    free = uploads.RESERVE_BYTES + 5 * len(film)
    monkeypatch.setattr(uploads, "free_bytes", lambda: free)
    begin(tus, film)
    begin(tus, film)  # the first is promised, not yet on the disk
    response = tus("POST", Upload_Length=len(film))
    assert response.status_code == 507
    assert response.text


def test_an_upload_answers_to_its_owner_alone(tus: Any, client: Any, editors: list[Any], film: bytes) -> None:
    address = begin(tus, film)
    token = Upload.objects.get().token
    client.force_login(editors[1])
    assert tus("HEAD", address).status_code == 404
    assert tus("PATCH", address, film, Upload_Offset=0).status_code == 404
    assert tus("DELETE", address).status_code == 404
    assert client.post(reverse("media_admin:discard_upload", args=[token])).status_code == 404
    client.force_login(editors[0])
    tus("PATCH", address, film, Upload_Offset=0)
    client.force_login(editors[1])
    client.post(reverse("films:add"), {"title": "课", "collection": 1, "tags": "", "file_upload": token})
    assert not Video.objects.exists()


def test_only_staff_who_may_upload_films_begin_one(tus: Any, client: Any, django_user_model: Any) -> None:
    client.logout()
    assert tus("POST", Upload_Length=10).status_code == 302  # Wagtail sends them to the login
    reader = django_user_model.objects.create_user("auditor")
    reader.groups.add(group_of(Role.AUDITOR))
    client.force_login(reader)
    assert tus("POST", Upload_Length=10).status_code == 403
    assert not Upload.objects.exists()


def test_without_the_csrf_token_nothing_is_taken(editors: list[Any], film: bytes) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editors[0])
    response = strict.generic("POST", reverse("media_admin:uploads"), headers=TUS | {"Upload-Length": "10"})
    assert response.status_code == 403
    assert not Upload.objects.exists()


def test_another_version_or_method_of_the_protocol_is_refused(tus: Any, film: bytes) -> None:
    address = begin(tus, film)
    assert tus("HEAD", address, Tus_Resumable="0.2.2").status_code == 412
    assert tus("GET", address).status_code == 405
    assert tus("PATCH", address, film, Upload_Offset=0, kind="video/mp4").status_code == 415
    assert tus("PATCH", address, film).status_code == 400
    response = tus("POST", address, film[:9000], Upload_Offset=0, X_HTTP_Method_Override="PATCH")
    assert (response.status_code, response["Upload-Offset"]) == (204, "9000")


def test_two_requests_never_add_to_one_upload_together(tus: Any, film: bytes) -> None:
    address = begin(tus, film)
    with uploads._alone(Upload.objects.get()):
        assert tus("PATCH", address, film[:9000], Upload_Offset=0).status_code == 423
    assert tus("PATCH", address, film[:9000], Upload_Offset=0).status_code == 204


def test_an_upload_can_be_deleted_by_protocol_and_by_button(tus: Any, client: Any, film: bytes) -> None:
    address = begin(tus, film)
    assert tus("DELETE", address).status_code == 204
    begin(tus, film)
    token = Upload.objects.get().token
    page = client.get(reverse("films:add")).text
    assert reverse("media_admin:discard_upload", args=[token]) in page
    client.post(reverse("media_admin:discard_upload", args=[token]))
    assert not Upload.objects.exists()
    assert not list(uploads.incoming_folder().iterdir())


def test_what_stood_still_for_a_day_is_swept(tus: Any, film: bytes, settings: Any) -> None:
    import os

    begin(tus, film)
    kept = begin(tus, film)
    Upload.objects.exclude(token=kept.rstrip("/").rpartition("/")[2]).update(
        touched_at=timezone.now() - timedelta(hours=25)
    )
    lost = uploads.incoming_folder() / "nobody-knows-this"
    lost.write_bytes(b"x")
    fresh = uploads.incoming_folder() / "just-begun"
    fresh.write_bytes(b"x")
    os.utime(lost, (1, 1))
    assert uploads.sweep(timezone.now()) == 2
    assert {path.name for path in uploads.incoming_folder().iterdir()} == {Upload.objects.get().token, "just-begun"}


@pytest.mark.parametrize(
    ("name", "kept"),
    [("C:\\film\\a.mp4", "a.mp4"), ("../../a.mp4", "a.mp4"), ('"it\'s"\n.mp4', '"it\'s" .mp4'), ("", "film")],
)
def test_a_file_name_is_only_words(name: str, kept: str) -> None:
    assert uploads.clean_name(name) == kept


def test_the_disk_that_is_asked_is_the_disk_of_the_parts() -> None:
    assert abs(uploads.free_bytes() - shutil.disk_usage(uploads.incoming_folder()).free) < 10**9
