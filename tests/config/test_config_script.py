"""The public site under /zh-hant/: the same pages in traditional script, at addresses of their own."""

import json
import re
import time
from datetime import date
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.http import FileResponse, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import get_resolver, get_script_prefix, reverse, set_script_prefix
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from config.script import IN_BOTH_SCRIPTS, ScriptPrefixMiddleware, is_in_both_scripts
from lawbook.models import Article, Law, LawVersion, Paragraph, Status
from pages.examples import build_site
from zh.markup import html_to_traditional

LAW = "/law/flower-care/"


def build_law() -> Law:
    """《示例街区花木养护条例》, 24 articles."""
    law = Law.objects.create(
        slug="flower-care", title="示例街区花木养护条例", short_title="花木养护条例", is_default=True
    )
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    for number in range(1, 25):
        label = (
            f"第{'' if number < 20 else '二'}{'十' if number > 9 else ''}{' 一二三四五六七八九'[number % 10].strip()}条"
        )
        article = Article.objects.create(version=version, number=number, label=label, order=number)
        Paragraph.objects.create(article=article, number=1, text=f"街坊里的花木，只有 {number} 户人家说了才发给剪刀。")
    return law


@pytest.fixture(scope="module")
def _site_once(django_db_setup, django_db_blocker):
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        build_law()
        build_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def starter(_site_once, db):
    Site.clear_site_root_paths_cache()


@pytest.fixture(autouse=True)
def _no_prefix_is_left_behind():
    before = get_script_prefix()
    yield
    left = get_script_prefix()
    set_script_prefix(before)
    assert left == before


def words(response):
    assert response.status_code == 200
    return response.content.decode()


def addresses(page):
    return re.findall(r'(?:href|src|action|poster)="([^"]*)"', page)


@pytest.mark.parametrize(
    "path", ["/", "/help/hardship/", "/law/", LAW, f"{LAW}article-24/", "/video/", "/search/?q=花木", "/accessibility/"]
)
def test_a_page_is_the_same_page_in_the_other_script(starter, client, path):
    simplified, traditional = words(client.get(path)), words(client.get(f"/zh-hant{path}"))
    assert '<html lang="zh-Hans">' in simplified
    assert '<html lang="zh-Hant">' in traditional
    tags = re.compile(r"<(/?[a-z]+[0-9]?)")
    assert tags.findall(traditional) == tags.findall(simplified)
    # The QR code holds the page's own address.
    old, new = (re.sub("<svg.*?</svg>", "", page, flags=re.DOTALL) for page in (simplified, traditional))
    old = html_to_traditional(old).replace('="/', '="/zh-hant/').replace("/zh-hant/static/", "/static/")
    new = new.replace("http://testserver/zh-hant/", "http://testserver/")
    assert new.split("<main")[1] == old.split("<main")[1]
    assert "蓬江區" in traditional
    assert "蓬江区" not in traditional


def test_every_way_on_keeps_the_script_and_no_file_takes_it(starter, client):
    for path in ("/", "/help/", LAW, f"{LAW}article-2/", "/search/?q=%E8%8A%B1%E6%9C%A8"):
        page = words(client.get(f"/zh-hant{path}"))
        page = re.sub(r'<(?:link rel="alternate"|a) [^>]*(?:lang="zh-Hans"|"x-default")[^>]*>', "", page)
        ways = [address for address in addresses(page) if not address.startswith(("/static/", "#"))]
        assert ways
        for way in ways:
            assert way.startswith(("/zh-hant/", "http://testserver/zh-hant/")), f"{way} on {path}"


@pytest.mark.parametrize("prefix", ["", "/zh-hant"])
def test_both_scripts_name_each_other_the_same_way(starter, client, prefix):
    page = words(client.get(f"{prefix}{LAW}article-3/"))
    there = {
        "zh-Hans": f"http://testserver{LAW}article-3/",
        "zh-Hant": f"http://testserver/zh-hant{LAW}article-3/",
        "x-default": f"http://testserver{LAW}article-3/",
    }
    assert dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', page)) == there
    assert f'<link rel="canonical" href="http://testserver{prefix}{LAW}article-3/">' in page
    here = "zh-Hant" if prefix else "zh-Hans"
    links = re.findall(r'<li><a href="([^"]*)" lang="(zh-Han.)" hreflang="zh-Han."( aria-current="true")?>(..)<', page)
    assert links == [
        (f"{LAW}article-3/", "zh-Hans", ' aria-current="true"' if here == "zh-Hans" else "", "简体"),
        (f"/zh-hant{LAW}article-3/", "zh-Hant", ' aria-current="true"' if here == "zh-Hant" else "", "繁體"),
    ]


def test_changing_script_keeps_the_question(starter, client):
    page = words(client.get("/zh-hant/search/?q=%E8%8A%B1%E6%9C%A8&page=1"))
    assert 'href="/search/?q=%E8%8A%B1%E6%9C%A8&amp;page=1" lang="zh-Hans"' in page


def test_structured_data_is_in_the_script_of_its_page(starter, client):
    page = words(client.get(f"/zh-hant{LAW}article-24/"))
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data["legislationIdentifier"] == "第二十四條"
    assert data["text"] == "街坊裏的花木，只有 24 戶人家說了才發給剪刀。"
    assert data["inLanguage"] == data["isPartOf"]["inLanguage"] == "zh-Hant"
    assert data["url"] == f"http://testserver/zh-hant{LAW}article-24/"


@pytest.mark.parametrize("query", ["第24條", "第24条", "二十四條", "24"])
def test_an_articles_number_in_either_script_leads_to_it(starter, client, query):
    assert f'href="/zh-hant{LAW}article-24/"' in words(client.get("/zh-hant/search/", {"q": query}))


@pytest.mark.parametrize(("prefix", "marked"), [("", "花木养护"), ("/zh-hant", "花木養護")])
@pytest.mark.parametrize("query", ["花木養護", "花木养护"])
def test_a_query_in_either_script_finds_and_marks_the_text(starter, client, prefix, marked, query):
    page = words(client.get(f"{prefix}/search/", {"q": query}))
    assert f"<mark>{marked}</mark>" in page
    assert f'name="q" type="search" maxlength="60" value="{query}"' in page


def test_the_name_of_the_law_in_traditional_finds_its_pages(starter, client):
    page = words(client.get("/zh-hant/search/", {"q": "社區矯正"}))
    assert "<mark>社區矯正</mark>" in page
    # The other spelling that was searched for as well is shown as such; nothing else is left in simplified script.
    assert "社区矫正" not in re.sub(r'<span[^>]*translate="no"[^>]*>[^<]*</span>', "", page)


def test_captions_and_transcripts_are_in_the_script_of_their_address(client, monkeypatch):
    vtt = "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n<v 社工>说明里面的条文\n"
    track = SimpleNamespace(video=SimpleNamespace(title="说明"))
    served = SimpleNamespace(vtt=vtt, track=track, cues=list)
    monkeypatch.setattr("media.views._served", lambda *args: served)
    answer = client.get("/zh-hant/video/a/captions/zh-Hans.vtt")
    assert words(answer) == "WEBVTT\n\n1\n00:00:00.000 --> 00:00:02.000\n<v 社工>說明裏面的條文\n"
    assert answer["Content-Type"] == "text/vtt; charset=utf-8"
    assert answer["Content-Length"] == str(len(answer.content))
    assert words(client.get("/video/a/captions/zh-Hans.vtt")) == vtt
    answer = client.get("/zh-hant/video/a/transcript.txt")
    assert words(answer).startswith("說明")
    assert answer["Content-Disposition"] == 'attachment; filename="a.txt"'


def test_a_missing_page_says_so_in_its_script(starter, client):
    answer = client.get("/zh-hant/no-such-page/")
    assert answer.status_code == 404
    assert "這裏沒有你要找的頁面" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/admin/", "/admin/login/?next=/admin/", "/planner/pengjiang/", "/geo/pengjiang/map/", "/uploads/films/a.mp4",
     "/static/css/site.css", "/documents/1/a.pdf", "/q/abc", "/sitemap.xml"],
)  # fmt: skip
def test_what_has_one_script_has_one_address(client, path):
    answer = client.get(f"/zh-hant{path}")
    assert (answer.status_code, answer["Location"]) == (302, path)
    assert client.post(f"/zh-hant{path}").status_code == 404


def test_every_route_is_decided():
    """A new route is in one script until somebody puts it here and in IN_BOTH_SCRIPTS."""
    routes = {str(pattern.pattern).partition("/")[0] for pattern in get_resolver().url_patterns} - {""}
    in_both = {route for route in routes if is_in_both_scripts(f"/{route}/")}
    assert in_both == IN_BOTH_SCRIPTS == {"contact", "law", "search", "video"}
    assert not is_in_both_scripts(settings.STATIC_URL)
    assert not is_in_both_scripts(settings.MEDIA_URL)


@pytest.mark.parametrize(
    "path", ["//admin/", "//example.com/", "/%2Fexample.com/", "//static/css/site.css", "/\\example.com/"]
)
def test_no_address_leads_to_another_host(starter, client, path):
    answer = client.get(f"/zh-hant{path}")
    assert answer.status_code == 404
    assert not [address for address in addresses(answer.content.decode()) if address.startswith(("//", "/\\"))]


def test_the_prefix_alone_leads_home(starter, client):
    answer = client.get("/zh-hant")
    assert (answer.status_code, answer["Location"]) == (301, "/zh-hant/")
    assert client.get("/zh-hanthelp/").status_code == 404


def test_a_missing_slash_is_added_in_the_same_script(starter, client):
    answer = client.get("/zh-hant/help?x=1")
    assert (answer.status_code, answer["Location"]) == (301, "/zh-hant/help/?x=1")


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("/law/", "/zh-hant/law/"),
        ("/law/?q=/admin/", "/zh-hant/law/?q=/admin/"),
        ("/uploads/a.pdf", "/uploads/a.pdf"),
        ("https://example.com/", "https://example.com/"),
        ("//example.com/", "//example.com/"),
    ],
)
def test_a_moved_page_is_found_in_both_scripts(starter, client, link, target):
    Redirect.objects.create(old_path="/moved", redirect_link=link)
    assert client.get("/moved/")["Location"] == link
    answer = client.get("/zh-hant/moved/")
    assert (answer.status_code, answer["Location"]) == (301, target)


def test_a_redirect_to_a_page_keeps_the_script(starter, client):
    Redirect.objects.create(old_path="/moved", redirect_page=Page.objects.get(slug="help"))
    assert client.get("/moved/")["Location"].endswith("/help/")
    assert client.get("/zh-hant/moved/")["Location"].endswith("/zh-hant/help/")


def test_a_page_leaves_nothing_of_its_script_behind(starter, client):
    before = words(client.get("/help/hardship/"))
    for path in ("/zh-hant/help/hardship/", "/zh-hant/search/?q=花木", "/zh-hant/no/", f"/zh-hant{LAW}"):
        client.get(path)
    assert words(client.get("/help/hardship/")) == before


def through(rf, view, path="/zh-hant/law/", **extra):
    request = rf.get(path, **extra)
    return request, ScriptPrefixMiddleware(view)(request)


def test_a_view_sees_its_own_path_and_makes_addresses_with_the_prefix(rf):
    seen = {}

    def view(request):
        seen.update(
            path_info=request.path_info,
            path=request.path,
            full=request.get_full_path(),
            absolute=request.build_absolute_uri(),
            script_name=request.META["SCRIPT_NAME"],
            law=reverse("lawbook:index"),
            static=settings.STATIC_URL,
            uploads=settings.MEDIA_URL,
        )
        return HttpResponse("条")

    request, answer = through(rf, view, "/zh-hant/law/?q=%E6%9D%A1")
    assert seen == {
        "path_info": "/law/",
        "path": "/zh-hant/law/",
        "full": "/zh-hant/law/?q=%E6%9D%A1",
        "absolute": "http://testserver/zh-hant/law/?q=%E6%9D%A1",
        "script_name": "/zh-hant",
        "law": "/zh-hant/law/",
        "static": "/static/",
        "uploads": "/uploads/",
    }
    assert answer.content.decode() == "條"
    # What stands further out sees the path that was asked for.
    assert (request.path_info, request.META["PATH_INFO"], request.META["SCRIPT_NAME"]) == ("/zh-hant/law/",) * 2 + ("",)


def test_the_site_may_itself_be_mounted_below_a_path(rf):
    seen = []

    def view(request):
        seen.extend([reverse("lawbook:index"), request.script.simplified_url, request.script.traditional_url])
        return HttpResponse("条")

    through(rf, view, "/zh-hant/law/", SCRIPT_NAME="/pufa")
    assert seen == ["/pufa/zh-hant/law/", "/pufa/law/", "/pufa/zh-hant/law/"]


def test_a_view_that_fails_leaves_no_prefix(rf):
    def view(request):
        raise RuntimeError(reverse("lawbook:index"))

    with pytest.raises(RuntimeError, match=r"^/zh-hant/law/$"):
        through(rf, view)
    assert reverse("lawbook:index") == "/law/"


def test_a_stream_is_made_under_the_prefix_and_leaves_none(rf):
    def parts():
        for _ in range(2):
            yield reverse("lawbook:index").encode()

    _, answer = through(rf, lambda request: StreamingHttpResponse(parts(), content_type="text/csv"))
    assert reverse("lawbook:index") == "/law/"
    for part in answer:
        assert part == b"/zh-hant/law/"
        assert reverse("lawbook:index") == "/law/"


def test_a_file_goes_out_as_it_is(rf, tmp_path):
    (tmp_path / "条.txt").write_text("条", encoding="utf-8")
    _, answer = through(rf, lambda request: FileResponse((tmp_path / "条.txt").open("rb")))
    assert answer.getvalue().decode() == "条"


@pytest.mark.parametrize(
    "answer",
    [
        JsonResponse({"a": "条"}, json_dumps_params={"ensure_ascii": False}),
        HttpResponse("条".encode(), content_type="application/pdf"),
        HttpResponse("条".encode(), content_type="text/html", headers={"Content-Encoding": "br"}),
        HttpResponse("var a = '条'", content_type="text/javascript"),
    ],
)
def test_what_is_no_text_for_people_goes_out_as_it_is(rf, answer):
    before = answer.content
    assert through(rf, lambda request: answer)[1].content == before


def test_the_length_is_that_of_what_goes_out(starter, client, rf):
    def view(request):
        return HttpResponse("说<!-- 㑳 -->㑳", headers={"Content-Length": "20"})

    _, answer = through(rf, view)
    assert int(answer["Content-Length"]) == len(answer.content)
    answer = client.get("/zh-hant/help/")
    assert int(answer["Content-Length"]) == len(answer.content)
    assert client.head("/zh-hant/help/")["Content-Length"] == answer["Content-Length"]


def test_compressed_pages_are_in_the_script_of_their_address(rf):
    import gzip

    from django.middleware.gzip import GZipMiddleware

    request = rf.get("/zh-hant/law/", headers={"Accept-Encoding": "gzip"})
    answer = GZipMiddleware(ScriptPrefixMiddleware(lambda request: HttpResponse("<p>条</p>" * 200)))(request)
    assert gzip.decompress(answer.content).decode() == "<p>條</p>" * 200


def test_a_page_in_one_script_offers_no_other(client, admin_client):
    for path in ("/admin/", "/planner/"):
        assert b'hreflang="zh-Hant"' not in admin_client.get(path, follow=True).content


def test_an_article_page_is_converted_in_less_than_ten_milliseconds(starter, client):
    page = words(client.get(f"{LAW}article-24/"))
    times = []
    for _ in range(10):
        start = time.process_time()
        html_to_traditional(page)
        times.append(time.process_time() - start)
    assert min(times) < 0.01


@pytest.mark.parametrize(
    ("path", "simplified", "traditional"),
    [
        ("/feed/", "新闻动态|普法直通车|生活或找工作有困难", "普法直通車|生活或找工作有困難"),
        ("/news/feed/", "<title>新闻动态 ·", "<title>新聞動態 ·"),
        ("/events/calendar/", "问题来（示例）", "問題來（示例）"),
        ("/events/street-stall/ics/", "带着问题来", "帶着問題來"),
        ("/outcomes/three-years-three-moves/csv/", "网格员走访", "網格員走訪"),
    ],
)
def test_feeds_calendars_and_tables_come_in_the_readers_script(starter, client, path, simplified, traditional):
    for prefix, wanted in (("", simplified), ("/zh-hant", traditional)):
        response = client.get(f"{prefix}{path}")
        text = words(response).replace("\r\n ", "")
        assert any(word in text for word in wanted.split("|")), prefix
    assert "走访" not in text
    assert "问题" not in text
    if response["Content-Type"].startswith("application/atom+xml"):
        assert 'xml:lang="zh-Hant"' in text
        assert f'href="http://testserver/zh-hant{path}"' in text or f"/zh-hant{path}" in text


def test_an_entry_of_a_feed_is_the_same_in_either_script(starter, client):
    ids = [re.findall(r"<id>(.*?)</id>", words(client.get(f"{prefix}/news/feed/"))) for prefix in ("", "/zh-hant")]
    assert ids[0] == ids[1]
    assert len(ids[0]) > 3
