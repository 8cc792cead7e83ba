"""Taking a file in, whoever asks: a command or the admin's screen. Read, store, and say what to doubt.

`store` expects to run inside the caller's one transaction, which is rolled back for a dry run.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from geo.base_maps import extent_of, store_base_map
from geo.loading import Provenance, store_hotspots, store_network
from geo.models import Area, Source
from geo.sources import Mapping, read_boundary, read_hotspots, read_network
from geo.sources.base_map import read_base_map
from geo.sources.boundary import Boundary
from geo.sources.hotspots import hotspot_layout
from geo.sources.mapping import HOTSPOT_FIELDS, NETWORK_FIELDS
from geo.sources.plausible import Guess, as_read_in, guess_system
from geo.sources.problems import Problems, gettext_noop
from trust.imports import Report

Kind = Source.Kind
FIELDS = {Kind.HOTSPOTS: HOTSPOT_FIELDS, Kind.NETWORK: NETWORK_FIELDS}


@dataclass(frozen=True)
class Intake:
    """One file and every answer that it needs.

    `mapping` is as `Mapping.describe` gives it; None takes that of the last import of a file of this name.
    `options` are those of one kind: skip_incomplete and basis (hotspots), where and map_review_number (boundary),
    kinds (base map: kind by layer).
    """

    kind: str
    path: Path
    layout: str
    provenance: Provenance
    layers: tuple[str, ...] = ()
    mapping: dict[str, Any] | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def system(self) -> str:
        return self.provenance.system


@dataclass
class Prepared:
    """A file as it was read, free of problems: its places (WGS-84 degrees), and how to store it in a transaction."""

    lon: np.ndarray
    lat: np.ndarray
    store: Callable[[], Report]
    lines: list[str] = field(default_factory=list)


@dataclass
class Taken:
    """What was done, and the places with which to check the coordinate system on a map."""

    report: Report
    lon: np.ndarray
    lat: np.ndarray
    guess: Guess | None = None
    warnings: list[str] = field(default_factory=list)


def prepare(area: Area, intake: Intake) -> Prepared:
    """Read the file; changes nothing. Raises InputError with every problem found."""
    readers = {Kind.NETWORK: _network, Kind.HOTSPOTS: _hotspots, Kind.BOUNDARY: _boundary, Kind.BASE_MAP: _base_map}
    return readers[Kind(intake.kind)](area, intake)


def store(area: Area, intake: Intake, prepared: Prepared) -> Taken:
    """Make the area's tables equal to the file. Raises InputError where another source has a code of it."""
    report = prepared.store()
    report.lines = prepared.lines + report.lines
    taken = Taken(report, prepared.lon, prepared.lat)
    if intake.kind in {Kind.NETWORK, Kind.HOTSPOTS}:
        if area.boundary:
            taken.guess = guess_system(taken.lon, taken.lat, intake.system, area.boundary)
        taken.warnings = doubts(area, taken.guess)
    return taken


def remembered(area: Area | None, kind: str, file_name: str) -> dict[str, Any]:
    """The column mapping that the source of this name was last read with; empty where there is none."""
    source = Source.objects.filter(area=area, kind=kind, file_name=file_name).first()
    mapping = source.options.get("mapping", {}) if source else {}
    return mapping if isinstance(mapping, dict) else {}


def series_of(taken: Taken) -> list[tuple[np.ndarray, np.ndarray]]:
    """The places as they were read, and as they would lie in the system that fits better."""
    series = [(taken.lon, taken.lat)]
    guess = taken.guess
    if guess is not None and guess.best != guess.given:
        series.append(as_read_in(taken.lon, taken.lat, guess.given, guess.best))
    return series


def doubts(area: Area, guess: Guess | None) -> list[str]:
    """Warnings about the coordinate system, in the language of the screen."""
    if guess is None:
        return [_("The area has no boundary yet, so the coordinate system could not be checked.")]
    if guess.elsewhere:
        share = f"{max(guess.share.values()):.1%}"
        return [
            _(
                "Warning: at most %(share)s of the places lie inside the boundary of %(area)s, whatever the "
                "coordinate system. Check the area, and that longitude and latitude are not exchanged."
            )
            % {"share": share, "area": area}
        ]
    if guess.best == guess.given:
        return []
    return [
        _(
            "Warning: %(share)s of the places lie inside the boundary when read as %(given)s, "
            "but %(best_share)s when read as %(best)s. Check the coordinate system."
        )
        % {
            "share": f"{guess.share[guess.given]:.1%}",
            "given": guess.given,
            "best_share": f"{guess.share[guess.best]:.1%}",
            "best": guess.best,
        }
    ]


def _mapping(area: Area, intake: Intake) -> tuple[Mapping, list[str]]:
    """The mapping asked for, or the one of the last time with a line that says so."""
    given, lines = intake.mapping, []
    if given is None:
        given = remembered(area, intake.kind, intake.provenance.replaces or intake.provenance.file_name)
        if any(given.values()):
            lines.append(_("The column mapping of the last import is used again."))
    problems = Problems()
    mapping = Mapping.parse(
        [f"{name}={column}" for name, column in given.get("map", {}).items()],
        [f"{name}={value}" for name, value in given.get("set", {}).items()],
        list(given.get("each", [])),
        problems.of(intake.path.name),
        FIELDS[Kind(intake.kind)],
    )
    problems.raise_any()
    return mapping, lines


def _network(area: Area, intake: Intake) -> Prepared:
    mapping, lines = _mapping(area, intake)
    frames = read_network(intake.path, intake.layout, intake.system, mapping, intake.layers)
    intake.provenance.options.update(layout=intake.layout, layers=list(intake.layers), mapping=mapping.describe())
    return Prepared(
        frames.stops["lon"].to_numpy(float),
        frames.stops["lat"].to_numpy(float),
        lambda: store_network(area, frames, intake.provenance),
        lines,
    )


def _hotspots(area: Area, intake: Intake) -> Prepared:
    mapping, lines = _mapping(area, intake)
    layout = intake.layout or hotspot_layout(intake.path)
    frame = read_hotspots(
        intake.path,
        layout,
        intake.system,
        mapping,
        skip_incomplete=bool(intake.options.get("skip_incomplete")),
        default_basis=intake.options.get("basis") or "estimated",
        layers=intake.layers,
    )
    intake.provenance.options.update(layout=layout, layers=list(intake.layers), mapping=mapping.describe())
    return Prepared(
        frame.hotspots["lon"].to_numpy(float),
        frame.hotspots["lat"].to_numpy(float),
        lambda: store_hotspots(area, frame, intake.provenance),
        lines,
    )


def _boundary(area: Area, intake: Intake) -> Prepared:
    where, text = None, intake.options.get("where") or ""
    if text:
        name, equals, value = text.partition("=")
        if not equals:
            problems = Problems()
            problems.of(intake.path.name).add(0, "--where", text, gettext_noop("PROPERTY=VALUE"))
            problems.raise_any()
        where = (name.strip(), value.strip())
    boundary = read_boundary(intake.path, intake.system, where, intake.layers)
    rings = np.concatenate([np.asarray(ring[:-1]) for ring in _rings(boundary.geometry)])
    return Prepared(rings[:, 0], rings[:, 1], lambda: _store_boundary(area, boundary, intake))


def _base_map(area: Area, intake: Intake) -> Prepared:
    kinds = intake.options.get("kinds") or {}
    base = read_base_map(intake.path, intake.system, kinds, extent_of(area))
    intake.provenance.options.update(kinds=kinds)
    return Prepared(np.zeros(0), np.zeros(0), lambda: store_base_map(area, base, intake.provenance))


def _store_boundary(area: Area, boundary: Boundary, intake: Intake) -> Report:
    geometry = _plain(boundary.geometry)
    had, number = area.boundary, intake.options.get("map_review_number")
    same = had == geometry and number in {None, area.map_review_number}
    report = Report(created=int(not had), updated=int(bool(had) and not same), unchanged=int(bool(had) and same))
    if not same:
        area.boundary = geometry
        area.map_review_number = area.map_review_number if number is None else number
        area.save(update_fields=["boundary", "map_review_number"])
    provenance = intake.provenance
    values = {
        "sha256": boundary.sha256,
        "system": provenance.system,
        "origin": provenance.origin,
        "licence": provenance.licence,
        "as_of": provenance.as_of,
        "options": {"where": intake.options.get("where") or "", "layers": list(intake.layers)},
        "counts": {"boundary": 1},
    }
    known = Source.objects.filter(area=area, kind=Kind.BOUNDARY, file_name=provenance.file_name).first()
    if known is None or not same or any(getattr(known, name) != value for name, value in values.items()):
        Source.objects.update_or_create(
            area=area,
            kind=Kind.BOUNDARY,
            file_name=provenance.file_name,
            defaults={**values, "imported_by": provenance.user},
        )
    if not area.map_review_number:
        report.lines.append(_("No map review number yet: public pages show a list instead of the boundary."))
    return report


def _rings(geometry: dict[str, Any]) -> list[Any]:
    parts = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [ring for part in parts for ring in part]


def _plain(value: Any) -> Any:
    """Tuples as lists, as they come back from the database."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value
