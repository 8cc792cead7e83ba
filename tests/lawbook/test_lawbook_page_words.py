"""Any text on the site: citations and terms in pages and films, without their templates knowing the law book."""

from datetime import date
from typing import Any

import pytest
from django.template import Context, Template
from django.test import Client
from wagtail.models import Site

from lawbook.models import Citation, GlossaryTerm
from media import films
from media.models import State, Video, VideoVersion
from pages.models import ColumnPage, ContentPage, HomePage
from search.services import find, shown

pytestmark = pytest.mark.django_db
SECOND = '<a href="/law/flowers/article-2/">第二条</a>'


@pytest.fixture
def column(flower_law: Any) -> ColumnPage:
    site = Site.objects.get(is_default_site=True)
    home = HomePage(title="首页", slug="front", headline="示例首页", intro="示例。")
    site.root_page.add_sibling("right", instance=home)
    site.root_page = home
    site.save()
    return home.add_child(instance=ColumnPage(title="办事", slug="how"))


def make_page(column: ColumnPage, **fields: Any) -> ContentPage:
    words = {"title": "浇花", "slug": "watering", "date": date(2026, 10, 1)} | fields
    return column.add_child(instance=ContentPage(**words))


def read(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return response.content.decode().partition("<main")[2].partition("</main>")[0]


def test_citations_in_the_texts_of_a_page_become_links(column: ColumnPage) -> None:
    make_page(
        column,
        title="第二条说了什么",
        standfirst="先看第二条。",
        body=[
            ("text", "<p>照<b>第三条第一款</b>办，第九十九条没有。</p>"),
            ("note", {"title": "第二条", "text": "<p>另见第二条。</p>"}),
            ("steps", {"title": "", "steps": ["照第二条先看土"]}),
        ],
    )
    page = read("/how/watering/")
    assert f"先看{SECOND}。" in page
    assert f"另见{SECOND}。" in page
    assert f"照{SECOND}先看土" in page
    assert '<b><a href="/law/flowers/article-3/#p1">第三条第一款</a></b>' in page
    assert "第九十九条</a>" not in page
    assert "<h1>第二条说了什么</h1>" in page


def test_links_lead_on_in_the_reader_s_script(column: ColumnPage) -> None:
    make_page(column, standfirst="先看第二条。")
    assert '<a href="/zh-hant/law/flowers/article-2/">第二條</a>' in read("/zh-hant/how/watering/")


def test_a_page_that_names_no_article_asks_for_no_citation(column: ColumnPage, django_assert_num_queries: Any) -> None:
    page = make_page(column)
    template = Template("{% law_links page %}<p>这条路走不通。</p>{% endlaw_links %}")
    with django_assert_num_queries(0):
        assert template.render(Context({"page": page})) == "<p>这条路走不通。</p>"


@pytest.mark.parametrize("obj", [None, "", 3, object()])
def test_what_is_no_saved_object_stays_as_it_is(flower_law: Any, obj: Any) -> None:
    for tag in ("law_links", "law_words"):
        template = Template(f"{{% {tag} page %}}<p>第二条</p>{{% end{tag} %}}")
        assert template.render(Context({"page": obj})) == "<p>第二条</p>"


def test_terms_are_marked_once_in_the_body_of_a_page_and_explained_below(column: ColumnPage) -> None:
    term = GlossaryTerm.objects.create(term="土湿", other_forms="湿土", meaning="手指按下去，<凉>。")
    body = [("text", "<h3>土湿</h3><p>先看<i>湿土</i>，再看土湿；<a href='/x/'>土湿</a>。</p>")]
    make_page(column, body=body)
    page = read("/how/watering/")
    link = f'<i><a class="term" href="/law/glossary/#t{term.pk}" data-term="term-{term.pk}">湿土</a></i>'
    assert link in page
    assert page.count('class="term"') == 1
    assert f'<dd id="term-{term.pk}">' in page
    assert "手指按下去，&lt;凉&gt;。" in page
    assert 'src="/static/lawbook/terms.js"' in page


def test_a_page_without_terms_has_no_script_for_them(column: ColumnPage) -> None:
    GlossaryTerm.objects.create(term="土湿", meaning="凉。")
    make_page(column, body=[("text", "<p>别的话。</p>")])
    page = read("/how/watering/")
    assert "terms.js" not in page
    assert 'class="terms"' not in page


def test_an_article_lists_the_pages_and_films_that_name_it(column: ColumnPage, film: Video) -> None:
    make_page(column, title="第一天", body=[("text", "<p>照第三条办。</p>")])
    cited = read("/law/flowers/article-3/").partition('class="cited"')[2].partition("</ul>")[0]
    assert ">第一天</a>" in cited
    assert 'href="/how/watering/"' in cited
    assert ">看土</a>" in cited
    ContentPage.objects.get().unpublish()
    assert "第一天" not in read("/law/flowers/article-3/")


@pytest.fixture
def film(flower_law: Any) -> Video:
    film = Video.objects.create(
        title="看土", slug="soil", summary="讲第三条和第二条。", published=True, no_captions_reason="示例"
    )
    film.current_version = VideoVersion.objects.create(video=film, number=1, state=State.READY, size_bytes=1)
    film.save()
    return film


def test_a_film_lists_the_articles_that_it_names(film: Video) -> None:
    template = Template("{% articles_named film '片中讲到的条文' %}{{ film.summary|citations_of:film }}")
    shown = template.render(Context({"film": film}))
    assert shown.index("《示例街区花木养护条例》第二条") < shown.index("《示例街区花木养护条例》第三条")
    assert f'讲<a href="/law/flowers/article-3/">第三条</a>和{SECOND}。' in shown
    Citation.objects.all().delete()
    assert "片中" not in template.render(Context({"film": Video.objects.get()}))


def test_a_film_names_the_one_paragraph_that_it_is_about(film: Video) -> None:
    film.summary = "讲第三条第二款。"
    film.save()
    shown = Template("{% articles_named film 'x' %}").render(Context({"film": film}))
    assert '<a href="/law/flowers/article-3/#p2">《示例街区花木养护条例》第三条第二款</a>' in shown


def test_captions_are_looked_at_again_when_they_are_saved_and_signed(
    film: Video, django_user_model: Any, settings: Any, django_capture_on_commit_callbacks: Any
) -> None:
    settings.DEMO = False
    cited = Citation.objects.filter(title="看土", number=5)
    with django_capture_on_commit_callbacks(execute=True):
        revision = films.save_captions(
            film, "zh-Hans", "1\n00:00:01,000 --> 00:00:02,000\n照第五条浇夜来香\n", file="a.srt",
            user=django_user_model.objects.create_user("writer"),
        )  # fmt: skip
    assert not cited.exists()
    assert find("夜来香").matches == []
    with django_capture_on_commit_callbacks(execute=True):
        films.review_captions(revision, user=django_user_model.objects.create_user("reader"))
    assert cited.get().url == "/video/soil/"
    found = find("夜来香")
    assert [hit.url for hit in shown(found, found.matches)] == ["/video/soil/?t=1#player"]
