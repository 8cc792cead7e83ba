"""Spoilt files into every import command: an answer for a person each time, and nothing changed by what was refused.

Commands are found by themselves; one without a sample here fails the first test.
"""

import io
import json
import sqlite3
import time
import traceback
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import docx
import geopandas as gpd
import openpyxl
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import transaction
from shapely.geometry import LineString, Point, box

from campaigns.models import Format, RateCard, RateLine
from campaigns.services.inventory import generate_placements
from campaigns.services.pricefiles import INVENTORY, PRICES, as_csv, as_xlsx, exported
from geo.examples import SAMPLE
from geo.models import Area
from media.models import BusCut, BusProfile, Video, VideoVersion
from trust.imports import ImportCommand

pytestmark = pytest.mark.django_db
#: What an import writes to. The trail is not among them: a refusal is in it.
ROOMS = ("lawbook", "media", "geo", "campaigns")
LONGEST_CPU_S = 10.0
GTFS = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\nX,Invented,http://localhost,Asia/Shanghai\n",
    "routes.txt": "route_id,agency_id,route_short_name,route_long_name,route_type\nL1,X,1路,东门—西门,3\n",
    "stops.txt": "stop_id,stop_name,stop_lat,stop_lon\nA,东门,22.60,113.08\nB,中街,22.60,113.09\nC,西门,22.60,113.10\n",
    "trips.txt": "route_id,service_id,trip_id,direction_id,shape_id\nL1,WD,t1,0,s1\nL1,WD,t2,1,\n",
    "stop_times.txt": "trip_id,arrival_time,departure_time,stop_id,stop_sequence\nt1,07:00:00,07:00:00,A,1\n"
    "t1,07:06:00,07:06:00,B,2\nt1,07:12:00,07:12:00,C,3\nt2,8:00:00,8:00:00,C,1\nt2,8:09:00,8:09:00,A,2\n",
    "calendar.txt": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "WD,1,1,1,1,1,0,0,20260901,20261231\n",
    "shapes.txt": "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\ns1,22.6,113.08,1\ns1,22.6,113.10,2\n",
}
PLACES = """编号,名称,类别,经度,纬度,日均人流,街道
G1,区政府,政府,113.08,22.60,900,白沙街道
S1,一中,学校,113.09,22.61,2400,
"""
LAW = """示例街区花木养护条例
2024年3月12日示例街区居民会议通过

第一章　总则
第一条　为了花木长得好，定下这个示例。
第二条　浇水做到：
（一）清早浇；
（二）雨天停。
第二条之一　依照本条例第二条第（二）项办。
第二章　附则
第三条　本条例自2024年5月1日起施行。
"""
PLAYS = "日期,车号,节目编号,播放次数\n2026-11-01,粤J00001,{cut},12\n2026-11-01,粤J00002,{cut},9\n"


@dataclass(frozen=True)
class Sample:
    """A good file for a command."""

    command: str
    name: str
    data: bytes
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.command} {self.name}"


def packed(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def sheet(text: str) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in text.splitlines():
        book.active.append([float(cell) if cell.replace(".", "").isdigit() else cell for cell in line.split(",")])
    book.save(out)
    return out.getvalue()


def word() -> bytes:
    document, out = docx.Document(), io.BytesIO()
    for line in LAW.splitlines():
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def corpus(folder: Path) -> bytes:
    database = sqlite3.connect(folder / "laws.db")
    database.executescript(
        "CREATE TABLE laws (law_id TEXT, law_name TEXT, effective_date TEXT, version_date TEXT, status TEXT);"
        "CREATE TABLE articles (id INTEGER PRIMARY KEY, law_id TEXT, chapter TEXT, section TEXT, article_no TEXT,"
        " article_no_arabic INTEGER, article_text TEXT);"
        "INSERT INTO laws VALUES ('a', '示例花木法', '2020-01-01', '2019-12-01', '现行有效');"
        "INSERT INTO articles VALUES (NULL, 'a', '第一章 总则', NULL, '第一条', 1, '浇水。');"
    )
    database.commit()
    database.close()
    return (folder / "laws.db").read_bytes()


def features(frame: gpd.GeoDataFrame, folder: Path, name: str) -> bytes:
    frame.to_file(folder / name, layer="places" if name.endswith("gpkg") else None)
    return (folder / name).read_bytes()


def samples(folder: Path, area: Area, card: RateCard) -> list[Sample]:
    geo = {"area": area.slug, "system": "wgs84"}
    places = gpd.GeoDataFrame(
        {"编号": ["G1", "S1"], "名称": ["区政府", "一中"], "类别": ["政府", "学校"], "日均人流": [900, 2400]},
        geometry=[Point(113.08, 22.6), Point(113.09, 22.61)],
        crs=4326,
    )
    roads = gpd.GeoDataFrame(
        {"name": ["建设路"], "highway": ["primary"]}, geometry=[LineString([(113.0, 22.6), (113.1, 22.61)])], crs=4326
    )
    outline = gpd.GeoDataFrame({"gb": ["1"]}, geometry=[box(113.0, 22.5, 113.2, 22.7)], crs=4326)
    network = json.loads((SAMPLE / "network.geojson").read_text(encoding="utf-8"))
    gtfs, wanted = {**geo, "layout": "gtfs", "replaces": "feed.zip"}, {"area": area.slug}
    spots = {**geo, "replaces": "places.csv"}
    kinds, new = {"kind": ["road=fuzz"]}, {"slug": "flowers"}
    return [
        Sample("import_law", "a.txt", LAW.encode(), new),
        Sample("import_law", "b.txt", LAW.encode("gb18030"), new),
        Sample("import_law", "c.md", ("# " + LAW.replace("第一章", "## 第一章")).encode(), new),
        Sample("import_law", "d.docx", word(), new),
        Sample("import_law", "e.db", corpus(folder), {"title": "示例花木法", "slug": "flowers"}),
        Sample("import_hotspots", "a.csv", PLACES.encode(), spots),
        Sample("import_hotspots", "b.csv", PLACES.encode("gb18030"), spots),
        Sample("import_hotspots", "c.xlsx", sheet(PLACES), spots),
        Sample("import_hotspots", "d.geojson", features(places, folder, "d.geojson"), spots),
        Sample("import_hotspots", "e.gpkg", features(places, folder, "e.gpkg"), spots),
        Sample("import_network", "a.zip", packed(GTFS), gtfs),
        Sample("import_network", "b.geojson", json.dumps(network).encode(), {**geo, "layout": "geojson"}),
        Sample("import_boundary", "a.geojson", features(outline, folder, "o.geojson"), geo),
        Sample("import_boundary", "b.gpkg", features(outline, folder, "o.gpkg"), geo),
        Sample("import_base_map", "a.geojson", features(roads, folder, "roads.geojson"), {**geo, **kinds}),
        Sample("import_prices", "a.csv", as_csv(exported(INVENTORY, area, None)), wanted),
        Sample("import_prices", "b.xlsx", as_xlsx(exported(INVENTORY, area, None)), wanted),
        Sample("import_prices", "c.csv", as_csv(exported(PRICES, area, card)), {**wanted, "rate_card": card.name}),
        Sample("import_play_report", "a.csv", PLAYS.format(cut=bus_cut().code).encode()),
    ]


def bus_cut() -> BusCut:
    """What a play report can name."""
    film = Video.objects.create(title="示例", slug="sample")
    version = VideoVersion.objects.create(video=film, number=1, size_bytes=9)
    return BusCut.objects.create(version=version, profile=BusProfile.objects.create(name="示例屏"), sha256="a" * 64)


@pytest.fixture
def town(db: None, tmp_path: Path) -> tuple[Area, RateCard]:
    """An area with a network and what can be bought in it, so that an import has something to spoil."""
    (tmp_path / "feed.zip").write_bytes(packed(GTFS))
    where = {"area": "town", "system": "wgs84", "stdout": io.StringIO()}
    call_command("import_network", str(tmp_path / "feed.zip"), layout="gtfs", **where)
    (tmp_path / "places.csv").write_text(PLACES, encoding="utf-8")
    call_command("import_hotspots", str(tmp_path / "places.csv"), **where)
    area = Area.objects.get(slug="town")
    card = RateCard.objects.create(area=area, name="示例价", valid_from=date(2026, 1, 1))
    shelter = {"format": Format.SHELTER, "unit": RateLine.Unit.FACE, "list_price_cny": 2000, "net_price_cny": 1000}
    RateLine.objects.create(card=card, **shelter, production_cny=100, width_m="3.5", height_m="1.5")
    generate_placements(area, card)
    return area, card


@pytest.fixture
def good(tmp_path: Path, town: tuple[Area, RateCard]) -> list[Sample]:
    return samples(tmp_path, *town)


def spoil(sample: Sample, rng: Any, mutate: Callable[..., bytes]) -> bytes:
    """Of a packed file mostly what is inside, since its directory gives way at once."""
    if not zipfile.is_zipfile(io.BytesIO(sample.data)) or rng.random() < 0.2:
        return mutate(sample.data, rng)
    with zipfile.ZipFile(io.BytesIO(sample.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    victim = rng.choice(sorted(files))
    if rng.random() < 0.1:
        del files[victim]
    else:
        files[victim] = mutate(files[victim], rng)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name if rng.random() > 0.03 else f"../{name}", data)
    return out.getvalue()


def everything() -> dict[str, int]:
    """A number for each table that changes with any of its rows."""
    tables = [model for room in ROOMS for model in apps.get_app_config(room).get_models()]
    return {model._meta.label: hash(repr(list(model._base_manager.order_by("pk").values_list()))) for model in tables}


def take_in(sample: Sample, data: bytes, folder: Path) -> str:
    """What is wrong with how the command took it; empty where nothing is. Whatever it wrote is undone."""
    path = folder / f"fuzz{Path(sample.name).suffix}"
    path.write_bytes(data)
    began = time.thread_time()
    wrong = ""
    with transaction.atomic():
        before = everything()
        try:
            call_command(sample.command, str(path), **sample.options, stdout=io.StringIO(), stderr=io.StringIO())
        except CommandError as refusal:
            told = str(refusal)
            if everything() != before:
                wrong = f"refused with {told[:80]!r}, yet rows were changed"
            elif not told.strip():
                wrong = "refused without a word"
        except Exception:  # noqa: BLE001 - this is what we look for
            wrong = traceback.format_exc(limit=-4)
        transaction.set_rollback(True)
    if not wrong and time.thread_time() - began > LONGEST_CPU_S:
        wrong = f"took {time.thread_time() - began:.0f} s"
    return wrong


def test_every_import_command_has_a_good_file_here_and_takes_it(good, tmp_path):
    ours = {config.name for config in apps.get_app_configs() if hasattr(config, "role_permissions")}
    found = {
        name
        for name, app in get_commands().items()
        if app in ours and isinstance(load_command_class(str(app), name), ImportCommand) and name.startswith("import_")
    }
    assert found == {sample.command for sample in good}, "give each import command a good file in `samples`"
    refused = []
    for sample in good:
        path = tmp_path / f"fuzz{Path(sample.name).suffix}"
        path.write_bytes(sample.data)
        with transaction.atomic():
            try:
                call_command(sample.command, str(path), **sample.options, stdout=io.StringIO())
            except CommandError as error:
                refused.append(f"{sample}: {error}")
            transaction.set_rollback(True)
    assert not refused, "\n".join(refused)


def test_no_file_however_spoilt_ends_in_a_traceback_or_half_done(good, tmp_path, budget, tell, mutate):
    found: dict[str, str] = {}
    for n in budget:
        rng = budget.rng("import", n)
        sample = rng.choice(good)
        data = spoil(sample, rng, mutate)
        wrong = take_in(sample, data, tmp_path)
        if wrong:
            kind = f"{sample} {wrong.strip().splitlines()[-1][:40]}"
            found.setdefault(kind, f"seed {budget.seed}, case {n}: {wrong}")
    tell(f"{n + 1} spoilt files, seed {budget.seed}")
    told = "\n".join(f"{kind}\n{case}" for kind, case in found.items())
    assert not found, f"{len(found)} kinds of failure:\n{told}"
