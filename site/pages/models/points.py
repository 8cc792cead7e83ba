"""Service points: rows by street and town, a sketch of where they lie."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamBlock
from wagtail.search import index

from pages.blocks import BodyBlock, PointBlock
from pages.blocks.points import SERVICES
from pages.fields import StreamField
from pages.models.base import DatedPage
from pages.sketch import Sketch, sketch


class PointsBlock(StreamBlock):
    point = PointBlock()


@dataclass(frozen=True)
class NumberedPoint:
    """`number` is the same in the list and on the sketch, whatever filter is chosen."""

    number: int
    block: Any

    @property
    def value(self) -> Any:
        return self.block.value


@dataclass(frozen=True)
class Street:
    name: str
    anchor: str
    points: list[NumberedPoint]


@dataclass(frozen=True)
class ServiceFilter:
    label: str
    url: str
    count: int
    is_chosen: bool


class ServicePointsPage(DatedPage):
    """Where to go, by street and town. The list comes first; the sketch repeats its numbers."""

    query_budget = 9
    search_kind = _("Service points")
    template = "pages/service_points_page.html"
    parent_page_types = ["pages.HomePage", "pages.ColumnPage"]
    subpage_types = ["pages.ContentPage"]

    points = StreamField(
        PointsBlock(),
        verbose_name=_("service points"),
        help_text=_("In the order in which readers should see them; streets come in the order of their first point."),
    )
    body = StreamField(
        BodyBlock(required=False),
        blank=True,
        verbose_name=_("body"),
        help_text=_("Below the list: what to bring, what else is worth knowing."),
    )

    content_panels = [*DatedPage.content_panels, FieldPanel("points"), FieldPanel("body")]
    search_fields = [*DatedPage.search_fields, index.SearchField("points"), index.SearchField("body")]

    class Meta:
        verbose_name = _("service points page")
        verbose_name_plural = _("service points pages")

    def streets(self) -> list[Street]:
        """Every point, by street or town."""
        return by_street(self.numbered())

    def numbered(self) -> list[NumberedPoint]:
        return [NumberedPoint(number, block) for number, block in enumerate(self.points, start=1)]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        everything = self.numbered()
        chosen = request.GET.get("service", "")
        offered = {name for point in everything for name in point.value["services"] or []}
        chosen = chosen if chosen in offered else ""
        shown = [point for point in everything if not chosen or chosen in (point.value["services"] or [])]
        context |= {
            "streets": by_street(shown),
            "filters": self.filters(everything, chosen),
            "sketch": self.sketch(shown),
            "chosen_service": dict(SERVICES).get(chosen, ""),
            "more_pages": list(self.get_children().live().order_by("path")),
        }
        return context

    def filters(self, points: list[NumberedPoint], chosen: str) -> list[ServiceFilter]:
        """“All”, then each service that some point offers; empty where there is nothing to choose."""
        found = [ServiceFilter(str(_("All")), "?", len(points), not chosen)]
        for name, label in SERVICES:
            count = sum(name in (point.value["services"] or []) for point in points)
            if count:
                found.append(ServiceFilter(str(label), f"?service={name}", count, name == chosen))
        return found if len(found) > 2 else []

    @staticmethod
    def sketch(points: Iterable[NumberedPoint]) -> Sketch | None:
        """Where the points with a position lie to each other; None for fewer than two."""
        placed = [
            (point.number, point.value["name"], float(point.value["longitude"]), float(point.value["latitude"]))
            for point in points
            if point.value["longitude"] is not None and point.value["latitude"] is not None
        ]
        return sketch(placed)


def by_street(points: Iterable[NumberedPoint]) -> list[Street]:
    """Points under their street or town, in the order in which each first appears."""
    found: dict[str, Street] = {}
    for point in points:
        name = point.value["street"]
        found.setdefault(name, Street(name, f"s{point.number}", [])).points.append(point)
    return list(found.values())
