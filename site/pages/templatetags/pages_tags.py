"""What templates of every room may ask the pages app for."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page as ListPage
from django.utils.translation import gettext as _

from pages.navigation import Frame, frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> Frame:
    """`{% site_frame as frame %}`: identity, columns and footer for this request."""
    return frame_of(context.get("request"))


@register.filter
def page_numbers(listing: ListPage[Any]) -> list[int | None]:
    """Page numbers to show in a row; None stands for a gap."""
    numbers = listing.paginator.get_elided_page_range(listing.number, on_each_side=1, on_ends=1)
    return [number if isinstance(number, int) else None for number in numbers]


@register.filter
def grouped(value: Decimal | int | None) -> str:
    """3762 → 3,762; decimals as they are. Thousands are separated whatever the interface language does."""
    return "" if value is None else f"{value:,}"


@register.simple_tag
def figure_source(figure: Any) -> str:
    """One line under a figure: the time it covers and its source."""
    since, as_of, source = figure["since"], figure["as_of"], figure["source"]
    if since:
        return _("%(since)s to %(as_of)s. Source: %(source)s") % {
            "since": _day(since),
            "as_of": _day(as_of),
            "source": source,
        }
    return _("As of %(as_of)s. Source: %(source)s") % {"as_of": _day(as_of), "source": source}


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"
