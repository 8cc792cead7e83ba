"""A desk with its people: a writer, three reviewers, a superuser; a page that waits to be published."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Page

from editorial import gate
from editorial.examples import set_up_review, starter_terms
from pages.models import ColumnPage, ContentPage, HomePage
from pages.starter.build import site_root
from trust.audit import boundary
from trust.roles import Role, group_of, sync_roles

PASSWORD = "correct-horse-battery"
ROLES = {
    "writer": Role.EDITOR,
    "first": Role.FIRST_REVIEWER,
    "second": Role.SECOND_REVIEWER,
    "final": Role.FINAL_REVIEWER,
    "auditor": Role.AUDITOR,
}
BODY = [("text", "<p>每月到司法所报到一次，说说近况。</p>")]


@dataclass
class Desk:
    """The people by name, and what they do."""

    people: dict[str, Any]
    home: HomePage
    column: ColumnPage

    def __getattr__(self, name: str) -> Any:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def client(self, name: str) -> Client:
        client = Client(raise_request_exception=True)
        client.force_login(self.people[name])
        return client

    def draft(self, title: str = "怎么报到", *, author: str = "writer", **fields: Any) -> ContentPage:
        """A page that nobody has seen yet, with one revision by `author`."""
        page = ContentPage(title=title, slug="", live=False, owner=self.people[author], body=BODY, **fields)
        self.column.add_child(instance=page)
        page.save_revision(user=self.people[author])
        return ContentPage.objects.get(pk=page.pk)

    def submit(self, page: Any, by: str = "writer") -> Any:
        return page.get_workflow().start(page, self.people[by])

    def step(self, page: Any) -> Any:
        return type(page).objects.get(pk=page.pk).current_workflow_task_state

    def passes(self, page: Any, by: str, **values: Any) -> None:
        """`by` signs the step that waits."""
        state = self.step(page)
        data = {"reviewed": True, "proofread": True, "comment": "已对照条文"} | values
        with boundary():
            state.task.specific.on_action(state, self.people[by], "approve", **data)

    def form_of(self, page: Any, **extra: str) -> dict[str, str]:
        """What a browser would post for this page's edit form."""
        text = page.body[0]
        return {
            "title": page.title,
            "slug": page.slug,
            "standfirst": page.standfirst,
            "date": page.date.isoformat(),
            "kind": page.kind,
            "source": page.source,
            "seo_title": "",
            "search_description": "",
            "body-count": "1",
            "body-0-deleted": "",
            "body-0-order": "0",
            "body-0-type": "text",
            "body-0-id": text.id,
            "body-0-value": json.dumps(
                {"blocks": [{"key": "a", "text": "每月报到一次。", "type": "unstyled"}], "entityMap": {}}
            ),
            "comments-TOTAL_FORMS": "0",
            "comments-INITIAL_FORMS": "0",
            "comments-MIN_NUM_FORMS": "0",
            "comments-MAX_NUM_FORMS": "",
            "go_live_at": "",
            "expire_at": "",
            **extra,
        }

    def is_live(self, page: Any) -> bool:
        return bool(type(page).objects.get(pk=page.pk).live)


@pytest.fixture
def shut() -> Iterator[None]:
    """No door for system code: tests of the gate."""
    token = gate._door.set(None)
    yield
    gate._door.reset(token)


@pytest.fixture
def desk(db: None) -> Desk:
    with gate.door("desk for tests"):
        return make_desk()


def make_desk() -> Desk:
    sync_roles()
    people = {}
    for name, role in ROLES.items():
        people[name] = get_user_model().objects.create_user(
            name, password=PASSWORD, first_name=name, email=f"{name}@example.gov.cn"
        )
        people[name].groups.add(group_of(role))
    people["chief"] = get_user_model().objects.create_superuser("chief", password=PASSWORD)
    home = site_root()
    column = ColumnPage(title="办事指南", slug="guide", live=True)
    home.add_child(instance=column)
    Page.objects.filter(pk=column.pk).update(last_published_at=None)
    set_up_review()
    starter_terms()
    return Desk(people, home, column)


LAW = [
    "示例街区路灯管护条例",
    "2024年3月12日示例街区居民会议第二次会议通过",
    "",
    "第一章　总则",
    "第一条　为了让路灯亮得久，定下这个示例。",
    "第二条　街区里的路灯，都照本条例管护。",
    "第二章　附则",
    "第三条　本条例自2024年5月1日起施行。",
]


@pytest.fixture
def lamp_law(db: None, tmp_path: Path) -> Any:
    """An invented law of three articles, the one that bare numbers mean."""
    from lawbook.importing import import_record
    from lawbook.models import Law
    from lawbook.sources.reading import read_source

    path = tmp_path / "law.txt"
    path.write_text("\n".join([*LAW, ""]), encoding="utf-8")
    import_record(read_source(path), slug="lamps")
    Law.objects.update(is_default=True)
    return Law.objects.get(slug="lamps")
