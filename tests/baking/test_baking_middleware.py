"""What is kept for everybody, what never is, and that a kept page is the page."""

import gzip
import logging
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.utils import timezone
from wagtail.models import Site

from baking import generations, headers, store
from lawbook.models import Law, LawVersion, Status
from pages.models import ColumnPage

HTML = "<!doctype html><title>示例</title><p>示例</p>"


def serve(monkeypatch: pytest.MonkeyPatch, view: Callable[[Any], Any]) -> None:
    """Let every column answer with `view(request)`, through all that stands around a page."""
    monkeypatch.setattr(ColumnPage, "serve", lambda self, request, *args, **kwargs: view(request))


def test_a_public_page_is_kept_and_then_costs_no_query(column, visit, kept, django_assert_num_queries):
    first = visit("/help/")
    assert kept() == ["testserver/help"]
    with django_assert_num_queries(0):
        second = visit("/help/")
    assert second.content == first.content
    assert "办事".encode() in second.content


def test_each_script_has_its_pages(column, visit, kept):
    visit("/help/")
    visit("/zh-hant/help/")
    assert kept() == ["testserver/help", "testserver/zh-hant/help"]
    again = visit("/zh-hant/help/").content.decode()
    assert 'lang="zh-Hant"' in again
    assert "辦事" in again
    assert "辦事" not in visit("/help/").content.decode()


def test_the_home_page_is_kept_at_the_root_of_its_host(home, visit, kept):
    assert visit("/").status_code == 200
    assert kept() == ["testserver"]


# Time


def test_a_page_begun_before_a_change_is_not_kept_after_it(column, visit, kept, monkeypatch):
    def overtaken(request):
        generations._move_on()
        return HttpResponse(HTML)

    serve(monkeypatch, overtaken)
    assert visit("/help/").content.decode() == HTML
    assert kept() == []


def test_a_page_overtaken_by_another_process_is_not_kept(column, visit, kept, monkeypatch):
    def overtaken(request):
        generations._advance()  # this process is told nothing
        return HttpResponse(HTML)

    serve(monkeypatch, overtaken)
    visit("/help/")
    assert kept() == []


def test_a_change_makes_every_page_anew_at_once(column, visit, bumps):
    visit("/help/")
    assert bumps(lambda: column.__class__.objects.filter(pk=column.pk).update(title="改过的题目"))
    assert "改过的题目" in visit("/help/").content.decode()


def test_a_change_by_another_process_shows_within_half_a_second(column, visit, monkeypatch):
    visit("/help/")
    generations._advance()
    ColumnPage.objects.filter(pk=column.pk).update(title="改过的题目")
    assert "改过的题目" not in visit("/help/").content.decode()
    assert generations.POLL_S <= 0.5
    known = generations._state.known
    monkeypatch.setattr(generations.time, "monotonic", lambda: known.read_at + generations.POLL_S + 0.001)
    assert "改过的题目" in visit("/help/").content.decode()


def test_a_moment_that_passes_makes_pages_anew(column, visit, monkeypatch):
    moment = timezone.now() + timedelta(hours=1)
    monkeypatch.setattr(ColumnPage, "baking_times", classmethod(lambda cls: [moment]), raising=False)
    generations.forget()
    first = generations.current()
    assert generations._state.known.until <= moment
    assert generations.current() == first
    monkeypatch.setattr(generations.timezone, "now", lambda: moment)
    assert generations.current() != first
    assert generations.current() == generations.current(fresh=True)


# The answer


@pytest.mark.parametrize("path", ["/", "/help/", "/zh-hant/help/", "/search/", "/law/", "/video/"])
def test_a_kept_page_has_the_headers_of_the_page(path, column, visit, monkeypatch):
    law = Law.objects.create(slug="flower-care", title="示例街区花木养护条例", is_default=True)
    # An empty law book asks who is there, to tell the staff what to do.
    LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    with monkeypatch.context() as patch:
        patch.setattr(store, "write", lambda *args: False)
        live = visit(path)
    assert live.status_code == 200
    assert "ETag" not in live.headers
    visit(path)
    baked = visit(path)
    of_the_bytes = {"ETag", "Last-Modified"}
    assert baked.headers.keys() - live.headers.keys() == of_the_bytes
    for name in baked.headers.keys() - of_the_bytes:
        assert baked[name] == live[name], name
    assert baked.content == live.content


def test_the_web_servers_headers_are_those_of_a_kept_page(column, visit):
    visit("/help/")
    for secure in (False, True):
        found = Client().get("/help/", secure=secure).headers
        of_the_bytes = {"ETag", "Last-Modified", "Content-Length"}
        assert {name: found[name] for name in found.keys() - of_the_bytes} == headers.public_headers(secure=False)


def test_headers_over_https_insist_on_it(column, settings, visit):
    settings.SECURE_HSTS_SECONDS = 60
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    Site.objects.update(port=443)
    generations.forget()
    visit("/help/", secure=True)
    found = visit("/help/", secure=True)
    assert "ETag" in found.headers
    wanted = headers.public_headers(secure=True)
    assert found["Strict-Transport-Security"] == wanted["Strict-Transport-Security"]


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_page_is_asked_for_once(encoding, column, visit):
    asked = {"HTTP_ACCEPT_ENCODING": encoding}
    first = visit("/help/", **asked)
    assert first.get("Content-Encoding", "") == encoding
    assert first["Cache-Control"] == "no-cache"
    again = visit("/help/", HTTP_IF_NONE_MATCH=first["ETag"], **asked)
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    dated = visit("/help/", HTTP_IF_MODIFIED_SINCE=first["Last-Modified"], **asked)
    assert dated.status_code == 304
    other = visit("/help/", HTTP_IF_NONE_MATCH='"another"', **asked)
    assert other.status_code == 200


def test_a_browser_that_takes_gzip_gets_it_and_no_other(column, visit):
    plain = visit("/help/")
    packed = visit("/help/", HTTP_ACCEPT_ENCODING="br, gzip;q=0.8")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert len(packed.content) < len(plain.content) / 2
    for refused in ("", "br", "gzip;q=0", "br, gzip; q=0.0"):
        answer = visit("/help/", HTTP_ACCEPT_ENCODING=refused)
        assert "Content-Encoding" not in answer.headers
        assert "Accept-Encoding" in answer["Vary"]


def test_head_tells_the_length_and_sends_nothing(column, visit):
    assert Client().head("/help/").status_code == 200
    page = visit("/help/")
    head = Client().head("/help/")
    assert head.content == b""
    assert head["ETag"] == page["ETag"]
    assert int(head["Content-Length"]) == len(page.content)


def test_head_alone_keeps_nothing(column, kept):
    Client().head("/help/")
    assert kept() == []


# Disks, databases, switches


def test_a_full_disk_spoils_no_answer_and_is_told_once(column, visit, kept, monkeypatch, caplog):
    def full(path, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(store, "_put", full)
    with caplog.at_level(logging.ERROR, "baking"):
        assert visit("/help/").status_code == 200
        assert visit("/help/").status_code == 200
    assert len([record for record in caplog.records if "No space left" in record.message]) == 1
    assert kept() == []


def test_a_folder_that_cannot_be_made_spoils_no_answer(column, visit, settings, tmp_path):
    (tmp_path / "file").write_text("")
    settings.BAKED_ROOT = tmp_path / "file" / "baked"
    generations.forget()
    assert visit("/help/").status_code == 200


def test_pages_without_end_do_not_fill_the_disk(home, column, visit, kept, monkeypatch):
    monkeypatch.setattr(store, "MOST_PAGES", 1)
    visit("/")
    visit("/help/")
    assert kept() == ["testserver"]
    generations._move_on()
    visit("/help/")
    assert kept() == ["testserver", "testserver/help"]


def test_a_site_without_its_table_still_answers(column, visit, kept, monkeypatch):
    from django.db import DatabaseError

    def gone() -> None:
        raise DatabaseError("no such table")

    generations.forget()
    monkeypatch.setattr(generations, "_stored", gone)
    assert visit("/help/").status_code == 200
    assert kept() == []


def test_the_site_answers_as_before_with_baking_switched_off(column, visit, kept, settings):
    settings.BAKED_PAGES = False
    assert visit("/help/").status_code == 200
    assert kept() == []


def test_what_is_made_anew_is_compressed_but_never_a_stream(column, visit, monkeypatch):
    packed = visit("/help/?page=1", HTTP_ACCEPT_ENCODING="gzip")
    assert packed["Content-Encoding"] == "gzip"
    serve(monkeypatch, lambda request: StreamingHttpResponse([HTML * 100]))
    assert "Content-Encoding" not in visit("/help/", HTTP_ACCEPT_ENCODING="gzip").headers
