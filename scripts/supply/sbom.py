"""The bill of materials: every package that ships, with version, licence, checksums and needs (CycloneDX 1.6, JSON).

Written from the lock files, so that it says what a release installs and not what one machine happens to hold. No
published tool reads both of our kinds of lock; the format is small.
"""

from __future__ import annotations

import json
import re
import tomllib
import uuid
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from scripts.supply import licences
from scripts.supply.packages import PRODUCT, Package, asked_for_by_product, of_product

#: Expressions have operators; a single identifier has none of these.
_EXPRESSION = re.compile(r"\b(?:AND|OR|WITH)\b")
_SPDX = re.compile(
    r"0BSD|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|CNRI-Python|ISC|LGPL-3\.0-only|MIT(-0|-CMU)?|MPL-2\.0"
    r"|OFL-1\.1|PSF-2\.0|Unlicense|Zlib|GPL-3\.0-or-later"
)


def bill(
    root: Path,
    *,
    version: str,
    made_at: str,
    files: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> dict[str, Any]:
    """The document. `files` maps purls to the checksums of the very file that ships; else those of the lock stand.

    `made_at` is ISO 8601 in UTC. The serial number follows from the contents: the same release, the same number.
    """
    packages = of_product(root)
    components = [_component(package, root, (files or {}).get(package.purl, package.hashes)) for package in packages]
    components += _programs()
    document: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": made_at,
            "tools": {"components": [{"type": "application", "name": "scripts.supply.sbom", "version": version}]},
            "component": {
                "type": "application",
                "bom-ref": PRODUCT,
                "name": PRODUCT,
                "version": version,
                "description": _described(root),
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": components,
        "dependencies": _dependencies(packages, [part["bom-ref"] for part in components]),
    }
    told = json.dumps(document, sort_keys=True)
    return {"serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, told)}", **document}


def _component(package: Package, root: Path, hashes: Sequence[tuple[str, str]]) -> dict[str, Any]:
    group, slash, name = package.name.rpartition("/")
    made: dict[str, Any] = {"type": "library", "bom-ref": package.purl, "name": name, "version": package.version}
    if slash:
        made["group"] = group
    licence = licences.stated(package, root)
    if licence:
        made["licenses"] = _licences(licence)
    return made | {"purl": package.purl, "hashes": [{"alg": kind, "content": digest} for kind, digest in hashes]}


def _licences(licence: str) -> list[dict[str, Any]]:
    if _EXPRESSION.search(licence) and " License" not in licence:
        return [{"expression": licence}]
    return [{"license": {"id" if _SPDX.fullmatch(licence) else "name": licence}}]


def _programs() -> list[dict[str, Any]]:
    """Programs that lie inside a package and have terms of their own: ffmpeg, run as a process."""
    try:
        files = metadata.files("imageio-ffmpeg") or []
    except metadata.PackageNotFoundError:
        return []
    found = [match for file in files if (match := re.fullmatch(r"ffmpeg-[\w-]+-v([\d.]+)", file.name))]
    return [
        {
            "type": "application",
            "bom-ref": f"pkg:generic/ffmpeg@{match[1]}",
            "name": "ffmpeg",
            "version": match[1],
            "description": "inside imageio-ffmpeg; started as a program, not linked",
            "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            "purl": f"pkg:generic/ffmpeg@{match[1]}",
        }
        for match in found[:1]
    ]


def _dependencies(packages: Sequence[Package], refs: Sequence[str]) -> list[dict[str, Any]]:
    by_name = {(package.source, package.name): package.purl for package in packages}
    graph = {PRODUCT: sorted(package.purl for package in asked_for_by_product(packages))}
    for package in packages:
        graph[package.purl] = sorted(by_name[package.source, name] for name in package.needs)
    for ref in refs:
        if ref not in graph:
            graph[by_name["pypi", "imageio-ffmpeg"]].append(ref)
            graph[ref] = []
    return [{"ref": ref, "dependsOn": needs} for ref, needs in graph.items()]


def _described(root: Path) -> str:
    return str(tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["description"])
