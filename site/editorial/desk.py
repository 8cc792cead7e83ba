"""What needs a person today: reviews, drafts that came back, urgent corrections, what the site's health says."""

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.models import Revision, WorkflowState

from editorial.models import UrgentCorrection
from editorial.queue import person_name, review_queue
from editorial.review import specific
from media.models import State, Video
from trust.waiting import Waiting, waiting_for


def returned_drafts(user: Any) -> list[Waiting]:
    """What `user` sent in and got back with reasons."""
    states = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_NEEDS_CHANGES).select_related(
        "current_task_state__finished_by", "current_task_state__revision"
    )
    finder = AdminURLFinder(user)
    found = []
    for state in states:
        subject = state.content_object
        step = state.current_task_state
        if subject is not None and step is not None:
            found.append(
                Waiting(
                    what=_("Returned"),
                    name=step.revision.object_str,
                    url=finder.get_edit_url(subject) or "",
                    since=step.finished_at,
                    note=f"{person_name(step.finished_by)}：{step.comment}" if step.finished_by else step.comment,
                )
            )
    return found


def on_the_way(user: Any) -> list[Waiting]:
    """What `user` sent in and others are reading."""
    states = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_IN_PROGRESS)
    found = []
    for state in states.select_related("current_task_state__task", "current_task_state__revision"):
        step = state.current_task_state.specific if state.current_task_state else None
        if step is not None and state.content_object is not None:
            found.append(
                Waiting(
                    what=step.task.name,
                    name=step.revision.object_str,
                    url=AdminURLFinder(user).get_edit_url(state.content_object) or "",
                    since=step.started_at,
                    due=getattr(step, "due_at", None),
                    overdue=getattr(step, "is_overdue", False),
                )
            )
    return found


def on_the_timetable(user: Any) -> list[Waiting]:
    """What `user` wrote or sent in, has passed, and waits for its time to go live."""
    rounds = WorkflowState.objects.filter(requested_by=user, status=WorkflowState.STATUS_APPROVED)
    mine = Q(user=user) | Q(pk__in=rounds.values("current_task_state__revision"))
    revisions = Revision.objects.filter(mine, approved_go_live_at__isnull=False).order_by("approved_go_live_at")
    finder = AdminURLFinder(user)
    return [
        Waiting(
            what=_("Goes live"),
            name=revision.object_str,
            url=finder.get_edit_url(specific(revision.content_object)) or "",
            note=date_format(timezone.localtime(revision.approved_go_live_at), "Y-m-d H:i"),
        )
        for revision in revisions
        if revision.content_object is not None
    ]


def urgent_queue(user: Any) -> list[Waiting]:
    """Urgent corrections that wait for a second person, where `user` may be that person."""
    if not user.has_perm("editorial.confirm_urgentcorrection"):
        return []
    return [
        Waiting(
            what=_("Urgent correction"),
            name=correction.subject_name,
            url=reverse("editorial_admin:urgent", args=[correction.pk]),
            since=correction.asked_at,
            overdue=True,
            note=f"{person_name(correction.asked_by)}：{correction.reason}",
        )
        for correction in UrgentCorrection.objects.filter(state=UrgentCorrection.State.ASKED)
        if correction.asked_by_id != user.pk and correction.subject is not None
    ]


def failed_films(user: Any) -> list[Waiting]:
    """Films whose newest version could not be made, for those who can send another file."""
    if not user.has_perm("media.change_video"):
        return []
    found = []
    for video in Video.objects.filter(versions__state=State.FAILED).distinct()[:20]:
        newest = video.newest_version
        if newest is not None and newest.state == State.FAILED:
            url = reverse("media_admin:film", args=[video.pk])
            found.append(Waiting(_("A film that failed"), video.title, url, note=newest.message))
    return found


def needs_today(user: Any) -> list[tuple[str, list[Waiting]]]:
    """Everything that waits for `user`, by kind, in the order of the dashboard; empty kinds are left out."""
    groups = [
        (_("Urgent corrections"), urgent_queue(user)),
        (_("To review and proofread"), review_queue(user)),
        (_("Came back to you"), returned_drafts(user)),
        (_("Films"), failed_films(user)),
        (_("Also waiting"), waiting_for(user)),
        (_("With the reviewers"), on_the_way(user)),
        (_("On the timetable"), on_the_timetable(user)),
    ]
    return [(heading, items) for heading, items in groups if items]
