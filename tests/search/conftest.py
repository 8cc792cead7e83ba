"""A small site to search, in words of our own: guides, cases, news, an invented statute with explanations, a film."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from wagtail.models import Site
from wagtail.search.backends import get_search_backend

from lawbook.models import Article, Explanation, Item, Law, LawVersion, Paragraph, Status
from media.models import CaptionTrack, State, Video, VideoVersion
from pages.models import ColumnPage, ContentPage, HomePage, NewsPage
from search.examples import starter_synonyms
from zh.numerals import to_hanzi

GUIDES = {
    "leave": ("怎样请假外出", "事由、去处、往返日期和一位联系人，先向司法所提出，批准以后再走。"),
    "moving": ("搬到别的城市怎么办", "先申请变更执行地，新的司法所接收以后再迁过去。"),
    "reporting": ("第一次报到要带什么", "判决书、身份证件和一张近照；十日之内到司法所登记。"),
    "hardship": ("家里困难怎么求助", "可以申请临时救助和最低生活保障，街道民政窗口受理，全程有人陪同。"),
    "work": ("找工作有人帮", "技能培训、招聘会和一对一的就业推荐，都不收费。"),
    "minds": ("心里难受，可以说给谁听", "心理辅导每周三下午，可用 SCL-90 量表自测，谈话内容保密。"),
    "study": ("学习和公益活动怎么安排", "按各人的身体、工作和家庭情况商量着定，时长有记录。"),
    "lawyer": ("请不起律师怎么办", "法律援助中心免费受理，热线 12348，白天黑夜都有人接。"),
}
CASES = {
    "note": ("一张提前三天递上的条子", "父亲在外地做手术，他先想到的是去司法所，批了五天，按时销假。"),
    "parole-case": ("假释以后的头一个月", "从监狱出来，先到司法所报到，再一家一家找活干，邻居帮了大忙。"),
    "young": ("十七岁的夏天", "未成年人的档案封存，学校和家里都没有再提旧事。"),
}
NEWS = {
    "posters": ("公交车身和候车亭换上新海报", "首批广告投放在六条线路，扫一扫就能读到社区矫正的条文和解读。"),
    "hours": ("服务窗口 24 小时自助取号", "夜里也能取号，第二天先办。"),
    "volunteers": ("志愿者培训开班", "四十位居民报名做社区矫正志愿者，课程共六讲。"),
}
LAW_TEXTS = {
    1: ["为了帮人改过，也为了街坊安宁，定下这个示例。"],
    5: ["司法所管日常，居委会帮着做。"],
    13: ["期限从判决生效那天算起，满了就解除。"],
    24: ["按各人的情况定方案，一人一案。", "情况变了，方案跟着改。"],
    27: ["要离开所在的市、县，先报批准。", "就医、上学、探亲这些正当理由，应当批准。"],
    31: ["给了提示还不改的，可以戴电子定位装置，不超过三个月。"],
    45: ["矫正期满，当众宣告解除，发给证明。"],
}
EXPLANATIONS = {
    24: ("方案为什么人人不同", "身体、家庭、工作都要看，情况变了可以重新商量。"),
    27: ("要出门，先打招呼", "急事也要先打电话，回来以后销假。"),
    31: ("什么时候才戴手环", "只在几种情形之下，而且有期限。"),
}
CAPTIONS = """WEBVTT

00:01.000 --> 00:04.000
老人住院，孩子开学，工地催人。

00:42.000 --> 00:46.000
手续补得上，路就走得远。
"""


@pytest.fixture
def home(db: None) -> HomePage:
    """The corpus, indexed; returns its home page."""
    cache.clear()
    site = Site.objects.get(is_default_site=True)
    home = HomePage(title="首页", slug="front", headline="示例首页", intro="示例。")
    site.root_page.add_sibling("right", instance=home)
    site.root_page = home
    site.save()
    column = home.add_child(instance=ColumnPage(title="帮扶服务", slug="help"))
    for kind, rows in (("guide", GUIDES), ("case", CASES)):
        for slug, (title, text) in rows.items():
            page = ContentPage(title=title, slug=slug, standfirst=text, kind=kind, date=date(2026, 10, 1))
            column.add_child(instance=page)
    for slug, (title, text) in NEWS.items():
        news = NewsPage(title=title, slug=slug, standfirst=text, source="示例", date=date(2026, 10, 2))
        column.add_child(instance=news)
    make_law()
    make_film()
    starter_synonyms()
    return home


def make_law() -> Law:
    law = Law.objects.create(slug="mending", title="示例街区社区矫正办法", short_title="社区矫正办法", is_default=True)
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    for order, (number, paragraphs) in enumerate(LAW_TEXTS.items(), start=1):
        article = Article.objects.create(version=version, number=number, label=f"第{to_hanzi(number)}条", order=order)
        for place, text in enumerate(paragraphs, start=1):
            paragraph = Paragraph.objects.create(article=article, number=place, text=text)
        if number == 5:
            Item.objects.create(paragraph=paragraph, number=1, label="（一）", text="登记和建档；")
        get_search_backend().add(Article.objects.get(pk=article.pk))  # again, now with its words
    for number, (gist, meaning) in EXPLANATIONS.items():
        Explanation.objects.create(law=law, number=number, gist=gist, meaning=meaning, live=True)
    return law


def make_film() -> Video:
    film = Video.objects.create(title="这件事别想当然", slug="ask-first", summary="三种情形。", published=True)
    film.current_version = VideoVersion.objects.create(video=film, number=1, state=State.READY, size_bytes=1)
    film.published_on = date(2026, 9, 30)
    people = get_user_model().objects
    track = CaptionTrack.objects.create(video=film)
    revision = track.add_revision(CAPTIONS, author=people.create_user("writer"))
    revision.reviewed_by, revision.reviewed_on = people.create_user("reader"), date(2026, 9, 30)
    revision.save()
    film.save()  # indexed with its captions
    return film


@pytest.fixture
def found_slugs() -> Any:
    """`found_slugs(query)` → what public search finds, best first: slugs of pages and films, `art24`, `why24`."""
    from search.services import find

    def name(row: Any) -> str:
        if isinstance(row, Article):
            return f"art{row.number}"
        if isinstance(row, Explanation):
            return f"why{row.number}"
        return str(row.slug)

    return lambda query: [name(match.row) for match in find(query).matches]
