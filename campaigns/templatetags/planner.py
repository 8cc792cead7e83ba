"""Figures as the planner's pages show them."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns import explain
from campaigns.models import PlanPick
from campaigns.services.proofs import status_label

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """0.584 → 58; reach is never shown finer than that."""
    return "" if share is None else f"{100 * share:.0f}"


@register.filter
def points(share: float | None) -> str:
    """0.0984 → 9.8, for what one pick adds."""
    return "" if share is None else f"{100 * share:.1f}"


@register.filter
def proved(share: float) -> str:
    return explain.floor_percent(share)


@register.filter
def bar(share: float, width: float = 100) -> str:
    """A share as a length in a bar of `width`, for SVG attributes."""
    return f"{min(1.0, max(0.0, share)) * width:.2f}"


@register.filter
def money(value: Any) -> str:
    return "" if value is None else explain.money(value)


@register.filter
def grouped(value: float | None) -> str:
    """1234567.8 → 1,234,568; Django groups digits only where the locale says so, and Chinese does not."""
    return "–" if value is None else f"{value:,.0f}"


@register.filter
def tenths(value: float) -> str:
    """6308.24 → 6,308.2."""
    return f"{value:,.1f}"


@register.filter
def large(value: float | None) -> SafeString | str:
    """338万, with the unit set small."""
    if value is None:
        return "–"
    figure, unit = explain.wan(value)
    return format_html("{}<small>{}</small>", figure, unit) if unit else figure


@register.filter
def reason(pick: PlanPick) -> str:
    return explain.reason(pick)


@register.filter
def minima(asked: dict[str, dict[str, int]]) -> str:
    """候车亭：至少 3 个，学校：至少 2 个."""
    return explain.minima(asked)


@register.filter
def yuan(text: str) -> str:
    """Money that was kept as text, 1234.50 → 1,234.50."""
    return explain.money(Decimal(text))


@register.filter
def proof_state(name: str) -> str:
    return status_label(name)


@register.filter
def plain(value: Any) -> str:
    """A number as SVG and data attributes want it, whatever the language: 12.50 → 12.5."""
    return "" if value is None else f"{float(value):g}"


@register.filter
def minus(value: float, taken: float) -> str:
    """A difference for SVG attributes."""
    return f"{float(value) - float(taken):.1f}"


@register.filter
def coordinate(value: float | None) -> str:
    """Degrees to about a metre."""
    return "" if value is None else f"{value:.5f}"


@register.filter
def metres(millimetres: float) -> str:
    return f"{millimetres / 1000:g}"


@register.filter
def module_mm(facts: dict[str, Any]) -> str:
    """Side of one module of the code, from an artwork's facts."""
    code = facts.get("code")
    return f"{code['side_mm'] / code['modules']:.1f}" if code else "–"


@register.inclusion_tag("campaigns/glyph.html")
def glyph(category: str) -> dict[str, str]:
    """The map's sign of a category: colour and shape together."""
    return {"category": category}
