"""Mails about reviews. They are jobs: a mail server that is away for an hour loses none and holds nobody up."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import signal_handlers
from wagtail.models import Revision
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from editorial.models import ReviewTask, ReviewTaskState, UrgentCorrection
from editorial.queue import may_sign, person_name, review_queue
from editorial.review import specific
from jobs.queue import enqueue

MAIL = "editorial.mail"

# Wagtail sends mails of its own while the reviewer's browser waits for the mail server. Ours say the same by the queue.
for notifier in (
    signal_handlers.workflow_submission_email_notifier,
    signal_handlers.workflow_rejection_email_notifier,
    signal_handlers.workflow_approval_email_notifier,
):
    notifier.valid_classes = ()


def reviewers_of(state: ReviewTaskState) -> list[Any]:
    """Who may sign this step, deputies included."""
    subject = specific(state.workflow_state.content_object)
    return [user for user in state.task.specific.people() if may_sign(state, subject, user)]


@receiver(task_submitted)
def tell_reviewers(instance: Any, **kwargs: Any) -> None:
    state = instance.specific
    if isinstance(state, ReviewTaskState):
        mail_step(state, _("To review: %(name)s") % {"name": state.revision.object_str})


def mail_step(state: ReviewTaskState, subject: str) -> None:
    """Tell everybody who may sign this step that it waits."""
    people = reviewers_of(state)
    context = {
        "name": state.revision.object_str,
        "step": state.task.name,
        "asked_by": person_name(state.workflow_state.requested_by),
        "due": state.due_at,
        "url": settings.WAGTAILADMIN_BASE_URL + reverse("editorial_admin:review", args=[state.pk]),
    }
    ask_for_mail(people, subject, render_to_string("editorial/mail/review.txt", context))


@receiver(workflow_rejected)
def tell_writer_it_came_back(instance: Any, user: Any = None, **kwargs: Any) -> None:
    step = instance.current_task_state
    context = {
        "name": step.revision.object_str,
        "step": step.task.name,
        "person": person_name(user),
        "comment": step.comment,
        "url": settings.WAGTAILADMIN_BASE_URL + reverse("wagtailadmin_home"),
    }
    subject = _("Returned: %(name)s") % {"name": step.revision.object_str}
    ask_for_mail([instance.requested_by], subject, render_to_string("editorial/mail/returned.txt", context))


@receiver(workflow_approved)
def tell_writer_it_is_public(instance: Any, **kwargs: Any) -> None:
    if instance.current_task_state is None:
        return
    revision = Revision.objects.get(pk=instance.current_task_state.revision_id)
    context = {"name": revision.object_str, "when": revision.approved_go_live_at}
    subject = _("Passed: %(name)s") % {"name": revision.object_str}
    ask_for_mail([instance.requested_by], subject, render_to_string("editorial/mail/passed.txt", context))


def tell_second_people(correction: UrgentCorrection) -> None:
    """An urgent correction waits: everybody who may confirm it, but for who asked."""
    from django.contrib.auth import get_user_model  # noqa: PLC0415 - models first

    people = [
        user
        for user in get_user_model().objects.filter(is_active=True)
        if user.pk != correction.asked_by_id and user.has_perm("editorial.confirm_urgentcorrection")
    ]
    context = {
        "name": correction.subject_name,
        "reason": correction.reason,
        "person": person_name(correction.asked_by),
        "url": settings.WAGTAILADMIN_BASE_URL + reverse("editorial_admin:urgent", args=[correction.pk]),
    }
    subject = _("Urgent correction: %(name)s") % {"name": correction.subject_name}
    ask_for_mail(people, subject, render_to_string("editorial/mail/urgent.txt", context))


def mail_queues() -> None:
    """To every reviewer of a step, deputies included, a list of all that waits for them.

    Of films, captions and cuts no other mail goes out.
    """
    people = {user.pk: user for task in ReviewTask.objects.filter(active=True) for user in task.people()}
    for user in people.values():
        waiting = review_queue(user) if user.email else []
        if waiting:
            context = {"waiting": waiting, "site": settings.WAGTAILADMIN_BASE_URL}
            subject = _("To review today: %(count)d") % {"count": len(waiting)}
            ask_for_mail([user], subject, render_to_string("editorial/mail/queue.txt", context))


def ask_for_mail(people: list[Any], subject: str, text: str) -> None:
    """One mail to each address, by the worker."""
    addresses = sorted({user.email for user in people if user is not None and user.is_active and user.email})
    for address in addresses:
        enqueue(MAIL, {"to": address, "subject": " ".join(subject.split())[:150], "text": text}, priority=10)


def send(payload: dict[str, str]) -> None:
    send_mail(payload["subject"], payload["text"], settings.DEFAULT_FROM_EMAIL, [payload["to"]])
