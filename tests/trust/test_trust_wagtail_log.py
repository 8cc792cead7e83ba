"""Wagtail's own log is sealed with the rest: pages, files, settings and accounts, each deed once."""

import csv
import io
from datetime import date

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.models import ModelLogEntry, Page, PageLogEntry, Site

from pages.examples import build_site
from pages.models import NewsPage
from trust.audit import record, verify
from trust.models import AuditEvent


@pytest.fixture
def root(db, tmp_path, monkeypatch, client):
    monkeypatch.setattr(settings, "KEYS_ROOT", tmp_path)
    user = get_user_model().objects.create_superuser("root")
    client.force_login(user)
    return user


@pytest.fixture
def notice(root):
    build_site()
    Site.clear_site_root_paths_cache()
    return NewsPage.objects.live().first()


def events(action):
    return AuditEvent.objects.filter(action=action).order_by("sequence")


def test_each_row_of_wagtails_log_is_one_event(notice, client):
    before = PageLogEntry.objects.count() + ModelLogEntry.objects.count(), AuditEvent.objects.count()
    client.post(f"/admin/pages/{notice.pk}/unpublish/", REMOTE_ADDR="192.0.2.7")
    client.post(
        "/admin/redirects/add/",
        {"old_path": "/old/", "site": "", "redirect_page": "", "redirect_link": "https://example.cn/new/"},
    )
    assert Redirect.objects.filter(old_path="/old").exists()
    after = PageLogEntry.objects.count() + ModelLogEntry.objects.count(), AuditEvent.objects.count()
    assert after[0] - before[0] == after[1] - before[1] == 2
    gone = events("wagtail.unpublish").last()
    assert (gone.actor_name, gone.address, gone.subject_id) == ("root", "192.0.2.7", str(notice.pk))
    assert gone.subject_name == notice.title
    made = events("wagtail.create").last()
    assert made.subject_type == "wagtailredirects.redirect"
    assert [place for place in verify() if place.fault != "cut off"] == []


def test_a_publication_names_its_version(notice, root):
    revision = notice.save_revision(user=root)
    revision.publish(user=root)
    published = events("wagtail.publish").last()
    assert (published.actor, published.detail["version"]) == (root, revision.pk)


def test_moving_and_deleting_a_page_leave_events_after_it_is_gone(notice, root, client):
    notice.move(notice.get_siblings(inclusive=False).first(), pos="left", user=root)
    assert events("wagtail.reorder").last().subject_id == str(notice.pk)
    client.post(f"/admin/pages/{notice.pk}/delete/")
    assert not Page.objects.filter(pk=notice.pk).exists()
    gone = events("wagtail.delete").last()
    assert (gone.subject_id, gone.subject_name, gone.actor_name) == (str(notice.pk), notice.title, "root")


def test_files_and_accounts_are_part_of_it(root, client):
    file = io.BytesIO("文件".encode())
    file.name = "list.txt"
    client.post("/admin/documents/add/", {"title": "名单格式", "file": file, "collection": 1})
    document = get_document_model().objects.get()
    assert events("wagtail.create").last().subject_id == str(document.pk)
    client.post(
        "/admin/users/new/",
        {"username": "chen", "first_name": "陈", "last_name": "某", "email": "chen@example.cn",
         "password1": "a-long-Passphrase-9", "password2": "a-long-Passphrase-9"},
    )  # fmt: skip
    made = events("wagtail.create").last()
    assert made.subject_type == "auth.user"
    assert "chen@example.cn" not in str(made.detail)


def test_a_changed_date_of_a_page_is_recorded_when_it_becomes_public(notice, root):
    old = notice.date
    notice.date = date(2020, 2, 2)
    revision = notice.save_revision(user=root)
    assert not events("date.change").exists(), "a draft is not public"
    revision.publish(user=root)
    (event,) = events("date.change")
    assert event.detail == {
        "field": "date", "old": old.isoformat(), "new": "2020-02-02", "version": revision.pk,
    }  # fmt: skip
    notice.refresh_from_db()
    notice.save()
    assert events("date.change").count() == 1


def test_a_list_that_is_taken_away_as_a_file_is_recorded_once(root, client):
    assert client.get("/admin/reports/site-history/?export=xlsx").status_code == 200
    (event,) = events("export")
    assert (event.actor_name, event.detail) == (
        "root", {"path": "/admin/reports/site-history/", "query": "export=xlsx"},
    )  # fmt: skip


class TestExportForAuditors:
    @staticmethod
    def rows(response):
        text = b"".join(response.streaming_content).decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text)))

    def test_a_period_is_exported_with_the_result_of_the_check(self, root, client, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            record("test.step", actor=root, detail={"word": "=1+1"})
            today = f"{events('test.step').get().happened_at.astimezone():%Y-%m-%d}"
            assert "导出" in client.get("/admin/audit/").content.decode()
            assert client.get("/admin/audit/export/").status_code == 200
            response = client.post("/admin/audit/export/", {"start": today, "end": today})
        rows = self.rows(response)
        assert rows[0][1] == f"{today} – {today}"
        assert rows[2][1] == "已校验全部记录，完好。"
        assert [row[2] for row in rows[5:]] == ["account.log_in", "test.step", "audit.export"]
        assert rows[6][-1] == AuditEvent.objects.get(action="test.step").mac

    def test_a_broken_trail_says_so_in_the_export(self, root, client):
        record("test.step")
        event = AuditEvent.objects.get(action="test.step")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE trust_auditevent SET action = 'test.other' WHERE action = 'test.step'")
        today = f"{event.happened_at.astimezone():%Y-%m-%d}"
        rows = self.rows(client.post("/admin/audit/export/", {"start": today, "end": today}))
        assert rows[2][1] == "审计记录不完整："
        assert rows[2][2].startswith(f"#{event.sequence}:")

    def test_a_period_that_ends_before_it_begins_is_refused(self, root, client):
        response = client.post("/admin/audit/export/", {"start": "2026-05-02", "end": "2026-05-01"})
        assert "早于" in response.content.decode()
