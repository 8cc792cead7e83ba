"""Every address of the admin, the planner and the maps, filled in for the starter site."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver
from PIL import Image as Picture
from wagtail.contrib.redirects.models import Redirect
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Site, Task, Workflow

from pages.models import NewsPage

STAFF = ("admin/", "planner/", "geo/")
NOT_PAGES = {"wagtailadmin_error_test"}  # fails on purpose


@dataclass(frozen=True)
class Address:
    """One URL pattern: its name with namespaces, and a path that leads to an object of the starter site."""

    name: str
    path: str
    pattern: str


def patterns(found: list[Any], prefix: str = "", names: str = "") -> Iterator[tuple[str, str, Any]]:
    for item in found:
        if isinstance(item, URLResolver):
            inside = f"{names}{item.namespace}:" if item.namespace else names
            yield from patterns(item.url_patterns, prefix + str(item.pattern), inside)
        elif isinstance(item, URLPattern):
            yield names + (item.name or ""), prefix + str(item.pattern), item.callback


def model_of(callback: Any) -> Any:
    given = getattr(callback, "view_initkwargs", {}).get("model") or getattr(
        getattr(callback, "view_class", None), "model", None
    )
    return given if isinstance(given, type) else None


def first(label: str) -> int:
    """Key of the first row of a model; one that nobody has, where there is none."""
    rows = apps.get_model(label)._default_manager.order_by("pk")
    if label == "wagtailcore.Collection":
        rows = rows.exclude(depth=1)  # nobody edits the root
    return rows.values_list("pk", flat=True).first() or 987654


# What a number in an address stands for, where its view does not say of which model it is.
ROWS = {
    r"^wagtailimages": "wagtailimages.Image",
    r"^wagtaildocs": "wagtaildocs.Document",
    r"^wagtailusers_users|trust_account:person": "auth.User",
    r"^campaigns:(compute_saved)": "campaigns.Campaign",
    r"^campaigns:job_status": "jobs.Job",
    r"^campaigns:placement(_json)?$": "campaigns.Placement",
    r"^campaigns:": "campaigns.PlanVersion",
    r"^geo-imports:": "geo.Source",
    r"^geo_(score|export)_area": "geo.Area",
    r"^editorial_admin:film": "media.Video",
    r"^editorial_admin:ask_urgent": "wagtailcore.Page",
    r"^editorial_admin:(review|urgent)": "editorial.UrgentCorrection",
    r"^feedback": "feedback.Message",
    r"^lawbook_sign$": "lawbook.Explanation",
    r"^lawbook_sign_term": "lawbook.GlossaryTerm",
    r"^media_admin:(cut|approve_cut|cut_file|status|again)$": "media.BusCut",
    r"^media_admin:(playlist|make_package)$": "media.Playlist",
    r"^media_admin:(package|package_file|withdraw_package)$": "media.MediaPackage",
    r"^media_admin:review_captions$": "media.CaptionRevision",
    r"^media_admin:": "media.Video",
    r"^wagtailredirects": "wagtailredirects.Redirect",
    r"^wagtailsettings": "wagtailcore.Site",
    r"^wagtailadmin_workflows:(edit_task|disable_task|enable_task|task_chosen)": "wagtailcore.Task",
    r"^wagtailadmin_workflows": "wagtailcore.Workflow",
    r"^wagtailadmin_api:documents": "wagtaildocs.Document",
    r"^wagtailadmin_(api:pages|pages)": "wagtailcore.Page",
    r"^wagtailadmin_api:images": "wagtailimages.Image",
}


def words(news: NewsPage) -> dict[str, str]:
    """What a named part of an address stands for, whatever its view."""
    parent = news.get_parent().pk
    return {
        "page_id": news.pk, "parent_page_id": parent, "page_to_move_id": news.pk, "destination_id": parent,
        "page_pk": news.pk, "content_type_app_name": "pages", "content_type_model_name": "newspage",
        "app_label": "wagtailcore", "model_name": "page", "action": "publish", "action_name": "publish",
        "collection_id": first("wagtailcore.Collection"),
        "filter_spec": "width-100", "session_id": 1, "object_id": news.pk, "kind": "hotspots",
        "area": "pengjiang", "slug": "pengjiang", "layer": "hotspots", "detail": 0, "order": 1, "what": "cut",
        "revision_id": news.latest_revision_id or 1, "z": 1, "x": 1, "y": 1, "token": "x-y", "uidb64": "MQ",
        "type_id": ContentType.objects.get_for_model(NewsPage).pk, "form": "xlsx", "language": "zh-hans",
        "revision_id_a": "live", "revision_id_b": "latest", "uploaded_file_id": 1, "task_state_id": 1,
        "workflow_state_id": 1, "workflow_pk": first("wagtailcore.Workflow"), "task_id": first("wagtailcore.Task"),
    }  # fmt: skip


def fill(name: str, pattern: str, model: Any, known: dict[str, Any]) -> str:
    special = {
        "wagtailadmin_pages:choose_parent": {"app_label": "pages", "model_name": "newspage"},
        "wagtailsettings:edit": {"app_name": "pages", "model_name": "siteidentity"},
        "wagtailsettings:preview_on_edit": {"app_name": "pages", "model_name": "siteidentity"},
        "wagtailadmin_tag_model_autocomplete": {"app_name": "taggit", "model_name": "tag"},
        "wagtailadmin_workflows:add_task": {"app_label": "wagtailcore", "model_name": "groupapprovaltask"},
    }.get(name, {})

    def value(match: re.Match[str]) -> str:
        key = match[1].rpartition(":")[2]
        if key in special:
            return str(special[key])
        if key in known:
            return str(known[key])
        if model is not None:
            return str(first(model._meta.label))
        row = next((label for expression, label in ROWS.items() if re.search(expression, name)), None)
        if row is None:
            raise LookupError(f"{name}: what does <{key}> of {pattern} stand for? Say it in {__file__}")
        return str(first(row))

    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", pattern)
    path = re.sub(r"<([^>]+)>", value, path).replace("^", "").replace("$", "").replace("\\", "")
    return f"/{path}"


@pytest.fixture(scope="module")
def _starter_admin(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[list[Address]]:
    """The starter site with every role's account, undone after the module."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch, transaction.atomic():
        patch.setattr(settings, "KEYS_ROOT", tmp_path_factory.mktemp("keys"))
        call_command("load_starter", verbosity=0)
        news = NewsPage.objects.live().first()
        news.save_revision(user=get_user_model().objects.first())
        news.refresh_from_db()
        if not Workflow.objects.exists():
            Workflow.objects.create(name="示例")
        if not Task.objects.exists():
            Task.objects.create(name="示例")
        Redirect.objects.create(old_path="/sample", redirect_link="https://example.cn/")
        Collection.get_first_root_node().add_child(name="示例")
        if not get_image_model().objects.exists():
            file = io.BytesIO()
            Picture.new("RGB", (9, 9)).save(file, "PNG")
            get_image_model().objects.create(title="示例", file=ContentFile(file.getvalue(), "sample.png"))
        known = words(news)
        yield [
            Address(name, fill(name, pattern, model_of(callback), known), pattern)
            for name, pattern, callback in patterns(get_resolver().url_patterns)
            if pattern.startswith(STAFF) and name and name not in NOT_PAGES
        ]
        transaction.set_rollback(True)


@pytest.fixture
def addresses(_starter_admin: list[Address], db: None) -> list[Address]:
    Site.clear_site_root_paths_cache()
    assert Page.objects.exists()
    return _starter_admin
