"""Finished pages while others write: over HTTP, with threads and commits of their own."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from wagtail.models import Page, Site

from baking import generations, store
from baking.models import Generation
from pages.models import ColumnPage, HomePage

pytestmark = pytest.mark.usefixtures("django_db_serialized_rollback")


@pytest.fixture
def served(live_server: Any, transactional_db: None, baked_root: Path) -> Callable[[str], str]:
    """`served(path)`: the page over HTTP, from a site with one column, /help/."""
    address = urlsplit(live_server.url)
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="首页", slug="start", headline="示例", intro="示例"))
    home.add_child(instance=ColumnPage(title="办事", slug="help"))
    Site.objects.update(root_page=home, hostname=address.hostname, port=address.port)
    Site.clear_site_root_paths_cache()

    def get(path: str) -> str:
        with urlopen(live_server.url + path, timeout=20) as response:
            return str(response.read().decode())

    return get


def publish(title: str) -> float:
    """Publish the column under a new title; returns when (monotonic)."""
    page = ColumnPage.objects.get(slug="help")
    page.title = title
    page.save_revision().publish()
    return time.monotonic()


def seconds_until(shown: Callable[[], bool], began: float) -> float:
    while not shown():
        assert time.monotonic() - began < 5, "it never showed"
    return time.monotonic() - began


def test_what_is_published_shows_at_once_in_the_process_that_published_it(served, kept):
    assert "办事" in served("/help/")
    assert [name for name in kept() if name.endswith("/help")]
    publish("改过的题目")
    assert "改过的题目" in served("/help/")


def test_what_another_process_publishes_shows_within_a_second(served, kept, monkeypatch):
    served("/help/")
    served("/zh-hant/help/")
    # What the publishing process knows by itself, the serving one has to find out.
    with monkeypatch.context() as patch:
        patch.setattr(generations, "forget", lambda: None)
        began = publish("改过的题目")
    for path, title in (("/help/", "改过的题目"), ("/zh-hant/help/", "改過的題目")):
        assert seconds_until(lambda path=path, title=title: title in served(path), began) < 1


def test_a_slow_render_begun_before_a_publish_never_survives_it(served, kept, monkeypatch):
    begun, may_end = threading.Event(), threading.Event()
    serve = ColumnPage.serve

    def slow(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        old = serve(self, request, *args, **kwargs).render().content
        begun.set()
        assert may_end.wait(20)
        return HttpResponse(old)

    shown: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(ColumnPage, "serve", slow)
        reader = threading.Thread(target=lambda: shown.append(served("/help/")))
        reader.start()
        assert begun.wait(20)
        publish("改过的题目")
        may_end.set()
        reader.join(20)
    assert "办事" in shown[0], "the slow reader sees what was true when it came"
    assert kept() == []
    assert "改过的题目" in served("/help/")
    assert "改过的题目" in served("/help/")


def test_many_readers_and_a_publisher_leave_nothing_stale(served, kept, baked_root):
    problems: list[str] = []
    stop = threading.Event()
    published = [0]

    def read() -> None:
        while not stop.is_set():
            oldest = published[0]
            html = served("/help/")
            numbers = [n for n in range(oldest, oldest + 40) if f"第 {n} 版" in html]
            if not numbers:
                problems.append(f"a page older than version {oldest}")

    publish("第 0 版")
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 9):
        publish(f"第 {number} 版")
        published[0] = number
    stop.set()
    for reader in readers:
        reader.join(20)
    assert not problems
    assert "第 8 版" in served("/help/")


def test_the_link_names_the_generation_that_counts_and_old_ones_go(served, baked_root, kept):
    for number in range(4):
        publish(f"第 {number} 版")
        served("/help/")
    name = generations.current(fresh=True)
    assert (baked_root / "current").resolve().name == name
    store.sweep(name)
    limit = time.monotonic() + 5
    folders: set[int] = set()
    while time.monotonic() < limit:
        folders = {int(folder.name.partition("-")[0]) for folder in baked_root.glob("[0-9]*")}
        if len(folders) <= 2:
            break
    number = Generation.objects.get().number
    assert number in folders
    assert folders <= {number - 1, number}


def test_a_restored_database_does_not_find_pages_of_a_later_one(served, kept):
    """Its number comes again; its pages must not."""
    before = Generation.objects.get()
    publish("来自将来")
    served("/help/")
    Generation.objects.filter(pk=before.pk).update(number=before.number, token=before.token)
    ColumnPage.objects.filter(slug="help").update(title="后来")  # moves on to the same number
    cache.clear()
    assert "后来" in served("/help/")


def test_another_release_or_setting_is_another_store(served, monkeypatch):
    served("/help/")
    first = generations.current()
    monkeypatch.setattr(generations, "fingerprint", lambda: "another release")
    assert generations.current() != first
