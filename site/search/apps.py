from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    role_permissions = {
        "editor": [
            "search.add_synonymgroup",
            "search.change_synonymgroup",
            "search.delete_synonymgroup",
            "search.view_synonymgroup",
            "search.view_noresult",
        ],
        "admin": ["search.view_synonymgroup", "search.view_noresult"],
    }

    def ready(self) -> None:
        from django.db.models.signals import post_delete, post_save

        from search.models import SynonymGroup
        from search.synonyms import forget

        for changed in (post_save, post_delete):
            changed.connect(forget, sender=SynonymGroup, dispatch_uid="search.synonyms")
