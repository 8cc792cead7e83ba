"""Where people are and where buses go: one `Area` per data set, every row with the file that it came from.

Coordinates are WGS-84 longitude and latitude in degrees; lengths are metres; clock times are minutes after midnight
of the service day, so that a bus at 01:30 of a night service is 1530. Money lives upstairs, in `campaigns`.
"""

from geo.models.areas import Area, BaseLayer, Source
from geo.models.imports import FileImport
from geo.models.network import Line, Route, RouteScore, RouteStop, Stop
from geo.models.places import Category, Hotspot

__all__ = [
    "Area",
    "BaseLayer",
    "Category",
    "FileImport",
    "Hotspot",
    "Line",
    "Route",
    "RouteScore",
    "RouteStop",
    "Source",
    "Stop",
]
