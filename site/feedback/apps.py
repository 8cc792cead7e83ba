from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_TEMPLATES = [f"feedback.{action}_replytemplate" for action in ("add", "change", "delete", "view")]


class FeedbackConfig(AppConfig):
    name = "feedback"
    verbose_name = _("Messages from the public")
    audit_actions = {
        "feedback.assign": _("Hand a message over"),
        "feedback.close": _("Close a message"),
        "feedback.contact": _("See who wrote a message"),
        "feedback.erase": _("Erase a message for a person"),
        "feedback.erased": _("Erase one's own message"),
        "feedback.export": _("Export a message for a person"),
        "feedback.exported": _("Export one's own message"),
        "feedback.looked_up": _("Look one's own message up"),
        "feedback.note": _("Write an internal note"),
        "feedback.purge": _("Purge what is past its time"),
        "feedback.read": _("Read a message"),
        "feedback.received": _("Receive a message"),
        "feedback.reply": _("Reply to a message"),
        "feedback.restore": _("Take a message out of spam"),
        "feedback.spam": _("Mark a message as spam"),
    }
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
