"""Scores of an area: stored whole, best first, true to the core, stale when the inputs change."""

import io

import pytest
from django.core.management import CommandError, call_command

from geo.arrays import load_area
from geo.core.coefficients import COEFFICIENTS
from geo.core.scores import route_scores
from geo.models import Area, Hotspot, RouteScore
from geo.services import request_scores, score_area, scores_are_current
from jobs.worker import work_once

pytestmark = pytest.mark.django_db
PLACES = "id,name,category,lon,lat,persons\nG1,区政府,government,113.085,22.601,900\nS1,一中,school,113.1,22.615,2400\n"


@pytest.fixture
def town(feed, tmp_path):
    places = tmp_path / "places.csv"
    places.write_text(PLACES, encoding="utf-8")
    where = {"area": "town", "system": "wgs84", "verbosity": 0}
    call_command("import_network", str(feed()), layout="gtfs", **where)
    call_command("import_hotspots", str(places), **where)
    return Area.objects.get(slug="town")


def test_scores_are_those_of_the_core_best_first(town):
    scores = score_area(town)
    arrays = load_area(town)
    wanted = route_scores(arrays.network, arrays.hotspots, COEFFICIENTS, "central")
    assert {score.route_id: score.score for score in scores} == pytest.approx(
        {int(key): float(value) for key, value in zip(arrays.route_ids, wanted.score, strict=True)}
    )
    assert [score.score for score in scores] == sorted((score.score for score in scores), reverse=True)
    assert scores[0].score > 0
    best = RouteScore.objects.order_by("-score")[0]
    assert sum(entry["contacts"] for entry in best.hotspots) == pytest.approx(best.score, abs=0.01)
    assert sum(best.by_category.values()) == pytest.approx(best.score, abs=0.01)
    assert best.main_names
    assert best.stretch_to_m >= best.stretch_from_m
    assert (best.coefficient_version, best.inputs_sha256) == (COEFFICIENTS.version, arrays.inputs_sha256)


def test_scoring_again_updates_the_same_rows(town):
    score_area(town)
    keys = sorted(RouteScore.objects.values_list("pk", flat=True))
    Hotspot.objects.update(persons_per_day=0)
    assert score_area(town)[0].score == 0
    assert sorted(RouteScore.objects.values_list("pk", flat=True)) == keys


def test_scores_go_stale_with_their_inputs(town):
    assert not scores_are_current(town)
    score_area(town)
    assert scores_are_current(town)
    Hotspot.objects.filter(code="G1").update(persons_per_day=901)
    assert not scores_are_current(town)


def test_the_worker_scores_an_area(town):
    job = request_scores(town)
    assert request_scores(town).pk == job.pk
    while work_once():
        pass
    job.refresh_from_db()
    assert job.state == "done", job.error
    assert job.result == {"area": "town", "routes": 4}
    assert RouteScore.objects.count() == 4


def test_a_job_for_an_area_that_is_gone_fails_with_a_reason(town):
    job = request_scores(town)
    town.delete()
    while work_once():
        pass
    job.refresh_from_db()
    assert job.state == "failed"
    assert job.error


def test_the_command_lists_the_best(town):
    out = io.StringIO()
    call_command("score_routes", area="town", top=2, stdout=out)
    lines = out.getvalue().strip().splitlines()
    assert len(lines) == 3
    assert lines[0].split()[0] == "1"
    assert "4" in lines[2]


@pytest.mark.parametrize("slug", ["nowhere", "bare"])
def test_the_command_says_what_is_missing(slug):
    Area.objects.create(slug="bare", name="空")
    with pytest.raises(CommandError):
        call_command("score_routes", area=slug)


def test_an_area_without_hotspots_scores_nothing(town):
    Hotspot.objects.all().delete()
    scores = score_area(town)
    assert len(scores) == 4
    assert {score.score for score in scores} == {0.0}
