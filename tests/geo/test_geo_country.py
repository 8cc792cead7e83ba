"""`score_country`: many cities, one file each, the same bytes from every executor, and nothing half done."""

import io
import json
import os
import sys
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
from django.core.management import CommandError, call_command

from geo.core.coefficients import COEFFICIENTS
from geo.core.partitions import run
from geo.core.records import CATEGORIES
from geo.core.scores import route_scores
from geo.country import ScoreTask, made_up_country, score_city
from geo.memory import PeakMemory, tree_bytes
from geo.sources.city_files import read_city, write_made_up_city
from trust.errors import InputError

pytest.importorskip("pyarrow", reason="needs the optional extra 'country'")
SMALL = {"cities": 3, "routes": 60, "hotspots": 3000, "executor": "inline"}


def score(**options):
    out = io.StringIO()
    call_command("score_country", stdout=out, **{**SMALL, **options})
    return out.getvalue()


def files(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*.parquet"))}


def rows(**columns):
    table = {
        "kind": ["route", "route", "hotspot"],
        "code": ["A", "B", "X"],
        "line": ["1", "1", None],
        "trips_per_day": [60.0, 50.0, np.nan],
        "service_minutes": [900.0, 900.0, np.nan],
        "category": [None, None, "school"],
        "persons_per_day": [np.nan, np.nan, 1000.0],
    }
    paths = [shapely.LineString([(113.08, 22.6), (113.1, 22.6)]), shapely.LineString([(113.1, 22.6), (113.1, 22.7)])]
    geometry = columns.pop("geometry", [*paths, shapely.Point(113.09, 22.6005)])
    return geopandas.GeoDataFrame({**table, **columns}, geometry=geometry, crs=columns.pop("crs", "EPSG:4326"))


def problems_of(table, tmp_path):
    table.to_parquet(tmp_path / "city.parquet")
    with pytest.raises(InputError) as caught:
        read_city(tmp_path / "city.parquet")
    return [(problem.file, problem.row, problem.field, problem.found) for problem in caught.value.problems]


def test_a_made_up_country_has_the_size_asked_for_and_says_that_it_is_a_sample(tmp_path):
    said = score(output=str(tmp_path / "out"), seed=4)
    assert "60" in said
    assert "3000" in said
    cities = [geopandas.read_parquet(path) for path in sorted((tmp_path / "out/cities").iterdir())]
    scores = [geopandas.read_parquet(path) for path in sorted((tmp_path / "out/scores").iterdir())]
    assert [len(table) for table in scores] == [(table["kind"] == "route").sum() for table in cities]
    assert sum(len(table) for table in scores) == 60
    assert sum(len(table) for table in cities) == 3060
    assert all(table["sample"].all() and table["code"].str.startswith("示例").all() for table in cities + scores)
    assert len({len(table) for table in scores}) > 1
    assert not list(tmp_path.glob(".*"))


def test_the_scores_written_are_those_of_the_core(tmp_path):
    write_made_up_city(tmp_path / "one.parquet", 1, 0, 700, 4000)  # more routes than are scored at a time
    outcome = score_city(ScoreTask(str(tmp_path / "one.parquet"), str(tmp_path / "scores.parquet")))
    city = read_city(tmp_path / "one.parquet")
    expected = route_scores(city.network, city.hotspots, COEFFICIENTS)
    written = geopandas.read_parquet(tmp_path / "scores.parquet")
    assert written["score"].to_numpy().tobytes() == expected.score.tobytes()
    assert written["stretch_to_m"].to_numpy().tobytes() == expected.stretch_to_m.tobytes()
    parts = written[[f"score_{name}" for name in CATEGORIES]].to_numpy()
    np.testing.assert_allclose(parts.sum(axis=1), written["score"])
    assert outcome.pairs == expected.contacts.nnz > 1000
    assert written.crs.to_epsg() == 4326


def test_processes_write_the_same_bytes_as_this_process(tmp_path):
    for executor in ("inline", "processes"):
        score(output=str(tmp_path / executor), executor=executor, seed=7)
    assert files(tmp_path / "inline") == files(tmp_path / "processes")
    again = score(input=str(tmp_path / "inline/cities"), output=str(tmp_path / "again"))
    assert "3" in again
    made = files(tmp_path / "inline")
    assert files(tmp_path / "again") == {name: data for name, data in made.items() if name.startswith("scores")}


def test_dask_finishes_a_country_when_a_worker_is_killed(tmp_path):
    distributed = pytest.importorskip("distributed", reason="needs the optional extra 'cluster'")
    score(output=str(tmp_path / "inline"), seed=7)
    sources = sorted((tmp_path / "inline/cities").iterdir())
    (tmp_path / "dask").mkdir()
    tasks = [ScoreTask(str(path), str(tmp_path / "dask" / path.name)) for path in sources]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        outcomes = run(score_city, tasks, "dask", workers=2, client=client)
        first = next(outcomes)
        next(iter(cluster.workers.values())).process.process.kill()
        done = [first, *outcomes]
    assert [outcome.name for outcome in done] == [path.stem for path in sources]
    expected = {name.removeprefix("scores/"): data for name, data in files(tmp_path / "inline/scores").items()}
    assert files(tmp_path / "dask") == expected


def test_a_dry_run_checks_and_writes_nothing(tmp_path):
    assert "示例市003" in score(output=str(tmp_path / "out"), dry_run=True)
    assert not list(tmp_path.iterdir())
    (tmp_path / "in").mkdir()
    rows().to_parquet(tmp_path / "in/town.parquet")
    assert "town" in score(input=str(tmp_path / "in"), output=str(tmp_path / "out"), dry_run=True)
    rows(trips_per_day=[60.0, -1.0, np.nan]).to_parquet(tmp_path / "in/village.parquet")
    with pytest.raises(CommandError, match=r"village\.parquet"):
        score(input=str(tmp_path / "in"), output=str(tmp_path / "out"), dry_run=True)
    assert not (tmp_path / "out").exists()


def test_one_wrong_city_and_no_scores_are_left_behind(tmp_path):
    (tmp_path / "in").mkdir()
    rows().to_parquet(tmp_path / "in/a.parquet")
    rows(category=[None, None, "casino"]).to_parquet(tmp_path / "in/b.parquet")
    (tmp_path / "in/c.parquet").write_text("not a table")
    with pytest.raises(CommandError) as caught:
        score(input=str(tmp_path / "in"), output=str(tmp_path / "out"))
    assert "casino" in str(caught.value)
    assert "c.parquet" in str(caught.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_folder_that_holds_something_is_not_written_into(tmp_path):
    (tmp_path / "kept").write_text("mine")
    with pytest.raises(CommandError, match=r"empty|空"):
        score(output=str(tmp_path))
    with pytest.raises(CommandError, match="parquet"):
        score(input=str(tmp_path), output=str(tmp_path / "out"))
    for wrong in ({"cities": 0}, {"routes": 2}, {"seed": -1}, {"workers": 0}):
        with pytest.raises(CommandError, match=f"--{next(iter(wrong))}"):
            score(output=str(tmp_path / "out"), **wrong)
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_without_pyarrow_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(CommandError, match="pip install pyarrow"):
        score(output=str(tmp_path / "out"))


@pytest.mark.parametrize(
    ("change", "row", "field", "found"),
    [
        ({"kind": ["route", "bus", "hotspot"]}, 2, "kind", "bus"),
        ({"code": ["A", "A", "X"]}, 2, "code", "A"),
        ({"line": ["1", None, None]}, 2, "line", "-"),
        ({"trips_per_day": [60.0, np.nan, np.nan]}, 2, "trips_per_day", "-"),
        ({"service_minutes": [0.0, 900.0, np.nan]}, 1, "service_minutes", "0.0"),
        ({"category": [None, None, "casino"]}, 3, "category", "casino"),
        ({"persons_per_day": [np.nan, np.nan, np.inf]}, 3, "persons_per_day", "inf"),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(change, row, field, found, tmp_path):
    assert problems_of(rows(**change), tmp_path) == [("city.parquet", row, field, found)]


def test_a_wrong_shape_or_place_is_named(tmp_path):
    path, point = shapely.LineString([(113.08, 22.6), (113.1, 22.6)]), shapely.Point(113.09, 22.6)
    assert problems_of(rows(geometry=[path, point, point]), tmp_path) == [("city.parquet", 2, "geometry", "Point")]
    assert problems_of(rows(geometry=[path, None, point]), tmp_path) == [("city.parquet", 2, "geometry", "-")]
    metres = shapely.Point(500_000, 2_500_000)
    assert problems_of(rows(geometry=[path, path, metres]), tmp_path)[0][1:3] == (3, "geometry")
    assert problems_of(rows().drop(columns="line"), tmp_path) == [("city.parquet", 0, "line", "-")]
    assert problems_of(rows().iloc[:2], tmp_path) == [("city.parquet", 0, "kind", "2")]


def test_a_city_in_another_system_is_read_as_the_same_place(tmp_path):
    rows().to_parquet(tmp_path / "degrees.parquet")
    rows().to_crs("EPSG:4547").to_parquet(tmp_path / "metres.parquet")
    one, other = read_city(tmp_path / "degrees.parquet"), read_city(tmp_path / "metres.parquet")
    np.testing.assert_allclose(one.network.paths.x, other.network.paths.x, atol=1e-3)
    np.testing.assert_allclose(one.hotspots.y, other.hotspots.y, atol=1e-3)
    assert json.loads(other.routes.to_json())["features"][0]["geometry"]["coordinates"][0][0] == pytest.approx(113.08)


def test_a_made_up_country_divides_exactly():
    tasks = list(made_up_country(Path("x"), 1, 47, 70_000, 5_000_000))
    assert sum(task.routes for task in tasks) == 70_000
    assert sum(task.hotspots for task in tasks) == 5_000_000
    assert max(task.routes for task in tasks) < 2 * 70_000 / 47
    assert min(task.routes for task in tasks) > 0


def test_peak_memory_counts_what_was_freed_again():
    with PeakMemory() as memory:
        before = tree_bytes(os.getpid())
        block = np.ones(30_000_000)
        memory._look()
        del block
    assert memory.bytes > before + 200_000_000
