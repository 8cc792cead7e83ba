"""What an installation carries: nginx and its finished pages, Django, and a stock Wagtail site, in one run.

    .venv/bin/python -m benchmarks.load [--seconds 6]

The starter site on PostgreSQL and Redis behind the nginx of deploy/ (without TLS, which would weigh the same on every
line), and the project that `wagtail start` makes, as it comes, under the same gunicorn. wrk asks over 16 connections,
gzip accepted; every page has a bare file of the same bytes beside it as its peer. CPU time is that of the processes
which answer, from /proc. Then five changes are published while wrk goes on asking for the home page: nothing old a
second later, and no error.
Needs wrk, nginx, PostgreSQL and Redis (Debian: wrk nginx-light postgresql redis-server).
"""

import argparse
import contextlib
import gzip
import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.baked import cpu_s
from scripts.faults.stand import ROOT, Stand, answers, gunicorn, stand, wait_for
from scripts.steps import machine
from scripts.temporary_site import free_port

CONNECTIONS, PUBLISHED = 16, 5
PHONE = "Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36"


@dataclass
class Figures:
    """Requests a second, CPU-ms a request of all who answered, 99th percentile in ms, bytes a request, errors."""

    rate: float
    cpu_ms: float
    p99_ms: float
    size: float
    errors: int


@dataclass
class Target:
    port: int
    path: str
    parts: tuple[str, ...]
    headers: tuple[str, ...] = ("Accept-Encoding: gzip",)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=int, default=6, help="for each line (default: 6)")
    seconds = parser.parse_args().seconds
    for program in ("wrk", "redis-server"):
        if not shutil.which(program):
            raise SystemExit(f"{program} is missing: apt-get install {program}")
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, {machine()}, load {os.getloadavg()[0]:.1f}\n", flush=True)
    front = free_port()  # the site's own address, port included: no other is kept
    with stand(environment={"PUFA_PUBLIC_URL": f"http://localhost:{front}"}) as made:
        add_nginx(made, front)
        stock = add_stock(made)
        paths = find_pages()
        missed = report(made, front, stock, paths, seconds)
        missed += publish_under_load(front, paths["home"])
    print(f"\nLoad at the end {os.getloadavg()[0]:.1f}.")
    return missed


# ── What is measured ─────────────────────────────────────────────────────────────────────────────────────────────────


def find_pages() -> dict[str, str]:
    from lawbook.models import Article  # noqa: PLC0415 - the settings are chosen by then
    from media.models import Video  # noqa: PLC0415

    wait_for(lambda: Video.objects.filter(current_version__isnull=False).exists(), "the starter site's film")
    article, film = Article.objects.order_by("pk")[23], Video.objects.filter(current_version__isnull=False)[0]
    return {
        "home": "/",
        "article": article.get_absolute_url(),
        "film": film.get_absolute_url(),
        "film in a piece of 1 MiB": film.film_file.file.url,
    }


def report(made: Stand, front: int, stock: int, paths: dict[str, str], seconds: int) -> int:
    data = Path(made.env["PUFA_DATA_DIR"])
    print("| what | from | requests a second | ÷ bare file | CPU-ms a request | 99 % within, ms | bytes | errors |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")
    missed = 0
    for name, path in paths.items():
        film = path.endswith(".mp4")
        headers = ("Range: bytes=0-1048575",) if film else ("Accept-Encoding: gzip",)
        bare = put_bare(data, path, fetch(front, path), film)
        peer = measure(made, Target(front, bare, ("nginx",), headers), seconds)
        ours = measure(made, Target(front, path, ("nginx",), headers), seconds)
        print(line(f"{name}: bare file", "nginx", peer, peer))
        print(line(name, "nginx, finished" if not film else "nginx", ours, peer), flush=True)
        missed += ours.rate < 0.9 * peer.rate or ours.errors > 0
    agent = ("Accept-Encoding: gzip", f"User-Agent: {PHONE}")
    asked = {
        "article, made anew": Target(made.port, f"{paths['article']}?anew", ("web",)),
        "search for 社区矫正": Target(made.port, "/search/?q=%E7%A4%BE%E5%8C%BA%E7%9F%AB%E6%AD%A3", ("web",)),
        "code of an ad, redirect": Target(made.port, "/q/demo2a", ("web",), agent),
        "Wagtail's own starter home page": Target(stock, "/", ("stock",)),
    }
    found = {}
    for name, target in asked.items():
        found[name] = measure(made, target, seconds)
        print(line(name, "gunicorn", found[name], None), flush=True)
        missed += found[name].errors > 0
    ratio = found["article, made anew"].cpu_ms / found["Wagtail's own starter home page"].cpu_ms
    print(f"\nAn article made anew takes {ratio:.2f} of the CPU of Wagtail's own starter home page.")
    return missed + (ratio > 0.5)


def measure(made: Stand, target: Target, seconds: int) -> Figures:
    """After two seconds to warm up."""
    ask(target, 2)
    before = used_s(made, target.parts)
    said = ask(target, seconds)
    after = used_s(made, target.parts)
    used = sum(after[each] - before.get(each, 0.0) for each in after)  # nginx ends a helper of its own after a minute
    count = int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]
    moved = re.search(r"requests in [\d.]+m?s, ([\d.]+)([KMG]?B)", said)
    size = float(moved[1]) * {"B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9}[moved[2]] if moved else 0.0
    slow = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    p99 = float(slow[1]) * {"us": 1e-3, "ms": 1, "s": 1e3}[slow[2]] if slow else 0.0
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])  # type: ignore[index]
    return Figures(rate, 1000 * used / max(count, 1), p99, size / max(count, 1), errors_of(said))


def ask(target: Target, seconds: int) -> str:
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "--latency", "--timeout", "20s"]
    for header in (f"Host: localhost:{target.port}", *target.headers):
        command += ["-H", header]
    address = f"http://127.0.0.1:{target.port}{target.path}"
    return subprocess.run([*command, address], capture_output=True, text=True, check=True).stdout


def errors_of(said: str) -> int:
    """Answers of 4xx and 5xx, and connections that failed."""
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    failed = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    return (int(refused[1]) if refused else 0) + (sum(map(int, failed.groups())) if failed else 0)


def used_s(made: Stand, parts: tuple[str, ...]) -> dict[int, float]:
    """Processor seconds so far of every process of these parts."""
    found = {}
    for name in parts:
        process = made.parts[name].process
        for each in session(process.pid) if process else []:
            with contextlib.suppress(FileNotFoundError):
                found[each] = cpu_s([each])
    return found


def session(leader: int) -> list[int]:
    """Process numbers of a program and what it started."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == leader:
                found.append(int(entry.name))
        except ProcessLookupError:
            continue
    return found


def fetch(port: int, path: str, **headers: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path, headers={"Host": f"localhost:{port}", **headers})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"{path} answered {answer.status}")
    return body


def put_bare(data: Path, path: str, body: bytes, film: bool) -> str:
    """The same bytes as a static file, with the same compressed twin where the page has one."""
    name = f"bare-{abs(hash(path))}{'.mp4' if film else '.html'}"
    (data / "static" / name).write_bytes(body)
    if not film:
        (data / "static" / f"{name}.gz").write_bytes(gzip.compress(body, 6))
    return f"/static/{name}"


def line(name: str, by: str, ours: Figures, peer: Figures | None) -> str:
    ratio = f"{ours.rate / peer.rate:.2f}" if peer else "–"
    figures = [
        f"{ours.rate:,.0f}",
        ratio,
        f"{ours.cpu_ms:.3f}",
        f"{ours.p99_ms:.1f}",
        f"{ours.size:,.0f}",
        str(ours.errors),
    ]
    return f"| {name} | {by} | {' | '.join(figures)} |"


def publish_under_load(front: int, path: str) -> int:
    """Seconds after each publication in which the old page was still given to anybody."""
    from editorial.gate import door  # noqa: PLC0415
    from pages.models import HomePage  # noqa: PLC0415

    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", "25s", "-H", f"Host: localhost:{front}"]
    load = subprocess.Popen([*command, f"http://127.0.0.1:{front}{path}"], stdout=subprocess.PIPE, text=True)
    stale = []
    for number in range(PUBLISHED):
        time.sleep(2)
        mark, page = f"第{number}次发布", HomePage.objects.live().first()
        page.intro = mark
        with door("benchmark"):
            page.save_revision().publish()
        published, last_old = time.monotonic(), 0.0
        while time.monotonic() - published < 2:
            asked = time.monotonic()
            if mark.encode() not in fetch(front, path):
                last_old = max(last_old, asked - published)
            time.sleep(0.01)
        stale.append(last_old)
    said = load.communicate()[0]
    errors = errors_of(said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    asked_s = "; ".join(f"{seconds:.2f}" for seconds in stale)
    per_s = float(rate[1]) if rate else 0.0
    print(f"\n{PUBLISHED} changes published at {per_s:,.0f} requests a second: the last old page was asked for")
    print(f"{asked_s} s after the change; {errors} errors.")
    return int(max(stale) > 1 or errors > 0)


# ── Who answers ──────────────────────────────────────────────────────────────────────────────────────────────────────


def add_nginx(made: Stand, port: int) -> None:
    """The files of deploy/ but for ports, paths, host and TLS; what limits one visitor stays."""
    folder = made.folder / "nginx"
    folder.mkdir()
    site = (ROOT / "deploy/nginx/pufa.conf").read_text()
    servers = [match.start() for match in re.finditer(r"^server \{", site, re.MULTILINE)]
    site = site[: servers[0]] + site[servers[2] :]  # the one that serves
    site = re.sub(r"^ *(ssl_\w+|listen \[::\]).*\n", "", site, flags=re.MULTILINE)
    for found, put in {
        "127.0.0.1:8000": f"127.0.0.1:{made.port}",
        "listen 443 ssl http2": f"listen 127.0.0.1:{port}",
        "pufa.example.gov.cn": "localhost",
        "/var/log/nginx": str(folder),
        "/var/cache/nginx/pufa": str(folder / "files"),
        "/var/lib/pufa": made.env["PUFA_DATA_DIR"],
    }.items():
        site = site.replace(found, put)
    (folder / "pufa.conf").write_text(site)
    shutil.copy(ROOT / "deploy/nginx/pufa-app.conf", folder)
    shutil.copy(ROOT / "deploy/nginx/pufa-headers.conf", folder)
    places = "\n".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"{'user root;' if os.geteuid() == 0 else ''} daemon off; worker_processes 1; pid {folder}/pid;\n"
        f"error_log {folder}/error.log;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{places}\ninclude pufa.conf;\n}}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    made.add("nginx", [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]).start()
    wait_for(lambda: answers(port), "nginx")


def add_stock(made: Stand) -> int:
    """What `wagtail start` makes, with its own settings but for debugging."""
    folder, port = made.folder / "stock", free_port()
    folder.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith(("PUFA_", "DJANGO_"))}
    wagtail = [sys.executable, "-c", "from wagtail.bin.wagtail import main; main()"]
    subprocess.run([*wagtail, "start", "stock", str(folder)], check=True, env=env, stdout=subprocess.DEVNULL)
    (folder / "stock/settings/measured.py").write_text(
        "from .base import *\nDEBUG = False\nSECRET_KEY = 'only for a measurement'\nALLOWED_HOSTS = ['*']\n"
    )
    env["DJANGO_SETTINGS_MODULE"] = "stock.settings.measured"
    for command in (["migrate", "--no-input"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [sys.executable, "manage.py", *command], cwd=folder, env=env, check=True, stdout=subprocess.DEVNULL
        )
    serve = [word for word in gunicorn(port) if word not in {"--pythonpath", "site"}]
    made.add("stock", [*serve[:-1], "stock.wsgi"], env=env, cwd=folder).start()

    def there() -> bool:
        try:
            return bool(fetch(port, "/"))
        except OSError:
            return False

    wait_for(there, "the stock site")
    return port


if __name__ == "__main__":
    sys.exit(main())
