"""The film desk: who may do what, what a form says, and that nothing private leaves by another door."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jobs.worker import work_once
from media import buscuts, films
from media.models import BusCut, BusProfile, CaptionRevision, State, Video
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db
CAPTIONS = "1\n00:00:00,000 --> 00:00:01,000\n早上好\n"


@pytest.fixture
def desk(client: Any, django_user_model: Any) -> Any:
    """`desk("video_editor")` signs a person of that role in and returns the client."""
    sync_roles()

    def sign_in(role: str) -> Any:
        user, made = django_user_model.objects.get_or_create(username=role)
        if made:
            user.groups.add(group_of(Role(role)))
        client.force_login(user)
        return client

    return sign_in


def new_film(desk: Any, file: Any, **values: str) -> Any:
    data = {"title": "课", "slug": "", "collection": Video._meta.get_field("collection").get_default(), "file": file}
    return desk.post(reverse("films:add"), data | {"tags": ""} | values)


def test_an_editor_uploads_captions_and_publishes(desk: Any, upload: Any) -> None:
    editor = desk("video_editor")
    response = new_film(editor, upload("clip.mp4", called="奇怪的'名字\".mp4"), title="站台上的一课")
    video = Video.objects.get()
    assert response.url == reverse("media_admin:film", args=[video.pk])
    page = editor.get(response.url).text
    assert reverse("media_admin:status", args=["version", video.newest_version.pk]) in page
    state = editor.get(reverse("media_admin:status", args=["version", video.newest_version.pk])).json()
    assert (state["state"], state["open"]) == ("waiting", True)
    work_once()
    assert editor.get(reverse("media_admin:status", args=["version", video.newest_version.pk])).json()["open"] is False
    editor.post(reverse("media_admin:save_captions", args=[video.pk]), {"language": "zh-Hans", "text": CAPTIONS})
    editor.post(reverse("media_admin:publish", args=[video.pk]))
    assert Video.public_objects().get().created_by.username == "video_editor"
    actions = set(AuditEvent.objects.values_list("action", flat=True))
    assert {"film.upload", "captions.save", "film.publish"} <= actions
    assert editor.get(reverse("films:index")).status_code == 200
    assert editor.get(reverse("films:edit", args=[video.pk])).status_code == 200


@pytest.mark.parametrize("content", [b"", b"ffconcat version 1.0\nfile x\n", bytes(range(256)) * 20])
def test_the_upload_form_refuses_what_is_not_a_film(desk: Any, content: bytes) -> None:
    response = new_film(desk("video_editor"), SimpleUploadedFile("film.mp4", content))
    assert response.status_code == 200
    assert not Video.objects.exists()


def test_broken_captions_come_back_with_their_rows_and_text(desk: Any, upload: Any) -> None:
    editor = desk("video_editor")
    new_film(editor, upload())
    video = Video.objects.get()
    broken = "WEBVTT\n\n00:00:02.000 --> 00:00:01.000\n倒着走\n"
    page = editor.post(reverse("media_admin:save_captions", args=[video.pk]), {"language": "zh-Hans", "text": broken})
    assert page.status_code == 200
    assert "倒着走" in page.text
    assert "3" in str(page.context["captions_form"].non_field_errors())
    assert not CaptionRevision.objects.exists()


def test_a_caption_file_takes_the_place_of_the_text(desk: Any, upload: Any) -> None:
    editor = desk("video_editor")
    new_film(editor, upload())
    video = Video.objects.get()
    file = SimpleUploadedFile("a.srt", CAPTIONS.encode("gb18030"))
    data = {"language": "zh-Hans", "text": "old", "file": file}
    assert editor.post(reverse("media_admin:save_captions", args=[video.pk]), data).status_code == 302
    assert "早上好" in CaptionRevision.objects.get().vtt


def test_a_reviewer_signs_captions_but_their_author_does_not(desk: Any, upload: Any) -> None:
    editor = desk("video_editor")
    new_film(editor, upload())
    editor.post(
        reverse("media_admin:save_captions", args=[Video.objects.get().pk]), {"language": "zh-Hans", "text": CAPTIONS}
    )
    address = reverse("media_admin:review_captions", args=[CaptionRevision.objects.get().pk])
    editor.post(address)
    assert not CaptionRevision.objects.get().is_reviewed
    desk("second_reviewer").post(address)
    assert CaptionRevision.objects.get().reviewed_by.username == "second_reviewer"


@pytest.mark.parametrize("role", ["planner", "auditor", "editor", "first_reviewer"])
def test_other_roles_change_nothing(role: str, desk: Any, upload: Any) -> None:
    video = films.create_film("课", upload(), name="a.mp4")
    client = desk(role)
    for name, data in (
        ("new_version", {"file": upload()}),
        ("save_captions", {"language": "zh-Hans", "text": CAPTIONS}),
        ("publish", {}),
        ("make_cut", {}),
    ):
        assert client.post(reverse(f"media_admin:{name}", args=[video.pk]), data).status_code in (302, 403), name
    assert video.versions.count() == 1
    assert not CaptionRevision.objects.exists()
    assert not Video.objects.get().published
    new_film(client, upload())
    assert Video.objects.count() == 1


def test_nobody_sees_the_desk_or_private_files_without_signing_in(client: Any, upload: Any) -> None:
    video = films.create_film("课", upload(), name="a.mp4")
    version = video.newest_version
    for address in (
        reverse("media_admin:film", args=[video.pk]),
        reverse("media_admin:status", args=["version", version.pk]),
        reverse("films:index"),
    ):
        assert client.get(address).status_code == 302
    assert client.get(f"/uploads/{version.file.name}").status_code == 404


@pytest.fixture
def cut(upload: Any, people: Any, tmp_path: Any) -> BusCut:
    video = films.create_film("课", upload(), name="a.mp4", user=people.editor)
    version = video.newest_version
    version.mark(state=State.READY, probe={"duration_s": 2.0})
    Video.objects.filter(pk=video.pk).update(current_version=version)
    made = BusCut.objects.create(version=version, profile=BusProfile.objects.create(name="试屏"), made_by=people.editor)
    (tmp_path / "cut.mp4").write_bytes(b"0123456789")
    buscuts.keep(made, tmp_path / "cut.mp4", made.profile.specification, None)
    return BusCut.objects.get(pk=made.pk)


def test_a_cut_is_watched_with_ranges_by_staff_only(cut: BusCut, desk: Any, client: Any) -> None:
    address = reverse("media_admin:cut_file", args=[cut.pk])
    assert client.get(address).status_code == 302
    assert client.get(f"/uploads/{cut.file.name}").status_code == 404
    response = desk("final_reviewer").get(address, headers={"Range": "bytes=2-4"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"234")
    response.close()


def test_approval_takes_the_digest_that_was_on_the_page(cut: BusCut, desk: Any) -> None:
    reviewer = desk("final_reviewer")
    page = reviewer.get(reverse("media_admin:cut", args=[cut.pk])).text
    assert f'value="{cut.sha256}"' in page
    reviewer.post(reverse("media_admin:approve_cut", args=[cut.pk]), {"sha256": "0" * 64})
    assert not cut.approved
    reviewer.post(reverse("media_admin:approve_cut", args=[cut.pk]), {"sha256": cut.sha256})
    assert cut.approved
    editor = desk("video_editor")
    editor.post(reverse("media_admin:again", args=["cut", cut.pk]))
    assert BusCut.objects.get().state == State.READY  # approved bytes are never made again


@pytest.mark.parametrize("name", ["films", "bus_cuts", "bus_profiles", "playlists", "packages", "play_reports"])
def test_every_list_of_the_group_opens(name: str, cut: BusCut, desk: Any) -> None:
    assert desk("video_editor").get(reverse(f"{name}:index")).status_code == 200
