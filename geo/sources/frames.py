"""What a reader hands over: frames of plain columns, the fingerprint of the bytes, and what it had to assume."""

from dataclasses import dataclass, field

import pandas as pd

from geo.core.records import CATEGORIES

__all__ = ["BASES", "CATEGORIES", "HotspotFrame", "NetworkFrames", "Note"]

LINE_COLUMNS = ["code", "name", "buses", "buses_estimated"]
ROUTE_COLUMNS = [
    "line",
    "code",
    "name",
    "direction",
    "path",
    "length_m",
    "trips_per_day",
    "first_departure",
    "last_departure",
    "speed_kmh",
    "schedule_estimated",
]
STOP_COLUMNS = ["code", "name", "lon", "lat"]
CALL_COLUMNS = ["line", "route", "stop", "sequence"]
HOTSPOT_COLUMNS = ["code", "name", "category", "lon", "lat", "persons_per_day", "basis", "as_of", "street"]

BASES = ("measured", "estimated", "sample")

OUTBOUND, INBOUND, LOOP = 0, 1, 2


@dataclass(frozen=True)
class Note:
    """Something assumed, estimated or left out: an English message for the translation files, and its values."""

    message: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.message % dict(self.values) if self.values else self.message


@dataclass(frozen=True)
class NetworkFrames:
    """A bus network.

    Attributes
    ----------
    lines : DataFrame[code, name, buses, buses_estimated]
        `buses` is NaN where unknown.
    routes : DataFrame[line, code, name, direction, path, length_m, trips_per_day, first_departure, last_departure,
        speed_kmh, schedule_estimated, trips_by_hour]
        `line` is a code of `lines`; (line, code) is unique. `path` is an ndarray (points, 2) of WGS-84 longitude and
        latitude. Departures are minutes after midnight, over 1440 in the small hours. NaN where unknown.
        `trips_by_hour` is a profile as in `geo.sources.profiles`, None where the file has no timetable.
    stops : DataFrame[code, name, lon, lat]
    calls : DataFrame[line, route, stop, sequence]
        In driving order; `sequence` from 0.
    sha256 : str
        Of the file's bytes; of a folder, of the names and bytes of the files read.
    """

    lines: pd.DataFrame
    routes: pd.DataFrame
    stops: pd.DataFrame
    calls: pd.DataFrame
    sha256: str
    notes: list[Note] = field(default_factory=list)


@dataclass(frozen=True)
class HotspotFrame:
    """Places with people.

    Attributes
    ----------
    hotspots : DataFrame[code, name, category, lon, lat, persons_per_day, basis, as_of, street]
        WGS-84 degrees; `category` one of CATEGORIES, `basis` one of BASES, `as_of` a date or None; `name` may be
        empty where the file gives none.
    """

    hotspots: pd.DataFrame
    sha256: str
    notes: list[Note] = field(default_factory=list)
