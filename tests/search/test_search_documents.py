"""Documents in public search: what a public page attaches, and nothing else of the library."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction, Page, PageViewRestriction

from pages.models import ContentPage
from search.services import find, shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(home: Any, settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    folder = Collection.get_first_root_node().add_child(name="表格")
    made = get_document_model()(title="请假外出申请表（样张）", collection=folder)
    made.file.save("leave-form.docx", ContentFile(b"x" * 2048), save=False)
    made.file_size = 2048
    made.save()
    return made


@pytest.fixture
def attached(document: Any) -> ContentPage:
    page = ContentPage.objects.get(slug="leave")
    page.body = [("files", {"files": [document]})]
    page.save()
    return page


def hits(query: str) -> list[Any]:
    found = find(query)
    return [hit for hit in shown(found, found.matches) if hit.kind == "文件"]


def test_a_document_of_a_public_page_is_found_with_its_kind_and_size(document: Any, attached: Any) -> None:
    (hit,) = hits("申请表")
    assert hit.title_html == "请假外出<mark>申请表</mark>（样张）"
    assert hit.url == document.url
    assert hit.meta.startswith("DOCX · 2.0")
    page = Client().get("/search/", {"q": "申请表", "kind": "文件"})
    assert page.context["total"] == 1
    assert document.url in page.content.decode()


def test_a_document_that_no_page_attaches_is_not_found(document: Any) -> None:
    assert hits("申请表") == []


def test_a_document_of_a_draft_or_a_private_page_is_not_found(document: Any, attached: ContentPage) -> None:
    PageViewRestriction.objects.create(page=Page.objects.get(slug="help"), restriction_type=PageViewRestriction.LOGIN)
    assert hits("申请表") == []
    PageViewRestriction.objects.all().delete()
    assert len(hits("申请表")) == 1
    attached.unpublish()
    assert hits("申请表") == []


def test_a_document_in_a_restricted_collection_is_not_found(document: Any, attached: Any) -> None:
    CollectionViewRestriction.objects.create(
        collection=document.collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    assert hits("申请表") == []
    CollectionViewRestriction.objects.update(collection=Collection.get_first_root_node())
    assert hits("申请表") == []


def test_the_admin_finds_every_document(document: Any, admin_client: Client) -> None:
    for query in ("申请表", "外出申请", "請假"):
        answer = admin_client.get("/admin/documents/", {"q": query}).content.decode()
        assert "请假外出申请表（样张）" in answer, query
    chooser = admin_client.get("/admin/documents/chooser/results/", {"q": "申请表"}).content.decode()
    assert "请假外出申请表（样张）" in chooser


@pytest.mark.parametrize("query", ["请假外出", "怎样请假", "請假"])
def test_the_page_chooser_finds_chinese(home: Any, admin_client: Client, query: str) -> None:
    answer = admin_client.get("/admin/choose-page/search/", {"q": query}).content.decode()
    assert "怎样请假外出" in answer
    assert "搬到别的城市怎么办" not in answer
