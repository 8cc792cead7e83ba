"""What is never kept: anything made for one person, under a strange host, or at a strange path."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client, RequestFactory
from wagtail.models import PageViewRestriction, Site

from baking import generations, headers
from config.middleware import PublicPagesMiddleware
from pages.models import ColumnPage, HomePage

HTML = "<!doctype html><title>示例</title><p>示例</p>"


def serve(monkeypatch: pytest.MonkeyPatch, view: Callable[[Any], Any]) -> None:
    """Let every column answer with `view(request)`, through all that stands around a page."""
    monkeypatch.setattr(ColumnPage, "serve", lambda self, request, *args, **kwargs: view(request))


# What may not be kept


def test_a_page_with_a_query_is_never_kept(column, visit, kept):
    assert visit("/help/?page=1").status_code == 200
    assert kept() == []


def test_a_query_is_not_answered_from_the_store(column, visit, monkeypatch):
    visit("/help/")
    serve(monkeypatch, lambda request: HttpResponse(request.GET.get("page", "")))
    assert visit("/help/?page=2").content == b"2"


def test_a_draft_never_reaches_the_store(column, visit, kept, bumps):
    column.live = False
    column.save()
    assert visit("/help/").status_code == 404
    assert kept() == []


def test_words_of_a_draft_are_not_in_the_kept_page(column, visit, kept):
    column.title = "未发布的题目"
    column.save_revision()
    assert visit("/help/").status_code == 200
    assert kept() == ["testserver/help"]
    assert "未发布的题目" not in visit("/help/").content.decode()


@pytest.mark.parametrize("kind", [PageViewRestriction.PASSWORD, PageViewRestriction.LOGIN, PageViewRestriction.GROUPS])
def test_a_private_page_is_never_kept(kind, column, visit, kept):
    PageViewRestriction.objects.create(page=column, restriction_type=kind, password="open-sesame")
    assert "办事".encode() not in visit("/help/").content or kind == PageViewRestriction.PASSWORD
    assert kept() == []


def test_a_private_page_opened_with_its_password_is_not_kept(column, kept):
    lock = PageViewRestriction.objects.create(
        page=column, restriction_type=PageViewRestriction.PASSWORD, password="open-sesame"
    )
    client = Client()
    answer = client.post(
        f"/_util/authenticate_with_password/{lock.pk}/{column.pk}/",
        {"password": "open-sesame", "return_url": "/help/"},
    )
    assert answer.status_code == 302
    assert client.get("/help/").status_code == 200
    assert kept() == []


def test_somebody_logged_in_neither_fills_the_store_nor_reads_it(column, visit, kept, admin_client, monkeypatch):
    assert admin_client.get("/help/").status_code == 200
    assert kept() == []
    visit("/help/")
    serve(monkeypatch, lambda request: HttpResponse(str(request.user)))
    assert admin_client.get("/help/").content == b"admin"


def test_any_cookie_keeps_a_page_out_of_the_store(column, kept):
    client = Client()
    client.cookies["theme"] = "dark"
    client.get("/help/")
    assert kept() == []


def _with_session(request):
    request.session["seen"] = "1"
    return HttpResponse(HTML)


def _reads_session(request):
    return HttpResponse(f"{HTML}{request.session.get('name')}")


def _with_cookie(request):
    response = HttpResponse(HTML)
    response.set_cookie("theme", "dark")
    return response


def _with_nonce(request):
    return HttpResponse(f'{HTML}<script nonce="{request.csp_nonce}"></script>')


def _policy_of_its_own(request):
    response = HttpResponse(HTML)
    response._csp_update = {"img-src": ["blob:"]}
    return response


NEVER = {
    "a session written": _with_session,
    "a session read": _reads_session,
    "the person asked for": lambda request: HttpResponse(f"{HTML}{request.user}"),
    "a cookie": _with_cookie,
    "a CSRF token": lambda request: HttpResponse(f"{HTML}{get_token(request)}"),
    "a form's token, however it came there": lambda request: HttpResponse('<input name="csrfmiddlewaretoken">'),
    "a nonce": _with_nonce,
    "a nonce in the page alone": lambda request: HttpResponse('<script nonce="abc"></script>'),
    "the editors' bar": lambda request: HttpResponse('<template class="wagtail-userbar"></template>'),
    "a policy of its own": _policy_of_its_own,
    "private": lambda request: HttpResponse(HTML, headers={"Cache-Control": "private"}),
    "no-store": lambda request: HttpResponse(HTML, headers={"Cache-Control": "no-store"}),
    "varies by language": lambda request: HttpResponse(HTML, headers={"Vary": "Accept-Language"}),
    "a header of its own": lambda request: HttpResponse(HTML, headers={"X-Robots-Tag": "noindex"}),
    "not found": lambda request: HttpResponse(HTML, status=404),
    "an error": lambda request: HttpResponse(HTML, status=500),
    "partial": lambda request: HttpResponse(HTML, status=206),
    "a redirect": lambda request: HttpResponse(status=302, headers={"Location": "/"}),
    "streamed": lambda request: StreamingHttpResponse([HTML]),
    "not HTML": lambda request: HttpResponse("{}", content_type="application/json"),
    "another charset": lambda request: HttpResponse(HTML, content_type="text/html; charset=gbk"),
    "encoded already": lambda request: HttpResponse(HTML, headers={"Content-Encoding": "br"}),
    "too large": lambda request: HttpResponse(HTML * 200_000),
}


@pytest.mark.parametrize("view", NEVER.values(), ids=NEVER.keys())
def test_a_page_made_for_one_is_never_kept_for_all(view, column, visit, kept, monkeypatch):
    serve(monkeypatch, view)
    visit("/help/")
    visit("/help/")
    assert kept() == []


def test_a_plain_answer_of_the_same_making_is_kept(column, visit, kept, monkeypatch):
    """Else the test before could not fail."""
    serve(monkeypatch, lambda request: HttpResponse(HTML))
    visit("/help/")
    assert kept() == ["testserver/help"]


def test_a_preview_is_never_kept(column, visit, kept, monkeypatch):
    def preview(request):
        request.is_preview = True
        return HttpResponse(HTML)

    serve(monkeypatch, preview)
    visit("/help/")
    assert kept() == []


def test_debug_pages_are_never_kept(column, visit, kept, settings):
    settings.DEBUG = True
    visit("/help/")
    assert kept() == []


def test_a_post_is_not_answered_from_the_store(column, visit, monkeypatch):
    visit("/help/")
    serve(monkeypatch, lambda request: HttpResponse(request.method))
    assert Client().post("/help/").content == b"POST"


@pytest.mark.parametrize(
    "path", ["/admin/login/", "/planner/", "/geo/", "/q/none", "/sitemap.xml", "/api/", "/nowhere/"]
)
def test_what_is_no_public_page_is_not_kept(path, home, visit, kept):
    visit(path)
    assert kept() == []


# Hosts and paths


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "testserver:8000", "TESTSERVER", "testserver.", "testserver:", "../testserver"]
)
def test_a_host_that_is_no_sites_own_is_not_kept(host, column, visit, kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    visit("/help/", HTTP_HOST=host)
    assert kept() == []


def test_two_sites_of_one_name_are_not_mixed_up(column, visit, kept):
    Site.objects.create(hostname="testserver", port=8080, root_page=column)
    generations.forget()
    visit("/")
    visit("/", HTTP_HOST="testserver:8080")
    assert kept() == []


def test_two_sites_are_kept_apart(home, column, visit, kept, settings):
    settings.ALLOWED_HOSTS = ["*"]
    Site.objects.create(hostname="help.example", port=80, root_page=column)
    Site.clear_site_root_paths_cache()
    generations.forget()
    visit("/")
    visit("/", HTTP_HOST="help.example")
    assert kept() == ["help.example", "testserver"]
    assert visit("/").content != visit("/", HTTP_HOST="help.example").content


@pytest.fixture
def ask(home: HomePage) -> Callable[[str], Any]:
    """`ask(path)`: a page answers wherever it is looked for, with no router between that might refuse the path."""
    middleware = PublicPagesMiddleware(lambda request: HttpResponse(HTML, headers=headers.page_headers()))

    def get(path: str) -> Any:
        request = RequestFactory().get("/")
        request.path_info = path
        return middleware(request)

    return get


def test_a_decent_path_leaves_one_file(ask, kept):
    """Else the next test could not fail."""
    assert "ETag" in ask("/Some_where/2026-11-24/").headers
    assert kept() == ["testserver/Some_where/2026-11-24"]


@pytest.mark.parametrize(
    "path",
    [
        "/../help/", "/help/../../help/", "//help/", "/help//", "/./help/", "/.hidden/", "/help\x00/", "/help/\\/",
        "/help/index.html", "/help/index.html/", "/%2e%2e/", "/帮助/", f"/{'a' * 101}/", "/a" * 13 + "/",
        "/" + "a/" * 300, "/help", "/help/ /", "/help\n/", "/.lock/", "help/", "",
    ],
)  # fmt: skip
def test_a_hostile_path_leaves_no_file(path, ask, baked_root):
    assert ask(path).status_code == 200
    assert not [file for file in baked_root.parent.rglob("*") if "index.html" in file.name]
