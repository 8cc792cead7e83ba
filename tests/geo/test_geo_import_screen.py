"""The admin's way in: nothing changes before it is confirmed, and nobody without the right gets in."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from geo import file_imports
from geo.models import Area, FileImport, Hotspot, Line, Source
from jobs.models import Job
from jobs.worker import work_once
from trust.models import AuditEvent
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db
RING = [[113.0, 22.5], [113.2, 22.5], [113.2, 22.7], [113.0, 22.7], [113.0, 22.5]]
TABLE = "场所名,分类,经度,纬度,客流\n区政府,政府,113.08,22.60,900\n一中,学校,113.09,22.61,2400\n"
COLUMNS = {
    "column_name": "场所名",
    "column_category": "分类",
    "column_lon": "经度",
    "column_lat": "纬度",
    "column_persons_per_day": "客流",
    "basis": "estimated",
}


@pytest.fixture
def town():
    return Area.objects.create(slug="town", name="小镇", boundary={"type": "Polygon", "coordinates": [RING]})


@pytest.fixture
def as_role(client):
    def login(role):
        sync_roles()
        user, _made = get_user_model().objects.get_or_create(username=f"user-{role}")
        user.groups.add(group_of(Role(role)))
        client.force_login(user)
        return client

    return login


@pytest.fixture
def planner(as_role):
    return as_role("planner")


def upload(client, area, data=TABLE, name="places.csv", kind="hotspots", **answers):
    payload = data if isinstance(data, bytes) else data.encode()
    values = {"area": area.pk, "file": SimpleUploadedFile(name, payload), "system": "wgs84", **answers}
    return client.post(reverse("geo-imports:upload", args=[kind]), values)


def page(client, item, name="show"):
    return client.get(reverse(f"geo-imports:{name}", args=[item.pk])).content.decode()


def post(client, item, name, **values):
    return client.post(reverse(f"geo-imports:{name}", args=[item.pk]), values)


def checked(client, area, **answers):
    upload(client, area, **answers)
    item = FileImport.objects.latest("pk")
    post(client, item, "columns", **COLUMNS)
    work_once()
    item.refresh_from_db()
    return item


def test_a_table_goes_from_upload_to_the_tables_in_four_steps(town, planner):
    answer = upload(planner, town, origin="街道办", licence="内部使用", as_of="2026-09-01")
    item = FileImport.objects.get()
    assert answer.url == reverse("geo-imports:columns", args=[item.pk])
    text = page(planner, item, "columns")
    assert "区政府" in text
    assert "客流" in text
    assert post(planner, item, "columns", **COLUMNS).url == reverse("geo-imports:show", args=[item.pk])
    waiting = planner.get(reverse("geo-imports:show", args=[item.pk]))
    assert waiting["Refresh"] == "2"
    work_once()
    item.refresh_from_db()
    assert item.state == "checked"
    assert not Hotspot.objects.exists()
    assert not Source.objects.exists()
    text = page(planner, item)
    assert reverse("geo-imports:picture", args=[item.pk]) in text
    assert "100.0%" in text
    picture = planner.get(reverse("geo-imports:picture", args=[item.pk]))
    assert picture["Content-Type"] == "image/svg+xml"
    post(planner, item, "apply")
    work_once()
    item.refresh_from_db()
    assert (item.state, item.outcome["counts"]["created"], bool(item.file)) == ("applied", 2, False)
    assert sorted(Hotspot.objects.values_list("name", "category", "persons_per_day")) == [
        ("一中", "school", 2400),
        ("区政府", "government", 900),
    ]
    source = Source.objects.get()
    assert (source.origin, source.licence, source.as_of.isoformat()) == ("街道办", "内部使用", "2026-09-01")
    assert source.imported_by.username == "user-planner"
    trail = list(AuditEvent.objects.order_by("sequence").values_list("action", "outcome", "actor_name"))
    assert ("geo.upload", "allowed", "user-planner") in trail
    assert trail[-1] == ("hotspots.import", "allowed", "user-planner")


def test_the_columns_of_the_last_time_are_offered_again(town, planner):
    post(planner, checked(planner, town), "apply")
    work_once()
    upload(planner, town)
    item = FileImport.objects.latest("pk")
    text = page(planner, item, "columns")
    assert text.count("selected") >= 5
    post(planner, item, "columns", **COLUMNS)
    work_once()
    item.refresh_from_db()
    assert item.outcome["counts"] == {"created": 0, "updated": 0, "unchanged": 2, "removed": 0}


def test_no_coordinate_system_is_chosen_for_anybody(town, planner):
    assert "checked" not in page_of_upload(planner)
    values = {"area": town.pk, "file": SimpleUploadedFile("places.csv", TABLE.encode())}
    assert planner.post(reverse("geo-imports:upload", args=["hotspots"]), values).status_code == 200
    assert not FileImport.objects.exists()
    assert upload(planner, town, system="epsg").status_code == 200
    assert not FileImport.objects.exists()


def page_of_upload(client):
    return client.get(reverse("geo-imports:upload", args=["hotspots"])).content.decode()


def test_a_better_system_is_named_and_one_click_away(town, planner):
    rows = "".join(f"场所{i},学校,{113.0005 + i * 1e-4:.4f},22.6,10\n" for i in range(40))
    item = checked(planner, town, data="场所名,分类,经度,纬度,客流\n" + rows, system="bd09")
    assert item.outcome["guess"]["best"] == "wgs84"
    text = page(planner, item)
    assert "WGS-84" in text
    assert "▲" in text
    assert item.picture.count("<path") == 3
    post(planner, item, "again", system="wgs84")
    work_once()
    item.refresh_from_db()
    assert item.answers["system"] == item.outcome["guess"]["best"] == "wgs84"
    assert not item.outcome["warnings"]


def test_errors_are_a_table_by_row_and_field_and_nothing_can_be_applied(town, planner):
    item = checked(planner, town, data=TABLE.replace("900", "许多").replace("22.61", "122.61"))
    assert item.state == "faulty"
    text = page(planner, item)
    assert "许多" in text
    assert "122.61" in text
    assert post(planner, item, "apply").status_code in {302, 403}
    work_once()
    assert not Hotspot.objects.exists()
    assert AuditEvent.objects.filter(action="hotspots.import", outcome="failed").count() == 1


def test_needed_columns_must_be_named(town, planner):
    upload(planner, town)
    item = FileImport.objects.get()
    answer = post(planner, item, "columns", **{**COLUMNS, "column_category": ""})
    assert answer.status_code == 200
    assert not Job.objects.filter(kind="geo.import").exists()
    post(planner, item, "columns", **{**COLUMNS, "column_category": "", "fixed_category": "school"})
    work_once()
    item.refresh_from_db()
    assert item.state == "checked"


def test_a_file_that_cannot_be_opened_leaves_nothing_behind(town, planner):
    answer = upload(planner, town, data=b"\xff\x00\xfe\x01" * 9)
    assert answer.url == reverse("geo-imports:upload", args=["hotspots"])
    assert not FileImport.objects.exists()


def test_a_network_needs_no_columns(town, planner, feed):
    data = feed(zipped=True).read_bytes()
    answer = upload(planner, town, data=data, name="feed.zip", kind="network", layout="gtfs")
    item = FileImport.objects.get()
    assert answer.url == reverse("geo-imports:show", args=[item.pk])
    work_once()
    item.refresh_from_db()
    assert item.state == "checked"
    assert not Line.objects.exists()
    post(planner, item, "apply")
    work_once()
    assert Line.objects.count() == 2


def test_a_boundary_comes_in_with_its_review_number(town, planner):
    ring = [[round(x + 0.01, 2), y] for x, y in RING]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    upload(
        planner,
        town,
        data=json.dumps(feature),
        name="line.geojson",
        kind="boundary",
        map_review_number="粤S(2026)001号",
    )
    item = FileImport.objects.get()
    work_once()
    town.refresh_from_db()
    assert town.map_review_number == ""
    post(planner, item, "apply")
    work_once()
    town.refresh_from_db()
    assert (town.boundary["coordinates"], town.map_review_number) == ([ring], "粤S(2026)001号")


def test_layers_are_asked_for_before_columns(town, planner, tmp_path):
    import geopandas as gpd
    from shapely.geometry import Point

    path = tmp_path / "places.gpkg"
    frame = gpd.GeoDataFrame({"校名": ["一中"]}, geometry=[Point(113.1, 22.6)], crs=4326)
    frame.to_file(path, layer="小学")
    frame.to_file(path, layer="中学", mode="a")
    upload(planner, town, data=path.read_bytes(), name="places.gpkg")
    item = FileImport.objects.get()
    assert "小学" in page(planner, item, "columns")
    post(planner, item, "columns", layers=["中学"])
    fixed = {"column_name": "校名", "fixed_category": "school", "fixed_persons_per_day": "800", "basis": "estimated"}
    assert "校名" in page(planner, item, "columns")
    post(planner, item, "columns", **fixed)
    # A point has its place in itself: no columns of longitude and latitude are asked for.
    work_once()
    item.refresh_from_db()
    assert item.state == "checked", item.outcome


@pytest.mark.parametrize("role", ["editor", "auditor"])
def test_others_cannot_import(town, as_role, role):
    client = as_role(role)
    for kind in ("hotspots", "network"):
        assert client.get(reverse("geo-imports:upload", args=[kind])).status_code in {302, 403}
    assert upload(client, town).status_code in {302, 403}
    assert not FileImport.objects.exists()
    expected = {200} if role == "auditor" else {302, 403}
    assert client.get(reverse("geo-imports:index")).status_code in expected


def test_a_worker_that_died_leaves_a_way_on(town, planner):
    upload(planner, town)
    item = FileImport.objects.get()
    post(planner, item, "columns", **COLUMNS)
    Job.objects.filter(kind="geo.import").update(state=Job.State.FAILED, error="no space left")
    text = page(planner, item)
    assert "no space left" in text
    post(planner, item, "again")
    work_once()
    item.refresh_from_db()
    assert item.state == "checked"


def test_abandoned_uploads_go_after_two_weeks(town, planner):
    upload(planner, town)
    item = FileImport.objects.get()
    assert file_imports.sweep() == 0
    FileImport.objects.update(created_at=timezone.now() - file_imports.KEPT * 2)
    name, storage = item.file.name, item.file.storage
    assert storage.exists(name)
    assert file_imports.sweep() == 1
    assert not storage.exists(name)
    assert not FileImport.objects.exists()


def test_the_upload_of_one_name_cannot_leave_its_folder(town, planner):
    upload(planner, town, name="..\\..\\evil.csv")
    assert FileImport.objects.get().file_name == "evil.csv"
