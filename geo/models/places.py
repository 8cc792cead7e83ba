"""Where people are."""

from typing import ClassVar

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from geo.models.areas import Area, Source
from geo.models.positions import LATITUDE, LONGITUDE, on_earth


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
            on_earth("hotspot"),
        ]

    def __str__(self) -> str:
        return self.name
