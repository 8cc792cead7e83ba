"""The editors' desk of a new installation: three steps of review, the words to avoid."""

import json
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Page, Site, Task, Workflow, WorkflowContentType, WorkflowMixin, WorkflowPage, WorkflowTask
from wagtail.snippets.models import get_snippet_models

from editorial.models import ReviewTask, Step, TermRule
from trust.roles import Role, group_of

NAME = "三审三校"
STEPS = (
    (Step.FIRST, "初审", Role.FIRST_REVIEWER, 2),
    (Step.SECOND, "复审", Role.SECOND_REVIEWER, 2),
    (Step.FINAL, "终审", Role.FINAL_REVIEWER, 1),
)
TERMS = Path(__file__).parent / "starter" / "terms.json"


@transaction.atomic
def set_up_review() -> Workflow:
    """三审三校 for every page below each site's home page and for every snippet with drafts. Safe to repeat.

    What an administrator has set (names, days, groups) stays. Other workflows are taken off pages and snippets: they
    could never publish anything.
    """
    tasks = [_task(*step) for step in STEPS]
    workflow = Workflow.objects.filter(workflow_tasks__task__in=tasks).distinct().first()
    workflow = workflow or Workflow.objects.create(name=NAME, active=True)
    for order, task in enumerate(tasks):
        WorkflowTask.objects.update_or_create(workflow=workflow, task=task, defaults={"sort_order": order})
    WorkflowTask.objects.filter(workflow=workflow).exclude(task__in=tasks).delete()
    for site in Site.objects.all():
        WorkflowPage.objects.update_or_create(page=site.root_page, defaults={"workflow": workflow})
    for model in get_snippet_models():
        if issubclass(model, WorkflowMixin):
            WorkflowContentType.objects.update_or_create(
                content_type=ContentType.objects.get_for_model(model, for_concrete_model=False),
                defaults={"workflow": workflow},
            )
    _retire_others(workflow)
    return workflow


def _task(step: Step, name: str, role: Role, days: int) -> Task:
    task, made = ReviewTask.objects.get_or_create(step=step, defaults={"name": name, "days": days})
    if made or not task.groups.exists():
        task.groups.set([group_of(role)])
    if not task.active:
        task.active = True
        task.save(update_fields=["active"])
    return task


def _retire_others(workflow: Workflow) -> None:
    for other in Workflow.objects.active().exclude(pk=workflow.pk):
        other.deactivate()


def adopt_what_is_public() -> int:
    """Tell Wagtail which revision each public starter page shows; returns how many. Pages that a person made stay.

    They were put into the tree as they are, so Wagtail takes their only revision for a draft.
    """
    count = 0
    pages = Page.objects.filter(live=True, live_revision=None, latest_revision__user=None)
    for page in pages.exclude(latest_revision=None):
        pages.filter(pk=page.pk).update(live_revision=page.latest_revision, has_unpublished_changes=False)
        count += 1
    return count


def starter_terms() -> int:
    """Words to avoid, where the list does not have them; returns how many were added."""
    known = set(TermRule.objects.values_list("word", flat=True))
    rows = [row for row in json.loads(TERMS.read_text(encoding="utf-8")) if row["word"] not in known]
    TermRule.objects.bulk_create([TermRule(**row) for row in rows])
    return len(rows)
