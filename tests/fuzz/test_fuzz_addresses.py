"""Hostile values for every parameter of every public address: never a server error, never a long wait.

Addresses come from the URL resolver and the page tree; the parameters of each are those that its view looks up when it
is asked. So whatever is added is asked as well.
"""

import io
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.core.management import call_command
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from wagtail.models import Page, Site

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "config"))
from test_config_crawl import INSIDE, OPEN, addresses

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("crawl")]
LONGEST_CPU_S = 3.0
USUAL = ("page", "q", "next", "format")
# fmt: off
VALUES: list[str | bytes] = [
    "", "\0", "a\0b", "%00", "'", '"', "';--", "<script>", "{{7*7}}", "${7*7}", "%s%n", "../../etc/passwd",
    "//evil.example/", "http://evil.example/", "javascript:alert(1)", "\r\nX: y", "*", "(", "\\", "🚌", "\ufeff",
    "-1", "0", "00", "1.5", "1e9", "1e400", "NaN", "²", "１２", "٣", "9" * 30, "9" * 5000, "-" + "9" * 25,
    "true", "null", "[]", "2026-02-30", "0001-01-01", "99999-01-01", "2026-11-24T25:61", "a" * 20_000,
    "\u202e社区", "社区矫正" * 500, "第零条", "第99999999999999999999条", "AND OR NOT", '"社区', "社区 -社区",
    "NEAR(社区 矫正)", "\u0000社", "\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe", b"%FF",
]
HEADERS = {
    "HTTP_RANGE": [
        "bytes=", "bytes=0-", "bytes=-0", "bytes=9-1", "bytes=0-0,1-1,2-2", f"bytes={'9' * 40}-", "x=1-2", "bytes=²-",
    ],
    "HTTP_IF_MODIFIED_SINCE": ["never", "Thu, 99 Foo 0000 00:00:00 GMT", "9" * 40],
    "HTTP_IF_NONE_MATCH": ['"', "*", 'W/"' + "a" * 5000, ","],
    "HTTP_COOKIE": ["sessionid=\x01", "sessionid=" + "a" * 4000, "csrftoken=;;;", "=;=", "messages=x"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=nan", "gzip;q=", "*;q=0", ",;,"],
    "HTTP_ACCEPT_LANGUAGE": ["zh-" * 300, "*;q=9", "²"],
    "HTTP_HOST": ["evil.example", "a b", "[::1", "localhost:99999999", "." * 300],
    "HTTP_X_FORWARDED_FOR": ["x", "1.2.3.4, y", "::" * 99, "unknown"],
    "HTTP_REFERER": ["http://[", "javascript:1", "a" * 9000],
    "HTTP_USER_AGENT": ["", "\u00e9" * 2000, "x" * 9000],
    "CONTENT_TYPE": [
        "multipart/form-data", "multipart/form-data; boundary=\xff", "application/json", "text/plain; charset=x",
    ],
}
# fmt: on


@dataclass
class Case:
    """One request: what is asked, with what."""

    path: str
    query: list[tuple[str, Any]] = field(default_factory=list)
    form: list[tuple[str, Any]] | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        parts = [f"{name}={_short(value)}" for name, value in [*self.query, *(self.form or []), *self.headers.items()]]
        return f"{'GET' if self.form is None else 'POST'} {_short(self.path)} {' '.join(parts)}"

    def asked(self, client: Client) -> int:
        query = "&".join(f"{quote(name)}={quote(value)}" for name, value in self.query)
        if self.form is None:
            return int(client.get(self.path, QUERY_STRING=query, **self.headers).status_code)
        body = "&".join(f"{quote(name)}={quote(value)}" for name, value in self.form)
        kind = self.headers.get("CONTENT_TYPE", "application/x-www-form-urlencoded")
        rest = {name: value for name, value in self.headers.items() if name != "CONTENT_TYPE"}
        return int(client.post(self.path, body, content_type=kind, QUERY_STRING=query, **rest).status_code)


def _short(value: Any) -> str:
    told = repr(value)
    return told if len(told) < 70 else f"{told[:60]}… ({len(told)})"


class Noting(QueryDict):
    """Remembers which names are looked up."""

    seen: set[str] = set()

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.seen.add(str(key))
        return super().__contains__(key)

    def getlist(self, key: str, default: Any = None) -> Any:
        self.seen.add(key)
        return super().getlist(key, default)


def names(client: Client, path: str, method: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The parameters that the view of `path` looks up; asked twice, as some are looked up only beside others."""
    kind = "GET" if method == "get" else "POST"
    found: set[str] = set()
    with monkeypatch.context() as patch:
        patch.setattr(WSGIRequest, kind, property(lambda request: Noting(given)), raising=False)
        for given in ("", "&".join(f"{name}=1" for name in USUAL), None):
            if given is None:
                given = "&".join(f"{quote(name)}=1" for name in sorted(found))  # noqa: PLW2901 - the closure reads it
            Noting.seen = set()
            with transaction.atomic():
                getattr(client, method)(path)
                transaction.set_rollback(True)
            found |= Noting.seen
    return sorted(name for name in found if name != "csrfmiddlewaretoken" and name.isprintable() and len(name) < 60)


@pytest.fixture(scope="module")
def _starter(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_starter", verbosity=0, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def public(_starter: None, db: None) -> list[str]:
    """Every address that somebody unknown may ask for, pages of the tree and the traditional script included."""
    Site.clear_site_root_paths_cache()
    found = [one.url for one in addresses() if not one.url.startswith(INSIDE) or one.name in OPEN]
    found += [url for page in Page.objects.live().public().specific() if (url := page.url)]
    found = list(dict.fromkeys(url.replace("http://localhost", "") for url in found))
    both = [url for url in found if not url.startswith(("/admin", "/geo", "/q/", "/uploads", "/documents"))]
    return found + [f"/zh-hant{url}" for url in both[:60]]


def every(public: list[str], known: dict[str, list[str]], forms: dict[str, list[str]]) -> Iterator[Case]:
    """Each parameter of each address with each value, each part of each path, each header."""
    for path in public:
        for name in known[path]:
            yield from (Case(path, [(name, value)]) for value in VALUES)
        for name in forms.get(path, []):
            yield from (Case(path, form=[(name, value)]) for value in VALUES)
        parts = path.strip("/").split("/")
        for n in range(len(parts)):
            for value in VALUES:
                told = quote(value, safe="") if len(value) < 2000 else quote(value[:2000], safe="")
                yield Case("/" + "/".join([*parts[:n], told, *parts[n + 1 :]]) + "/")
        for header, values in HEADERS.items():
            if header != "CONTENT_TYPE" or path in forms:
                form = [("x", "1")] if header == "CONTENT_TYPE" else None
                yield from (Case(path, form=form, headers={header: value}) for value in values)


def many_at_once(public: list[str], known: dict[str, list[str]], forms: dict[str, list[str]], rng: Any) -> Case:
    """A request with several things wrong."""
    path = rng.choice(public)
    some = lambda listed: [(name, rng.choice(VALUES)) for name in listed if rng.random() < 0.7]  # noqa: E731
    header = rng.choice(sorted(set(HEADERS) - {"HTTP_HOST", "CONTENT_TYPE"}))
    headers = {header: rng.choice(HEADERS[header])} if rng.random() < 0.3 else {}
    return Case(path, some(known[path]), some(forms[path]) if path in forms and rng.random() < 0.5 else None, headers)


def test_no_public_parameter_however_hostile_ends_in_a_server_error(public, budget, tell, monkeypatch):
    client = Client(raise_request_exception=False)
    known = {path: names(client, path, "get", monkeypatch) for path in public}
    forms = {path: found for path in public if (found := names(client, path, "post", monkeypatch))}
    assert sum(map(len, known.values())) > 20, "no view looks anything up any more?"
    assert any("text" in found for found in forms.values()), "the form for messages is no longer found"
    everything = list(every(public, known, forms))
    budget.rng("addresses").shuffle(everything)
    reasons: list[str] = []

    def note(**kwargs: Any) -> None:
        reasons.append("".join(traceback.format_exception(*sys.exc_info(), limit=-3)))

    got_request_exception.connect(note)
    found: dict[str, str] = {}
    budget.begun = time.monotonic()
    asked = 0
    try:
        for n in budget:
            case = everything[n] if n < len(everything) else many_at_once(public, known, forms, budget.rng("many", n))
            reasons.clear()
            began = time.thread_time()
            with transaction.atomic():
                try:
                    status = case.asked(client)
                except Exception:  # noqa: BLE001 - past every middleware: what we look for
                    status, reasons = 500, [traceback.format_exc(limit=-3)]
                transaction.set_rollback(True)
            took_s = time.thread_time() - began
            client.cookies.clear()
            asked += 1
            if status >= 500 or took_s > LONGEST_CPU_S:
                reason = reasons[-1] if reasons else f"{status} after {took_s:.1f} s"
                found.setdefault(reason.strip().splitlines()[-1][:60], f"{case} → {status}\n{reason}")
    finally:
        got_request_exception.disconnect(note)
    tell(f"{asked} of {len(everything)} cases for {len(public)} addresses, seed {budget.seed}")
    told = "\n".join(f"{kind}\n{case}" for kind, case in found.items())
    assert not found, f"{len(found)} kinds of failure:\n{told}"
