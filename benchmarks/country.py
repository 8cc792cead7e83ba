"""A made-up country of 70,000 routes and 5 million hotspots: the join in memory, and the whole command with its files.

    .venv/bin/python -m benchmarks.country [--routes 70000] [--hotspots 5000000] [--workers 2] [--only join|command]

**Join.** Every city is joined in this process, and beside it its coordinates are read and as much as its pairs is
written once: the limit of any join. The country and its first eighth, quarter and half give the exponent e of
time ~ routes^e; single cities of up to `LARGEST` routes, where more of them overlap, that of time ~ pairs^e. All in
CPU seconds.

**Command.** `manage.py score_country` makes up the same number of cities as GeoParquet files, reads, scores and writes
them; it prints wall time, CPU by step, and the peak of all its processes.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.join import RADIUS_M, SEED, touch
from geo.core.join import points_near_lines
from geo.core.made_up import winding_town

CITIES = 47
LARGEST = 8_000
ROOT = Path(__file__).resolve().parent.parent


def seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def join(routes: int, hotspots: int) -> bool:
    """Join every city; whether it takes at most ten times what touching the memory takes."""
    city = routes // CITIES, hotspots // CITIES
    joined = once = 0.0
    taken: list[float] = []
    pairs = touched = vertices = 0
    points_near_lines(*winding_town(np.random.default_rng(0), 10, 10), radius_m=RADIUS_M)
    for number in range(CITIES):
        lines, x, y = winding_town(np.random.default_rng([SEED, number]), *city)
        started = time.process_time()
        found = points_near_lines(lines, x, y, RADIUS_M)
        joined += time.process_time() - started
        taken.append(joined)
        once += seconds(partial(touch, lines, x, y, found))
        touched += touch(lines, x, y, found)
        pairs += len(found)
        vertices += lines.x.size
    print(
        f"join: {city[0] * CITIES:,} routes, {vertices:,} vertices, {city[1] * CITIES:,} hotspots, {pairs:,} pairs in "
        f"{joined:.2f} s of CPU; {touched / 1e9:.2f} GB touched once in {once:.2f} s: {joined / once:.1f} ×"
    )
    fitted, told = exponent(
        {f"{n * city[0]:,} routes": (n, taken[n - 1]) for n in (CITIES // 8, CITIES // 4, CITIES // 2, CITIES)}
    )
    print(f"  {told}: exponent {fitted:.2f}")
    return joined <= 10 * once and fitted < 1.2


def exponent(measured: dict[str, tuple[float, float]]) -> tuple[float, str]:
    """(e of seconds ~ size^e, the sizes and seconds in words); `measured` is size and seconds by name."""
    size, cpu = np.log(np.array(list(measured.values()))).T
    return float(np.polyfit(size, cpu, 1)[0]), ", ".join(f"{name} {s:.2f} s" for name, (_, s) in measured.items())


def single_cities(hotspots_per_route: float) -> bool:
    measured = {}
    for routes in (LARGEST // 8, LARGEST // 4, LARGEST // 2, LARGEST):
        lines, x, y = winding_town(np.random.default_rng(SEED), routes, int(routes * hotspots_per_route))
        call = partial(points_near_lines, lines, x, y, RADIUS_M)
        pairs = len(call())
        measured[f"{routes:,} routes, {pairs:,} pairs"] = pairs, min(seconds(call) for _ in range(3))
    fitted, told = exponent(measured)
    print(f"one city: {told}: exponent {fitted:.2f} in pairs")
    return fitted < 1.2


def command(routes: int, hotspots: int, workers: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "country"
        argv = [sys.executable, "manage.py", "score_country", "--output", str(output), "--cities", str(CITIES)]
        argv += ["--routes", str(routes), "--hotspots", str(hotspots), "--workers", str(workers)]
        started = time.monotonic()
        done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=False)
        wall = time.monotonic() - started
        if done.returncode:
            print(done.stderr)
            return False
        megabytes = {
            name: sum(path.stat().st_size for path in (output / name).iterdir()) / 1e6 for name in ("cities", "scores")
        }
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"command: {wall:.0f} s of wall time and {used.ru_utime + used.ru_stime:.0f} s of CPU, making up included")
    print(f"  files: {megabytes['cities']:,.0f} MB in, {megabytes['scores']:,.0f} MB out")
    print("  " + "\n  ".join(done.stdout.strip().split("\n")[-3:]))
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--routes", type=int, default=70_000)
    parser.add_argument("--hotspots", type=int, default=5_000_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--only", choices=("join", "command"))
    options = parser.parse_args()
    good = True
    if options.only != "command":
        good &= join(options.routes, options.hotspots)
        good &= single_cities(options.hotspots / options.routes)
    if options.only != "join":
        good &= command(options.routes, options.hotspots, options.workers)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
