"""The desk of the jobs: what waits, runs and failed and why, by kind; administrators try again and cancel."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView

from jobs import queue
from jobs.heartbeat import LATE_S, silent_for_s
from jobs.models import Job
from jobs.registry import kinds
from trust.audit import record
from trust.readonly import ReadOnlyInspectView, ReadOnlyViewSet, make_read_only

AGAIN = (Job.State.FAILED, Job.State.CANCELLED)


@dataclass
class KindRow:
    """One kind of job on the overview: how many are in each state, and what was last."""

    name: str
    title: str
    counts: dict[str, int] = field(default_factory=dict)
    last_done: datetime | None = None
    oldest: datetime | None = None  # since when the longest-waiting one could have begun
    error: str = ""

    @property
    def waiting(self) -> int:
        return self.counts.get(Job.State.QUEUED, 0)

    @property
    def running(self) -> int:
        return self.counts.get(Job.State.RUNNING, 0)

    @property
    def failed(self) -> int:
        return self.counts.get(Job.State.FAILED, 0)


def title_of(name: str) -> str:
    """A kind in words; its name, where no handler of this release knows it."""
    return str(kinds[name].title) if name in kinds else name


def overview() -> list[KindRow]:
    """One row for each kind that has a job, those with something open or failed first, else by title."""
    rows: dict[str, KindRow] = {}
    failed = Job.objects.filter(kind=OuterRef("kind"), state=Job.State.FAILED).order_by("-finished_at")
    open_and_ended = Job.objects.order_by().values_list("kind", "state")
    told: Any = open_and_ended.annotate(
        n=Count("pk"), last=Max("finished_at"), first=Min("run_after"), why=Subquery(failed.values("error")[:1])
    )
    for name, state, count, last, first, why in told:
        row = rows.setdefault(name, KindRow(name, title_of(name)))
        row.counts[state] = count
        if state == Job.State.DONE:
            row.last_done = last
        elif state == Job.State.QUEUED:
            row.oldest = first
        elif state == Job.State.FAILED:
            row.error = why
    return sorted(rows.values(), key=lambda row: (not (row.waiting or row.running or row.failed), row.title))


class JobIndexView(IndexView):
    """The list, under an overview of all kinds."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        silent_s = silent_for_s(timezone.now())
        rows = overview()
        return super().get_context_data(**kwargs) | {
            "rows": rows,
            "totals": [(state, sum(row.counts.get(state, 0) for row in rows)) for state in Job.State],
            "worker_silent_s": silent_s,
            "worker_silent_minutes": round((silent_s or 0) / 60),
            "worker_is_late": silent_s is None or silent_s > LATE_S,
        }


class JobInspectView(ReadOnlyInspectView):
    """One job, with what may be done about it."""

    def get_page_subtitle(self) -> str:
        return f"{title_of(self.object.kind)} #{self.object.pk}"

    def get_progress_display_value(self) -> str:
        return f"{self.object.progress:.0f} %"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may = self.request.user.has_perm("jobs.change_job")
        return super().get_context_data(**kwargs) | {
            "job": self.object,
            "kind_title": title_of(self.object.kind),
            "may_cancel": may and self.object.is_open and not self.object.cancel_requested,
            "may_retry": may and self.object.state in AGAIN and self.object.kind in kinds,
        }


class _Deed(View):
    """Something done to one job, by whoever may, noted in the trail."""

    model = Job

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm("jobs.change_job"):
            raise PermissionDenied
        job = get_object_or_404(Job, pk=pk)
        after = self.do(request, job)
        return HttpResponseRedirect(reverse("jobs:inspect", args=[after.pk]))

    @abstractmethod
    def do(self, request: HttpRequest, job: Job) -> Job: ...


class CancelView(_Deed):
    """Ends a waiting job; asks a running one to stop."""

    def do(self, request: HttpRequest, job: Job) -> Job:
        if queue.cancel(job):
            record("job.cancel", subject=job, detail={"kind": job.kind})
            said = _("The job is cancelled.") if job.state == Job.State.QUEUED else _("The job was asked to stop.")
            messages.success(request, said)
        else:
            messages.warning(request, _("The job had ended already."))
        return job


class RetryView(_Deed):
    """Asks for an ended job once more, with the same input."""

    def do(self, request: HttpRequest, job: Job) -> Job:
        if job.state not in AGAIN or job.kind not in kinds:
            messages.warning(request, _("Only what failed or was cancelled can be tried again."))
            return job
        again = queue.retry(job, user=request.user)
        record("job.retry", subject=job, detail={"kind": job.kind, "again_as": again.pk})
        messages.success(request, _("Asked for again; a worker takes it up."))
        return again


class JobList(ReadOnlyViewSet):
    """What runs, what failed and why. Rows are changed by workers alone; people retry and cancel."""

    model = Job
    menu_label = gettext_lazy("Jobs")
    menu_name = "jobs"
    menu_order = 910
    icon = "tasks"
    add_to_admin_menu = True
    index_view_class = JobIndexView
    inspect_view_class = JobInspectView
    index_template_name = "config/jobs.html"
    inspect_template_name = "config/job.html"
    list_display = [
        TitleColumn(
            "kind",
            label=gettext_lazy("kind"),
            accessor=lambda job: title_of(job.kind),
            get_url=lambda job: reverse("jobs:inspect", args=[job.pk]),
        ),
        Column("state", label=gettext_lazy("state"), accessor="get_state_display", sort_key="state"),
        Column("progress", label=gettext_lazy("progress"), accessor=lambda job: f"{job.progress:.0f} %"),
        Column("reason", label=gettext_lazy("note"), accessor=lambda job: job.error or job.note),
        "attempts",
        "created_at",
        "finished_at",
    ]
    list_filter = ["state", "kind"]
    inspect_view_fields = [
        "kind",
        "state",
        "progress",
        "note",
        "error",
        "attempts",
        "payload",
        "result",
        "created_by",
        "created_at",
        "started_at",
        "finished_at",
    ]

    def get_urlpatterns(self) -> list[URLPattern]:
        found: Iterable[URLPattern] = super().get_urlpatterns()
        return [
            *found,
            path("cancel/<int:pk>/", CancelView.as_view(), name="cancel"),
            path("retry/<int:pk>/", RetryView.as_view(), name="retry"),
        ]


make_read_only(Job)
