"""What the tests of the public pages share: the starter site, an invented law, a film."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image as Picture
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Site

from lawbook.models import Article, Division, Explanation, Item, Law, LawVersion, Paragraph, Status
from pages.examples import build_site
from pages.models import HomePage

CHAPTERS = ["总则", "花木与街坊", "养护日常", "附则"]


@pytest.fixture(scope="module")
def _starter_once(django_db_setup: None, django_db_blocker: Any) -> Iterator[int]:
    """The starter site, built once for the tests of a module; each test's own changes are undone above it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_site().pk
        transaction.set_rollback(True)


@pytest.fixture
def starter(_starter_once: int, db: None) -> HomePage:
    """Home page of the whole starter site."""
    Site.clear_site_root_paths_cache()
    return HomePage.objects.get(pk=_starter_once)


@pytest.fixture
def invented_law(db: None) -> Law:
    """《示例街区花木养护条例》: four chapters, eight articles, one of them with items and one explained."""
    law = Law.objects.create(
        slug="flower-care", title="示例街区花木养护条例", short_title="花木养护条例", is_default=True
    )
    version = LawVersion.objects.create(
        law=law, status=Status.IN_FORCE, adopted_on=date(2020, 1, 1), effective_on=date(2020, 2, 1),
        source="示例", source_sha256="0" * 64, text_sha256="1" * 64,
    )  # fmt: skip
    number = 0
    for at, title in enumerate(CHAPTERS, start=1):
        chapter = Division.objects.create(
            version=version,
            kind=Division.Kind.CHAPTER,
            number=at,
            label=f"第{'一二三四'[at - 1]}章",
            title=title,
            order=at,
        )
        for _ in range(2):
            number += 1
            article = Article.objects.create(
                version=version,
                division=chapter,
                number=number,
                label=f"第{'一二三四五六七八'[number - 1]}条",
                order=number,
            )
            first = Paragraph.objects.create(article=article, number=1, text=f"街坊养护花木，第 {number} 件事是：")
            Item.objects.create(paragraph=first, number=1, label="（一）", text="早晚浇水；")
            Item.objects.create(paragraph=first, number=2, label="（二）", text="雨天不浇。")
            Paragraph.objects.create(article=article, number=2, text="花开了，大家都可以来看。")
    for number in range(1, 9):
        Explanation.objects.create(
            law=law, number=number, gist=f"第 {number} 条讲浇水", meaning="浇水看天气。\n\n别的看花。", live=True
        )
    return law


@pytest.fixture
def library(db: None, settings: Any, tmp_path: Any) -> None:
    """An image and a document to choose."""
    settings.MEDIA_ROOT = tmp_path
    picture = io.BytesIO()
    Picture.new("RGB", (1200, 800), "#14478f").save(picture, "PNG")
    get_image_model().objects.create(title="示例图片", file=ImageFile(picture, "sample.png"))
    get_document_model().objects.create(title="示例文件", file=ContentFile(b"x" * 2048, "sample.pdf"))


@pytest.fixture
def queries() -> Callable[[str], tuple[int, Any]]:
    """`queries(url)` → (how many SQL queries, the response) of an anonymous visitor's first look at a page.

    Nothing of the page is cached. What belongs to the process and not to a page is warm, as it is after the first
    request of all: content types, and Wagtail's table of site roots.
    """

    def count(url: str) -> tuple[int, Any]:
        cache.clear()
        ContentType.objects.clear_cache()
        Client().get("/no-such-page/")
        Client().get(url)
        with CaptureQueriesContext(connection) as captured:
            response = Client().get(url)
        return len(captured), response

    return count
