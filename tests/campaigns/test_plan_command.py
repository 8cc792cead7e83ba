"""`manage.py plan` and `generate_placements`: from the command line to files that stand alone."""

import csv
import json
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Campaign, Placement, PlanVersion
from geo.models import Area, Hotspot, Route, Stop


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_plan_writes_tables_geojson_and_a_map(town: Area, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    said = run("plan", "--area", "town", "--budget", "60,000", "--iterations", "100", "--out", str(folder))
    plan = PlanVersion.objects.get()
    assert "本方案至少达到理论最优的" in said
    assert {path.name for path in folder.iterdir()} == {
        "plan.json", "picks.csv", "picks.geojson", "routes.geojson", "hotspots.geojson", "map.html",
    }  # fmt: skip
    record = json.loads((folder / "plan.json").read_text())
    assert (record["sha256"], record["seed"]) == (plan.sha256, plan.seed)
    with (folder / "picks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == plan.picks.count()
    assert len(json.loads((folder / "routes.geojson").read_text())["features"]) == 4
    assert len(json.loads((folder / "hotspots.geojson").read_text())["features"]) == 4


def test_plan_makes_placements_where_there_are_none_and_another_number_the_next_time(town: Area) -> None:
    run("plan", "--area", "town", "--budget", "60000", "--days", "14", "--iterations", "50")
    assert Placement.objects.exists()
    run("plan", "--area", "town", "--budget", "60000", "--days", "14", "--iterations", "50")
    first, second = PlanVersion.objects.order_by("number")
    assert Campaign.objects.get().days == 14
    assert (first.number, second.number) == (1, 2)
    assert first.sha256 == second.sha256


@pytest.mark.parametrize(
    "arguments",
    [
        ["--area", "nowhere", "--budget", "1000"],
        ["--area", "town", "--budget", "much"],
        ["--area", "town", "--budget", "1000", "--days", "0"],
        ["--area", "town", "--budget", "1000", "--start", "tomorrow"],
        ["--area", "town", "--budget", "1"],
    ],
)
def test_plan_refuses_with_a_sentence(town: Area, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run("plan", *arguments)
    assert not PlanVersion.objects.exists()


def test_an_area_without_people_is_explained(town: Area) -> None:
    Hotspot.objects.all().delete()
    with pytest.raises(CommandError, match="热点"):
        run("plan", "--area", "town", "--budget", "1000")


def test_generate_placements_says_what_it_did(town: Area, card: Any) -> None:
    assert "新增 15" in run("generate_placements", "--area", "town")
    assert "未变 15" in run("generate_placements", "--area", "town", "--rate-card", card.name)
    with pytest.raises(CommandError):
        run("generate_placements", "--area", "town", "--rate-card", "没有这个")


def _import(slug: str, name: str, network: Path, layout: str, *hotspots: str) -> None:
    Area.objects.get_or_create(slug=slug, defaults={"name": name})
    call_command("import_network", str(network), area=slug, layout=layout, system="wgs84", stdout=StringIO())
    call_command(*hotspots, stdout=StringIO())


@pytest.mark.django_db
def test_porto_alegre_is_planned_from_its_feed(real_data: Path, tmp_path: Path) -> None:
    slug = "porto-alegre"
    hexagons = str(real_data / "hotspots" / "porto-alegre-hexgrid.csv")
    _import(
        slug, "Porto Alegre", real_data / "network" / "gtfs" / "porto-alegre.zip", "gtfs",
        "import_hotspots", hexagons, "--area", slug, "--layout", "csv",
        "--each", "population=village*1", "--each", "schools=school*600", "--each", "jobs=other*1",
        "--system", "wgs84",
    )  # fmt: skip
    said = run("plan", "--area", slug, "--budget", "200000", "--iterations", "200", "--out", str(tmp_path))
    plan = PlanVersion.objects.get()
    assert plan.attained > 0.9, said
    assert plan.cost_cny <= Decimal(200_000)
    assert 0 < plan.reach < 1
    assert plan.result["on_sale"] > Stop.objects.filter(area__slug=slug, calls__isnull=False).distinct().count()
    assert (tmp_path / "map.html").stat().st_size > 100_000


@pytest.mark.django_db
def test_macau_is_planned_with_made_up_places(real_data: Path) -> None:
    slug = "macau"
    _import(slug, "澳门", real_data / "network" / "macau", "macau", "sample_hotspots", "--area", slug)
    run("plan", "--area", slug, "--budget", "200000", "--iterations", "200")
    plan = PlanVersion.objects.get()
    assert plan.attained > 0.9
    assert Route.objects.filter(line__area__slug=slug).count() > 90
