"""A city scored anywhere gives the same bytes."""

import numpy as np
import pytest

from geo.core.coefficients import COEFFICIENTS
from geo.core.partitions import run, score_partition
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines
from geo.core.scores import route_scores


def made_up_city(seed):
    rng = np.random.default_rng(seed)
    routes, vertices, hotspots = 20, 30, 300
    x, y = (rng.uniform(0, 5_000, (routes, 1)) + np.cumsum(rng.normal(0, 90, (routes, vertices)), axis=1) for _ in "xy")
    network = Network(
        paths=Polylines(x.ravel(), y.ravel(), np.arange(routes + 1) * vertices),
        route_line=np.arange(routes) // 2,
        trips_per_day=rng.uniform(20, 120, routes),
        service_minutes=rng.uniform(600, 1000, routes),
        speed_kmh=np.full(routes, 18.0),
        stop_x=np.empty(0),
        stop_y=np.empty(0),
        call_route=np.empty(0),
        call_stop=np.empty(0),
        line_buses=np.full(routes // 2, 8.0),
    )
    places = rng.uniform(0, 5_000, (2, hotspots))
    return network, Hotspots(*places, rng.lognormal(6, 1, hotspots), rng.integers(0, len(CATEGORIES), hotspots))


def score_made_up_city(seed):
    return score_partition(f"city {seed}", *made_up_city(seed))


def as_bytes(scores):
    return [value if isinstance(value, str) else np.asarray(value).tobytes() for value in vars(scores).values()]


def test_a_partition_has_the_scores_of_its_routes():
    network, hotspots = made_up_city(1)
    scores = score_partition("one", network, hotspots)
    whole = route_scores(network, hotspots, COEFFICIENTS)
    assert scores.score.tobytes() == whole.score.tobytes()
    assert scores.score.sum() > 0
    np.testing.assert_allclose(scores.by_category.sum(axis=1), scores.score)
    assert scores.pairs == whole.contacts.nnz


def test_processes_give_the_same_bytes_in_the_same_order():
    here = [as_bytes(scores) for scores in run(score_made_up_city, range(3))]
    there = [as_bytes(scores) for scores in run(score_made_up_city, range(3), "processes", workers=1)]
    assert here == there
    assert len({str(scores) for scores in here}) == 3


def test_a_run_takes_no_more_cities_than_it_is_asked_for():
    taken = []

    def cities():
        for seed in range(100):
            taken.append(seed)
            yield seed

    next(run(score_made_up_city, cities()))
    assert taken == [0]


def test_an_unknown_executor_is_named():
    with pytest.raises(ValueError, match="executor"):
        next(run(score_made_up_city, [1], "moon"))
    with pytest.raises(ValueError, match="client"):
        next(run(score_made_up_city, [1], "dask"))


def test_dask_survives_a_lost_worker_with_the_same_bytes():
    distributed = pytest.importorskip("distributed", reason="needs the optional extra 'cluster'")
    expected = [as_bytes(scores) for scores in run(score_made_up_city, range(6))]
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, protocol="tcp"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        results = run(score_made_up_city, range(6), "dask", workers=2, client=client)
        found = [as_bytes(next(results))]
        victim = next(iter(cluster.workers.values()))
        victim.process.process.kill()
        found += [as_bytes(scores) for scores in results]
    assert found == expected
