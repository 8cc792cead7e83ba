"""A plan in words and in one curve: the certificate, its minima, why each pick, and money against reach."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from campaigns.models import Format, MinimumBy, Mode, PlanPick, PlanVersion
from geo.models import Category

OVERLAP_WORTH_SAYING = 0.05


def floor_percent(share: float) -> str:
    """A share as percent with one decimal, rounded down: never promise more than was proved."""
    return f"{math.floor(share * 1000 + 1e-9) / 10:.1f}"


def ceil_percent(share: float) -> str:
    """A share as percent with one decimal, rounded up: for what can never be exceeded."""
    return f"{min(100.0, math.ceil(share * 1000 - 1e-9) / 10):.1f}"


def wan(value: float) -> tuple[str, str]:
    """A large number as people say it: (figure, unit), the unit 万 or 亿 or empty."""
    if value >= 1e8:
        return f"{value / 1e8:,.2f}", _("hundred million")
    if value >= 1e5:
        return f"{value / 1e4:,.0f}", _("ten thousand")
    if value >= 1e4:
        return f"{value / 1e4:,.1f}", _("ten thousand")
    return f"{value:,.0f}", ""


def money(value: float | Decimal) -> str:
    """Yuan with thousands separated, fen only where there are any."""
    return f"{value:,.2f}".removesuffix(".00")


def is_weighted(plan: PlanVersion) -> bool:
    """Whether the brief prefers some people to others, so that weighted and raw figures differ."""
    return len(set(plan.parameters["priorities"].values())) > 1


def certificate(plan: PlanVersion) -> str:
    """What was proved, as the sentence under the bar."""
    if plan.mode == Mode.COVER:
        return _("No plan that covers the same places can cost less than ¥%(cost)s.") % {
            "cost": money(math.floor(plan.bound))
        }
    capped = bool(plan.parameters.get("ceiling_cny"))  # then the bound is for plans that cost no more than this one
    if plan.mode == Mode.IMPRESSIONS:
        figure, unit = wan(plan.bound)
        what = _("weighted impressions") if is_weighted(plan) else _("impressions")
        sentence = (
            _("For the money of this plan none can bring more than %(figure)s %(unit)s %(what)s.")
            if capped
            else _("With the same budget no plan can bring more than %(figure)s %(unit)s %(what)s.")
        )
        return sentence % {"figure": figure, "unit": unit, "what": what}
    total = float(plan.result["weighted_persons"])
    what = _("weighted reach") if is_weighted(plan) else _("reach")
    sentence = (
        _("For the money of this plan none can bring a %(what)s above %(percent)s%%.")
        if capped
        else _("With the same budget no plan can bring a %(what)s above %(percent)s%%.")
    )
    return sentence % {"what": what, "percent": ceil_percent(plan.bound / total if total else 0.0)}


def minimum_label(by: str, of: str) -> str:
    """What a minimum is about, as people say it: 候车亭, 学校, 白沙街道."""
    names = {MinimumBy.FORMAT: dict(Format.choices), MinimumBy.CATEGORY: dict(Category.choices)}
    return str(names.get(MinimumBy(by), {}).get(of, of))


def minima(asked: Mapping[str, Mapping[str, int]]) -> str:
    """The minima that a plan was computed under, in one line."""
    return pgettext("between minimum numbers", ", ").join(
        _("%(what)s: at least %(n)d") % {"what": minimum_label(by, of), "n": least}
        for by in MinimumBy.values
        for of, least in sorted(asked.get(by, {}).items())
    )


def reason(pick: PlanPick) -> str:
    """Why a placement is in the plan, from the facts kept with it."""
    facts = pick.facts
    parts = []
    if facts.get("locked"):
        parts.append(_("Locked into the plan"))
    if facts.get("lines"):
        parts.append(ngettext("%(n)d line stops here", "%(n)d lines stop here", facts["lines"]) % {"n": facts["lines"]})
    if facts.get("hotspots"):
        kinds = pgettext("between two kinds of place", " and ").join(
            str(Category(name).label) for name in facts["categories"][:2]
        )
        parts.append(
            ngettext(
                "sees people of %(n)d place, mostly %(kinds)s", "sees people of %(n)d places, mostly %(kinds)s",
                facts["hotspots"],
            )
            % {"n": facts["hotspots"], "kinds": kinds}
        )  # fmt: skip
    if facts.get("hours"):
        spans = pgettext("between hours", ", ").join(f"{start}:00–{end}:00" for start, end in facts["hours"])
        parts.append(_("most buses run at %(hours)s on weekdays: the best time for spots") % {"hours": spans})
    if pick.order > 1 and facts.get("overlap", 0.0) >= OVERLAP_WORTH_SAYING:
        parts.append(_("shares %(percent)d%% of its audience with the picks before") % {
            "percent": round(100 * facts["overlap"])
        })  # fmt: skip
    return pgettext("between reasons", "; ").join(parts) + pgettext("end of the reasons", ".") if parts else ""


@dataclass(frozen=True)
class Curve:
    """Cumulative cost against cumulative reach in the coordinates of the SVG (336 × 120)."""

    points: str
    dots: list[tuple[float, float]]
    ticks_y: list[tuple[float, str]]
    ticks_x: list[tuple[float, str, str]]
    label: str


LEFT, RIGHT, TOP, BOTTOM = 40.0, 322.0, 14.0, 94.0


def curve(plan: PlanVersion, picks: list[PlanPick]) -> Curve | None:
    """The curve of a plan; None where it has no picks."""
    if not picks:
        return None
    most_cost = float(sum((pick.cost_cny for pick in picks), Decimal(0))) or 1.0
    most_reach = _nice(max(pick.cumulative_reach for pick in picks))
    spent, at = 0.0, [(LEFT, BOTTOM)]
    for pick in picks:
        spent += float(pick.cost_cny)
        x = LEFT + (RIGHT - LEFT) * spent / most_cost
        y = BOTTOM - (BOTTOM - TOP) * pick.cumulative_reach / most_reach
        at.append((round(x, 1), round(y, 1)))
    figure, unit = wan(most_cost)
    half_figure, half_unit = wan(most_cost / 2)
    return Curve(
        points=" ".join(f"{x},{y}" for x, y in at),
        dots=at[1:],
        ticks_y=[
            (round(BOTTOM - (BOTTOM - TOP) * part, 1), f"{100 * most_reach * part:.3g}%") for part in (0.0, 0.5, 1.0)
        ],
        ticks_x=[
            (LEFT, "0", "start"),
            ((LEFT + RIGHT) / 2, f"¥{half_figure}{half_unit}", "middle"),
            (RIGHT, f"¥{figure}{unit}", "end"),
        ],
        label=_("Cost and cumulative reach: %(percent)d%% for ¥%(cost)s.")
        % {"percent": round(100 * picks[-1].cumulative_reach), "cost": money(plan.cost_cny)},
    )


def _nice(share: float) -> float:
    """The next round share above, for the top of the axis."""
    for top in (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8):
        if share <= top:
            return top
    return 1.0
