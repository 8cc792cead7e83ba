"""Where people are and where buses go: one `Area` per data set, every row with the file that it came from.

Coordinates are WGS-84 longitude and latitude in degrees; lengths are metres; clock times are minutes after midnight
of the service day, so that a bus at 01:30 of a night service is 1530. Money lives upstairs, in `campaigns`.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

LONGITUDE = [MinValueValidator(-180.0), MaxValueValidator(180.0)]
LATITUDE = [MinValueValidator(-90.0), MaxValueValidator(90.0)]


def _on_earth(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(lon__gte=-180.0, lon__lte=180.0, lat__gte=-90.0, lat__lte=90.0),
        name=f"{prefix}_on_earth",
    )


class Category(models.TextChoices):
    """Kinds of hotspot, in the order of `geo.core.records.CATEGORIES`."""

    GOVERNMENT = "government", _("Government office")
    SCHOOL = "school", _("School")
    PARK = "park", _("Park or square")
    MALL = "mall", _("Shopping centre")
    VILLAGE = "village", _("Village or community")
    HOSPITAL = "hospital", _("Hospital")
    TRANSPORT = "transport", _("Transport hub")
    OTHER = "other", _("Other place")


class Area(models.Model):  # type: ignore[django-manager-missing]  # modelcluster, above us, has no types
    """One data set: a district or a city with its network, hotspots and base map."""

    slug = models.SlugField(_("code"), max_length=60, unique=True, help_text=_("Short name in addresses and commands."))
    name = models.CharField(_("name"), max_length=100, help_text=_("What people call the area."))
    is_sample = models.BooleanField(
        _("sample data"), default=False, help_text=_("Made for demonstration: everything drawn from it says so.")
    )
    boundary = models.JSONField(
        _("boundary"),
        null=True,
        blank=True,
        help_text=_("GeoJSON polygon or multipolygon in WGS-84; import it by command."),
    )
    population = models.PositiveIntegerField(
        _("population"),
        null=True,
        blank=True,
        help_text=_("Residents; caps the reach of a plan and gives rating points."),
    )
    map_review_number = models.CharField(
        _("map review number"),
        max_length=60,
        blank=True,
        help_text=_("Review number of the map authority. Without it no public page draws the boundary."),
    )

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["name", "slug"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Provenance: one imported file (or folder) of an area. The same name imported again is the same source."""

    class Kind(models.TextChoices):
        NETWORK = "network", _("Bus network")
        HOTSPOTS = "hotspots", _("Hotspots")
        BASE_MAP = "base_map", _("Base map")
        BOUNDARY = "boundary", _("Boundary")

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="sources", verbose_name=_("area"), help_text=_("The area that it describes.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, help_text=_("What the file holds."))
    file_name = models.CharField(_("file name"), max_length=255, help_text=_("Name of the imported file or folder."))
    sha256 = models.CharField(
        _("SHA-256"), max_length=64, blank=True, help_text=_("Fingerprint of the imported bytes.")
    )
    origin = models.CharField(_("origin"), max_length=300, blank=True, help_text=_("Who made it and where it was got."))
    licence = models.CharField(
        _("licence"), max_length=200, blank=True, help_text=_("Terms under which it may be used.")
    )
    as_of = models.DateField(_("as of"), null=True, blank=True, help_text=_("The day whose state it describes."))
    system = models.CharField(
        _("coordinate system"),
        max_length=20,
        default="wgs84",
        help_text=_("System in the file; the tables hold WGS-84."),
    )
    options = models.JSONField(
        _("reading options"), default=dict, blank=True, help_text=_("Layout and column mapping, used again next time.")
    )
    note = models.TextField(_("note"), blank=True, help_text=_("What was assumed or estimated while reading it."))
    imported_at = models.DateTimeField(_("imported at"), auto_now=True, help_text=_("When it last changed the tables."))
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("imported by"),
        help_text=_("Who imported it; empty for a command."),
    )
    counts = models.JSONField(_("counts"), default=dict, blank=True, help_text=_("Rows that came from it, by table."))

    class Meta:
        verbose_name = _("data source")
        verbose_name_plural = _("data sources")
        ordering = ["area", "kind", "file_name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "kind", "file_name"], name="source_once_per_area"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.file_name}"


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
            _on_earth("stop"),
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
        ordering = ["route", "sequence"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["route", "sequence"], name="call_once_per_place_in_route"),
        ]

    def __str__(self) -> str:
        return f"{self.route} {self.sequence + 1}. {self.stop}"


class Hotspot(models.Model):
    """A place with people: how many a day, what kind, and how anybody knows."""

    Category = Category

    class Basis(models.TextChoices):
        MEASURED = "measured", _("Measured")
        ESTIMATED = "estimated", _("Estimated")
        SAMPLE = "sample", _("Sample")

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="hotspots", verbose_name=_("area"), help_text=_("The area that it lies in.")
    )
    source = models.ForeignKey(
        Source,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="hotspots",
        verbose_name=_("data source"),
        help_text=_("The file that it came from; empty when entered by hand."),
    )
    code = models.CharField(
        _("code"), max_length=100, help_text=_("Identifier in the source file, or one of your own.")
    )
    name = models.CharField(_("name"), max_length=200, help_text=_("As people call the place."))
    category = models.CharField(
        _("category"), max_length=12, choices=Category.choices, default=Category.OTHER, help_text=_("Kind of place.")
    )
    lon = models.FloatField(_("longitude"), validators=LONGITUDE, help_text=_("Degrees, WGS-84."))
    lat = models.FloatField(_("latitude"), validators=LATITUDE, help_text=_("Degrees, WGS-84."))
    persons_per_day = models.FloatField(
        _("persons per day"), validators=[MinValueValidator(0.0)], help_text=_("People there on an ordinary day.")
    )
    basis = models.CharField(
        _("basis"),
        max_length=10,
        choices=Basis.choices,
        default=Basis.ESTIMATED,
        help_text=_("How the number is known."),
    )
    as_of = models.DateField(
        _("as of"), null=True, blank=True, help_text=_("The day whose state the number describes.")
    )
    street = models.CharField(
        _("street or town"), max_length=100, blank=True, help_text=_("For district quotas and lists.")
    )

    class Meta:
        verbose_name = _("hotspot")
        verbose_name_plural = _("hotspots")
        ordering = ["area", "category", "name", "code"]
        indexes: ClassVar = [models.Index(fields=["area", "category"], name="hotspot_area_category")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="hotspot_code_once_per_area"),
            models.CheckConstraint(condition=models.Q(persons_per_day__gte=0.0), name="hotspot_persons_not_negative"),
            _on_earth("hotspot"),
        ]

    def __str__(self) -> str:
        return self.name


class BaseLayer(models.Model):
    """One layer of the local base map, drawn under everything else; no tile server is ever asked."""

    class Kind(models.TextChoices):
        LAND = "land", _("Land")
        WATER = "water", _("Water")
        GREEN = "green", _("Green")
        ROAD = "road", _("Roads")
        LABEL = "label", _("Place names")
        DISTRICT = "district", _("Districts")

    area = models.ForeignKey(
        Area, models.CASCADE, related_name="base_layers", verbose_name=_("area"), help_text=_("The area that it draws.")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, help_text=_("What the layer shows."))
    geojson = models.JSONField(_("GeoJSON"), default=dict, help_text=_("A FeatureCollection in WGS-84."))

    class Meta:
        verbose_name = _("base map layer")
        verbose_name_plural = _("base map layers")
        ordering = ["area", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "kind"], name="base_layer_once_per_area"),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.get_kind_display()}"


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
