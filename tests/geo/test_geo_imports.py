"""Imports into the tables: all or nothing, again without change, gone rows removed unless something uses them."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, models

from geo import loading
from geo.models import Area, Hotspot, Line, Route, RouteStop, Source, Stop
from trust.models import AuditEvent

pytestmark = pytest.mark.django_db

HOTSPOTS = (
    "编号,名称,类别,经度,纬度,日均人流,街道\n"
    "G1,区政府,政府,113.08,22.60,900,白沙街道\n"
    "S1,一中,学校,113.09,22.61,2400,\n"
)


def run(command, *args, **options):
    out = io.StringIO()
    call_command(command, *args, stdout=out, **options)
    return out.getvalue()


def network(path, *args, **options):
    return run("import_network", str(path), "--layout=gtfs", "--system=wgs84", "--area=town", *args, **options)


def hotspots(path, *args):
    return run("import_hotspots", str(path), "--system=wgs84", "--area=town", *args)


def table(tmp_path, text=HOTSPOTS, name="places.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def rows():
    return [model.objects.count() for model in (Area, Source, Line, Route, Stop, RouteStop, Hotspot)]


def everything():
    found = {}
    for model in (Line, Route, Stop, RouteStop, Hotspot, Source):
        found[model.__name__] = sorted(map(repr, model.objects.values()))
    return found


def test_a_network_is_in_the_tables_with_its_provenance(feed):
    network(
        feed(),
        "--area-name=小镇",
        "--as-of=2026-09-01",
        "--licence=内部使用",
        "--origin=公交公司",
    )
    area = Area.objects.get()
    assert (area.slug, area.name) == ("town", "小镇")
    assert sorted(area.lines.values_list("code", "name", "buses")) == [("L1", "1路 东门—西门", 2), ("L2", "夜2路", 1)]
    assert area.stops.count() == 6
    full = Route.objects.get(line__code="L1", direction=0, trips_per_day=3)
    assert list(full.calls.values_list("stop__code", "sequence")) == [("A", 0), ("B", 1), ("C", 2)]
    assert full.path[0] == [113.08, 22.6]
    night = Route.objects.get(line__code="L2")
    assert (night.first_departure, night.last_departure) == (1320, 1530)
    source = Source.objects.get()
    assert (source.kind, source.file_name, source.licence, source.origin) == ("network", "feed", "内部使用", "公交公司")
    assert source.as_of.isoformat() == "2026-09-01"
    assert len(source.sha256) == 64
    assert source.counts == {"lines": 2, "routes": 4, "stops": 6, "calls": 11}
    assert full.source == source


def test_the_same_file_again_changes_nothing(feed, tmp_path):
    path, places = feed(), table(tmp_path)
    network(path)
    hotspots(places)
    before = everything()
    assert "0" in network(path)
    hotspots(places)
    assert everything() == before
    last = AuditEvent.objects.filter(action__in=["network.import", "hotspots.import"]).order_by("-sequence")[:2]
    for event in last:
        assert (event.detail["created"], event.detail["updated"], event.detail["removed"]) == (0, 0, 0)
        assert event.detail["unchanged"] > 0


def test_a_changed_file_updates_its_rows_in_place(feed):
    network(feed())
    keys = dict(Stop.objects.values_list("code", "pk"))
    routes = dict(Route.objects.values_list("code", "pk"))
    network(feed(replace={"stops.txt": ("中街,22.600000,113.090000", "中街口,22.600500,113.090000")}))
    moved = Stop.objects.get(code="B")
    assert (moved.pk, moved.name, moved.lat) == (keys["B"], "中街口", 22.6005)
    assert dict(Route.objects.values_list("code", "pk")) == routes


def test_rows_gone_from_the_file_are_removed(feed):
    network(feed())
    gone = {
        "trips.txt": ("L2,WD,n1,,\n", ""),
        "stop_times.txt": (
            "n1,22:00:00,22:00:00,C,1\nn1,22:10:00,22:10:00,D,2\nn1,22:20:00,22:20:00,E,3\n",
            "",
        ),
        "routes.txt": ("L2,X,夜2路,,3\n", ""),
        "stops.txt": ("E,山脚,22.620000,113.100000,\n", ""),
    }
    network(feed(replace=gone, files={"frequencies.txt": None}))
    assert list(Line.objects.values_list("code", flat=True)) == ["L1"]
    assert not Stop.objects.filter(code="E").exists()
    assert not Route.objects.filter(line__code="L2").exists()


@pytest.fixture
def used_by():
    """A table of another app with a foreign key to a model of ours, as campaigns has them."""
    made = []

    def make(model):
        name = f"Uses{model.__name__}"
        fields = {
            "target": models.ForeignKey(model, models.PROTECT, related_name="+"),
            "__module__": __name__,
            "Meta": type("Meta", (), {"app_label": "trust"}),
        }
        user = type(name, (models.Model,), fields)
        with connection.schema_editor() as editor:
            editor.create_model(user)
        made.append(user)
        return user

    yield make
    from django.apps import apps

    for user in made:
        del apps.all_models["trust"][user._meta.model_name]
    apps.clear_cache()


@pytest.mark.django_db(transaction=True)
def test_what_a_plan_uses_stays_when_it_is_gone_from_the_file(feed, used_by):
    user = used_by(Line)
    try:
        network(feed())
        user.objects.create(target=Line.objects.get(code="L2"))
        gone = {"trips.txt": ("L2,WD,n1,,\n", ""), "routes.txt": ("L2,X,夜2路,,3\n", "")}
        files = {"frequencies.txt": None, "stop_times.txt": None}
        times = "".join(f"t1,07:0{i}:00,07:0{i}:00,{stop},{i}\n" for i, stop in enumerate("AB", start=1))
        files["stop_times.txt"] = f"trip_id,arrival_time,departure_time,stop_id,stop_sequence\n{times}"
        stops = {"stops.txt": ("E,山脚,22.620000,113.100000,\n", "")}
        said = network(feed(replace={**gone, **stops}, files=files))
        kept = Line.objects.get(code="L2")
        assert list(kept.routes.get().calls.values_list("stop__code", flat=True)) == ["C", "D", "E"]
        assert "1" in said
        assert Line.objects.count() == 2
        user.objects.all().delete()
        network(feed(replace={**gone, **stops}, files=files))
        assert not Line.objects.filter(code="L2").exists()
        assert not Stop.objects.filter(code="E").exists()
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(user)


def test_a_dry_run_says_what_it_would_do_and_does_nothing(feed):
    said = network(feed(), "--dry-run")
    assert "12" in said  # 2 lines, 4 routes, 6 stops
    assert rows() == [0] * 7


@pytest.mark.parametrize("changes", [{"stops.txt": ("22.610000", "north")}, {"stop_times.txt": (",D,2", ",Z,2")}])
def test_a_faulty_file_changes_nothing_and_says_where(feed, changes):
    network(feed())
    before = everything()
    with pytest.raises(CommandError) as caught:
        network(feed(replace=changes))
    file = next(iter(changes))
    assert file in str(caught.value)
    assert everything() == before
    assert AuditEvent.objects.filter(action="network.import", outcome="failed").count() == 1


def test_a_faulty_first_file_leaves_no_area_behind(feed, tmp_path):
    with pytest.raises(CommandError):
        network(feed(replace={"stops.txt": ("22.610000", "north")}))
    with pytest.raises(CommandError):
        hotspots(table(tmp_path, HOTSPOTS.replace("900", "many")))
    assert rows() == [0] * 7


def test_a_code_of_another_file_is_not_taken_over_by_accident(tmp_path):
    hotspots(table(tmp_path))
    other = table(tmp_path, HOTSPOTS.replace("一中", "二中"), "more.csv")
    with pytest.raises(CommandError, match=r"places\.csv"):
        hotspots(other)
    assert Hotspot.objects.get(code="S1").name == "一中"
    hotspots(other, "--replaces=places.csv")
    assert Hotspot.objects.get(code="S1").name == "二中"
    assert list(Source.objects.values_list("file_name", flat=True)) == ["more.csv"]


def test_replacing_a_file_that_never_was_is_refused(tmp_path):
    with pytest.raises(CommandError, match=r"absent\.csv"):
        hotspots(table(tmp_path), "--replaces=absent.csv")
    assert rows() == [0] * 7


def test_files_of_one_area_live_side_by_side(tmp_path):
    hotspots(table(tmp_path))
    hotspots(table(tmp_path, HOTSPOTS.replace("G1", "G2").replace("S1", "S2"), "more.csv"))
    assert Hotspot.objects.count() == 4
    hotspots(table(tmp_path, HOTSPOTS.replace("S1,一中,学校,113.09,22.61,2400,\n", "")))
    assert sorted(Hotspot.objects.values_list("code", flat=True)) == ["G1", "G2", "S2"]


def test_a_mapping_is_remembered(tmp_path):
    path = table(tmp_path, "校名,经度,纬度\n一中,113.09,22.61\n", "schools.csv")
    hotspots(path, "--map=name=校名", "--set=category=school", "--set=persons_per_day=800")
    path = table(tmp_path, "校名,经度,纬度\n一中,113.09,22.61\n二中,113.10,22.62\n", "schools.csv")
    hotspots(path)
    assert sorted(Hotspot.objects.values_list("name", "category", "persons_per_day")) == [
        ("一中", "school", 800.0),
        ("二中", "school", 800.0),
    ]


def test_a_counted_number_of_buses_survives_an_estimate(feed):
    network(feed())
    Line.objects.filter(code="L1").update(buses=9, buses_estimated=False)
    network(feed())
    line = Line.objects.get(code="L1")
    assert (line.buses, line.buses_estimated) == (9, False)


def test_hotspots_without_a_name_get_one(tmp_path):
    path = table(tmp_path, "id,lon,lat,schools\nh1,113.1,22.6,2\n", "grid.csv")
    hotspots(path, "--each=schools=school*600")
    hotspot = Hotspot.objects.get()
    assert hotspot.name.endswith("h1")
    assert len(hotspot.name) > 3
    assert hotspot.persons_per_day == 1200


def test_the_boundary_comes_in_once_and_doubtful_systems_are_named(tmp_path):
    from geo.core.coordinates import wgs84_to_bd09

    square = [[[113.0, 22.5], [113.02, 22.5], [113.02, 22.52], [113.0, 22.52], [113.0, 22.5]]]
    value = {"type": "Feature", "properties": {"gb": "1"}, "geometry": {"type": "Polygon", "coordinates": square}}
    path = tmp_path / "boundary.geojson"
    path.write_text(json.dumps(value), encoding="utf-8")
    for changes in ((1, 0, 0), (0, 0, 1)):
        run("import_boundary", str(path), "--system=wgs84", "--area=town", "--where=gb=1")
        detail = AuditEvent.objects.filter(action="boundary.import").order_by("-sequence")[0].detail
        assert (detail["created"], detail["updated"], detail["unchanged"]) == changes
    assert Area.objects.get().boundary == value["geometry"]
    lon, lat = wgs84_to_bd09([113.0005, 113.01, 113.019], [22.501, 22.51, 22.519])
    lines = [f"甲{i},学校,{x:.6f},{y:.6f},5\n" for i, (x, y) in enumerate(zip(lon, lat, strict=True))]
    places = table(tmp_path, "name,category,lon,lat,persons\n" + "".join(lines))
    assert "bd09" in hotspots(places, "--dry-run")
    right = run("import_hotspots", str(places), "--system=bd09", "--area=town")
    assert "gcj02" not in right
    assert "wgs84" not in right


def test_sample_hotspots_are_marked_and_never_mixed_with_real_ones(feed, tmp_path):
    with pytest.raises(CommandError):
        run("sample_hotspots", "--area=town")
    stops = "".join(f"S{i},站{i},22.{600 + i},113.1,0\n" for i in range(60))
    network(feed(replace={"stops.txt": ("F,未用", stops + "F,未用")}))
    run("sample_hotspots", "--area=town")
    assert Hotspot.objects.count() > 5
    assert not Hotspot.objects.exclude(basis="sample", name__startswith="示例").exists()
    before = everything()
    run("sample_hotspots", "--area=town")
    assert everything() == before
    Hotspot.objects.all().delete()
    hotspots(table(tmp_path))
    with pytest.raises(CommandError):
        run("sample_hotspots", "--area=town")


def test_an_export_can_be_read_back(feed, tmp_path):
    network(feed())
    hotspots(table(tmp_path))
    run("export_area", "--area=town", "--format=geojson", f"--out={tmp_path / 'out'}")
    run(
        "import_network",
        str(tmp_path / "out" / "network"),
        "--layout=geojson",
        "--system=wgs84",
        "--area=copy",
    )
    run("import_hotspots", str(tmp_path / "out" / "hotspots.geojson"), "--system=wgs84", "--area=copy")
    run("import_hotspots", str(tmp_path / "out" / "hotspots.csv"), "--system=wgs84", "--area=copy2")
    names = ["code", "name", "direction", "path", "length_m", "trips_per_day", "first_departure", "last_departure"]
    for model, fields, area in (
        (Line, ["code", "name", "buses"], "area"),
        (Route, [*names, "speed_kmh", "trips_by_hour", "schedule_estimated", "line__code"], "line__area"),
        (Stop, ["code", "name", "lon", "lat"], "area"),
        (RouteStop, ["route__code", "route__line__code", "stop__code", "sequence"], "stop__area"),
        (Hotspot, ["code", "name", "category", "lon", "lat", "persons_per_day", "street"], "area"),
    ):
        made = {
            slug: sorted(map(repr, model.objects.filter(**{f"{area}__slug": slug}).values_list(*fields)))
            for slug in ("town", "copy")
        }
        assert made["copy"] == made["town"], model
    assert Hotspot.objects.filter(area__slug="copy2").count() == 2
    assert (tmp_path / "out" / "hotspots.csv").read_bytes().startswith("\ufeff".encode())


def test_a_cell_that_a_spreadsheet_would_run_is_defused(tmp_path):
    hotspots(table(tmp_path, HOTSPOTS.replace("区政府", "=1+1")))
    run("export_area", "--area=town", "--format=csv", f"--out={tmp_path / 'out'}")
    assert "'=1+1" in (tmp_path / "out" / "hotspots.csv").read_text(encoding="utf-8-sig")
    assert not (tmp_path / "out" / "hotspots.geojson").exists()


def test_many_rows_are_asked_about_in_parts():
    assert [len(part) for part in loading._parts(range(loading.ID_BATCH * 2 + 1))] == [500, 500, 1]
