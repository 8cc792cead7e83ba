"""Hotspots out of OpenStreetMap by tag. It knows places, not people: persons a day are assumed for each tag."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from geo.sources.files import sha256_of
from geo.sources.frames import HOTSPOT_COLUMNS, HotspotFrame, Note
from geo.sources.mapping import Each
from geo.sources.osm import ATTRIBUTION, OsmFeature, only_wgs84, osm_features
from geo.sources.problems import Problems, gettext_noop, missing_file
from geo.sources.values import clean_system

# tag=value, category, persons a day. The figures are assumed (预设) and marked so; `--each` overrules them.
RULES = (
    Each("amenity=school", "school", 900.0),
    Each("amenity=kindergarten", "school", 250.0),
    Each("amenity=college", "school", 3000.0),
    Each("amenity=university", "school", 6000.0),
    Each("amenity=townhall", "government", 500.0),
    Each("office=government", "government", 300.0),
    Each("leisure=park", "park", 800.0),
    Each("place=square", "park", 1500.0),
    Each("shop=mall", "mall", 8000.0),
    Each("shop=department_store", "mall", 4000.0),
    Each("amenity=marketplace", "mall", 2500.0),
    Each("amenity=hospital", "hospital", 2500.0),
    Each("amenity=bus_station", "transport", 3000.0),
    Each("railway=station", "transport", 6000.0),
    Each("place=village", "village", 800.0),
    Each("place=hamlet", "village", 200.0),
    Each("landuse=residential", "village", 1000.0),
)
UNNAMED = frozenset({"landuse=residential", "leisure=park"})  # without a name these are corners of a map, not places


def read_osm_hotspots(path: Path, system: str, each: Sequence[Each] = ()) -> HotspotFrame:
    """Places of the extract that fit a rule, the first that fits; `each` are rules instead of `RULES`.

    Raises InputError with every problem found.
    """
    if not path.is_file():
        raise missing_file(path)
    problems = Problems()
    log = problems.of(path.name)
    only_wgs84(clean_system(system, log), log)
    rules = {rule.column: rule for rule in (each or RULES)}
    for column in rules:
        if "=" not in column:
            log.add(0, "--each", column, gettext_noop("KEY=VALUE=CATEGORY*PERSONS with a tag of OpenStreetMap"))
    problems.raise_any()
    keys = sorted({column.partition("=")[0] for column in rules})

    def rule_of(tags: dict[str, str]) -> Each | None:
        for column, rule in rules.items():
            key, _equals, value = column.partition("=")
            if tags.get(key) == value and (column not in UNNAMED or tags.get("name")):
                return rule
        return None

    rows = {}
    for found in osm_features(path, keys, lambda tags: rule_of(tags) is not None, log):
        rule = rule_of(found.tags)
        if rule is not None and found.code not in rows:
            rows[found.code] = _row(found, rule)
    problems.raise_any()
    if not rows:
        log.add(0, "-", "-", gettext_noop("at least one place with a tag of the rules"))
        problems.raise_any()
    frame = pd.DataFrame(list(rows.values()), columns=HOTSPOT_COLUMNS)
    used = sorted(set(frame["category"]))
    notes = [
        Note(
            gettext_noop("Persons per day are assumed for each kind of place: %(names)s"), (("names", ", ".join(used)),)
        ),
        ATTRIBUTION,
    ]
    return HotspotFrame(frame, sha256_of(path), notes)


def _row(found: OsmFeature, rule: Each) -> tuple[object, ...]:
    name = found.tags.get("name:zh") or found.tags.get("name") or ""
    point = found.geometry if found.geometry.geom_type == "Point" else found.geometry.representative_point()
    lon, lat = round(point.x, 6), round(point.y, 6)
    return (found.code, name, rule.category, lon, lat, rule.persons, "estimated", None, "")
