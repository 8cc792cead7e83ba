from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.utils.translation import gettext_lazy as _


class ConfigConfig(AppConfig):
    name = "config"
    default = True
    verbose_name = _("Configuration")
    audit_actions = {
        "backup.make": _("Make a backup"),
        "backup.restore": _("Restore a backup"),
        "job.cancel": _("Cancel a job"),
        "job.retry": _("Try a job again"),
        "starter.load": _("Load the starter site"),
    }

    def ready(self) -> None:
        from config import slow_queries
        from config.metrics import checks  # noqa: F401 - registers

        slow_queries.watch()


class StaticFiles(StaticFilesConfig):
    """Of the players' and uploaders' many builds, only the one that pages load is collected and compressed."""

    # A source map that a kept file names stays: the manifest follows the name.
    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        *("hls.[!l]*", "hls-*", "hls.light.js*", "hls.light.mjs*", "hls.light.min.mjs*"),
        *("browser-test-bundle.js", "tus.js*"),
    ]
