"""One area per data set, where its rows came from, and the map that lies under them."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.days_off import check_days_off


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
    days_off = models.TextField(
        _("holidays"),
        blank=True,
        default="",
        db_default="",
        validators=[check_days_off],
        help_text=_(
            "One period a line: kind, first day, last day, name. Buses run as on Sundays in holidays and as on "
            "weekdays on worked weekends; in school holidays few come to schools."
        ),
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
    geojson = models.JSONField(
        _("GeoJSON"),
        default=dict,
        help_text=_("A FeatureCollection in WGS-84; for every zoom where it is the only one."),
    )
    far = models.JSONField(
        _("from far"), null=True, blank=True, help_text=_("Fewer and coarser things, for zooms up to 11.")
    )
    near = models.JSONField(
        _("from near"), null=True, blank=True, help_text=_("More and finer things, for zooms from 14 on.")
    )
    source = models.ForeignKey(
        Source,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="base_layers",
        verbose_name=_("data source"),
        help_text=_("The file that it came from."),
    )

    class Meta:
        verbose_name = _("base map layer")
        verbose_name_plural = _("base map layers")
        ordering = ["area", "kind"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "kind"], name="base_layer_once_per_area"),
        ]

    def __str__(self) -> str:
        return f"{self.area} · {self.get_kind_display()}"
