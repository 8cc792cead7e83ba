"""Degrees that are on the earth."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

LONGITUDE = [MinValueValidator(-180.0), MaxValueValidator(180.0)]
LATITUDE = [MinValueValidator(-90.0), MaxValueValidator(90.0)]


def on_earth(prefix: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(lon__gte=-180.0, lon__lte=180.0, lat__gte=-90.0, lat__lte=90.0),
        name=f"{prefix}_on_earth",
    )
