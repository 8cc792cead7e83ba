"""Take the handbooks' pictures anew: `python -m scripts.handbook [MODULE …]`; all modules unless some are named.

They are taken on a site that is started for them and filled with the starter content. A shot may change it.
"""

import argparse
import importlib
import os
import pkgutil
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

import scripts.handbook
from scripts.handbook.shots import Camera, Scene, Shot
from scripts.screenshots import ARGS, wait_for_film
from scripts.steps import Stop, say
from scripts.temporary_site import read_accounts, temporary_site


def modules() -> list[str]:
    """The modules of this package that name pictures."""
    names = sorted(module.name for module in pkgutil.iter_modules(scripts.handbook.__path__))
    return [name for name in names if name not in {"__main__", "shots"}]


def shots_of(names: Sequence[str]) -> dict[str, list[Shot]]:
    """The pictures of each named module. Raises Stop for a name that is none."""
    if unknown := sorted(set(names) - set(modules())):
        raise Stop(f"There is no {', '.join(unknown)} here; there are: {', '.join(modules())}.")
    return {name: importlib.import_module(f"scripts.handbook.{name}").SHOTS for name in names or modules()}


def take(url: str, accounts: dict[str, str], asked: dict[str, list[Shot]]) -> None:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    wait_for_film(url)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGS)
        camera = Camera(browser, Scene(url, accounts))
        for name, shots in asked.items():
            say(name)
            for shot in shots:
                camera.take(shot)
        browser.close()


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m scripts.handbook", description=__doc__)
    parser.add_argument("modules", nargs="*", help="whose pictures to take; all without any")
    parser.add_argument("--at", nargs=2, metavar=("URL", "DATA_DIR"), help="a fresh starter site that runs already")
    given = parser.parse_args(arguments)
    try:
        asked = shots_of(given.modules)
        if given.at:
            take(given.at[0].rstrip("/"), read_accounts(Path(given.at[1])), asked)
        else:
            say("Starting a site to picture …")
            with tempfile.TemporaryDirectory(prefix="pufa-handbook-") as data, temporary_site(Path(data)) as site:
                take(site.url, site.accounts, asked)
    except Stop as stop:
        say(str(stop))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
