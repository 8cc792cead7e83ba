"""How a message stands, in lists, on the dashboard and on its own page."""

from typing import Any

from django import template

from feedback.desk import countdown
from feedback.models import Message

register = template.Library()


@register.inclusion_tag("feedback/admin/urgency.html")
def how_it_stands(message: Message) -> dict[str, Any]:
    """`{% how_it_stands message %}`: state, and the time left in words and colour."""
    return {"message": message, "countdown": countdown(message), "urgency": message.urgency()}
