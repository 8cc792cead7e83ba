from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

_LOOK = ["media.view_video", "media.view_buscut", "media.view_playlist", "media.view_mediapackage"]
_LOOK += ["media.view_playreport", "media.view_busprofile"]
_REVIEW = [*_LOOK, "media.choose_video", "media.review_captionrevision", "media.approve_buscut"]


def _all(model: str) -> list[str]:
    return [f"media.{verb}_{model}" for verb in ("add", "change", "delete", "view")]


class MediaConfig(AppConfig):
    name = "media"
    verbose_name = _("Films")
    audit_actions = {
        "bus_cut.changed_bytes": _("Find a bus cut that was changed"),
        "captions.save": _("Save captions"),
        "film.publish": _("Publish a film"),
        "film.upload": _("Upload a film"),
        "film.withdraw": _("Withdraw a film"),
        "package.make": _("Make a bus package"),
        "package.withdraw": _("Withdraw a bus package"),
        "play_report.import": _("Import a play report"),
    }

    role_permissions = {
        "editor": ["media.choose_video"],
        "video_editor": [
            *(name for model in ("video", "busprofile", "buscut", "playlist", "mediapackage") for name in _all(model)),
            "media.view_playreport",
            "media.choose_video",
            "media.publish_video",
            "media.review_captionrevision",
            "media.withdraw_mediapackage",
        ],
        "first_reviewer": _REVIEW,
        "second_reviewer": _REVIEW,
        "final_reviewer": [*_REVIEW, "media.publish_video", "media.withdraw_mediapackage"],
        "planner": _LOOK,
        "auditor": _LOOK,
        "admin": ["media.view_video", *_all("busprofile")],
    }

    def ready(self) -> None:
        from wagtail.permissions import register_permission_policy

        from media import permissions, receivers  # noqa: F401 — its receivers are connected by that
        from media.models import Video

        register_permission_policy(Video, permissions.policy)
