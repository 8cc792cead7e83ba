from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BakingConfig(AppConfig):
    name = "baking"
    verbose_name = _("Finished pages")

    def ready(self) -> None:
        from baking.changes import watch

        watch()
