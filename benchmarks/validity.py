"""Does the model rank stops as riders do? Rank correlation with counted boardings, on data it was not fitted to.

    PUFA_REAL_DATA=... .venv/bin/python -m benchmarks.validity

Singapore (October 2018, boardings and alightings of 4,725 stops): fitted on nine areas, judged on the tenth, ten times
over; areas are groups of neighbouring stops, so that no stop has its own neighbourhood in the data it is judged by.
King County (spring 2024) comes without places with people: it tests the service term alone.
"""

from __future__ import annotations

import argparse
import io
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
from scipy.stats import spearmanr

from geo.core.audience import shelter_contacts
from geo.core.coefficients import COEFFICIENTS
from geo.core.coordinates import Projection
from geo.core.join import points_near_points
from geo.core.records import CATEGORIES, Hotspots, Network, Polylines

AREAS = 10
SEED = 0
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

DECAYS_M = (100.0, 200.0, 500.0)
SHARED_DECAYS_M = (150.0, 300.0)
FARTHEST_M = 1500.0
RIDE_KM = 2.0
"""Most rides in the ride term are about this long; its weight is (d / 2 km) e^(1 − d / 2 km)."""


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


def product_score(data: dict[str, Any]) -> np.ndarray:
    """What the product itself says of each stop: contacts a day of a shelter face, one person a day at every place."""
    calls = data["calls"].drop_duplicates(["ServiceNo", "stop"])
    names = {name: number for number, name in enumerate(sorted(calls["ServiceNo"].unique()))}
    routes = len(names)
    network = Network(
        paths=Polylines(np.empty(0), np.empty(0), np.zeros(routes + 1, dtype=np.int64)),
        route_line=np.arange(routes),
        trips_per_day=np.full(routes, TRIPS),
        service_minutes=np.full(routes, 1080.0),
        speed_kmh=np.full(routes, 18.0),
        stop_x=data["x"],
        stop_y=data["y"],
        call_route=calls["ServiceNo"].map(names).to_numpy(),
        call_stop=calls["stop"].astype(int).to_numpy(),
        line_buses=np.ones(routes),
    )
    kinds = list(data["places"])
    hotspots = Hotspots(
        x=np.concatenate([data["places"][kind][0] for kind in kinds]),
        y=np.concatenate([data["places"][kind][1] for kind in kinds]),
        persons_per_day=np.ones(sum(data["places"][kind][0].size for kind in kinds)),
        category=np.concatenate(
            [np.full(data["places"][kind][0].size, CATEGORIES.index(KINDS[kind])) for kind in kinds]
        ),
    )
    stops = np.arange(data["x"].size)
    contacts = shelter_contacts(network, hotspots, stops, 2.163, 1.0, COEFFICIENTS, "central")
    return np.asarray(contacts.sum(axis=1)).ravel()


def terms(data: dict[str, Any]) -> dict[str, np.ndarray]:
    """The model's terms per stop, by name; shape (stops, columns), all as logarithms."""
    stops = data["x"].size
    walk: dict[float, list[np.ndarray]] = {decay: [] for decay in DECAYS_M}
    shared: list[np.ndarray] = []
    for x, y in data["places"].values():
        near = points_near_points(data["x"], data["y"], x, y, FARTHEST_M)
        for decay in DECAYS_M:
            walk[decay].append(np.bincount(near.line, weights=np.exp(-near.distance_m / decay), minlength=stops))
        for decay in SHARED_DECAYS_M:
            # A place's visitors are shared by the stops in reach, by departures and walk.
            pull = data["routes"][near.line] * np.exp(-near.distance_m / decay)
            everything = np.bincount(near.point, weights=pull, minlength=x.size)
            shared.append(np.bincount(near.line, weights=pull / everything[near.point], minlength=stops))
    rides = np.zeros((2, stops))
    mass = np.sum(walk[200.0], axis=0)
    for _, call in data["calls"].groupby(["ServiceNo", "Direction"]):
        stop, km = call["stop"].astype(int).to_numpy(), call["km"].ffill().fillna(0.0).to_numpy()
        ride = (km[np.newaxis, :] - km[:, np.newaxis]) / RIDE_KM
        weight = np.where(ride > 0, ride * np.exp(1.0 - ride), 0.0)
        rides[0, stop] += weight @ mass[stop]
        rides[1, stop] += weight.T @ mass[stop]
    return {
        "service": np.log(data["routes"])[:, np.newaxis],
        "places within 200 m": np.log1p(np.column_stack(walk[200.0])),
        "places within 100 and 500 m": np.log1p(np.column_stack(walk[100.0] + walk[500.0])),
        "shared with other stops": np.log(np.column_stack(shared) + 1e-3),
        "rides to places along the route": np.log1p(rides.T),
    }


def out_of_sample(features: np.ndarray, riders: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Predicted log riders of each stop from a least-squares fit on the other areas."""
    design = np.column_stack([np.ones(riders.size), features])
    predicted = np.empty(riders.size)
    for number in range(AREAS):
        here = area == number
        weights = np.linalg.lstsq(design[~here], np.log1p(riders[~here]), rcond=None)[0]
        predicted[here] = design[here] @ weights
    return predicted


def rank(predicted: np.ndarray, counted: np.ndarray) -> float:
    return float(spearmanr(predicted, counted)[0])


def report_singapore(folder: Path) -> None:
    data = singapore(folder)
    riders, routes = data["riders"], data["routes"]
    _, area = kmeans2(np.column_stack([data["x"], data["y"]]), AREAS, seed=SEED, minit="++")
    sizes = np.bincount(area, minlength=AREAS)
    print(f"Singapore: {riders.size} stops, {AREAS} areas of {sizes.min()} to {sizes.max()} stops")
    near = np.zeros(riders.size)
    for x, y in data["places"].values():
        pairs = points_near_points(data["x"], data["y"], x, y, FARTHEST_M)
        near += np.bincount(pairs.line, weights=np.exp(-pairs.distance_m / 200.0), minlength=riders.size)
    print(f"  {rank(routes, riders):.3f}  baseline: routes per stop")
    print(f"  {rank(near, riders):.3f}  baseline: places only")
    print(f"  {rank(routes * np.log1p(near), riders):.3f}  baseline: routes × log(1 + places)")
    print(f"  {rank(product_score(data), riders):.3f}  the product's shelter formula as shipped, nothing fitted")
    print("out of sample, terms added one by one (mean and worst within an area):")
    parts = terms(data)
    so_far: list[np.ndarray] = []
    predicted = np.zeros(riders.size)
    for name, columns in parts.items():
        so_far.append(columns)
        predicted = out_of_sample(np.column_stack(so_far), riders, area)
        inside = [rank(predicted[area == number], riders[area == number]) for number in range(AREAS)]
        print(f"  {rank(predicted, riders):.3f}  ({np.mean(inside):.3f}, {min(inside):.3f})  + {name}")
    print("where it helps, by quarter of service (out of sample):")
    quarter = np.searchsorted(np.quantile(routes, [0.25, 0.5, 0.75]), routes)
    for number in range(4):
        here = quarter == number
        if here.sum() > 50:
            low, high = routes[here].min(), routes[here].max()
            print(
                f"  {rank(predicted[here], riders[here]):.3f}  stops with {low:.0f} to {high:.0f} routes ({here.sum()})"
            )
    print("within an area, model against routes × log(1 + places):")
    plain = routes * np.log1p(near)
    for number in np.argsort(sizes):
        here = area == number
        print(
            f"  {rank(predicted[here], riders[here]):.3f} against {rank(plain[here], riders[here]):.3f}  ({here.sum()})"
        )


def report_king_county(folder: Path) -> None:
    counts = pd.read_csv(folder / "241_Spring_2024_Stop_Summary_Data.csv")
    stop = counts.groupby("STOP_ID").agg(
        riders=("AVG_TOTAL_BOARDINGS", "sum"),
        departures=("OBSERVED_TRIPS_IDS", "sum"),
        routes=("SERVICE_RTE_NUM", "nunique"),
    )
    departures = stop["departures"].to_numpy(float)
    half = COEFFICIENTS.value("service_half_trips", "central")
    print(f"King County: {len(stop)} stops, no places: the service term alone")
    print(f"  {rank(stop['routes'].to_numpy(float), stop['riders'].to_numpy()):.3f}  baseline: routes per stop")
    print(f"  {rank(departures / (departures + half), stop['riders'].to_numpy()):.3f}  the product's service term")


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
