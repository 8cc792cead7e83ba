"""Films as a library: choosing, shelves and who may open them, duplicates, and what is left when one is deleted."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from wagtail.models import Collection, GroupCollectionPermission

from jobs.worker import work_once
from media import films
from media.blocks import FilmBlock
from media.models import State, Video
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db


def fresh(video: Video) -> Video:
    return Video.objects.get(pk=video.pk)


def ready_film(upload: Any, title: str, **fields: Any) -> Video:
    """A film whose version counts as ready, without the worker."""
    video = films.create_film(title, upload(), name="a.mp4", no_captions_reason="无声", **fields)
    version = video.newest_version
    version.mark(state=State.READY, probe={"duration_s": 2.0})
    Video.objects.filter(pk=video.pk).update(current_version=version)
    return fresh(video)


@pytest.fixture
def shelf() -> Collection:
    collection: Collection = Collection.get_first_root_node().add_child(name="白沙街道")
    return collection


@pytest.fixture
def keeper(shelf: Collection, client: Client, django_user_model: Any) -> Client:
    """Somebody of a group that may upload to and edit one shelf only."""
    group = Group.objects.create(name="白沙影音")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    for codename in ("add_video", "change_video", "view_video"):
        permission = Permission.objects.get(codename=codename)
        GroupCollectionPermission.objects.create(group=group, collection=shelf, permission=permission)
    person = django_user_model.objects.create_user("keeper")
    person.groups.add(group)
    client.force_login(person)
    return client


def test_a_group_works_on_its_own_shelf_and_sees_no_other(keeper: Client, shelf: Collection, upload: Any) -> None:
    own = ready_film(upload, "自家的片", collection=shelf)
    other = ready_film(upload, "别家的片")
    listing = keeper.get(reverse("films:index")).text
    assert "自家的片" in listing
    assert "别家的片" not in listing
    assert keeper.get(reverse("media_admin:film", args=[own.pk])).status_code == 200
    assert keeper.get(reverse("media_admin:film", args=[other.pk])).status_code == 302
    for name in ("edit", "delete", "usage"):
        assert keeper.get(reverse(f"films:{name}", args=[other.pk])).status_code == 302, name
    assert keeper.get(reverse("films:edit", args=[own.pk])).status_code == 200
    for name in ("new_version", "save_captions", "publish"):
        keeper.post(reverse(f"media_admin:{name}", args=[other.pk]), {"file": upload()})
    keeper.post(reverse("media_admin:publish", args=[own.pk]))  # may edit, may not publish
    assert other.versions.count() == 1
    assert not Video.objects.filter(published=True).exists()


def test_a_new_film_goes_only_where_its_uploader_may_put_it(keeper: Client, shelf: Collection, upload: Any) -> None:
    data = {"title": "新片", "tags": "", "slug": ""}
    root = Collection.get_first_root_node()
    assert keeper.post(reverse("films:add"), data | {"collection": root.pk, "file": upload()}).status_code == 200
    assert not Video.objects.exists()
    assert keeper.post(reverse("films:add"), data | {"collection": shelf.pk, "file": upload()}).status_code == 302
    assert Video.objects.get().collection == shelf


def test_roles_hold_their_film_permissions_beside_those_for_images() -> None:
    sync_roles()
    sync_roles()
    held = GroupCollectionPermission.objects.filter(group=group_of(Role.VIDEO_EDITOR))
    names = set(held.values_list("permission__codename", flat=True))
    assert {"add_video", "change_video", "publish_video", "add_image", "choose_image"} <= names
    reviewer = GroupCollectionPermission.objects.filter(group=group_of(Role.FIRST_REVIEWER))
    assert "view_video" in set(reviewer.values_list("permission__codename", flat=True))
    assert "change_video" not in set(reviewer.values_list("permission__codename", flat=True))


def test_the_group_form_offers_film_permissions(client: Client, people: Any) -> None:
    client.force_login(people.chief)
    group = Group.objects.create(name="某组")
    page = client.get(reverse("wagtailusers_groups:edit", args=[group.pk])).text
    assert "video_permissions" in page


def test_films_are_found_in_the_chooser(client: Client, people: Any, upload: Any) -> None:
    ready_film(upload, "站台上的一课")
    ready_film(upload, "别的片")
    client.force_login(people.chief)
    window = client.get(reverse("film_chooser:choose"))
    assert "站台上的一课" in window.json()["html"]
    found = client.get(reverse("film_chooser:choose_results"), {"q": "站台"}).text
    assert "站台上的一课" in found
    assert "别的片" not in found
    chosen = client.get(reverse("film_chooser:chosen", args=[Video.objects.first().pk])).json()
    assert chosen["step"] == "chosen"


@pytest.fixture
def chooser(shelf: Collection, client: Client, django_user_model: Any) -> Client:
    """Somebody who may put films of one shelf on pages, and nothing else with any."""
    group = Group.objects.create(name="白沙编辑")
    group.permissions.add(Permission.objects.get(codename="access_admin"))
    choose = Permission.objects.get(codename="choose_video")
    GroupCollectionPermission.objects.create(group=group, collection=shelf, permission=choose)
    person = django_user_model.objects.create_user("page-editor")
    person.groups.add(group)
    client.force_login(person)
    return client


def test_films_are_chosen_from_ones_own_shelves_and_no_others(chooser: Client, shelf: Collection, upload: Any) -> None:
    below = shelf.add_child(name="白沙街道·学校")
    own, inner = ready_film(upload, "自家的片", collection=shelf), ready_film(upload, "校园的片", collection=below)
    other = ready_film(upload, "别家的片")
    window = chooser.get(reverse("film_chooser:choose")).json()["html"]
    assert "自家的片" in window
    assert "校园的片" in window
    assert "别家的片" not in window
    narrowed = chooser.get(reverse("film_chooser:choose_results"), {"collection_id": below.pk}).text
    assert "校园的片" in narrowed
    assert "自家的片" not in narrowed
    assert "别家的片" not in chooser.get(reverse("film_chooser:choose_results"), {"q": "片"}).text
    assert chooser.get(reverse("film_chooser:chosen", args=[own.pk])).json()["step"] == "chosen"
    assert chooser.get(reverse("film_chooser:chosen", args=[other.pk])).status_code == 302
    several = chooser.get(reverse("film_chooser:chosen_multiple"), {"id": [own.pk, inner.pk, other.pk]}).json()
    assert {item["title"] for item in several["result"]} == {"自家的片", "校园的片"}


def test_whoever_may_choose_none_sees_none(client: Client, django_user_model: Any, upload: Any) -> None:
    ready_film(upload, "站台上的一课")
    person = django_user_model.objects.create_user("auditor")
    sync_roles()
    person.groups.add(group_of(Role.AUDITOR))
    client.force_login(person)
    assert "站台上的一课" not in client.get(reverse("film_chooser:choose")).json()["html"]
    person.groups.set([group_of(Role.EDITOR)])
    assert "站台上的一课" in client.get(reverse("film_chooser:choose")).json()["html"]


def test_a_block_shows_a_film_once_it_is_public_and_nothing_before(upload: Any) -> None:
    video = ready_film(upload, "站台上的一课")
    block = FilmBlock()
    value = block.to_python({"film": video.pk, "note": "两分钟看懂"})
    assert block.render(value).strip() == ""
    films.publish(video)
    shown = block.render(block.to_python({"film": video.pk, "note": "两分钟看懂"}))
    assert f'href="{video.get_absolute_url()}"' in shown
    assert "两分钟看懂" in shown


def test_the_same_file_twice_is_told_on_the_desk(client: Client, people: Any, upload: Any) -> None:
    ready_film(upload, "先来的")
    second = ready_film(upload, "后来的")
    client.force_login(people.chief)
    assert "先来的" in client.get(reverse("media_admin:film", args=[second.pk])).text


def test_nothing_of_a_deleted_film_stays(
    client: Client, people: Any, upload: Any, django_capture_on_commit_callbacks: Any, settings: Any
) -> None:
    video = films.create_film("删", upload(), name="a.mp4", no_captions_reason="无声")
    work_once()
    version = fresh(video).current_version
    original = Path(version.file.path)
    folder = f"films/{version.token}"
    assert original.is_file()
    assert default_storage.exists(folder)
    client.force_login(people.chief)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("films:delete", args=[video.pk]))
    assert not Video.objects.exists()
    assert not original.exists()
    assert not default_storage.exists(folder)
