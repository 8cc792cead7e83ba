"""What every test can ask for: real data, a served site, a browser that may not leave this machine.

The fixtures in one line each:

- `real_data`            the folder that PUFA_REAL_DATA names; the test is skipped, with the reason, where it is unset
- `site_server`          a live server over the test's own database (`site_server.url`), migrations' data included
- `starter_site`         the site as `make run` serves it to a newcomer: own processes, own data (`.url`, `.accounts`)
- `page`                 a new browser page at 1280 px; uncaught script errors and policy violations fail the test
- `phone_page`           the same at 375 px
- `plain_page`           the same with JavaScript off
- `no_foreign_requests`  records every host that any page of the test asked for and fails on all but this machine
- `axe`                  `axe(page)` returns accessibility violations, contrast included, one line each
"""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.backends.base.creation import BaseDatabaseCreation
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from scripts.temporary_site import TemporarySite, temporary_site

ROOT = Path(__file__).resolve().parent.parent
HERE = frozenset({"localhost", "127.0.0.1", "::1"})
BROWSER_FIXTURES = frozenset({"browser", "new_page", "page", "phone_page", "plain_page", "starter_site"})
CHROMIUM_ARGS = [
    "--headless",
    "--no-sandbox",  # root in a container cannot have Chromium's sandbox
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
# The same examples for everybody who runs the tests; `make fuzz` looks for new ones.
hypothesis_settings.register_profile("repeatable", derandomize=True)
hypothesis_settings.register_profile("searching", derandomize=False)
hypothesis_settings.load_profile("repeatable")

NOT_FOR_THE_BROWSER = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "node_options", "display"})


def pytest_configure(config: pytest.Config) -> None:
    """Keep each process in a data folder of its own, and never in the one that a site is running from.

    settings.test chose a temporary folder for this process before pytest came here. A parallel run's controller must
    not hand its folder down: its workers would share uploads.
    """
    data_dir = Path(settings.DATA_DIR).resolve()
    if not data_dir.is_relative_to(Path(tempfile.gettempdir()).resolve()):
        raise pytest.UsageError(
            f"PUFA_DATA_DIR is {data_dir}, outside the temporary folder; the tests would write into a site's data. "
            "Unset it and run the tests again."
        )
    if getattr(config.option, "numprocesses", None) and not hasattr(config, "workerinput"):
        os.environ.pop("PUFA_DATA_DIR", None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser and what needs real data, from the fixtures used; browser tests run last."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if fixtures & BROWSER_FIXTURES:
            item.add_marker(pytest.mark.e2e)
        if "starter_site" in fixtures:
            item.add_marker(pytest.mark.xdist_group("starter_site"))  # it takes a while to start: once, not per process
        if "real_data" in fixtures:
            item.add_marker(pytest.mark.real_data)
    # Playwright's event loop stays in the thread once started; asynchronous code in later tests would trip over it.
    # What restores the first contents of the tables leaves them empty, so it follows what relies on them.
    items.sort(key=lambda item: (_restores(item) or item.get_closest_marker("e2e") is not None, _restores(item)))


def _restores(item: pytest.Item) -> bool:
    """Whether it has the first contents of the tables restored, by the fixture or by its mark."""
    mark = item.get_closest_marker("django_db")
    by_mark = mark is not None and bool(mark.kwargs.get("serialized_rollback"))
    return by_mark or "django_db_serialized_rollback" in getattr(item, "fixturenames", ())


def pytest_unconfigure() -> None:
    """Remove the temporary data folder of this process, where settings.test made one."""
    data_dir = Path(settings.DATA_DIR)
    if data_dir.name == f"pufa-test-{os.getpid()}":
        shutil.rmtree(data_dir, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def _stay_on_this_machine() -> Iterator[None]:
    """Refuse any connection that leaves this machine: a test that needs the network is a test that fails elsewhere."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = str(address[0])
            if host != "localhost" and not _is_loopback(host):
                raise AssertionError(f"a test tried to connect to {host}; tests use no network")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def _restore_into_empty_tables() -> Iterator[None]:
    """Empty the tables before the contents that migrations wrote are put back (`site_server`).

    A test with transactions of its own leaves content types with new numbers behind; Django would put the old ones
    beside them and fail on their names.
    """
    restore = BaseDatabaseCreation.deserialize_db_from_string

    def empty_and_restore(self: BaseDatabaseCreation, data: str) -> None:
        alias = self.connection.alias
        call_command("flush", database=alias, verbosity=0, interactive=False, inhibit_post_migrate=True)
        restore(self, data)
        # Restored rows bring their numbers; the next new row needs one after them (PostgreSQL counts by itself).
        with self.connection.cursor() as cursor:
            for statement in self.connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
                cursor.execute(statement)
        ContentType.objects.clear_cache()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseCreation, "deserialize_db_from_string", empty_and_restore)
        yield


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """What one test left in the cache (Wagtail's root paths of a site that was rolled back) misleads the next."""
    cache.clear()


@pytest.fixture(autouse=True, scope="session")
def system_door() -> Iterator[None]:
    """Tests put things on the public site as system code does; requests and tests of the gate find it shut."""
    from editorial import gate

    token = gate._door.set(gate.Door("tests", recorded=False))
    yield
    gate._door.reset(token)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real data. Unset: skipped. Set to something that is not there: an error, never a quiet skip."""
    named = os.environ.get("PUFA_REAL_DATA", "").strip()
    if not named:
        pytest.skip("needs real data: set PUFA_REAL_DATA to the folder that holds it")
    folder = Path(named).resolve()
    if not folder.is_dir():
        pytest.fail(f"PUFA_REAL_DATA names {named}, which is not a folder")
    return folder


@pytest.fixture
def site_server(browser: Browser, django_db_serialized_rollback: None, live_server: Any) -> Any:
    """A live server over the test's database.

    Emptying the tables between tests would also remove what migrations wrote (Wagtail's root page, its locale), so
    the contents are put back before each such test.
    """
    from wagtail.models import Site

    address = urlsplit(live_server.url)
    Site.objects.filter(is_default_site=True).update(hostname=address.hostname, port=address.port)
    Site.clear_site_root_paths_cache()
    return live_server


@pytest.fixture(scope="session")
def starter_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporarySite]:
    """The starter site in processes of its own. Shared: read it, do not change what others read."""
    with temporary_site(tmp_path_factory.mktemp("starter")) as site:
        yield site


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium, or the one that CHROMIUM names; one per process.

    Playwright keeps an event loop running in this thread. From then on Django hands out another connection object,
    which does not carry the serialised contents that the first one was given when the test database was made;
    `site_server` needs them to put the migrations' data back.
    """
    contents: Any = getattr(connection, "_test_serialized_contents", None)
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(program).is_file():
        pytest.fail(f"no Chromium at {program}: `make test` installs it as root, or set CHROMIUM to its path")
    # Playwright's loop makes Django think that every later query of this thread is asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    env: dict[str, str | float | bool] = {k: v for k, v in os.environ.items() if k.lower() not in NOT_FOR_THE_BROWSER}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_ARGS, env=env)
        if contents is not None:
            connection._test_serialized_contents = contents  # type: ignore[attr-defined]
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """`new_page(width=375, javascript=False)`: a page in a fresh context, checked for script errors at the end."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error" and "Content Security Policy" in message.text:
            problems.append(message.text)

    def make(*, width: int = 1280, height: int = 900, javascript: bool = True, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("console", on_console)
        context.on("weberror", lambda error: problems.append(f"uncaught: {error.error}"))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not problems, "the page reported errors:\n" + "\n".join(problems)


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def phone_page(new_page: Callable[..., Page]) -> Page:
    return new_page(width=375, height=740, has_touch=True)


@pytest.fixture
def plain_page(new_page: Callable[..., Page]) -> Page:
    return new_page(javascript=False)


@pytest.fixture
def no_foreign_requests(page: Page) -> Iterator[set[str]]:
    """Every host that the test's browser asked for; the test fails where one of them is not this machine."""
    hosts: set[str] = set()

    def note(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"data", "blob", "about"}:
            hosts.add(address.hostname or request.url)

    page.context.on("request", note)
    yield hosts
    foreign = sorted(hosts - HERE)
    assert not foreign, f"pages asked foreign hosts: {', '.join(foreign)}"


@pytest.fixture(scope="session")
def axe() -> Callable[..., list[str]]:
    """`axe(page)`: axe-core's violations on the page as it is now, contrast included; a list of readable lines.

    Runs through the debugger protocol, so a strict content security policy needs no hole for it.
    """
    source = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")

    def run(page: Page, within: str = "") -> list[str]:
        page.evaluate(source)
        result = page.evaluate("within => axe.run(within || document, {resultTypes: ['violations']})", within)
        return [
            f"{violation['id']} ({violation['impact']}): {node['html'][:160]} — {node['failureSummary']}"
            for violation in result["violations"]
            for node in violation["nodes"]
        ]

    return run
