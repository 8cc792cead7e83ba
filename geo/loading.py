"""Frames into tables: rows of the same source are updated, new ones made, vanished ones removed unless in use.

Everything here expects to run inside the import command's one transaction.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import pandas as pd
from django.db import models
from django.utils.translation import gettext as _

from geo.models import Area, Category, Hotspot, Line, Route, RouteStop, Source, Stop
from geo.sources.frames import HotspotFrame, NetworkFrames, Note
from geo.sources.problems import Problems, gettext_noop
from trust.imports import Report

BATCH = 1000
ID_BATCH = 500
LONGEST_CODE = 100
M = TypeVar("M", bound=models.Model)


@dataclass(frozen=True)
class Provenance:
    """Where the frames came from, to be kept with them."""

    file_name: str
    system: str
    origin: str = ""
    licence: str = ""
    as_of: date | None = None
    options: dict[str, Any] = field(default_factory=dict)
    replaces: str = ""  # file name of an earlier source whose place this one takes
    user: Any = None


@dataclass
class Tally:
    """What happened to one table."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    kept: int = 0  # gone from the file, but something upstairs uses it

    @property
    def changed(self) -> bool:
        return bool(self.created or self.updated or self.removed)


def store_network(area: Area, frames: NetworkFrames, provenance: Provenance) -> Report:
    """Make the area's network of this source equal to `frames`. Raises InputError where another source has a code."""
    source = source_of(area, Source.Kind.NETWORK, provenance)
    file = provenance.file_name
    _check_codes(Line, area, source, frames.lines["code"], file)
    _check_codes(Stop, area, source, frames.stops["code"], file)
    old_lines = {line.code: line for line in Line.objects.filter(area=area, source=source)}
    old_stops = {stop.code: stop for stop in Stop.objects.filter(area=area, source=source)}
    lines, line_tally = _upsert(Line, old_lines, _line_rows(area, source, frames, old_lines))
    stops, stop_tally = _upsert(Stop, old_stops, _stop_rows(area, source, frames))
    old_routes = {
        (route.line_id, route.code): route
        for route in Route.objects.filter(line__in=Line.objects.filter(source=source))
    }
    routes, route_tally = _upsert(Route, old_routes, _route_rows(source, frames, lines))
    recalled = _store_calls(frames, lines, stops, routes)
    touched = recalled & {route.pk for route in old_routes.values()} - route_tally.touched
    route_tally.updated += len(touched)
    route_tally.unchanged -= len(touched)
    _remove_gone(
        {code: line for code, line in old_lines.items() if code not in lines},
        {key: route for key, route in old_routes.items() if key not in routes},
        {code: stop for code, stop in old_stops.items() if code not in stops},
        (line_tally, route_tally, stop_tally),
    )
    counts = {
        "lines": len(frames.lines),
        "routes": len(frames.routes),
        "stops": len(frames.stops),
        "calls": len(frames.calls),
    }
    tables = [(_("lines"), line_tally), (_("routes"), route_tally), (_("stops"), stop_tally)]
    return finish(source, provenance, (frames.sha256, counts, frames.notes), tables)


def store_hotspots(area: Area, frame: HotspotFrame, provenance: Provenance) -> Report:
    """Make the area's hotspots of this source equal to `frame`. Raises InputError where another source has a code."""
    source = source_of(area, Source.Kind.HOTSPOTS, provenance)
    _check_codes(Hotspot, area, source, frame.hotspots["code"], provenance.file_name)
    old = {hotspot.code: hotspot for hotspot in Hotspot.objects.filter(area=area, source=source)}
    new, tally = _upsert(Hotspot, old, _hotspot_rows(area, source, frame, provenance.as_of))
    gone = {hotspot.pk for code, hotspot in old.items() if code not in new}
    used = referenced(Hotspot, gone)
    _delete(Hotspot, gone - used)
    tally.removed, tally.kept = len(gone - used), len(used)
    counts = {"hotspots": len(frame.hotspots)}
    return finish(source, provenance, (frame.sha256, counts, frame.notes), [(_("hotspots"), tally)])


def referenced(model: type[models.Model], ids: set[int]) -> set[int]:
    """Those of `ids` that a row of another app points at, whatever it would do on deletion."""
    used: set[int] = set()
    relations: list[Any] = model._meta.get_fields(include_hidden=True)  # related_name="+" hides no use
    for relation in relations:
        if not relation.auto_created or relation.concrete or not (relation.one_to_many or relation.one_to_one):
            continue
        if relation.related_model._meta.app_label == model._meta.app_label:
            continue
        name = relation.field.name
        for part in _parts(sorted(ids)):
            found = relation.related_model._base_manager.filter(**{f"{name}__in": part})
            used.update(found.values_list(name, flat=True))
    return used


def say_notes(notes: Iterable[Note]) -> list[str]:
    """Notes of a reader in the language of the screen."""
    return [_(note.message) % dict(note.values) if note.values else _(note.message) for note in notes]


def source_of(area: Area, kind: str, provenance: Provenance) -> Source:
    """The source of this file name or of the one that it replaces, made where there is none."""
    same = Source.objects.filter(area=area, kind=kind)
    found = same.filter(file_name=provenance.file_name).first()
    if provenance.replaces and provenance.replaces != provenance.file_name:
        earlier = same.filter(file_name=provenance.replaces).first()
        problems = Problems()
        if earlier is None or found is not None:
            names = ", ".join(same.values_list("file_name", flat=True)) or "-"
            expected = gettext_noop("a source of this area that is to be replaced; it has %(names)s")
            problems.of(provenance.file_name).add(0, "--replaces", provenance.replaces, expected, names=names)
        problems.raise_any()
        found = earlier
    return found or Source.objects.create(area=area, kind=kind, file_name=provenance.file_name)


def _check_codes(model: type[Any], area: Area, source: Source, codes: Iterable[str], file: str) -> None:
    """No code too long, and none that another source of the area, or a person, has given already."""
    wanted = set(codes)
    problems = Problems()
    log = problems.of(file)
    for code in sorted(wanted):
        if len(code) > LONGEST_CODE:
            log.add(0, "code", code, gettext_noop("at most %(n)s characters"), n=LONGEST_CODE)
    taken = model.objects.filter(area=area).exclude(source=source).values_list("code", "source__file_name")
    for code, other in taken:
        if code in wanted:
            expected = gettext_noop("a code of its own: %(other)s has it already (see --replaces)")
            log.add(0, "code", code, expected, other=other or _("an entry made by hand"))
    problems.raise_any()


def _line_rows(
    area: Area, source: Source, frames: NetworkFrames, old: dict[str, Line]
) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _records(frames.lines):
        values = {
            "area_id": area.pk,
            "source_id": source.pk,
            "code": row.code,
            "name": _clip(row.name, 200),
            "buses": _whole(row.buses),
            "buses_estimated": bool(row.buses_estimated),
        }
        counted = old.get(row.code)
        if counted is not None and values["buses_estimated"] and not counted.buses_estimated:
            # Somebody has counted the buses; an estimate does not overrule that.
            values["buses"], values["buses_estimated"] = counted.buses, False
        yield row.code, values


def _stop_rows(area: Area, source: Source, frames: NetworkFrames) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _records(frames.stops):
        yield (
            row.code,
            {
                "area_id": area.pk,
                "source_id": source.pk,
                "code": row.code,
                "name": _clip(row.name, 200),
                "lon": round(float(row.lon), 7),
                "lat": round(float(row.lat), 7),
            },
        )


def _route_rows(
    source: Source, frames: NetworkFrames, lines: dict[str, Line]
) -> Iterator[tuple[tuple[int, str], dict[str, Any]]]:
    for row in _records(frames.routes):
        line = lines[row.line]
        yield (
            (line.pk, row.code),
            {
                "line_id": line.pk,
                "source_id": source.pk,
                "code": row.code,
                "name": _clip(row.name, 250),
                "direction": int(row.direction),
                "path": row.path.tolist(),
                "length_m": round(float(row.length_m), 2),
                "trips_per_day": float(row.trips_per_day),
                "first_departure": _whole(row.first_departure),
                "last_departure": _whole(row.last_departure),
                "speed_kmh": _number(row.speed_kmh),
                "schedule_estimated": bool(row.schedule_estimated),
                "trips_by_hour": None if row.trips_by_hour is None else row.trips_by_hour.tolist(),
            },
        )


def _hotspot_rows(
    area: Area, source: Source, frame: HotspotFrame, as_of: date | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in _records(frame.hotspots):
        name = row.name or f"{Category(row.category).label} {row.code.partition(':')[0]}"
        yield (
            row.code,
            {
                "area_id": area.pk,
                "source_id": source.pk,
                "code": row.code,
                "name": _clip(name, 200),
                "category": row.category,
                "lon": float(row.lon),
                "lat": float(row.lat),
                "persons_per_day": float(row.persons_per_day),
                "basis": row.basis,
                "as_of": row.as_of or as_of,
                "street": _clip(row.street, 100),
            },
        )


class _UpsertTally(Tally):
    """With the keys of rows that changed, so that a change of their calls is not counted twice."""

    touched: set[int]


def _upsert(
    model: type[M], old: dict[Any, M], rows: Iterable[tuple[Any, dict[str, Any]]]
) -> tuple[dict[Any, M], _UpsertTally]:
    """Objects by key as `rows` say, written in bulk; rows that are as before are not written."""
    tally = _UpsertTally()
    tally.touched = set()
    result: dict[Any, M] = {}
    fresh: list[M] = []
    changed: list[M] = []
    names: set[str] = set()
    for key, values in rows:
        known = old.get(key)
        if known is None:
            result[key] = model(**values)
            fresh.append(result[key])
            continue
        result[key] = known
        differing = [name for name, value in values.items() if getattr(known, name) != value]
        for name in differing:
            setattr(known, name, values[name])
        names.update(differing)
        if differing:
            changed.append(known)
            tally.touched.add(known.pk)
    model._base_manager.bulk_create(fresh, batch_size=BATCH)
    if changed:
        model._base_manager.bulk_update(
            changed, sorted(name.removesuffix("_id") for name in names), batch_size=ID_BATCH
        )
    tally.created, tally.updated = len(fresh), len(changed)
    tally.unchanged = len(result) - len(fresh) - len(changed)
    return result, tally


def _store_calls(
    frames: NetworkFrames, lines: dict[str, Line], stops: dict[str, Stop], routes: dict[tuple[int, str], Route]
) -> set[int]:
    """Write the calls of routes whose sequence of stops is not as before; returns those routes' keys."""
    wanted: dict[int, list[int]] = {route.pk: [] for route in routes.values()}
    for row in _records(frames.calls.sort_values(["line", "route", "sequence"], kind="stable")):
        wanted[routes[lines[row.line].pk, row.route].pk].append(stops[row.stop].pk)
    present: dict[int, list[int]] = {key: [] for key in wanted}
    for part in _parts(sorted(wanted)):
        calls = RouteStop.objects.filter(route__in=part).order_by("route", "sequence")
        for route, stop in calls.values_list("route", "stop"):
            present[route].append(stop)
    changed = {key for key, called in wanted.items() if called != present[key]}
    for part in _parts(sorted(changed)):
        RouteStop.objects.filter(route__in=part).delete()
    RouteStop.objects.bulk_create(
        (
            RouteStop(route_id=key, stop_id=stop, sequence=sequence)
            for key in sorted(changed)
            for sequence, stop in enumerate(wanted[key])
        ),
        batch_size=BATCH * 5,
    )
    return changed


def _remove_gone(
    lines: dict[Any, Line],
    routes: dict[Any, Route],
    stops: dict[Any, Stop],
    tallies: tuple[Tally, Tally, Tally],
) -> None:
    """Remove what the file no longer has. What something upstairs uses stays, with all that it hangs on."""
    line_tally, route_tally, stop_tally = tallies
    gone_lines = {line.pk for line in lines.values()}
    gone_routes = {route.pk: route.line_id for route in routes.values()}
    kept_lines = referenced(Line, gone_lines)
    kept_routes = referenced(Route, set(gone_routes))
    kept_lines |= {gone_routes[route] for route in kept_routes} & gone_lines
    kept_routes |= {route for route, line in gone_routes.items() if line in kept_lines}
    gone_stops = {stop.pk for stop in stops.values()}
    kept_stops = referenced(Stop, gone_stops)
    for part in _parts(sorted(kept_routes)):
        kept_stops |= set(RouteStop.objects.filter(route__in=part).values_list("stop", flat=True)) & gone_stops
    for model, gone, kept, tally in (
        (Route, set(gone_routes), kept_routes, route_tally),
        (Line, gone_lines, kept_lines, line_tally),
        (Stop, gone_stops, kept_stops, stop_tally),
    ):
        _delete(model, gone - kept)
        tally.removed, tally.kept = len(gone - kept), len(kept)


def finish(
    source: Source,
    provenance: Provenance,
    read: tuple[str, dict[str, int], list[Note]],
    tables: Sequence[tuple[str, Tally]],
) -> Report:
    """Write provenance where anything changed, and say what happened: `read` is fingerprint, counts and notes."""
    sha256, counts, notes = read
    said = say_notes(notes)
    values = {
        "file_name": provenance.file_name,
        "sha256": sha256,
        "origin": provenance.origin or source.origin,
        "licence": provenance.licence or source.licence,
        "as_of": provenance.as_of or source.as_of,
        "system": provenance.system,
        "options": provenance.options,
        "note": "\n".join(said),
        "counts": counts,
    }
    changed = any(getattr(source, name) != value for name, value in values.items())
    if changed or any(tally.changed for _name, tally in tables):
        for name, value in values.items():
            setattr(source, name, value)
        source.imported_by = provenance.user
        source.save()
    report = Report(lines=said)
    for name, tally in tables:
        report.created += tally.created
        report.updated += tally.updated
        report.unchanged += tally.unchanged
        report.removed += tally.removed
        report.lines.append(
            _("%(table)s: %(created)d new, %(updated)d changed, %(unchanged)d as before, %(removed)d removed")
            % {"table": name, **tally.__dict__}
        )
        if tally.kept:
            report.lines.append(
                _("%(table)s: %(kept)d gone from the file were kept, as plans use them")
                % {"table": name, "kept": tally.kept}
            )
    return report


def _delete(model: type[models.Model], ids: set[int]) -> None:
    for part in _parts(sorted(ids)):
        model._base_manager.filter(pk__in=part).delete()


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in parts that every database takes as one list."""
    for start in range(0, len(ids), ID_BATCH):
        yield ids[start : start + ID_BATCH]


def _records(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows with the columns as attributes."""
    return iter(frame.itertuples(index=False))


def _clip(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _number(value: float) -> float | None:
    return None if value is None or math.isnan(value) else round(float(value), 3)


def _whole(value: float) -> int | None:
    return None if value is None or math.isnan(value) else round(float(value))
