"""What templates of every room may ask the pages app for."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.core.paginator import Page as ListPage
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from pages.navigation import Frame, frame_of

register = template.Library()


@register.simple_tag(takes_context=True)
def site_frame(context: template.Context) -> Frame:
    """`{% site_frame as frame %}`: identity, columns and footer for this request."""
    return frame_of(context.get("request"))


@register.simple_tag(takes_context=True)
def mourning(context: template.Context) -> str:
    """`<html lang="…"{% mourning %}>`: an attribute that greys the page while mourning lasts, else nothing."""
    identity = frame_of(context.get("request")).identity
    return mark_safe(" data-mourning") if identity.is_mourning(timezone.now()) else ""


@register.filter
def dialled(number: str) -> str:
    """What a telephone dials of a number as it is written; nothing where it is not one number, or stands for none."""
    digits = re.sub(r"[\s\-()（）—－]", "", number)
    return digits if re.fullmatch(r"\+?\d{3,15}", digits) and digits.strip("0+") else ""


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
    return _span(figure["since"], figure["as_of"], figure["source"])


@register.simple_tag
def figure_span(chart: Any) -> str:
    """The same line under a chart."""
    return _span(chart.since, chart.as_of, chart.source)


def _span(since: date | None, as_of: date, source: str) -> str:
    if since:
        return _("%(since)s to %(as_of)s. Source: %(source)s") % {
            "since": _day(since),
            "as_of": _day(as_of),
            "source": source,
        }
    return _("As of %(as_of)s. Source: %(source)s") % {"as_of": _day(as_of), "source": source}


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"
