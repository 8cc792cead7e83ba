"""Files are handed out to the same people on every storage: the disk, and an S3-compatible server."""

import http.client
import io
import os
import secrets
from datetime import UTC, datetime
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.db.models import FileField
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, CollectionViewRestriction

from campaigns.models import Artwork, Campaign
from config import env
from config.backups import bucket, restoring, saving
from config.backups.archives import Entry, Manifest, unpack
from config.backups.errors import BackupFailed
from geo import file_imports
from geo.models import Area, FileImport
from geo.models.imports import private_storage as geo_private_storage
from jobs.worker import work_once
from media import storage, uploads
from media.ffmpeg import run_ffmpeg
from media.models import BusCut, BusProfile, MediaPackage, Playlist, State, Video, VideoVersion

SERVER = os.environ.get("PUFA_TEST_S3", "")
needs_s3 = pytest.mark.skipif(not SERVER, reason="`make test-services` runs it")
pytestmark = pytest.mark.django_db
PRIVATE = (storage.private_storage, geo_private_storage)


def private_fields():
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if isinstance(field, FileField) and getattr(field, "_storage_callable", None) in PRIVATE:
                yield field


@pytest.fixture
def folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT, settings.WORK_ROOT = tmp_path / "uploads", tmp_path / "work"
    settings.PRIVATE_ROOT, settings.KEYS_ROOT = tmp_path / "private", tmp_path / "keys"
    settings.KEYS_ROOT.mkdir()


@pytest.fixture
def clip(tmp_path):
    drawn = [
        "-filter_complex",
        "testsrc2=s=160x90:r=10:d=1[v]",
        "-map",
        "[v]",
        "-c:v",
        "libx264",
        "-pix_fmt",
        "yuv420p",
    ]
    run_ffmpeg([], [*drawn, "clip.mp4"], workdir=tmp_path)
    return (tmp_path / "clip.mp4").read_bytes()


def use(monkeypatch, **described):
    """For this test alone: fields keep the storage that they were made with, and find it again afterwards."""
    for alias, description in described.items():
        monkeypatch.setitem(storages._storages, alias, storages.create_storage(description))
    monkeypatch.setattr(default_storage, "_wrapped", storages["default"])
    for field in private_fields():
        monkeypatch.setattr(field, "storage", storages["private"])


def files_below(*folders):
    return {path.name for folder in folders for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def on_disk(folders, settings, monkeypatch):
    use(
        monkeypatch,
        default=env.files("uploads", {}, "/uploads/"),
        private=env.files("private", {"location": settings.PRIVATE_ROOT}, None),
    )
    return SimpleNamespace(kind="disk", names=lambda: files_below(settings.MEDIA_ROOT, settings.PRIVATE_ROOT))


@pytest.fixture
def on_s3(folders, monkeypatch):
    name = f"pufa-{secrets.token_hex(6)}"
    for switch, value in {"BUCKET": name, "ENDPOINT": SERVER, "KEY": "k", "SECRET": "s", "REGION": "us-east-1"}.items():
        monkeypatch.setenv(f"PUFA_S3_{switch}", value)
    use(monkeypatch, default=env.files("uploads", {}, "/uploads/"), private=env.files("private", {}, None))
    client = storages["default"].connection.meta.client
    client.create_bucket(Bucket=name)

    def names():
        return {entry["Key"].rpartition("/")[2] for entry in client.list_objects_v2(Bucket=name).get("Contents", ())}

    return SimpleNamespace(kind="s3", bucket=name, client=client, names=names)


@pytest.fixture(params=["disk", pytest.param("s3", marks=needs_s3)])
def stored(request):
    """The test's files on one storage, then on the other."""
    return request.getfixturevalue("on_disk" if request.param == "disk" else "on_s3")


@pytest.fixture
def chief(client, django_user_model):
    user = django_user_model.objects.create_superuser("chief", password="x")
    client.force_login(user)
    return user


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def png(width=40):
    file = io.BytesIO()
    Picture.new("RGB", (width, 30), "navy").save(file, "PNG")
    return ContentFile(file.getvalue(), "picture.png")


def test_a_picture_has_an_address_of_ours_and_comes_in_ranges(stored, client, django_capture_on_commit_callbacks):
    image = get_image_model().objects.create(title="图", file=png())
    made = image.get_rendition("width-20")
    assert made.url.startswith("/uploads/images/")
    whole = client.get(made.url)
    data = body(whole)
    assert (whole.status_code, whole["Content-Type"], whole["X-Content-Type-Options"]) == (200, "image/png", "nosniff")
    assert Picture.open(io.BytesIO(data)).size == (20, 15)
    part = client.get(made.url, headers={"Range": "bytes=1-3", "If-Range": whole["ETag"]})
    assert (part.status_code, body(part), part["Content-Range"]) == (206, b"PNG", f"bytes 1-3/{len(data)}")
    assert client.get(made.url, headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.get(made.url, headers={"Range": f"bytes={len(data)}-"}).status_code == 416
    assert body(client.head(made.url)) == b""
    with django_capture_on_commit_callbacks(execute=True):
        image.delete()
    assert client.get(made.url).status_code == 404


def test_an_empty_file_and_a_page_are_handed_over_as_what_they_are(stored, client):
    default_storage.save("empty.txt", ContentFile(b""))
    assert body(client.get("/uploads/empty.txt")) == b""
    default_storage.save("page.html", ContentFile(b"<script>alert(1)</script>"))
    page = client.get("/uploads/page.html")
    assert page["Content-Disposition"] == "attachment"
    assert body(page)


def test_no_address_leads_past_the_folder(stored, client):
    storages["private"].save("secret.txt", ContentFile(b"secret"))
    default_storage.save("films/a.mp4", ContentFile(b"film"))
    default_storage.save(".hidden", ContentFile(b"secret"))
    for path in (
        "../private/secret.txt",
        "films/../../private/secret.txt",
        ".hidden",
        "films",
        "films/",
        "a\\b",
        "none",
    ):
        assert client.get(f"/uploads/{path}").status_code == 404, path
    with pytest.raises(ValueError, match="URL"):
        storages["private"].url("secret.txt")


def test_a_document_is_given_to_those_who_may_read_its_collection(stored, client, django_user_model):
    group = Group.objects.create(name="科室")
    closed = Collection.get_first_root_node().add_child(name="内部")
    rule = CollectionViewRestriction.objects.create(collection=closed, restriction_type="groups")
    rule.groups.add(group)
    document = get_document_model().objects.create(
        title="计划", collection=closed, file=ContentFile(b"the plan", "plan.docx")
    )
    assert client.get(document.url).status_code in {302, 403}
    for name in (document.file.name, f"films/../{document.file.name}", f"./{document.file.name}"):
        assert client.get(f"/uploads/{name}").status_code == 404
    stranger, reader = (django_user_model.objects.create_user(name, password="x") for name in ("stranger", "reader"))
    client.force_login(stranger)
    assert client.get(document.url).status_code in {302, 403}
    reader.groups.add(group)
    client.force_login(reader)
    given = client.get(document.url)
    assert (given.status_code, body(given)) == (200, b"the plan")
    assert "plan.docx" in given["Content-Disposition"]
    assert given["Content-Security-Policy"].startswith("default-src 'none'")


def test_a_film_goes_from_its_pieces_to_its_page_and_leaves_nothing(
    stored, client, chief, clip, django_capture_on_commit_callbacks
):
    upload = uploads.begin(chief, name="clip.mp4", size_bytes=len(clip))
    half = len(clip) // 2
    uploads.add_piece(upload, io.BytesIO(clip), offset=0, length=half)
    assert not stored.names()  # pieces stay on this machine until the film is whole
    uploads.add_piece(upload, io.BytesIO(clip[half:]), offset=half, length=len(clip) - half)
    video = Video.objects.create(
        title="片", collection=Collection.get_first_root_node(), no_captions_reason="none", published=True
    )
    with django_capture_on_commit_callbacks(execute=True):
        version = uploads.keep(video, uploads.finished(chief, upload.token), user=chief)
    work_once()
    version.refresh_from_db()
    assert version.state == State.READY
    with version.file.open("rb") as original:
        assert original.read() == clip
    shown = client.get(version.renditions.get(kind="mp4_720").file.url, headers={"Range": "bytes=4-7"})
    assert (shown.status_code, body(shown)) == (206, b"ftyp")
    with pytest.raises(ValueError, match="URL"):
        assert version.file.url
    with django_capture_on_commit_callbacks(execute=True):
        video.delete()
    assert not stored.names()
    assert not files_below(*(uploads.incoming_folder().parent / name for name in ("incoming", "media")))


@pytest.fixture
def cut(db, chief):
    """A cut whose file is there; how it is made is tested in tests/media."""
    video = Video.objects.create(title="片", collection=Collection.get_first_root_node())
    version = video.versions.create(number=1, original_name="a.mp4", sha256="0" * 64, size_bytes=1, uploaded_by=chief)
    made = BusCut(version=version, profile=BusProfile.objects.create(name="屏"), start_s=0, made_by=chief)
    made.file.save("cut.mp4", ContentFile(b"0123456789"), save=False)
    made.save()
    return made


def private_addresses(cut, chief):
    package = MediaPackage(
        playlist=Playlist.objects.create(name="单", starts_on=timezone.localdate(), ends_on=timezone.localdate()),
        revision=1,
        expires_on=timezone.localdate(),
        made_by=chief,
    )
    package.file.save("package.zip", ContentFile(b"0123456789"), save=False)
    package.save()
    artwork = Artwork(
        campaign=Campaign.objects.create(
            name="投放", area=Area.objects.create(name="区", slug="qu"), created_by=chief,
            starts_on=timezone.localdate(), ends_on=timezone.localdate(), budget_cny=1,
        ),
        format="shelter", sha256="1" * 64, uploaded_by=chief,
    )  # fmt: skip
    artwork.file.save("artwork.png", ContentFile(b"0123456789"), save=False)
    artwork.save()
    yield reverse("media_admin:cut_file", args=[cut.pk]), True
    yield reverse("media_admin:package_file", args=[package.pk]), True
    yield reverse("campaigns:artwork_original", args=[artwork.pk]), False


def test_cuts_packages_and_artwork_are_for_staff_who_may_see_them(stored, client, chief, cut, django_user_model):
    plain = django_user_model.objects.create_user("plain", password="x")
    for address, in_ranges in list(private_addresses(cut, chief)):
        client.force_login(chief)
        given = client.get(address)
        assert (given.status_code, body(given)) == (200, b"0123456789"), address
        if in_ranges:
            part = client.get(address, headers={"Range": "bytes=2-4"})
            assert (part.status_code, body(part)) == (206, b"234"), address
            assert part["Cache-Control"].startswith("private, no-store")
        client.force_login(plain)
        assert client.get(address).status_code in {302, 403}, address
        client.logout()
        assert client.get(address).status_code in {302, 403}, address
    cut.file.storage.delete(cut.file.name)
    client.force_login(chief)
    assert client.get(reverse("media_admin:cut_file", args=[cut.pk])).status_code == 404


def test_an_import_reads_its_file_from_either_storage(stored, chief):
    item = FileImport.objects.create(
        area=Area.objects.create(name="区", slug="qu"), kind="hotspots", file_name="热点.csv", created_by=chief
    )
    item.file.save("a.csv", ContentFile("name,lon,lat\n学校,113.1,22.6\n".encode()))
    with file_imports.local_copy(item) as path:
        assert path.name == "热点.csv"
        assert "学校" in path.read_text(encoding="utf-8")
    file_imports.discard(item)
    assert not stored.names()


# ── Of the S3-compatible storage alone ───────────────────────────────────────────────────────────────────────────────


def answer(path):
    connection = http.client.HTTPConnection(urlsplit(SERVER).netloc, timeout=20)
    connection.request("GET", path)
    status = connection.getresponse().status
    connection.close()
    return status


@needs_s3
def test_nobody_without_the_key_gets_anything_from_the_bucket(on_s3):
    default_storage.save("images/a.png", ContentFile(b"public"))
    storages["private"].save("proofs/a.jpg", ContentFile(b"private"))
    for key in ("uploads/images/a.png", "private/proofs/a.jpg"):
        assert answer(f"/{on_s3.bucket}/{key}") == 403
        (grant,) = on_s3.client.get_object_acl(Bucket=on_s3.bucket, Key=key)["Grants"]
        assert grant["Permission"] == "FULL_CONTROL"
        assert grant["Grantee"]["Type"] == "CanonicalUser"


@needs_s3
def test_a_name_that_is_taken_gets_another_and_nothing_is_overwritten(on_s3):
    first, second = (default_storage.save("a.txt", ContentFile(text)) for text in (b"1", b"2"))
    assert first != second
    assert default_storage.open(first).read() == b"1"


@needs_s3
def test_a_large_film_is_fetched_and_sent_without_being_held_in_memory(on_s3, tmp_path, monkeypatch):
    """Sent in parts, fetched straight into the work folder, the digest beside it."""
    large = tmp_path / "large"
    large.write_bytes(secrets.token_bytes(1 << 20) * 20)
    digest, size = storage.sha256_of(large)
    name = storage.store(storage.private_storage(), large, "films/large")
    monkeypatch.setattr("storages.backends.s3.S3File._get_file", None)  # fails where it is read through a spool
    target = tmp_path / "target"
    storage.fetch(VideoVersion(file=name).file, target)
    assert storage.sha256_of(target) == (digest, size)
    facts = storage.private_storage().facts(name)
    assert (facts.size, facts.sha256) == (size, digest)


@needs_s3
def test_parts_of_a_killed_process_are_given_back(on_s3):
    begun = on_s3.client.create_multipart_upload(Bucket=on_s3.bucket, Key="private/films/x")
    part = {"Bucket": on_s3.bucket, "Key": "private/films/x", "UploadId": begun["UploadId"]}
    on_s3.client.upload_part(**part, PartNumber=1, Body=b"x" * 100)
    assert storage.forget_unfinished(datetime(2010, 1, 1, tzinfo=UTC)) == 0  # moto: begun in November of that year
    assert storage.forget_unfinished(timezone.now()) == 1
    assert not on_s3.client.list_multipart_uploads(Bucket=on_s3.bucket).get("Uploads")


@needs_s3
def test_a_backup_names_the_files_of_the_bucket_with_their_checksums(on_s3, tmp_path):
    default_storage.save("films/法.mp4", ContentFile(b"film"))
    on_s3.client.put_object(Bucket=on_s3.bucket, Key="private/strange.txt", Body=b"put by hand")
    manifest = unpack(saving.save(tmp_path / "to").archive, None, None)
    assert not [entry for entry in manifest.files if entry.path.startswith(("uploads", "private"))]
    assert {(entry.path, entry.size) for entry in manifest.elsewhere} == {
        ("uploads/films/法.mp4", 4),
        ("private/strange.txt", 11),
    }
    restoring._check(manifest, tmp_path)
    on_s3.client.put_object(Bucket=on_s3.bucket, Key="private/strange.txt", Body=b"put by HAND")
    with pytest.raises(BackupFailed, match="strange"):
        restoring._check(manifest, tmp_path, accept_missing=True)
    on_s3.client.delete_object(Bucket=on_s3.bucket, Key="private/strange.txt")
    with pytest.raises(BackupFailed, match="strange"):
        restoring._check(manifest, tmp_path)
    restoring._check(manifest, tmp_path, accept_missing=True)


@needs_s3
def test_files_of_an_archive_move_into_the_bucket(on_s3, tmp_path):
    """The way from one machine's disk to a storage of several."""
    for name, text in {"uploads/a.txt": "a", "private/b.txt": "b", "scans/c.log": "c"}.items():
        (tmp_path / "staged" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "staged" / name).write_text(text)
    sums = {name: storage.sha256_of(tmp_path / "staged" / name)[0] for name in ("uploads/a.txt", "private/b.txt")}
    manifest = Manifest(
        "", files=[Entry(name, 1, sha256) for name, sha256 in sums.items()] + [Entry("scans/c.log", 1, "")]
    )
    default_storage.save("a.txt", ContentFile(b"another"))
    with pytest.raises(BackupFailed, match=r"uploads/a\.txt"):
        bucket.send(manifest, tmp_path / "staged", replace=False)
    assert default_storage.open("a.txt").read() == b"another"
    bucket.send(manifest, tmp_path / "staged", replace=True)
    assert default_storage.open("a.txt").read() == b"a"
    assert storages["private"].open("b.txt").read() == b"b"
    assert [path.name for path in (tmp_path / "staged").rglob("*") if path.is_file()] == ["c.log"]


@needs_s3
def test_what_the_storage_cannot_do_is_an_error_and_not_a_missing_file(on_s3):
    on_s3.client.delete_bucket(Bucket=on_s3.bucket)
    with pytest.raises(Exception, match="NoSuchBucket"):
        storages["private"].read("a")


def test_a_bucket_without_its_keys_is_refused(monkeypatch):
    monkeypatch.setenv("PUFA_S3_BUCKET", "pufa")
    with pytest.raises(ImproperlyConfigured, match="PUFA_S3_ENDPOINT"):
        env.files("uploads", {}, "/uploads/")
