"""What the product stands on, read from its lock files: name, version, checksums, and who asked for whom.

Standard library only: it also runs where nothing is installed.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

#: What a production installation gets; tools of development are in none of them.
PYTHON_LOCKS = ("requirements-services.txt", "requirements-law.txt")
NPM_LOCK = "package-lock.json"
#: Who asks for what nobody else asks for.
PRODUCT = "pufa-express"

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=(?P<kind>sha256|sha512):(?P<digest>[0-9a-f]+)")


@dataclass(frozen=True)
class Package:
    """`source` is pypi or npm; `hashes` are (CycloneDX algorithm, hex) of every file that may be it."""

    source: str
    name: str
    version: str
    hashes: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()  # names, of the same source

    @property
    def purl(self) -> str:
        return f"pkg:{self.source}/{self.name.replace('@', '%40')}@{self.version}"


def normal(name: str) -> str:
    """A Python package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_packages(lock: str) -> list[Package]:
    """Packages of a `requirements` file with hashes, as uv writes it; its `# via` lines say who needs whom."""
    found: list[Package] = []
    asked_by: dict[str, list[str]] = {}
    for line in lock.splitlines():
        pin = _PIN.match(line)
        if pin:
            found.append(Package("pypi", normal(pin["name"]), pin["version"]))
        elif found and (digest := _HASH.search(line)):
            kind = {"sha256": "SHA-256", "sha512": "SHA-512"}[digest["kind"]]
            found[-1] = replace(found[-1], hashes=(*found[-1].hashes, (kind, digest["digest"])))
        elif found and line.lstrip().startswith("#"):
            word = line.lstrip("# ").removeprefix("via").strip()
            if word and not word.startswith("-"):
                asked_by.setdefault(found[-1].name, []).append(normal(word.split()[0]))
    return [
        replace(package, needs=tuple(sorted(name for name, by in asked_by.items() if package.name in by)))
        for package in found
    ]


def npm_packages(lock: str) -> list[Package]:
    """Packages that a browser is given; those of development are left out."""
    entries = json.loads(lock)["packages"]
    found = []
    for place, entry in entries.items():
        if not place or entry.get("dev"):
            continue
        kind, _, digest = entry["integrity"].partition("-")
        found.append(
            Package(
                "npm",
                place.rpartition("node_modules/")[2],
                entry["version"],
                ((kind.upper().replace("SHA", "SHA-"), base64.b64decode(digest).hex()),),
                tuple(sorted(entry.get("dependencies", {}))),
            )
        )
    return found


def of_product(root: Path) -> list[Package]:
    """Everything that a production installation of the checkout in `root` is given, Python first, by name."""
    python: dict[str, Package] = {}
    for lock in PYTHON_LOCKS:
        for package in python_packages((root / lock).read_text(encoding="utf-8")):
            python[package.name] = package
    npm = npm_packages((root / NPM_LOCK).read_text(encoding="utf-8"))
    return [*sorted(python.values(), key=_by_name), *sorted(npm, key=_by_name)]


def asked_for_by_product(packages: Iterable[Package]) -> list[Package]:
    """Those that no other package asks for: the product itself does."""
    listed = list(packages)
    needed = {(package.source, name) for package in listed for name in package.needs}
    return [package for package in listed if (package.source, package.name) not in needed]


def _by_name(package: Package) -> str:
    return package.name
