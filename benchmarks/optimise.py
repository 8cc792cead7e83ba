"""The optimiser against published optima (AILS-MCLP: NewYork and SanFrancisco, p = 50 … 100), and on a made-up city.

    PUFA_REAL_DATA=... .venv/bin/python -m benchmarks.optimise [--facilities 50 100] [--spopt-python PATH]

Each published solution is first recomputed exactly from its own list of facilities. Then ours searches the same
instance, for 20 s of CPU on one core, as a plan of p placements of equal price that reach a person for certain. A value
above a proven optimum is an error; one above a best-known value is printed with its facilities. Without the data only
the city is run. With an interpreter that has spopt (`uv pip install spopt pulp` into an environment of its own; it is
no dependency of ours), both solve the same maximal-covering problem from the same coordinates.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import time
from collections.abc import Iterable
from functools import partial
from pathlib import Path

import numpy as np
from scipy import sparse
from scipy.spatial import cKDTree

from geo.core.bounds import upper_bound
from geo.core.join import points_near_points
from geo.core.optimise import Problem, solve
from geo.core.search import Subproblem, first_plan, improve

INSTANCES = {"NewYork": 400.0, "SanFrancisco": 600.0}
FACILITIES = range(50, 101, 10)
SPHERE_M = 6_378_100.0
PROVEN = {("NewYork", 50): 1_153_640}
CERTAIN = 40.0
"""Contacts that reach a person but for e^−40: coverage is all or nothing here."""
SEED = 2026
LIMIT_S = 20.0
SPOPT_SIZE, SPOPT_ROUNDS = 2_000, (250, 1_000, 4_000)


def read_instance(root: Path, name: str) -> tuple[np.ndarray, np.ndarray]:
    """(latitude and longitude, demand) of every point."""
    lines = (root / f"{name}.txt").read_text().split("\n")
    size = int(next(line for line in lines if line.startswith("DIMENSION")).split(":")[1])
    first = next(at for at, line in enumerate(lines) if line.startswith("NODE_COORD")) + 1
    demand = next(at for at, line in enumerate(lines) if line.startswith("DEMAND")) + 1
    where = np.array([[float(part) for part in line.split()] for line in lines[first : first + size]])
    return where, np.array([float(line.split()[0]) for line in lines[demand : demand + size]])


def covers(where: np.ndarray, radius_m: float) -> sparse.csr_array:
    """Which points are within the radius of which, along the sphere; shape (points, points)."""
    lat, lon = np.radians(where).T
    at = SPHERE_M * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    chord = 2 * SPHERE_M * np.sin(radius_m / (2 * SPHERE_M))
    tree = cKDTree(at)
    pairs = tree.query_pairs(chord * (1 + 1e-12), output_type="ndarray")
    size = len(where)
    own = np.arange(size)
    row = np.concatenate([pairs[:, 0], pairs[:, 1], own])
    column = np.concatenate([pairs[:, 1], pairs[:, 0], own])
    return sparse.csr_array((np.ones(row.size), (row, column)), shape=(size, size))


def published(root: Path, name: str, facilities: int, radius_m: float) -> tuple[int, np.ndarray]:
    """(value, facilities) as published; numbers count from 0."""
    text = (root / "published" / f"{name}_{facilities}_{radius_m:.0f}.txt").read_text()
    value, listed = text.split("Facilidade:")
    return int(value.split(":")[1]), np.array([int(number) for number in listed.split()])


def _is_late(end_s: float) -> bool:
    return time.process_time() >= end_s


def covered(matrix: sparse.csr_array, demand: np.ndarray, chosen: np.ndarray) -> int:
    return int(demand[np.asarray(matrix[chosen].sum(axis=0)).ravel() > 0].sum())


def against_published(root: Path, wanted: Iterable[int], iterations: int) -> bool:
    print("| instance | p | published | recomputed | ours | share | bound | rounds | CPU |")
    print("|---|--:|--:|---|--:|--:|--:|--:|--:|")
    good = True
    for name, radius_m in INSTANCES.items():
        where, demand = read_instance(root, name)
        matrix = covers(where, radius_m)
        for facilities in wanted:
            value, listed = published(root, name, facilities, radius_m)
            exact = covered(matrix, demand, listed) == value and listed.size == facilities
            part = Subproblem.of(Problem(matrix * CERTAIN, demand, np.ones(demand.size), float(facilities)))
            started = time.process_time()
            late = partial(_is_late, started + LIMIT_S)
            plan, done = improve(part, first_plan(part), 1, iterations, lambda _: None, late)
            seconds = time.process_time() - started
            bound = upper_bound(part, plan).value
            chosen = part.placements[plan]
            ours = covered(matrix, demand, chosen)
            print(
                f"| {name} | {facilities} | {value:,} | {'exactly' if exact else 'NOT'} | {ours:,} | "
                f"{100 * ours / value:.3f} % | {100 * bound / value:.2f} % | {done:,} | {seconds:.1f} s |",
                flush=True,
            )
            impossible = ours > PROVEN.get((name, facilities), np.inf)
            if ours > value:
                print(
                    f"above the {'proven optimum: an error' if impossible else 'best known'}: {sorted(chosen.tolist())}"
                )
            good &= exact and not impossible and ours >= 0.999 * value
    return good


def city(placements: int = 30_000, hotspots: int = 50_000) -> Problem:
    """A made-up city: sixty centres, placements that reach hotspots up to 400 m away, bundles of three."""
    rng = np.random.default_rng(SEED)
    centres = rng.uniform(0, 40_000, (60, 2))

    def scattered(count: int) -> np.ndarray:
        return centres[rng.integers(0, 60, count)] + rng.normal(0, 3_000, (count, 2))

    offered, used = cKDTree(scattered(placements)), cKDTree(scattered(hotspots))
    contacts = sparse.csr_array(offered.sparse_distance_matrix(used, 400.0, output_type="coo_matrix"))
    worth = np.repeat(rng.lognormal(-2.0, 0.7, placements), np.diff(contacts.indptr))
    contacts.data = np.exp(-contacts.data / 150.0) * worth
    cost = np.round(rng.lognormal(7.5, 0.6, placements), 2)
    bundle = np.arange(placements) // 3
    return Problem(contacts, rng.lognormal(6, 1, hotspots), cost, 0.02 * float(cost.sum()), bundle=bundle)


def replan_city() -> bool:
    problem = city()
    solve(problem, iterations=0)
    best, solution = np.inf, None
    for _ in range(5):
        started = time.process_time()
        solution = solve(problem, iterations=500)
        best = min(best, time.process_time() - started)
    assert solution is not None
    gap = 1 / solution.attained - 1
    print(
        f"city: {problem.cost_cny.size:,} placements, {problem.contacts.nnz:,} entries, {solution.chosen.size:,} picks"
    )
    print(f"  plan with bound in {best:.2f} s of CPU (least of five), gap {100 * gap:.2f} %")
    return gap <= 0.005


def covering_problem() -> dict[str, np.ndarray | float | int]:
    """Sites and users around thirty centres, as `benchmarks/spopt_mclp.py` reads it."""
    rng = np.random.default_rng(SEED)
    centres = rng.uniform(0, 20_000, (30, 2))

    def scattered() -> np.ndarray:
        return centres[rng.integers(0, 30, SPOPT_SIZE)] + rng.normal(0, 1_500, (SPOPT_SIZE, 2))

    people = rng.integers(10, 1_000, SPOPT_SIZE).astype(float)
    return {"sites": scattered(), "users": scattered(), "people": people, "radius_m": 500.0, "facilities": 50}


def cover_most(  # noqa: PLR0917 - what a problem is made of
    rounds: int, sites: np.ndarray, users: np.ndarray, people: np.ndarray, radius_m: float, facilities: int
) -> float:
    """People covered by our plan, from the coordinates on."""
    near = points_near_points(*sites.T, *users.T, radius_m)
    shape = (len(sites), len(users))
    contacts = sparse.csr_array((np.full(len(near), CERTAIN), (near.line, near.point)), shape=shape)
    part = Subproblem.of(Problem(contacts, people, np.ones(len(sites)), float(facilities)))
    plan, _ = improve(part, first_plan(part), 1, rounds, lambda _: None, bool)
    return float(covered(contacts, people, part.placements[plan]))


def against_spopt(python: str | None) -> bool:
    if not python:
        print("spopt: left out, as no interpreter with it was named (--spopt-python)")
        return True
    problem = covering_problem()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.npz"
        np.savez(path, **problem)
        script = Path(__file__).with_name("spopt_mclp.py")
        done = subprocess.run([python, str(script), str(path)], capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"spopt: {done.stderr.strip().splitlines()[-1]}")
        return False
    theirs_s, _, optimum = (float(number) for number in done.stdout.split())
    print(f"spopt: {SPOPT_SIZE:,} sites and users, 50 facilities: {optimum:,.0f} people, {theirs_s:.1f} s of CPU")
    good = False
    for rounds in SPOPT_ROUNDS:
        ours, best = cover_most(rounds, **problem), np.inf
        for _ in range(9):
            started = time.process_time()
            cover_most(rounds, **problem)
            best = min(best, time.process_time() - started)
        share, faster = ours / optimum, theirs_s / best
        print(f"  ours, {rounds:,} rounds: {100 * share:.3f} % in {1000 * best:.1f} ms: {faster:,.0f} times faster")
        good |= share >= 0.999 and faster >= 1000
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--data", default=os.environ.get("PUFA_REAL_DATA"))
    parser.add_argument("--iterations", type=int, default=10_000_000)
    parser.add_argument("--facilities", type=int, nargs="+", default=list(FACILITIES))
    parser.add_argument("--spopt-python", metavar="PATH", help="an interpreter with spopt and pulp")
    options = parser.parse_args()
    good = replan_city()
    good &= against_spopt(options.spopt_python)
    if options.data:
        good &= against_published(
            Path(options.data) / "optimisation" / "ails-mclp", options.facilities, options.iterations
        )
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
