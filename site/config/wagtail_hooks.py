"""Admin screens that need two apps which may not know each other."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from jobs.models import Job
from trust.readonly import ReadOnlyViewSet, make_read_only


class JobList(ReadOnlyViewSet):
    """What runs, what failed and why. Jobs are asked for by screens and ended by workers; here they are looked at."""

    model = Job
    menu_label = _("Jobs")
    menu_name = "jobs"
    menu_order = 910
    icon = "tasks"
    add_to_admin_menu = True
    list_display = ["kind", "state", "progress", "note", "attempts", "created_at", "finished_at"]
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


make_read_only(Job)


@hooks.register("register_admin_viewset")
def register_job_list() -> JobList:
    return JobList("jobs")
