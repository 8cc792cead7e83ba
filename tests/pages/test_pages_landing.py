"""Landing pages: what a code in the street opens."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lawbook.models import Law
from media.models import Video
from pages import home_parts
from pages.models import HomePage, LandingPage

URL = "/street-leave/"


@pytest.fixture
def landing_page(starter: HomePage, invented_law: Law) -> LandingPage:
    """The first landing page, about article 3 of the invented law."""
    LandingPage.objects.filter(slug="street-leave").update(article="3")
    return LandingPage.objects.get(slug="street-leave")


def main() -> str:
    html = Client().get(URL).content.decode()
    return html[html.index("<main") : html.index("</main>")]


def test_it_shows_its_article_whole_and_our_words_beside_it(landing_page: LandingPage) -> None:
    html = main()
    official = html[html.index('<div class="official">') : html.index('<div class="say">')]
    for part in ("官方条文", "第三条", "（一）", "早晚浇水；", "花开了，大家都可以来看。"):
        assert part in official
    assert "第 3 条讲浇水" in html
    assert 'href="/law/flower-care/article-3/"' in html


def test_an_explanation_that_nobody_signed_is_not_served_in_production(
    landing_page: LandingPage, settings: Any
) -> None:
    settings.DEMO = False
    html = main()
    assert "第三条" in html
    assert "第 3 条讲浇水" not in html


def test_it_leads_on_to_three_answers_and_a_telephone(landing_page: LandingPage) -> None:
    html = main()
    assert html.count('<li><a href="/help/') == 3
    assert "12348" in html


def test_a_film_shows_once_it_is_public(landing_page: LandingPage, monkeypatch: pytest.MonkeyPatch) -> None:
    film = Video.objects.create(title="示例短片", published=False)
    LandingPage.objects.filter(pk=landing_page.pk).update(film=film)
    assert "示例短片" not in main()
    shown = home_parts.Film("示例短片", "/video/x/", "讲请假。", "0:16", "", timezone.localdate(), True, True)
    monkeypatch.setattr(home_parts, "film", lambda pk: shown)
    html = main()
    assert 'class="filmcard" href="/video/x/"' in html
    assert "讲请假。" in html


def test_without_a_law_it_still_helps(starter: HomePage) -> None:
    html = main()
    assert 'class="official"' not in html
    assert "接下来怎么办" in html


def test_another_law_than_the_sites_own_can_be_named(landing_page: LandingPage) -> None:
    other = Law.objects.create(slug="other", title="示例另一部条例", short_title="另一部条例")
    LandingPage.objects.filter(pk=landing_page.pk).update(law=other)
    assert 'class="official"' not in main()
    assert home_parts.article_of(landing_page.law_id, "3") is not None


def said_of(page: LandingPage, article: str) -> list[str]:
    """What the editor's form says of an article."""
    form = LandingPage.get_edit_handler().get_form_class()(
        {"title": page.title, "slug": page.slug, "article": article, "leads-count": "0"}, instance=page
    )
    return list(form.errors.get("article", []))


@pytest.mark.parametrize("article", ["0", "第三条", "3-", "3.1", "-1", "9" * 9, "99", "3-1"])
def test_what_is_no_article_of_the_law_is_refused(article: str, landing_page: LandingPage) -> None:
    assert said_of(landing_page, article)


@pytest.mark.parametrize("article", ["", "3", "8"])
def test_an_article_of_the_law_is_taken(article: str, landing_page: LandingPage) -> None:
    assert said_of(landing_page, article) == []


def test_an_article_can_be_named_before_the_law_is_there(starter: HomePage) -> None:
    assert said_of(LandingPage.objects.get(slug="street-leave"), "27") == []


def test_a_page_can_still_be_saved_after_its_article_went_from_the_law(landing_page: LandingPage) -> None:
    landing_page.article = "27"
    landing_page.save()
    assert 'class="official"' not in main()


def test_a_landing_page_asks_for_no_download_no_account_and_plays_nothing_by_itself(landing_page: LandingPage) -> None:
    html = main()
    for unwanted in ("autoplay", "download", "<form", "<script", "<iframe", "<video"):
        assert unwanted not in html


def test_the_article_of_a_landing_page_takes_two_queries(
    landing_page: LandingPage, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(2):
        assert home_parts.article_of(None, "3")
