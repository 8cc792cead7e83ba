"""The admin: lists for those who may see them, hotspots editable, the rest read only, scores on request."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from geo.models import Area, Hotspot, Line, Route, RouteScore, Source, Stop
from jobs.models import Job
from trust.roles import Role, group_of, sync_roles

pytestmark = pytest.mark.django_db
LISTS = ["geo-scores", "geo-hotspots", "geo-lines", "geo-routes", "geo-stops", "geo-areas", "geo-sources"]


@pytest.fixture
def area():
    area = Area.objects.create(slug="town", name="小镇")
    source = Source.objects.create(area=area, kind="network", file_name="feed.zip", sha256="a" * 64)
    line = Line.objects.create(area=area, source=source, code="1", name="1路", buses=4)
    for i, score in enumerate((10.0, 3000.0, 200.0)):
        route = Route.objects.create(
            line=line, source=source, code=str(i), name=f"甲—乙{i}", path=[[113, 22], [113.1, 22]]
        )
        RouteScore.objects.create(route=route, score=score, hotspots=[{"id": 1, "name": "一中"}])
    Stop.objects.create(area=area, source=source, code="A", name="东门", lon=113, lat=22)
    Hotspot.objects.create(
        area=area, code="H", name="区政府", category="government", lon=113, lat=22, persons_per_day=9
    )
    return area


@pytest.fixture
def as_role(client):
    def login(role):
        sync_roles()
        user = get_user_model().objects.create_user(f"user-{role}", password="x")
        user.groups.add(group_of(Role(role)))
        client.force_login(user)
        return client

    return login


@pytest.mark.parametrize("name", LISTS)
def test_a_planner_sees_every_list(area, as_role, name):
    response = as_role("planner").get(reverse(f"{name}:index"))
    assert response.status_code == 200


@pytest.mark.parametrize("name", LISTS)
def test_an_editor_sees_none(area, as_role, name):
    assert as_role("editor").get(reverse(f"{name}:index")).status_code in {302, 403}


@pytest.mark.parametrize(
    ("name", "model"), [("geo-scores", RouteScore), ("geo-routes", Route), ("geo-stops", Stop), ("geo-sources", Source)]
)
def test_what_comes_from_files_is_read_only_even_for_a_superuser(area, admin_client, name, model):
    key = model.objects.first().pk
    assert admin_client.get(reverse(f"{name}:inspect", args=[key])).status_code == 200
    for view in ("edit", "delete"):
        url = reverse(f"{name}:{view}", args=[key])
        assert admin_client.get(url).status_code in {302, 403}
        admin_client.post(url, {"name": "x"})
    assert model.objects.filter(pk=key).exists()


def test_scores_are_listed_from_the_best_down(area, as_role):
    text = as_role("planner").get(reverse("geo-scores:index")).content.decode()
    assert text.index("3,000") < text.index("甲—乙2") < text.index("甲—乙0")
    assert "一中" in text


def test_a_planner_edits_a_hotspot(area, as_role):
    hotspot = Hotspot.objects.get()
    values = {
        "area": area.pk,
        "code": "H",
        "name": "区政府",
        "category": "government",
        "lon": "113.5",
        "lat": "22.5",
        "street": "白沙街道",
        "persons_per_day": "1200",
        "basis": "measured",
        "as_of": "2026-09-01",
    }
    client = as_role("planner")
    assert client.post(reverse("geo-hotspots:edit", args=[hotspot.pk]), values).status_code == 302
    hotspot.refresh_from_db()
    assert (hotspot.persons_per_day, hotspot.basis, hotspot.lon) == (1200, "measured", 113.5)
    response = client.post(reverse("geo-hotspots:edit", args=[hotspot.pk]), {**values, "lat": "122.5"})
    assert response.status_code == 200
    hotspot.refresh_from_db()
    assert hotspot.lat == 22.5


def test_a_counted_number_of_buses_is_no_longer_an_estimate(area, as_role):
    line = Line.objects.get()
    assert as_role("planner").post(reverse("geo-lines:edit", args=[line.pk]), {"buses": "6"}).status_code == 302
    line.refresh_from_db()
    assert (line.buses, line.buses_estimated, line.name) == (6, False, "1路")


def test_scores_are_asked_for_once(area, as_role):
    client = as_role("planner")
    url = reverse("geo_score_area", args=[area.pk])
    assert "3" in client.get(url).content.decode()
    for _i in range(2):
        assert client.post(url).status_code == 302
    assert list(Job.objects.filter(kind="geo.score").values_list("payload", flat=True)) == [{"area": area.pk}]


def test_an_auditor_looks_and_changes_nothing(area, as_role):
    client = as_role("auditor")
    assert client.get(reverse("geo-hotspots:index")).status_code == 200
    assert client.post(reverse("geo_score_area", args=[area.pk])).status_code in {302, 403}
    assert not Job.objects.filter(kind="geo.score").exists()
    key = Hotspot.objects.get().pk
    assert client.get(reverse("geo-hotspots:edit", args=[key])).status_code in {302, 403}


@pytest.mark.parametrize("layer", ["routes", "stops", "hotspots", "boundary"])
def test_layers_are_for_staff(area, client, as_role, layer):
    url = reverse("geo:layer", args=["town", layer])
    assert client.get(url).status_code in {302, 403}
    answer = as_role("planner").get(url)
    assert answer["Content-Type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"
    assert as_role("admin").get(reverse("geo:layer", args=["town", "nothing"])).status_code == 404


def test_a_layer_carries_what_maps_show(area):
    from geo.services import layers

    found = layers(area)
    assert {"routes", "stops", "hotspots", "base", "base_map", "boundary"} == set(found)
    best = max(found["routes"]["features"], key=lambda feature: feature["properties"]["score"])
    assert best["properties"]["score"] == 3000
    assert best["properties"]["line_name"] == "1路"
    assert best["geometry"]["coordinates"][0] == [113, 22]
    assert found["hotspots"]["features"][0]["properties"]["category"] == "government"


def test_an_area_goes_with_all_that_came_with_it(area):
    area.delete()
    assert not Source.objects.exists()
    assert not Route.objects.exists()
