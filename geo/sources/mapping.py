"""How the columns of a file answer to ours, said once on the command line and kept with the source.

- `FIELD=COLUMN` (``--map``): our field stands in a column of another name, ``name=场所``.
- `FIELD=VALUE` (``--set``): every row has the same value, ``category=school``.
- `COLUMN=CATEGORY*PERSONS` (``--each``): a column counts something (residents, schools, jobs); where it is above
  zero the row yields a hotspot of that category with count × persons people a day, ``schools=school*600``. Several
  make several hotspots of one row.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from geo.sources.frames import CATEGORIES
from geo.sources.problems import FileProblems, gettext_noop

HOTSPOT_FIELDS = ("code", "name", "category", "lon", "lat", "persons_per_day", "basis", "as_of", "street")

NETWORK_FIELDS = (
    "line",
    "direction",
    "stop",
    "sequence",
    "lon",
    "lat",
    "first_departure",
    "last_departure",
    "headway_minutes",
    "trips_per_day",
    "buses",
)

# Headings understood without a mapping, compared in lower case without spaces and underscores.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "code": ("code", "id", "编号", "代码", "编码"),
    "name": ("name", "名称", "场所", "场所名称", "热点名称", "地点"),
    "category": ("category", "类别", "类型", "分类"),
    "lon": ("lon", "lng", "longitude", "x", "经度"),
    "lat": ("lat", "latitude", "y", "纬度"),
    "persons_per_day": (
        "personsperday",
        "personspe",
        "persons",
        "日均人流",
        "日均人流量",
        "日人流量",
        "人流量",
        "人流",
    ),
    "basis": ("basis", "依据", "数据性质"),
    "as_of": ("asof", "date", "日期", "截止日期", "数据日期"),
    "street": ("street", "街道", "街道乡镇", "镇街", "所属街道"),
    "line": ("line", "route", "linename", "线路", "线路名称", "路线"),
    "direction": ("direction", "方向", "上下行"),
    "stop": ("stop", "stopname", "station", "站点", "站点名称", "站名", "站台", "站台名称"),
    "sequence": ("sequence", "stopsequence", "序号", "站序", "顺序"),
    "first_departure": ("firstdeparture", "首班", "首班时间", "首班车"),
    "last_departure": ("lastdeparture", "末班", "末班时间", "末班车"),
    "headway_minutes": ("headwayminutes", "headway", "发车间隔", "间隔"),
    "trips_per_day": ("tripsperday", "trips", "日班次", "班次"),
    "buses": ("buses", "配车数", "车辆数", "配车"),
}


@dataclass(frozen=True)
class Each:
    """`column` counts places or people; each count stands for `persons` people a day at a place of `category`."""

    column: str
    category: str
    persons: float


@dataclass(frozen=True)
class Mapping:
    """Columns by field, fixed values by field, and counting columns."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    each: tuple[Each, ...] = ()

    @classmethod
    def parse(
        cls,
        maps: Sequence[str],
        sets: Sequence[str],
        each: Sequence[str],
        log: FileProblems,
        fields: Sequence[str] = HOTSPOT_FIELDS,
    ) -> "Mapping":
        """From command-line texts; notes every one that is not of its form."""
        columns, constants = _pairs(maps, "--map", log, fields), _pairs(sets, "--set", log, fields)
        for name in sorted(columns.keys() & constants.keys()):
            log.add(0, "--set", name, gettext_noop("a field that --map does not name too"))
        return cls(columns, constants, tuple(parsed for text in each if (parsed := _each(text, log)) is not None))

    def columns_of(self, headings: Sequence[str], fields: Sequence[str] = HOTSPOT_FIELDS) -> dict[str, str]:
        """Column by field: as mapped, else by the synonyms; fields with a fixed value have none."""
        plain = {heading.lower().replace(" ", "").replace("_", ""): heading for heading in reversed(headings)}
        found: dict[str, str] = {}
        for name in fields:
            if name in self.constants:
                continue
            if name in self.columns:
                found[name] = self.columns[name]
                continue
            match = next((plain[word] for word in SYNONYMS[name] if word in plain), None)
            if match is not None:
                found[name] = match
        return found

    def describe(self) -> dict[str, object]:
        """As plain data, for the record of provenance."""
        return {
            "map": dict(self.columns),
            "set": dict(self.constants),
            "each": [f"{each.column}={each.category}*{each.persons:g}" for each in self.each],
        }


def _pairs(texts: Sequence[str], option: str, log: FileProblems, fields: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not equals or name not in fields or not value:
            log.add(0, option, text, gettext_noop("FIELD=… with one of the fields %(names)s"), names=", ".join(fields))
        elif name in pairs:
            log.add(0, option, text, gettext_noop("each field once"))
        else:
            pairs[name] = value
    return pairs


def _each(text: str, log: FileProblems) -> Each | None:
    column, _equals, rest = text.rpartition("=")
    category, star, factor = rest.partition("*")
    try:
        persons = float(factor) if star else 1.0
    except ValueError:
        persons = math.nan
    if column.strip() and category.strip() in CATEGORIES and math.isfinite(persons) and persons > 0:
        return Each(column.strip(), category.strip(), persons)
    names = ", ".join(CATEGORIES)
    log.add(
        0, "--each", text, gettext_noop("COLUMN=CATEGORY*PERSONS with one of the categories %(names)s"), names=names
    )
    return None
