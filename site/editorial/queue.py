"""One queue for each reviewer: pages, words beside the law, films, captions and cuts that they may sign, by due date.

What somebody made, or has signed at another step, is not theirs to sign and is left out. Whoever stands in for a
reviewer sees what that reviewer would see, and for whom.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from wagtail.models import TaskState

from editorial.films import film_signatures, first_unsigned, makers_of_film
from editorial.models import ReviewTask, ReviewTaskState, Step
from editorial.review import anonymised_by, makers_of, needs_anonymising, signed_digest, specific
from lawbook.models import Explanation, GlossaryTerm
from media.models import BusCut, CaptionRevision, State, Video
from trust import release
from trust.waiting import Waiting

CHECK_DAYS = 2  # for what has no step of a workflow: captions and cuts
MOST = 50  # of one kind in a list
MOST_WORDS = 5  # more unsigned explanations or terms are one line with a link to their list


def person_name(user: Any) -> str:
    return str(user.get_full_name() or user.get_username()) if user is not None else ""


def review_queue(user: Any) -> list[Waiting]:
    """Everything that `user` may sign, the most urgent first."""
    found = [*steps(user), *films(user), *captions(user), *cuts(user), *words(user)]
    return sorted(found, key=lambda item: (item.due is None, item.due))


def dated(what: str, name: str, url: str, *, since: datetime, due: datetime | None, note: str = "") -> Waiting:
    overdue = due is not None and due < timezone.now()
    return Waiting(what=what, name=name, url=url, since=since, due=due, overdue=overdue, note=note)


def together(*notes: str) -> str:
    return " · ".join(note for note in notes if note)


def for_whom(user: Any, reviewer: Any) -> str:
    return "" if reviewer == user else _("on behalf of %(person)s") % {"person": person_name(reviewer)}


def steps(user: Any) -> Iterator[Waiting]:
    """Steps of Wagtail's workflow: pages, explanations, terms."""
    states = (
        TaskState.objects.reviewable_by(user)
        .select_related("workflow_state__requested_by", "revision", "task")
        .order_by("started_at")
    )
    for state in states.specific():
        subject = specific(state.workflow_state.content_object)
        if not isinstance(state, ReviewTaskState) or subject is None or not may_sign(state, subject, user):
            continue
        asked = state.workflow_state.requested_by
        yield dated(
            state.task.name,
            state.revision.object_str or str(subject),
            reverse("editorial_admin:review", args=[state.pk]),
            since=state.started_at,
            due=state.due_at,
            note=together(
                _("sent in by %(person)s") % {"person": person_name(asked)} if asked else "",
                for_whom(user, state.task.specific.stands_for(user)),
                not_yet_anonymised(state, subject),
            ),
        )


def may_sign(state: ReviewTaskState, subject: Any, user: Any) -> bool:
    """Whether the step could be theirs: no maker of it, and not a signer of another step of this round."""
    if any(maker.pk == user.pk for maker in makers_of(subject, state.workflow_state)):
        return False
    earlier = state.workflow_state.task_states.filter(status=TaskState.STATUS_APPROVED, revision=state.revision)
    return not earlier.filter(finished_by=user).exists()


def not_yet_anonymised(state: ReviewTaskState, subject: Any) -> str:
    """For a case story: that somebody still has to sign 已匿名化."""
    if not needs_anonymising(subject) or anonymised_by(subject, signed_digest(state.workflow_state, state.revision)):
        return ""
    return _("case story: nobody has signed yet that it is anonymised")


def films(user: Any) -> Iterator[Waiting]:
    """Films whose picture and captions are ready, at the step that waits."""
    tasks = {Step(task.step): task for task in ReviewTask.objects.filter(active=True)}
    theirs = {step: person for step, task in tasks.items() if (person := task.stands_for(user)) is not None}
    if not theirs:
        return
    ready = Video.objects.filter(published=False, current_version__state=State.READY)
    for video in ready.select_related("current_version__uploaded_by", "created_by").order_by("pk"):
        captions = video.served_captions()
        signatures = film_signatures(video)
        step = first_unsigned(signatures)
        if step not in theirs or not (captions or video.no_captions_reason):
            continue
        signed = signatures.values()
        if user in makers_of_film(video) or user.pk in {approval.person_id for approval in signed}:
            continue
        version: Any = video.current_version  # ready, as asked above
        began = [version.created_at, *(approval.approved_at for approval in signed)]
        since = max([*began, *(checked_at(revision) for revision in captions)])
        yield dated(
            f"{capfirst(str(Video._meta.verbose_name))} · {step.label}",
            video.title,
            reverse("editorial_admin:film", args=[video.pk]),
            since=since,
            due=since + timedelta(days=tasks[step].days),
            note=together(
                _("made by %(person)s") % {"person": person_name(video.created_by)} if video.created_by else "",
                for_whom(user, theirs[step]),
            ),
        )


def checked_at(revision: CaptionRevision) -> datetime:
    """When captions became fit to be seen: the beginning of the day on which they were checked."""
    if revision.reviewed_on is None:
        return revision.created_at
    return max(revision.created_at, timezone.make_aware(datetime.combine(revision.reviewed_on, datetime.min.time())))


def captions(user: Any) -> Iterator[Waiting]:
    """The newest captions of a film, where nobody but their author has read them."""
    if not user.has_perm("media.review_captionrevision"):
        return
    revisions = CaptionRevision.objects.filter(reviewed_on=None).exclude(author=user)
    for revision in revisions.select_related("track__video", "author").order_by("created_at")[:MOST]:
        if revision == revision.track.latest_revision():
            author = revision.author
            yield dated(
                _("Captions to check"),
                f"{revision.track.video.title} · {revision.track.get_language_display()}",
                reverse("media_admin:film", args=[revision.track.video_id]),
                since=revision.created_at,
                due=revision.created_at + timedelta(days=CHECK_DAYS),
                note=_("made by %(person)s") % {"person": person_name(author)} if author else "",
            )


def cuts(user: Any) -> Iterator[Waiting]:
    """Bus cuts that are made and may be approved: their film has passed, and they are not out of date."""
    if not user.has_perm("media.approve_buscut"):
        return
    for cut in BusCut.objects.filter(state=State.READY).select_related("version__video", "profile")[:MOST]:
        if not cut.approved and not cut.stale and user not in cut.makers() and not release.why_not(cut):
            due = cut.created_at + timedelta(days=CHECK_DAYS)
            yield dated(_("Bus cut to approve"), str(cut), cut.get_admin_url(), since=cut.created_at, due=due)


def words(user: Any) -> Iterator[Waiting]:
    """Words beside the law that are published and that nobody has signed; in production they are not served."""
    if not user.has_perm("lawbook.sign_explanation"):
        return
    for model, view in ((Explanation, "lawbook_sign"), (GlossaryTerm, "lawbook_sign_term")):
        unsigned = model.objects.filter(live=True, signed=False)
        what = _("To sign")
        if (count := unsigned.count()) > MOST_WORDS:
            name = _("%(kind)s: %(count)d unsigned") % {"kind": model._meta.verbose_name_plural, "count": count}
            yield Waiting(what, name, f"{reverse(model.snippet_viewset.get_url_name('list'))}?signed=false")
            continue
        for each in unsigned.order_by("pk"):
            if not each.revisions.filter(user=user).exists():
                yield Waiting(what, str(each), reverse(view, args=[each.pk]))
