"""Where buses go: lines, their routes, the stops that they call at, and what a route is worth."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geo.models.areas import Area, Source
from geo.models.positions import LATITUDE, LONGITUDE, on_earth


class Line(models.Model):
    """What a passenger calls a bus line; both directions and all their patterns share it."""

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="lines", verbose_name=_("area"), help_text=_("The area that it serves.")
    )
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="lines",
        verbose_name=_("data source"),
        help_text=_("The file that it came from."),
    )
    code = models.CharField(_("code"), max_length=100, help_text=_("Identifier in the source file."))
    name = models.CharField(_("name"), max_length=200, help_text=_("As passengers know it."))
    buses = models.PositiveIntegerField(
        _("buses"), null=True, blank=True, help_text=_("Buses that run on the line at the busiest time of a weekday.")
    )
    buses_estimated = models.BooleanField(
        _("number of buses is estimated"), default=True, help_text=_("Worked out from the timetable, not counted.")
    )

    class Meta:
        verbose_name = _("line")
        verbose_name_plural = _("lines")
        ordering = ["area", "name", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="line_code_once_per_area"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_sample(self) -> bool:
        """Whether the line belongs to a demonstration data set."""
        return self.area.is_sample


class Route(models.Model):
    """One direction of one pattern of a line: an ordered list of stops and the path between them."""

    class Direction(models.IntegerChoices):
        OUTBOUND = 0, _("Outbound")
        INBOUND = 1, _("Inbound")
        LOOP = 2, _("Loop")

    line = models.ForeignKey(
        Line, models.CASCADE, related_name="routes", verbose_name=_("line"), help_text=_("The line that it belongs to.")
    )
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="routes",
        verbose_name=_("data source"),
        help_text=_("The file that it came from."),
    )
    code = models.CharField(_("code"), max_length=100, help_text=_("Identifier of the pattern within its line."))
    name = models.CharField(_("name"), max_length=250, help_text=_("From where to where."))
    direction = models.PositiveSmallIntegerField(
        _("direction"), choices=Direction.choices, default=Direction.OUTBOUND, help_text=_("Which way the bus goes.")
    )
    path = models.JSONField(
        _("path"), default=list, help_text=_("[[longitude, latitude], …] in WGS-84, in driving order.")
    )
    length_m = models.FloatField(
        _("length (m)"), default=0.0, validators=[MinValueValidator(0.0)], help_text=_("Length of the path in metres.")
    )
    trips_per_day = models.FloatField(
        _("trips per day"), default=0.0, validators=[MinValueValidator(0.0)], help_text=_("Trips on a typical weekday.")
    )
    trips_by_hour = models.JSONField(
        _("trips by hour"),
        null=True,
        blank=True,
        help_text=_("24 hours, each with trips on a weekday, a Saturday and a Sunday; empty where the file has none."),
    )
    first_departure = models.PositiveSmallIntegerField(
        _("first departure"), null=True, blank=True, help_text=_("Minutes after midnight.")
    )
    last_departure = models.PositiveSmallIntegerField(
        _("last departure"),
        null=True,
        blank=True,
        help_text=_("Minutes after midnight; over 1440 after the next midnight."),
    )
    speed_kmh = models.FloatField(
        _("speed (km/h)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0.0)],
        help_text=_("Average, stops included."),
    )
    schedule_estimated = models.BooleanField(
        _("timetable is estimated"), default=False, help_text=_("Trips, times or speed were not in the file.")
    )

    class Meta:
        verbose_name = _("route")
        verbose_name_plural = _("routes")
        ordering = ["line", "direction", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["line", "code"], name="route_code_once_per_line"),
            models.CheckConstraint(
                condition=models.Q(length_m__gte=0.0, trips_per_day__gte=0.0), name="route_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line.name} {self.name}".strip()

    def get_trips_by_hour_display(self) -> str:
        """The sums of each day type, as the admin shows them; a dash where they are unknown."""
        if not self.trips_by_hour:
            return "–"
        weekday, saturday, sunday = (sum(hour[kind] for hour in self.trips_by_hour) for kind in range(3))
        return gettext("weekday %(weekday)d · Saturday %(saturday)d · Sunday and holiday %(sunday)d") % {
            "weekday": weekday,
            "saturday": saturday,
            "sunday": sunday,
        }

    @property
    def service_minutes(self) -> float | None:
        """Minutes from the first to the last departure, or None where the file says neither."""
        if self.first_departure is None or self.last_departure is None:
            return None
        return float(self.last_departure - self.first_departure)


class Stop(models.Model):
    """A place where buses halt; one per side of the road where the source tells them apart."""

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="stops", verbose_name=_("area"), help_text=_("The area that it lies in.")
    )
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="stops",
        verbose_name=_("data source"),
        help_text=_("The file that it came from."),
    )
    code = models.CharField(_("code"), max_length=100, help_text=_("Identifier in the source file."))
    name = models.CharField(_("name"), max_length=200, help_text=_("As the sign at the stop says."))
    lon = models.FloatField(_("longitude"), validators=LONGITUDE, help_text=_("Degrees, WGS-84."))
    lat = models.FloatField(_("latitude"), validators=LATITUDE, help_text=_("Degrees, WGS-84."))
    routes: "models.ManyToManyField[Route, RouteStop]" = models.ManyToManyField(
        Route,
        through="RouteStop",
        related_name="stops",
        verbose_name=_("routes"),
        help_text=_("Routes that call here."),
    )

    class Meta:
        verbose_name = _("stop")
        verbose_name_plural = _("stops")
        ordering = ["area", "name", "code"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="stop_code_once_per_area"),
            on_earth("stop"),
        ]

    def __str__(self) -> str:
        return self.name


class RouteStop(models.Model):
    """One call of a route at a stop; a loop may call twice."""

    route = models.ForeignKey(
        Route, models.CASCADE, related_name="calls", verbose_name=_("route"), help_text=_("The route that calls.")
    )
    stop = models.ForeignKey(
        Stop, models.CASCADE, related_name="calls", verbose_name=_("stop"), help_text=_("The stop called at.")
    )
    sequence = models.PositiveSmallIntegerField(_("sequence"), help_text=_("Place in the route, from 0."))

    class Meta:
        verbose_name = _("stop call")
        verbose_name_plural = _("stop calls")
        ordering = ["route_id", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "sequence"], name="call_once_per_place_in_route"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.sequence + 1}. {self.stop}"


class RouteScore(models.Model):
    """How much publicity one route could bring, as last computed; derived, never edited."""

    route = models.OneToOneField(
        Route, models.CASCADE, related_name="score", verbose_name=_("route"), help_text=_("The route scored.")
    )
    score = models.FloatField(
        _("score"),
        default=0.0,
        db_index=True,
        help_text=_("Expected contacts a day with an ad on every bus of the route."),
    )
    by_category = models.JSONField(
        _("by category"), default=dict, help_text=_("Contacts a day for each category of hotspot.")
    )
    hotspots = models.JSONField(
        _("main hotspots"),
        default=list,
        help_text=_("The hotspots that give most: id, name, contacts a day, distance in metres."),
    )
    stretch_from_m = models.FloatField(
        _("best stretch from (m)"),
        null=True,
        blank=True,
        help_text=_("Metres along the path where the best stretch begins."),
    )
    stretch_to_m = models.FloatField(
        _("best stretch to (m)"),
        null=True,
        blank=True,
        help_text=_("Metres along the path where the best stretch ends."),
    )
    coefficient_version = models.CharField(
        _("coefficients"), max_length=60, blank=True, help_text=_("Version of the audience coefficients used.")
    )
    inputs_sha256 = models.CharField(
        _("inputs"), max_length=64, blank=True, help_text=_("Fingerprint of the network and hotspots used.")
    )
    computed_at = models.DateTimeField(_("computed at"), auto_now=True, help_text=_("When it was computed."))

    class Meta:
        verbose_name = _("route score")
        verbose_name_plural = _("route scores")
        ordering = ["-score", "route"]

    def __str__(self) -> str:
        return f"{self.route}: {self.score:,.0f}"

    @property
    def main_names(self) -> str:
        """Names of the three hotspots that give most."""
        return "、".join(str(entry.get("name", "")) for entry in self.hotspots[:3])
