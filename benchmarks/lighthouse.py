"""Lighthouse at its mobile profile over home, an article, a film and search of the starter site.

    .venv/bin/python -m benchmarks.lighthouse           # starts the starter site, measures it, stops it
    .venv/bin/python -m benchmarks.lighthouse --url http://localhost:8000

Lighthouse comes with node_modules; the browser is Debian's Chromium (or CHROMIUM), with a new profile, no error reports
and no background traffic. Ends with 1 where a category stays under 95.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import urlopen

from scripts.temporary_site import temporary_site

ROOT = Path(__file__).resolve().parents[1]
LIGHTHOUSE = ROOT / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
LEAST = 95
RESULTS = "/search/?q=%E8%AF%B7%E5%81%87"
CHROME_FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage --disable-domain-reliability"
)
# A proxy of the shell would be asked for this machine's own pages.
NOT_FOR_THE_BROWSER = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy", "node_options", "display"})


def paths(url: str) -> dict[str, str]:
    """Home, the first article, the first film, search and its results, from what the site lists of itself."""
    # A new site's worker needs a minute to make its film ready.
    for _ in range(60):
        with urlopen(f"{url}/sitemap.xml", timeout=60) as response:
            listed = re.findall(r"<loc>https?://[^/<]+([^<]*)</loc>", response.read().decode())
        article = next(path for path in listed if re.fullmatch(r"/law/[^/]+/article-\d+/", path))
        film = next((path for path in listed if re.fullmatch(r"/video/[^/]+/", path)), "")
        if film:
            return {"home": "/", "article": article, "film": film, "search": "/search/", "search results": RESULTS}
        time.sleep(5)
    raise SystemExit("The site lists no film after five minutes.")


def measure(address: str, folder: Path) -> dict[str, object]:
    """Lighthouse's report of one address; the browser sometimes records no start of a page, so it has three tries."""
    for _ in range(2):
        try:
            return measure_once(address, folder)
        except subprocess.CalledProcessError:
            continue
    return measure_once(address, folder)


def measure_once(address: str, folder: Path) -> dict[str, object]:
    """One run of Lighthouse."""
    report = folder / "report.json"
    with tempfile.TemporaryDirectory(prefix="lighthouse-") as profile:
        subprocess.run(
            [
                LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={report}",
                "--form-factor=mobile", "--no-enable-error-reporting",
                f"--only-categories={','.join(CATEGORIES)}",
                # Lists of results stay out of search engines on purpose: strangers would have them list their words.
                *(["--skip-audits=is-crawlable"] if address.endswith(RESULTS) else []),
                f"--chrome-flags={CHROME_FLAGS} --user-data-dir={profile}",
            ],
            env={name: value for name, value in os.environ.items() if name.lower() not in NOT_FOR_THE_BROWSER}
            | {"CHROME_PATH": os.environ.get("CHROMIUM") or "/usr/bin/chromium", "CI": "1"},
            stdin=subprocess.DEVNULL,
            check=True,
            timeout=300,
        )  # fmt: skip
    found: dict[str, object] = json.loads(report.read_text(encoding="utf-8"))
    return found


def lowered(report: dict[str, object]) -> list[str]:
    """What took points off, one line each."""
    audits, lines = report["audits"], []
    for name in CATEGORIES:
        for reference in report["categories"][name]["auditRefs"]:  # type: ignore[index]
            audit = audits[reference["id"]]  # type: ignore[index]
            if reference["weight"] and audit["score"] is not None and audit["score"] < 0.9:
                lines.append(f"    {name}: {audit['title']} ({audit['score']}) {audit.get('displayValue', '')}")
    return lines


def run(url: str) -> int:
    """Print the table; returns how many figures are under the limit."""
    short = 0
    print(f"| page | {' | '.join(CATEGORIES)} | sent |\n|---|{'--:|' * (len(CATEGORIES) + 1)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, path in paths(url).items():
            with urlopen(url + path, timeout=60):  # made once, as it is for all but the first reader
                pass
            report = measure(url + path, Path(folder))
            scores = [round(report["categories"][category]["score"] * 100) for category in CATEGORIES]  # type: ignore[index]
            sent = report["audits"]["total-byte-weight"]["numericValue"] / 1024  # type: ignore[index]
            short += sum(score < LEAST for score in scores)
            print(f"| {name} | {' | '.join(map(str, scores))} | {sent:.0f} KB |", flush=True)
            for line in lowered(report):
                print(line, file=sys.stderr, flush=True)
    return short


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="measure a running site instead, named without a slash at the end")
    given = parser.parse_args().url
    if given:
        return int(run(given) > 0)
    with tempfile.TemporaryDirectory(prefix="pufa-lighthouse-") as folder, temporary_site(Path(folder)) as site:
        return int(run(site.url) > 0)


if __name__ == "__main__":
    sys.exit(main())
