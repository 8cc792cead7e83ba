from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TEMPLATES = [f"feedback.{action}_replytemplate" for action in ("add", "change", "delete", "view")]


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Messages from the public")
    role_permissions = {
        "editor": [
            "feedback.view_message",
            "feedback.contact_message",
            "feedback.answer_message",
            *_TEMPLATES,
        ],
        # What was asked and what was answered, never who asked.
        "auditor": ["feedback.view_message", "feedback.view_replytemplate"],
    }
