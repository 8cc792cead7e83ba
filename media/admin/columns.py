"""What lists of films show of each."""

from typing import Any

from django.utils.html import format_html

from media.models import State, Video


def poster(video: Video) -> str:
    made = video.poster
    return format_html('<img src="{}" alt="" width="96" height="54">', made.file.url) if made else ""


def film_state(video: Video) -> str:
    newest = video.newest_version
    return newest.get_state_display() if newest else "—"


def is_ready(made: Any) -> bool:
    newest = made.newest_version if isinstance(made, Video) else made
    return newest is not None and newest.state == State.READY
