"""What was saved comes back whole, and nothing half comes back."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection, connections
from django.utils import timezone

from config.backups import archives, databases, restoring, saving, sealing
from config.backups.archives import Manifest, unpack
from config.backups.errors import BackupFailed
from config.tasks import back_up
from jobs.errors import JobFailed
from jobs.models import Job
from jobs.runs import Run
from trust.models import AuditEvent

ROOT = Path(__file__).resolve().parents[2]
sqlite_only = pytest.mark.skipif(connection.vendor != "sqlite", reason="lays a database file down")


@pytest.fixture
def passphrase(tmp_path):
    file = tmp_path / "passphrase"
    file.write_text("correct horse battery staple\nnot this line\n")
    return file


@pytest.fixture
def data(tmp_path, settings):
    """A data folder with a file of each kind, and one of each kind that no backup may hold."""
    root = tmp_path / "data"
    for name, text in {
        "uploads/films/法.mp4": "film",
        "private/photo.jpg": "photo",
        "scans/2026-11-01.web.log": "AB12 2026-11-01T08:00:00+0800\n",
        "keys/audit_key": "aa" * 32,
        "keys/feedback-salt-2026-11-01": "salt",
        "keys/first-accounts.txt": "admin\tpassword\t管理员",
        "baked/1-x/index.html": "page",
        "work/media/half": "half a film",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    settings.DATA_DIR = root
    settings.MEDIA_ROOT, settings.KEYS_ROOT, settings.WORK_ROOT = root / "uploads", root / "keys", root / "work"
    return root


def names(archive):
    with tarfile.open(archive) as tar:
        return set(tar.getnames())


@pytest.mark.django_db
def test_everything_that_cannot_be_made_anew_is_saved_and_nothing_else(data, tmp_path):
    made = saving.save(tmp_path / "to")
    database = databases.NAMES[connection.vendor]
    files = {"uploads/films/法.mp4", "private/photo.jpg", "scans/2026-11-01.web.log"}
    assert names(made.archive) == files | {database, archives.MANIFEST}
    assert names(made.keys) == {"keys/audit_key", archives.MANIFEST}
    assert made.files == len(files)
    assert made.archive.stat().st_mode & 0o077 == 0
    assert not list((data / "work").glob("backup-*"))


@pytest.mark.django_db
def test_an_archive_that_was_touched_is_refused(data, tmp_path):
    made = saving.save(tmp_path / "to")
    content = made.archive.read_bytes()
    assert unpack(made.archive, None, None).rows
    made.archive.write_bytes(content.replace(b"AB12", b"CD34"))
    with pytest.raises(BackupFailed, match=r"scans/2026-11-01\.web\.log"):
        unpack(made.archive, None, None)
    made.archive.write_bytes(content[: len(content) // 2])
    with pytest.raises(BackupFailed):
        unpack(made.archive, None, None)


@pytest.mark.django_db
def test_only_the_right_passphrase_opens_an_encrypted_backup(data, tmp_path, passphrase):
    made = saving.save(tmp_path / "to", passphrase_file=passphrase)
    assert b"AB12" not in made.archive.read_bytes()
    assert len(unpack(made.archive, None, passphrase).files) == 4
    with pytest.raises(BackupFailed):
        unpack(made.archive, None, None)
    other = tmp_path / "other"
    other.write_text("wrong horse battery staple\n")
    with pytest.raises(BackupFailed):
        unpack(made.archive, None, other)


def test_an_encrypted_archive_without_our_seal_is_refused(tmp_path, passphrase):
    forged = tmp_path / "forged.tar.enc"
    with sealing.writing(forged, passphrase) as stream:
        archives.Writer(stream, Manifest("2026-11-01"), lambda: None).finish(b"a passphrase that is not ours")
    with pytest.raises(BackupFailed):
        unpack(forged, None, passphrase)


def test_no_archive_reaches_outside_its_folder(tmp_path):
    evil = tmp_path / "evil.tar"
    (tmp_path / "x").write_text("x")
    for name in ("../escaped", "/escaped"):
        with tarfile.open(evil, "w") as tar:
            info = tarfile.TarInfo(name)
            tar.addfile(info)
        with pytest.raises(BackupFailed, match="escaped"):
            unpack(evil, tmp_path / "into", None)
    assert not (tmp_path / "escaped").exists()


@pytest.mark.django_db
def test_the_newest_backups_stay_and_strangers_are_left_alone(data, tmp_path):
    folder = tmp_path / "to"
    folder.mkdir()
    for stamp in ("20261101-020000", "20261102-020000", "20261103-020000"):
        for name in (f"pufa-{stamp}.tar", f"pufa-{stamp}.keys.tar"):
            (folder / name).touch()
    (folder / "pufa-notes.tar").touch()
    made = saving.save(folder, keep=2)
    assert {path.name for path in folder.iterdir()} == {
        "pufa-20261103-020000.tar",
        "pufa-20261103-020000.keys.tar",
        made.archive.name,
        made.keys.name,
        "pufa-notes.tar",
    }


@pytest.mark.django_db
def test_a_backup_that_fails_leaves_nothing(data, tmp_path, monkeypatch):
    def full(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(databases, "dump", full)
    with pytest.raises(OSError, match="space"):
        saving.save(tmp_path / "to")
    assert not list((tmp_path / "to").iterdir())


@pytest.mark.django_db
def test_the_public_folder_takes_no_backup(data):
    with pytest.raises(BackupFailed):
        saving.save(data / "uploads" / "backups")


@pytest.fixture
def elsewhere(data, tmp_path, settings, monkeypatch):
    """A backup of the test's data, and an empty installation to restore it into."""
    made = saving.save(tmp_path / "to")
    empty = tmp_path / "other"
    settings.DATA_DIR = empty
    monkeypatch.setitem(connection.settings_dict, "NAME", str(empty / "db.sqlite3"))
    monkeypatch.setattr(connections, "close_all", lambda: None)  # the test's own transaction
    return made, empty


@sqlite_only
@pytest.mark.django_db
def test_what_is_there_stays_unless_it_may_be_put_aside(elsewhere):
    made, empty = elsewhere
    (empty / "uploads").mkdir(parents=True)
    (empty / "uploads" / "mine.txt").write_text("mine")
    with pytest.raises(BackupFailed, match="uploads"):
        restoring.restore(made.archive, made.keys, passphrase_file=None, replace=False)
    assert [path.name for path in empty.rglob("*")] == ["uploads", "mine.txt"]
    done = restoring.restore(made.archive, made.keys, passphrase_file=None, replace=True)
    assert (empty / "uploads/films/法.mp4").read_text() == "film"
    assert (empty / "keys/audit_key").stat().st_mode & 0o077 == 0
    assert done.aside is not None
    assert (done.aside / "uploads" / "mine.txt").read_text() == "mine"


@sqlite_only
@pytest.mark.django_db
def test_a_restore_that_fails_half_way_puts_everything_back(elsewhere, monkeypatch):
    made, empty = elsewhere
    (empty / "uploads").mkdir(parents=True)
    (empty / "uploads" / "mine.txt").write_text("mine")
    rename = Path.rename

    def stubborn(self, target):
        if self.name == "private":
            raise OSError(16, "Device or resource busy")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", stubborn)
    with pytest.raises(BackupFailed, match="busy"):
        restoring.restore(made.archive, made.keys, passphrase_file=None, replace=True)
    assert sorted(path.name for path in empty.rglob("*")) == ["mine.txt", "uploads"]


@sqlite_only
@pytest.mark.django_db
def test_a_dry_run_writes_nothing(elsewhere):
    made, empty = elsewhere
    assert restoring.restore(made.archive, made.keys, passphrase_file=None, replace=False, dry_run=True).manifest.rows
    assert not empty.exists()


@sqlite_only
@pytest.mark.django_db
def test_an_archive_of_a_newer_release_or_another_database_is_refused(elsewhere, monkeypatch):
    made, empty = elsewhere
    manifest = unpack(made.archive, None, None)
    manifest.migrations.append(["pages", "9999_from_the_future"])
    with pytest.raises(BackupFailed, match=r"pages\.9999_from_the_future"):
        restoring._check(manifest, empty)
    manifest.vendor = "postgresql"
    with pytest.raises(BackupFailed, match="postgresql"):
        restoring._check(manifest, empty)


@sqlite_only
@pytest.mark.django_db
def test_uploads_that_were_left_out_must_lie_there_as_they_were(data, tmp_path, settings, monkeypatch):
    made = saving.save(tmp_path / "to", uploads=False)
    assert "uploads/films/法.mp4" not in names(made.archive)
    settings.DATA_DIR = empty = tmp_path / "other"
    monkeypatch.setitem(connection.settings_dict, "NAME", str(empty / "db.sqlite3"))
    monkeypatch.setattr(connections, "close_all", lambda: None)
    with pytest.raises(BackupFailed, match="uploads/films"):
        restoring.restore(made.archive, None, passphrase_file=None, replace=False)
    shutil.copytree(data / "uploads", empty / "uploads")
    restoring.restore(made.archive, None, passphrase_file=None, replace=True)
    assert (empty / "uploads/films/法.mp4").read_text() == "film"
    assert (empty / "private/photo.jpg").is_file()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_dump_of_postgresql_replaces_another_database_whole(tmp_path):
    saved, rows = databases.dump(connection, tmp_path, lambda: None)
    assert rows["django_migrations"] > 100
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": f"{connection.settings_dict['NAME']}_restored"}
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{other.settings_dict["NAME"]}"')
    try:
        with other.cursor() as cursor:
            cursor.execute("CREATE TABLE left_over AS SELECT 1 AS n")
            cursor.execute("CREATE TABLE jobs_job AS SELECT 1 AS n")
        broken = tmp_path / "broken"
        broken.write_bytes(saved.read_bytes()[:5000])
        with pytest.raises(BackupFailed):
            databases.load_postgres(other, broken)
        assert databases.count_postgres(other) == {"jobs_job": 1, "left_over": 1}
        assert databases.load_postgres(other, saved) == rows
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{other.settings_dict["NAME"]}" WITH (FORCE)')


@pytest.mark.django_db
def test_the_worker_backs_up_where_a_folder_is_named(data, tmp_path, settings):
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "nightly", 1
    run = Run(Job.objects.create(kind="config.backup", run_after=timezone.now()), "me")
    back_up(run)
    (kept,) = (path for path in settings.BACKUP_DIR.iterdir() if saving.made_at(path))
    assert AuditEvent.objects.get(action="backup.make").detail["archive"] == kept.name
    settings.BACKUP_DIR = data / "uploads"
    with pytest.raises(JobFailed):
        back_up(run)


def manage(data_dir, *arguments, stdin=""):
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment | {"PUFA_DATA_DIR": str(data_dir), "PUFA_DATABASE_URL": "", "PUFA_REDIS_URL": ""},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


RENDER = """
import json, re, sys
from urllib.parse import urlsplit
from django.conf import settings
from django.test import Client
from wagtail.models import Site
settings.BAKED_PAGES = False
site = Site.objects.get()
host = f"{site.hostname}:{site.port}"
pages = [Client(HTTP_HOST=host).get(path).content.decode() for path in json.loads(sys.stdin.readline())]
print("PAGES" + json.dumps(pages))
"""


def pages_of(data_dir, paths):
    said = manage(data_dir, "shell", "--no-imports", "-c", RENDER, stdin=json.dumps(paths) + "\n")
    return json.loads(said.rpartition("PAGES")[2])


def test_the_drill_a_running_site_is_saved_and_comes_back_equal(starter_site, tmp_path, passphrase, monkeypatch):
    """Saved while the site runs, restored elsewhere: every table's rows, every file, three pages, the trail's seals."""
    monkeypatch.setenv("PUFA_BACKUP_PASSPHRASE_FILE", str(passphrase))
    paths = ["/", "/law/community-correction-law/", "/search/?q=矫正"]
    # Its worker may be finishing a film: what counts is a copy taken while nothing changed.
    for attempt in range(10):
        before, folder = pages_of(starter_site.data_dir, paths), tmp_path / f"to-{attempt}"
        manage(starter_site.data_dir, "backup", "--to", str(folder), "--encrypt")
        if [_same(page) for page in pages_of(starter_site.data_dir, paths)] == [_same(page) for page in before]:
            break
    (archive,) = (path for path in folder.iterdir() if saving.made_at(path))
    saved = unpack(archive, None, passphrase)
    assert saved.rows["wagtailcore_page"] > 10
    assert any(entry.path.startswith("uploads/") for entry in saved.files)

    other = tmp_path / "other"
    manage(other, "restore", str(archive))
    with closing(sqlite3.connect(other / "db.sqlite3")) as database:
        counted = {name: database.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in saved.rows}
    changed = {name for name in saved.rows if counted[name] != saved.rows[name]}
    assert changed == {"trust_auditevent"}  # the restore itself
    for entry in saved.files:
        if not entry.path.startswith("database"):
            assert archives.checksum(other / entry.path, entry.path) == entry
    manage(other, "verify_audit")
    after = pages_of(other, paths)
    assert all("<h1" in page for page in before)
    assert [_same(page) for page in after] == [_same(page) for page in before]


def _same(page):
    """Without what is drawn by lot for every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
