"""A small site whose finished pages are kept, in a folder of the test's own."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from wagtail.models import Page, Site

from baking import generations, store
from baking.models import ONLY, Generation
from pages.models import ColumnPage, HomePage

HOST = "testserver"


@pytest.fixture
def baked_root(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Baking switched on, into an empty folder; nothing is remembered of another test."""
    settings.BAKED_PAGES = True
    settings.BAKED_ROOT = tmp_path / "baked"
    generations.forget()
    generations._state.owing = generations._state.paused = False
    store._state.generation, store._state.written, store._state.complained = "", 0, False
    yield settings.BAKED_ROOT
    generations.forget()


def make_home() -> HomePage:
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title="首页", slug="start", headline="示例", intro="示例"))
    Site.objects.update(root_page=home, hostname=HOST, port=80)
    Site.clear_site_root_paths_cache()
    return home


@pytest.fixture
def home(baked_root: Path, db: None) -> HomePage:
    home = make_home()
    generations.forget()
    return home


@pytest.fixture
def column(home: HomePage) -> ColumnPage:
    return home.add_child(instance=ColumnPage(title="办事", slug="help", show_in_menus=True))


@pytest.fixture
def visit() -> Callable[..., Any]:
    """`visit(path)`: what somebody unknown gets, cookies and all forgotten in between."""

    def get(path: str = "/", **headers: Any) -> Any:
        return Client().get(path, **headers)

    return get


@pytest.fixture
def kept(baked_root: Path) -> Callable[[], list[str]]:
    """Paths of the pages that are kept, below their generation: `testserver/help`."""

    def names() -> list[str]:
        found = (page.parent.relative_to(baked_root).parts[1:] for page in baked_root.glob("[0-9]*/**/index.html"))
        return sorted("/".join(parts) for parts in found)

    return names


@pytest.fixture
def bumps(baked_root: Path, db: None) -> Callable[[Callable[[], Any]], bool]:
    """`bumps(change)`: whether committing `change` moves the generation on."""

    def run(change: Callable[[], Any]) -> bool:
        # The test's own transaction stays open: run what the commit would have run.
        connection.run_on_commit.clear()
        before = Generation.objects.filter(pk=ONLY).values_list("number", "token").first()
        change()
        todo, connection.run_on_commit = connection.run_on_commit, []
        for _savepoints, after, _robust in todo:
            after()
        return Generation.objects.filter(pk=ONLY).values_list("number", "token").first() != before

    return run
