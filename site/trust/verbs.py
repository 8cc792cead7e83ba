"""What the trail's verbs are called on screen.

No room below knows another: an app names its verbs in its `AppConfig.audit_actions`, `{"film.publish": _("Publish a
film")}`, and Wagtail's own come from its registry.
"""

from functools import cache

from django.apps import apps
from wagtail.log_actions import registry


@cache
def declared_labels() -> dict[str, str]:
    """Verb → label of everything that this project's apps write into the trail."""
    return {
        verb: label for config in apps.get_app_configs() for verb, label in getattr(config, "audit_actions", {}).items()
    }


def action_label(verb: str) -> str:
    """The label of `verb`; the verb itself where an older release wrote it and nobody knows it any more."""
    declared = declared_labels()
    if verb in declared:
        return str(declared[verb])
    return str(registry.get_action_label(verb)) if registry.action_exists(verb) else verb
