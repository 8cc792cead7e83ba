"""What a public page costs: made anew, kept and served by Django, and a bare static file, in one run.

    .venv/bin/python -m benchmarks.baked

Starts the starter site, then asks for each page over one connection that stays open, gzip accepted, and reads the CPU
time of the web processes from /proc before and after (Linux). *Made anew* is the same page with a query that changes
nothing: such a page is never kept, but its frame is.
"""

import argparse
import http.client
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.lighthouse import paths
from scripts.temporary_site import temporary_site

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
WARM_UP = 20
REQUESTS = {"made anew": 150, "kept": 1500, "kept, unchanged (304)": 1500, "static file": 1500}


def web_processes(url: str) -> list[int]:
    """Process numbers of gunicorn's on this site's port."""
    port = f":{urlsplit(url).port}"

    def listed() -> Iterator[int]:
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
                except OSError:
                    continue
                if any("gunicorn" in word for word in words) and any(word.endswith(port) for word in words):
                    yield int(entry.name)

    return sorted(listed())


def cpu_s(processes: list[int]) -> float:
    """Seconds of user and system time so far."""
    ticks = 0
    for process in processes:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS_PER_S


def measure(url: str, path: str, count: int, headers: dict[str, str], status: int = 200) -> tuple[float, float, int]:
    """CPU milliseconds a request, requests a second over one connection, bytes of one body."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    processes = web_processes(url)

    def ask() -> int:
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != status:
            raise SystemExit(f"{path} answered {response.status}; expected {status}")
        return len(body)

    for _ in range(WARM_UP):
        ask()
    began, used = time.perf_counter(), cpu_s(processes)
    size = 0
    for _ in range(count):
        size = ask()
    took, used = time.perf_counter() - began, cpu_s(processes) - used
    connection.close()
    return used / count * 1000, count / took, size


def fetch(url: str, path: str, headers: dict[str, str] | None = None) -> tuple[str, bytes]:
    """Tag and body of one answer."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    connection.request("GET", path, headers=headers or {})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.headers.get("ETag", ""), body


def compare(url: str) -> None:
    gzip = {"Accept-Encoding": "gzip"}
    print("| page | way | CPU-ms a page | pages a second | bytes | CPU ÷ static file |\n|---|---|--:|--:|--:|--:|")
    for name, path in paths(url).items():
        if "?" in path:
            continue
        fetch(url, path)
        tag = fetch(url, path, gzip)[0]
        style = re.search(rb'href="(/static/[^"]*site[^"]*\.css)"', fetch(url, path)[1])
        if not tag or style is None:
            raise SystemExit(f"{path} is not kept")
        ways = {
            "static file": (style[1].decode(), gzip, 200),
            "kept, unchanged (304)": (path, gzip | {"If-None-Match": tag}, 304),
            "kept": (path, gzip, 200),
            "made anew": (f"{path}?fresh", gzip, 200),
        }
        peer = 0.0
        for way, (asked, headers, status) in ways.items():
            cpu_ms, rate, size = measure(url, asked, REQUESTS[way], headers, status)
            peer = peer or cpu_ms
            print(f"| {name} | {way} | {cpu_ms:.2f} | {rate:,.0f} | {size:,} | {cpu_ms / peer:.1f} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="measure a running site of this machine, named without a slash at the end")
    given = parser.parse_args().url
    if given:
        compare(given)
        return 0
    with tempfile.TemporaryDirectory(prefix="pufa-baked-") as folder, temporary_site(Path(folder)) as site:
        compare(site.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
