"""The screens of the editors' desk: a queue, one review, an urgent correction, a film's reviews, the site's health."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from wagtail.admin.admin_url_finder import AdminURLFinder
from wagtail.admin.auth import require_admin_access
from wagtail.models import Page, RevisionMixin, TaskState

from editorial import films, review, urgent
from editorial.checks import checked
from editorial.desk import needs_today
from editorial.findings import Level
from editorial.forms import CasePassForm, PassForm, ReturnForm, UrgentForm
from editorial.health import newest_report
from editorial.models import ReviewTaskState, Step, UrgentCorrection, approval_step
from editorial.notices import tell_second_people
from editorial.queue import may_sign
from editorial.tasks import HEALTH
from jobs.queue import enqueue
from media.models import Video

View = Callable[..., HttpResponse]


def staff(view: View) -> View:
    """Let in staff; what they may do there is decided by the rules of the review, not by a permission alone."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return view(request, *args, **kwargs)

    guarded: View = require_admin_access(inner)
    return guarded


def crumbs(*steps: tuple[str, str]) -> list[dict[str, str]]:
    home = {"url": reverse("wagtailadmin_home"), "label": _("Home")}
    return [home, *({"url": url, "label": label} for url, label in steps)]


def screen(request: HttpRequest, template: str, title: str, icon: str, **context: Any) -> HttpResponse:
    return render(
        request,
        f"editorial/admin/{template}",
        {
            "header_title": title,
            "header_icon": icon,
            "breadcrumbs_items": crumbs(("", title)),
            **context,
        },
    )


@require_safe
@staff
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for this person, in full."""
    return screen(request, "queue.html", _("What needs me today"), "tasks", groups=needs_today(request.user))


# ── one step of one review ───────────────────────────────────────────────────────────────────────────────────────────


def one_step(pk: int) -> tuple[ReviewTaskState, Any]:
    state = get_object_or_404(ReviewTaskState.objects.select_related("workflow_state", "revision", "task"), pk=pk)
    return state, review.specific(state.workflow_state.content_object)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def review_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one version beside what the checks say of it; pass it on or send it back."""
    state, subject = one_step(pk)
    task = state.task.specific
    if not (task.stands_for(request.user) or may_read(request.user, subject)):
        raise PermissionDenied
    pass_class = CasePassForm if review.needs_anonymising(subject) else PassForm
    pass_form: Form = pass_class()
    return_form: Form = ReturnForm(prefix="return")
    if request.method == "POST":
        form: Form = pass_class(request.POST)
        if "send-back" in request.POST:
            form = ReturnForm(request.POST, prefix="return")
        if form.is_valid():
            return _act(request, state, "reject" if "send-back" in request.POST else "approve", form.cleaned_data)
        if "send-back" in request.POST:
            return_form = form
        else:
            pass_form = form
    version = state.revision.as_object()
    return screen(
        request,
        "review.html",
        state.task.name,
        "check",
        state=state,
        subject=subject,
        version=version,
        steps=steps_of(state),
        findings=checked(version),
        makers=review.makers_of(subject, state.workflow_state),
        is_open=state.status == TaskState.STATUS_IN_PROGRESS,
        mine=task.stands_for(request.user) is not None and may_sign(state, subject, request.user),
        pass_form=pass_form,
        return_form=return_form,
        **addresses(request.user, subject, state),
    )


def may_read(user: Any, subject: Any) -> bool:
    """Whether the person could open it in the editor anyway, or audits."""
    if user.has_perm("editorial.view_release"):
        return True
    if isinstance(subject, Page):
        return bool(subject.permissions_for_user(user).can_edit())
    return bool(user.has_perm(f"{subject._meta.app_label}.view_{subject._meta.model_name}"))


def _act(request: HttpRequest, state: ReviewTaskState, action: str, data: dict[str, Any]) -> HttpResponse:
    """Do it; a refusal has told the person why and is in the trail already."""
    if state.status != TaskState.STATUS_IN_PROGRESS:
        messages.error(request, _("Somebody has done this step already."))
        return redirect("editorial_admin:queue")
    name = state.revision.object_str
    try:
        state.task.specific.on_action(state, request.user, action, **data)
    except PermissionDenied:
        return redirect("editorial_admin:review", state.pk)
    state.workflow_state.refresh_from_db()
    if action == "reject":
        messages.success(request, _("“%(name)s” was returned with your reasons.") % {"name": name})
    elif state.workflow_state.status == state.workflow_state.STATUS_APPROVED:
        messages.success(request, passed_words(name, state))
    else:
        messages.success(request, _("Signed. “%(name)s” goes to the next step.") % {"name": name})
    return redirect("editorial_admin:queue")


def passed_words(name: str, state: ReviewTaskState) -> str:
    """What is said once the third step is signed: it is public, or when it will be."""
    state.revision.refresh_from_db()
    when = state.revision.approved_go_live_at
    if when is None:
        return _("“%(name)s” has passed the three reviews and is published.") % {"name": name}
    time = date_format(timezone.localtime(when), "Y-m-d H:i")
    return _("“%(name)s” has passed the three reviews and goes live on %(time)s.") % {"name": name, "time": time}


def steps_of(state: ReviewTaskState) -> list[dict[str, Any]]:
    """The three steps of this round as the page shows them: name, state, person, what they said."""
    rows = []
    for task in state.workflow_state.all_tasks_with_state():
        done = task.task_state.specific if task.task_state else None
        rows.append({"name": task.name, "state": done, "is_here": done is not None and done.pk == state.pk})
    return rows


def addresses(user: Any, subject: Any, state: ReviewTaskState) -> dict[str, str]:
    """Where the version is seen, compared with what is public, and edited; empty where there is no such place."""
    if isinstance(subject, Page):
        preview = reverse("wagtailadmin_pages:workflow_preview", args=[subject.pk, state.task_id])
        compare_name = "wagtailadmin_pages:revisions_compare"
    else:
        viewset = subject.snippet_viewset
        preview = ""
        if getattr(viewset, "preview_enabled", False):
            preview = reverse(viewset.get_url_name("workflow_preview"), args=[subject.pk, state.task_id])
        compare_name = viewset.get_url_name("revisions_compare")
    compare = ""
    if subject.live and subject.live_revision_id:
        compare = reverse(compare_name, args=[subject.pk, "live", state.revision_id])
    return {"preview": preview, "compare": compare, "edit": AdminURLFinder(user).get_edit_url(subject) or ""}


# ── urgent corrections ───────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def ask_urgent(request: HttpRequest, type_id: int, pk: str) -> HttpResponse:
    """Say why the newest draft must replace what is public at once."""
    model = get_object_or_404(ContentType, pk=type_id).model_class()
    if (
        model is None
        or not issubclass(model, RevisionMixin)
        or not request.user.has_perm("editorial.add_urgentcorrection")
    ):
        raise PermissionDenied
    subject = review.specific(get_object_or_404(model, pk=pk))
    if not AdminURLFinder(request.user).get_edit_url(subject):
        raise PermissionDenied
    form = UrgentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            correction = urgent.ask(subject, request.user, form.cleaned_data["reason"])
        except PermissionDenied:
            return redirect(AdminURLFinder(request.user).get_edit_url(subject))
        tell_second_people(correction)
        messages.success(request, _("Asked for. A second person has to confirm it."))
        return redirect("editorial_admin:urgent", correction.pk)
    return screen(request, "urgent_ask.html", _("Urgent correction"), "warning", subject=subject, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def urgent_correction(request: HttpRequest, pk: int) -> HttpResponse:
    """Read the correction and its reason; confirm or decline as the second person."""
    rows = UrgentCorrection.objects.select_related("revision", "asked_by", "answered_by")
    correction = get_object_or_404(rows, pk=pk)
    subject = review.specific(correction.subject)
    if not request.user.has_perm("editorial.view_urgentcorrection"):
        raise PermissionDenied
    form: Form = PassForm()
    decline_form: Form = ReturnForm(prefix="return")
    if request.method == "POST":
        declines = "send-back" in request.POST
        bound = ReturnForm(request.POST, prefix="return") if declines else PassForm(request.POST)
        if bound.is_valid():
            try:
                if declines:
                    urgent.decline(correction, request.user, comment=bound.cleaned_data["comment"])
                    messages.success(request, _("Declined."))
                else:
                    urgent.confirm(correction, request.user, comment=bound.cleaned_data["comment"])
                    messages.success(request, _("The correction is public. Send the page through the reviews now."))
            except PermissionDenied:
                pass  # told, and in the trail
            return redirect("editorial_admin:urgent", correction.pk)
        form, decline_form = (form, bound) if declines else (bound, decline_form)
    is_page = isinstance(subject, Page)
    compare = (
        "wagtailadmin_pages:revisions_compare" if is_page else subject.snippet_viewset.get_url_name("revisions_compare")
    )
    return screen(
        request,
        "urgent.html",
        _("Urgent correction"),
        "warning",
        correction=correction,
        subject=subject,
        findings=checked(correction.as_object()),
        is_open=correction.state == UrgentCorrection.State.ASKED,
        mine=correction.asked_by_id != request.user.pk
        and request.user.has_perm("editorial.confirm_urgentcorrection")
        and request.user not in review.makers_of(subject),
        compare=reverse(compare, args=[subject.pk, "live", correction.revision_id]) if subject.live_revision_id else "",
        pass_form=form,
        return_form=decline_form,
    )


# ── films ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@require_http_methods(["GET", "HEAD", "POST"])
@staff
def film(request: HttpRequest, pk: int) -> HttpResponse:
    """Watch a film with its captions and sign the step that waits."""
    video = get_object_or_404(Video, pk=pk)
    signed = films.film_signatures(video)
    step = films.first_unsigned(signed)
    may = step is not None and films.stands_for_step(step, request.user) is not None
    if not (may or request.user.has_perm("media.view_video")):
        raise PermissionDenied
    form = PassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            films.sign_film(video, request.user, **form.cleaned_data)
            messages.success(request, _("Signed."))
        except PermissionDenied:
            pass  # told, and in the trail
        return redirect("editorial_admin:film", video.pk)
    return screen(
        request,
        "film.html",
        _("Reviews of a film"),
        "media",
        film=video,
        file=video.film_file,
        steps=[{"name": each.label, "signature": signed.get(approval_step(each))} for each in Step],
        waiting=step,
        findings=films.film_findings(video),
        makers=films.makers_of_film(video),
        mine=may and request.user not in films.makers_of_film(video),
        pass_form=form,
    )


# ── checks and health ────────────────────────────────────────────────────────────────────────────────────────────────


@require_safe
@staff
def health(request: HttpRequest) -> HttpResponse:
    """The newest inspection of the site: what was found, where, what to do."""
    if not request.user.has_perm("editorial.view_healthreport"):
        raise PermissionDenied
    report = newest_report()
    items = report.items if report else []
    groups = [
        (label, [item for item in items if item["level"] == level])
        for level, label in (
            (Level.BLOCK, _("An inspection would fail on these")),
            (Level.WARN, _("To look at")),
            (Level.ADVICE, _("Advice")),
        )
    ]
    return screen(
        request,
        "health.html",
        _("Site health"),
        "glasses",
        report=report,
        groups=[(label, found) for label, found in groups if found],
    )


@require_POST
@staff
def inspect_now(request: HttpRequest) -> HttpResponse:
    """Ask the worker for an inspection now."""
    if not request.user.has_perm("editorial.view_healthreport"):
        raise PermissionDenied
    enqueue(HEALTH, key=HEALTH, priority=1, user=request.user)
    messages.success(request, _("The site is being inspected. Load this page again in a moment."))
    return redirect("editorial_admin:health")
