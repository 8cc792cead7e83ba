from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "jobs"
    verbose_name = _("Jobs")
    role_permissions = {
        "admin": ["jobs.view_job", "jobs.change_job"],
        "video_editor": ["jobs.view_job"],
        "planner": ["jobs.view_job"],
    }

    def ready(self) -> None:
        autodiscover_modules("tasks")
