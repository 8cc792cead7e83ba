"""Every kind of change of the public site moves the generation on; what nobody sees does not."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from PIL import Image as Picture
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction, Site

from baking import changes, generations
from baking.models import Generation
from baking.moments import next_moment
from jobs.queue import enqueue
from jobs.worker import work_once
from lawbook.models import Article, Explanation, GlossaryTerm, Law, LawVersion, Status
from media.models import CaptionRevision, CaptionTrack, Video
from pages.models import ColumnPage, SiteIdentity
from search.misses import note
from search.models import SynonymGroup
from trust.audit import record


def picture() -> ContentFile:
    file = BytesIO()
    Picture.new("RGB", (8, 8), "red").save(file, "PNG")
    return ContentFile(file.getvalue(), "red.png")


@pytest.fixture
def made(column: ColumnPage) -> dict[str, Any]:
    """One of everything that can change."""
    law = Law.objects.create(slug="flower-care", title="示例街区花木养护条例", is_default=True)
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    film = Video.objects.create(title="示例", slug="example", collection=Collection.get_first_root_node())
    track = CaptionTrack.objects.create(video=film, language="zh-Hans")
    revision = track.add_revision("WEBVTT\n\n00:00.000 --> 00:01.000\n示例\n", author=None)
    return {
        "page": column,
        "law": law,
        "version": version,
        "film": film,
        "captions": revision,
        "image": Image.objects.create(title="示例", file=picture()),
        "document": Document.objects.create(title="示例", file=ContentFile(b"1", "a.txt")),
        "explanation": Explanation.objects.create(law=law, number=1, gist="示例", meaning="示例"),
        "redirect": Redirect.objects.create(old_path="/old", redirect_link="/help/"),
    }


def _publish(it: Any) -> None:
    it["page"].title = "新的"
    it["page"].save_revision().publish()


def _save(it: Any, name: str) -> None:
    it[name].save()


KINDS = {
    "a page published": _publish,
    "a page made": lambda it: it["page"].get_parent().add_child(instance=ColumnPage(title="新的", slug="new")),
    "a page unpublished": lambda it: it["page"].unpublish(),
    "a page moved": lambda it: it["page"].move(it["page"].get_parent(), pos="first-child"),
    "a page deleted": lambda it: it["page"].delete(),
    "a page's menu mark": lambda it: Page.objects.filter(pk=it["page"].pk).update(show_in_menus=False),
    "a page restricted": lambda it: PageViewRestriction.objects.create(page=it["page"], restriction_type="login"),
    "a collection restricted": lambda it: CollectionViewRestriction.objects.create(
        collection=Collection.get_first_root_node(), restriction_type="login"
    ),
    "the identity of the site": lambda it: SiteIdentity.objects.update_or_create(
        site=Site.objects.get(), defaults={"site_name": "新的"}
    ),
    "the address of the site": lambda it: Site.objects.update(hostname="new.example"),
    "a redirect": lambda it: it["redirect"].delete(),
    "an explanation": lambda it: _save(it, "explanation"),
    "an explanation gone": lambda it: it["explanation"].delete(),
    "a term of the glossary": lambda it: GlossaryTerm.objects.create(term="示例", meaning="示例"),
    "synonyms": lambda it: SynonymGroup.objects.create(words="示例\n例子"),
    "a law": lambda it: _save(it, "law"),
    "articles added at once": lambda it: Article.objects.bulk_create(
        [Article(version=it["version"], number=1, label="第一条", order=1)]
    ),
    "a film shown": lambda it: Video.objects.filter(pk=it["film"].pk).update(published=True),
    "captions signed": lambda it: CaptionRevision.objects.filter(pk=it["captions"].pk).update(
        reviewed_on=date(2026, 1, 1)
    ),
    "an image": lambda it: _save(it, "image"),
    "renditions thrown away": lambda it: (it["image"].get_rendition("width-4"), it["image"].renditions.all().delete()),
    "a document": lambda it: _save(it, "document"),
    "a tag": lambda it: it["image"].tags.add("示例"),
    "the name of a reviewer": lambda it: get_user_model().objects.create_user("reviewer"),
    "SQL by hand": lambda it: connection.cursor().execute("UPDATE wagtailcore_page SET title = 'x'"),
    "an upsert": lambda it: Redirect.objects.bulk_create(
        [Redirect(pk=it["redirect"].pk, old_path="/old", redirect_link="/new/")],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["redirect_link"],
    ),
}


@pytest.mark.parametrize("change", KINDS.values(), ids=KINDS.keys())
def test_a_change_of_the_public_site_moves_the_generation_on(change, made, bumps):
    assert bumps(lambda: change(made))


def _log_in(it: Any) -> None:
    user = get_user_model().objects.get(username="somebody")
    user.last_login = timezone.now()
    user.save(update_fields=["last_login"])


def _scheduled(it: Any) -> None:
    call_command("publish_scheduled")


UNSEEN = {
    "a page read": lambda it: list(Page.objects.specific()),
    "a draft": lambda it: it["page"].save_revision(),
    "a draft of an explanation": lambda it: it["explanation"].save_revision(clean=False),
    "a log-in": _log_in,
    "a session": lambda it: Session.objects.create(session_key="k", expire_date=timezone.now()),
    "a job": lambda it: enqueue("jobs.publish_scheduled"),
    "a line of the trail": lambda it: record("example"),
    "a search without result": lambda it: note("没有的词"),
    "an image made to fit": lambda it: it["image"].get_rendition("width-4"),
    "nothing due": _scheduled,
}


@pytest.mark.parametrize("change", UNSEEN.values(), ids=UNSEEN.keys())
def test_what_no_visitor_sees_makes_no_page_anew(change, made, bumps):
    get_user_model().objects.create_user("somebody")
    assert not bumps(lambda: change(made))


def test_a_page_that_goes_live_by_itself_moves_the_generation_on(column, bumps):
    column.go_live_at = timezone.now() + timedelta(days=1)
    column.save_revision().publish()
    column.refresh_from_db()
    column.latest_revision.approved_go_live_at = timezone.now() - timedelta(seconds=1)
    column.latest_revision.save()
    assert bumps(lambda: call_command("publish_scheduled"))


def test_a_page_that_expires_moves_the_generation_on(column, bumps):
    Page.objects.filter(pk=column.pk).update(expire_at=timezone.now() - timedelta(seconds=1))
    assert bumps(lambda: call_command("publish_scheduled"))
    column.refresh_from_db()
    assert not column.live


def test_the_worker_at_rest_makes_no_page_anew(home, bumps):
    assert not bumps(work_once)


# Which models show


def test_the_unseen_models_and_fields_all_exist():
    for label in settings.NEVER_IN_PUBLIC:
        app, model, *field = label.split(".")
        meta = apps.get_model(app, model)._meta
        assert not field or meta.get_field(field[0]).concrete, label
    for label in settings.MADE_WHILE_SERVING:
        apps.get_model(label)


def test_every_other_model_shows():
    whole = {label for label in settings.NEVER_IN_PUBLIC if label.count(".") == 1}
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy or model is Generation or model._meta.label in whole:
            continue
        table = model._meta.db_table
        for sql in (f'UPDATE "{table}" SET "id" = 1', f'DELETE FROM "{table}" WHERE "id" = 1'):
            assert changes.is_public(sql), model._meta.label


@pytest.mark.parametrize(
    ("sql", "shows"),
    [
        ("SELECT 1", False),
        ('  select "wagtailcore_page"."title" FROM "wagtailcore_page" FOR UPDATE', False),
        ("SAVEPOINT x", False),
        ("RELEASE SAVEPOINT x", False),
        ("PRAGMA foreign_keys", False),
        ("WITH a AS (SELECT 1) SELECT * FROM a", False),
        ('WITH a AS (SELECT 1) UPDATE "wagtailcore_page" SET "title" = %s', True),
        ('INSERT INTO "django_session" VALUES (%s)', False),
        ('INSERT OR IGNORE INTO "wagtailcore_page" VALUES (%s)', True),
        ('INSERT OR IGNORE INTO "django_session" VALUES (%s)', False),
        ("insert into wagtailcore_page (title) values (%s)", True),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s WHERE "wagtailcore_page"."id" = %s', False),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s, "title" = %s WHERE "id" = %s', True),
        ('UPDATE "wagtailcore_page" SET "draft_title" = "wagtailcore_page"."title"', False),
        ("UPDATE wagtailcore_page SET draft_title = 'x'", True),
        ('UPDATE "auth_user" SET "last_login" = %s WHERE "auth_user"."id" = %s', False),
        ('UPDATE "a_table_of_tomorrow" SET "a" = 1', True),
        ('TRUNCATE "wagtailcore_page"', True),
        ("REPLACE INTO wagtailcore_page VALUES (1)", True),
        ("COPY wagtailcore_page FROM STDIN", True),
        ('DELETE FROM "wagtailimages_rendition" WHERE "id" IN (1)', True),
        ('INSERT INTO "wagtailimages_rendition" ("id") VALUES (1)', False),
    ],
)
def test_a_statement_shows_unless_it_is_known_not_to(sql, shows):
    assert changes.is_public(sql) is shows


# Transactions


def test_one_transaction_moves_on_once(home, bumps):
    before = Generation.objects.values_list("number", flat=True).first() or 0

    def many() -> None:
        for number in range(5):
            Redirect.objects.create(old_path=f"/{number}", redirect_link="/")

    assert bumps(many)
    assert Generation.objects.get().number == before + 1


def test_what_is_rolled_back_moves_nothing(home, bumps):
    def undone() -> None:
        with transaction.atomic():
            Redirect.objects.create(old_path="/a", redirect_link="/")
            transaction.set_rollback(True)

    assert not bumps(undone)


def test_a_change_after_one_that_was_rolled_back_counts(home, bumps):
    def both() -> None:
        with transaction.atomic():
            Redirect.objects.create(old_path="/a", redirect_link="/")
            transaction.set_rollback(True)
        Redirect.objects.create(old_path="/b", redirect_link="/")

    assert bumps(both)


def test_a_change_that_could_not_be_noted_keeps_the_store_shut_until_it_is(home, baked_root, monkeypatch):
    before = generations.current()

    def locked(token: str | None = None) -> None:
        raise DatabaseError("database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(generations, "_advance", locked)
        generations._move_on()
        assert generations.current() is None
    assert generations.current() not in (None, before)


def test_nothing_is_served_while_the_schema_changes(home, baked_root):
    before = generations.current()
    generations.pause()
    assert generations.current() is None
    with transaction.atomic():
        generations.resume()
    assert generations.current() == before  # the bump waits for the commit of the test
    assert any(entry[1] is generations._move_on for entry in connection.run_on_commit)


def test_the_command_makes_every_page_anew(home, bumps, capsys):
    assert bumps(lambda: call_command("drop_baked"))


# Moments


def test_pages_are_made_anew_at_midnight_here(db):
    now = timezone.now()
    moment = timezone.localtime(next_moment(now))
    assert (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    assert timedelta(0) < moment - now <= timedelta(days=1)


def test_the_next_moment_that_a_model_names_comes_first(db, monkeypatch):
    now = timezone.now()
    times = [now + timedelta(minutes=9), now - timedelta(minutes=1), now, now + timedelta(minutes=5)]
    monkeypatch.setattr(Law, "baking_times", classmethod(lambda cls: times), raising=False)
    assert next_moment(now) == min(now + timedelta(minutes=5), next_moment(now))
    later = now + timedelta(minutes=9)
    assert next_moment(later) > later
