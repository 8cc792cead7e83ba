"""Does the model rank stops as riders do? Rank correlation with counted boardings, on data it was not fitted to.

    PUFA_REAL_DATA=... .venv/bin/python -m benchmarks.validity

Singapore (October 2018, boardings and alightings of 4,725 stops): the formula of the product, its coefficients chosen
on nine areas and judged on the tenth, ten times over. Areas are groups of neighbouring stops, so that no stop has its
own neighbourhood in the data it is judged by; the choice holds the value that leaves a term out, so terms are chosen
there as well. King County (spring 2024) comes without places with people: it tests the service term alone.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import re
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.cluster.vq import kmeans2
from scipy.stats import rankdata, spearmanr

from geo.core.audience import places_in_reach, service, shelter_contacts
from geo.core.coefficients import COEFFICIENTS, CoefficientSet
from geo.core.coordinates import Projection
from geo.core.join import points_near_points
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines

AREAS = 10
SEED = 0
OTHER_SEEDS = (1, 2, 3)
TRIPS = 100.0
"""Departures a day of every route in Singapore: the files have none, so service is routes times a constant."""

KINDS = {
    "mall": "mall",
    "school": "school",
    "hospital": "hospital",
    "hawker": "other",
    "mrt": "transport",
    "park": "park",
    "housing": "village",
}
"""Kinds of places in the files, and the category of ours that each is counted as."""

GRID: dict[str, tuple[float, ...]] = {
    "door_m": (35.0, 50.0, 70.0, 100.0),
    "place_power": (1.0, 2.0, 3.0, 4.0, 6.0),
    "service_trips": (500.0, 1000.0, 2000.0, 4000.0),
}
"""What is chosen inside the training areas; `place_power` 1 leaves its term out."""

FLOORS = (0.0, 0.1, 0.2, 0.4, 0.8)
"""People of no listed place at every stop, as a share of what the median stop has; chosen likewise, not shipped."""

NEAR_M = 1500.0
SHIPPED_TRIPS = COEFFICIENTS.value("service_trips", "central")


def places(folder: Path) -> dict[str, np.ndarray]:
    """Longitude and latitude of every place in the files, by kind."""
    found: dict[str, np.ndarray] = {}
    found["mall"] = pd.read_csv(folder / "malls_valarylim.csv")[["longitude", "latitude"]].to_numpy(float)
    found["school"] = pd.read_csv(folder / "schools_geodle.csv")[["lon", "lat"]].to_numpy(float)
    found["hospital"] = pd.read_csv(folder / "nelsoniu_hospital_final.csv")[["lon", "lat"]].to_numpy(float)
    for kind, name in (("hawker", "hawker_centres"), ("mrt", "mrt_exits")):
        features = json.loads((folder / f"{name}.geojson").read_text(), strict=False)["features"]
        found[kind] = np.array([feature["geometry"]["coordinates"][:2] for feature in features], dtype=float)
    marks = re.findall(r"<coordinates>\s*([^<\s]+)", (folder / "nelsoniu_RelaxSG.kml").read_text())
    found["park"] = np.array([[float(part) for part in mark.split(",")[:2]] for mark in marks])
    with zipfile.ZipFile(folder / "hdb_address_2022-06.zip") as archive:
        blocks = pd.read_csv(io.BytesIO(archive.read("hdb_address.csv")))
    at = blocks[["LONGITUDE", "LATITUDE"]].apply(pd.to_numeric, errors="coerce").dropna()
    found["housing"] = at.to_numpy(float)
    return found


def singapore(folder: Path) -> dict[str, Any]:
    """Stops with their riders, the places around them in metres, and which route calls where after how many km."""
    riders = pd.read_csv(folder / "ltaer_bus_ridership_cleaned.csv", dtype={"BusStopCode": str}).dropna()
    code = {name.zfill(5): row for row, name in enumerate(riders["BusStopCode"])}
    projection = Projection.around(riders["Longitude"].to_numpy(float), riders["Latitude"].to_numpy(float))
    x, y = projection.forward(riders["Longitude"].to_numpy(float), riders["Latitude"].to_numpy(float))
    calls = pd.read_csv(folder / "ltaer_bus_routes.csv", dtype=str)
    calls["stop"] = calls["BusStopCode"].map(code)
    calls["sequence"] = calls["StopSequence"].astype(int)
    calls["km"] = pd.to_numeric(calls["Distance"], errors="coerce")
    calls = calls.dropna(subset=["stop"]).sort_values(["ServiceNo", "Direction", "sequence"])
    where = {kind: projection.forward(at[:, 0], at[:, 1]) for kind, at in places(folder).items()}
    return {
        "x": x,
        "y": y,
        "riders": (riders["Total_in"] + riders["Total_out"]).to_numpy(float),
        "calls": calls,
        "routes": np.bincount(
            calls.drop_duplicates(["ServiceNo", "stop"])["stop"].astype(int), minlength=len(riders)
        ).astype(float),
        "places": where,
    }


def network_of(data: dict[str, Any]) -> Network:
    """The stops and who calls there; paths, speeds and hours play no part in a shelter's contacts."""
    calls = data["calls"].drop_duplicates(["ServiceNo", "stop"])
    names = {name: number for number, name in enumerate(sorted(calls["ServiceNo"].unique()))}
    return stops_network(
        data["x"],
        data["y"],
        np.full(len(names), TRIPS),
        calls["ServiceNo"].map(names).to_numpy(),
        calls["stop"].astype(int).to_numpy(),
    )


def stops_network(x: np.ndarray, y: np.ndarray, trips: np.ndarray, route: np.ndarray, stop: np.ndarray) -> Network:
    return Network(
        paths=Polylines(np.empty(0), np.empty(0), np.zeros(trips.size + 1, dtype=np.int64)),
        route_line=np.arange(trips.size),
        trips_per_day=trips,
        service_minutes=np.full(trips.size, 1080.0),
        speed_kmh=np.full(trips.size, 18.0),
        stop_x=x,
        stop_y=y,
        call_route=route,
        call_stop=stop,
        line_buses=np.ones(trips.size),
    )


def hotspots_of(data: dict[str, Any]) -> Hotspots:
    """Every place with one visit a day: the files do not say how many there are."""
    kinds = list(data["places"])
    sizes = [data["places"][kind][0].size for kind in kinds]
    return Hotspots(
        x=np.concatenate([data["places"][kind][0] for kind in kinds]),
        y=np.concatenate([data["places"][kind][1] for kind in kinds]),
        persons_per_day=np.ones(sum(sizes)),
        category=np.repeat([CATEGORIES.index(KINDS[kind]) for kind in kinds], sizes),
    )


def changed(values: dict[str, float]) -> CoefficientSet:
    return COEFFICIENTS.with_values({key: (value, value, value) for key, value in values.items()}, version="tried")


def shipped_score(data: dict[str, Any]) -> np.ndarray:
    """Contacts a day of a shelter face at each stop, as the product computes them."""
    network, hotspots = network_of(data), hotspots_of(data)
    contacts = shelter_contacts(network, hotspots, np.arange(network.stops), 2.163, 1.0, COEFFICIENTS, "central")
    return np.asarray(contacts.sum(axis=1)).ravel()


def scores_by_choice(data: dict[str, Any], floors: tuple[float, ...]) -> dict[tuple[float, ...], np.ndarray]:
    """Score of every stop for every choice of `GRID` and of a floor; constants that are the same for all left out."""
    network, hotspots = network_of(data), hotspots_of(data)
    drawn = {trips: service(network, changed({"service_trips": trips}), "central") for trips in GRID["service_trips"]}
    found: dict[tuple[float, ...], np.ndarray] = {}
    for door, power in itertools.product(GRID["door_m"], GRID["place_power"]):
        chosen = changed({"door_m": door, "place_power": power})
        near = places_in_reach(network, hotspots, chosen, "central")
        listed: np.ndarray = np.asarray(near.sum(axis=1)).ravel()
        for floor, (trips, share) in itertools.product(floors, drawn.items()):
            more = floor * float(np.median(listed))
            found[door, power, trips, floor] = share * (listed**power + more**power) ** (1.0 / power)
    return found


def nested(
    scores: dict[tuple[float, ...], np.ndarray], riders: np.ndarray, area: np.ndarray
) -> tuple[np.ndarray, list[tuple[float, ...]]]:
    """Out-of-sample scores, and what was chosen for each area: the choice that ranks the stops of the others best.

    Scores of different choices are made comparable by their place among all stops under the same choice.
    """
    predicted, picked = np.empty(riders.size), []
    for number in range(AREAS):
        here = area == number
        best = max(scores, key=lambda choice: rank(scores[choice][~here], riders[~here]))
        picked.append(best)
        predicted[here] = (rankdata(scores[best]) / riders.size)[here]
    return predicted, picked


def rank(predicted: np.ndarray, counted: np.ndarray) -> float:
    return float(spearmanr(predicted, counted)[0])


def report_singapore(folder: Path) -> None:
    data = singapore(folder)
    riders, routes = data["riders"], data["routes"]
    _, area = kmeans2(np.column_stack([data["x"], data["y"]]), AREAS, seed=SEED, minit="++")
    sizes = np.bincount(area, minlength=AREAS)
    near = np.zeros(riders.size)
    for x, y in data["places"].values():
        pairs = points_near_points(data["x"], data["y"], x, y, NEAR_M)
        near += np.bincount(pairs.line, weights=np.exp(-pairs.distance_m / 200.0), minlength=riders.size)
    plain, shipped = routes * np.log1p(near), shipped_score(data)
    print(f"Singapore: {riders.size} stops, {AREAS} areas of {sizes.min()} to {sizes.max()} stops")
    print("ρ over all stops (mean and worst within an area); in sample unless it says otherwise")

    def line(predicted: np.ndarray, what: str) -> None:
        inside = [rank(predicted[area == number], riders[area == number]) for number in range(AREAS)]
        print(f"  {rank(predicted, riders):.3f}  ({np.mean(inside):.3f}, {min(inside):+.3f})  {what}")

    line(routes, "baseline: routes per stop")
    line(near, "baseline: places only")
    line(plain, "baseline: routes × log(1 + places)")
    line(shipped, "the product's shelter formula as shipped")
    scores = scores_by_choice(data, FLOORS)
    listed = {choice: score for choice, score in scores.items() if choice[-1] == 0.0}
    predicted, picked = nested(listed, riders, area)
    line(predicted, "OUT OF SAMPLE: the product's formula, coefficients chosen on the other areas")
    print("        chosen:", ", ".join(f"{key} {_counted(picked, i)}" for i, key in enumerate(GRID)))
    for seed in OTHER_SEEDS:
        _, other = kmeans2(np.column_stack([data["x"], data["y"]]), AREAS, seed=seed, minit="++")
        print(f"  {rank(nested(listed, riders, other)[0], riders):.3f}  the same with the areas drawn by seed {seed}")
    floored, picked = nested(scores, riders, area)
    line(floored, "out of sample, with people of no listed place at every stop")
    print("        chosen:", f"floor {_counted(picked, len(GRID))}")
    for what, left in (
        ("every place counted in full (place_power 1)", {c: s for c, s in listed.items() if c[1] == 1.0}),
        ("service saturating as shipped", {c: s for c, s in listed.items() if c[2] == SHIPPED_TRIPS}),
    ):
        line(nested(left, riders, area)[0], f"out of sample, {what}")
    print("where it helps, by quarter of service (out of sample, against routes × log(1 + places)):")
    quarter = np.searchsorted(np.quantile(routes, [0.25, 0.5, 0.75]), routes)
    for number in range(4):
        here = quarter == number
        if here.sum() > 50:
            print(
                f"  {rank(predicted[here], riders[here]):.3f} against {rank(plain[here], riders[here]):.3f}  "
                f"stops with {routes[here].min():.0f} to {routes[here].max():.0f} routes ({here.sum()})"
            )
    print("within an area, the same two:")
    for number in np.argsort(sizes):
        here = area == number
        ours, theirs = (rank(score[here], riders[here]) for score in (predicted, plain))
        print(f"  {ours:+.3f} against {theirs:+.3f}  ({here.sum()})")


def _counted(picked: list[tuple[float, ...]], at: int) -> str:
    values, times = np.unique([choice[at] for choice in picked], return_counts=True)
    return " ".join(f"{value:g}×{count}" for value, count in zip(values, times, strict=True))


def report_king_county(folder: Path) -> None:
    """Stops as stops: departures, and how they share people with their neighbours; there are no places in the files."""
    counts = pd.read_csv(folder / "241_Spring_2024_Stop_Summary_Data.csv")
    stop = counts.groupby("STOP_ID").agg(
        riders=("AVG_TOTAL_BOARDINGS", "sum"),
        departures=("OBSERVED_TRIPS_IDS", "sum"),
        routes=("SERVICE_RTE_NUM", "nunique"),
    )
    riders = stop["riders"].to_numpy(float)
    print(f"King County: {len(stop)} stops, no places: the service term alone")
    print(f"  {rank(stop['routes'].to_numpy(float), riders):.3f}  baseline: routes per stop")
    print(
        f"  {rank(stop['departures'].to_numpy(float), riders):.3f}  departures, of which the term is a rising function"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", default=os.environ.get("PUFA_REAL_DATA"), help="folder with validation/")
    root = parser.parse_args().data
    if not root:
        print("PUFA_REAL_DATA names no folder: nothing to compare with.", file=sys.stderr)
        return 2
    report_singapore(Path(root) / "validation" / "singapore")
    report_king_county(Path(root) / "validation" / "king-county-spring-2024")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
