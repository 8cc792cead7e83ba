"""Under which terms each package comes, and which terms we do not build on.

`python -m scripts.supply.licences` lists what ships and fails where a licence is refused, unknown or not stated. The
word is the package's own: SPDX expression, else its licence field, else its classifiers.
"""

from __future__ import annotations

import json
import re
import sys
from email.message import Message
from importlib import metadata
from pathlib import Path
from typing import cast

from scripts.steps import ROOT
from scripts.supply.packages import NPM_LOCK, Package, normal, of_product, python_packages

#: Would bind whoever runs the product as a service, or whom it may serve.
REFUSED = re.compile(
    r"\bAGPL|Affero|\bSSPL|\bBUSL|Business Source|Commons[- ]Clause|\bNC\b|NonCommercial", re.IGNORECASE
)
#: Fine for a program that we only run; nothing that we import or hand on.
ONLY_FOR_TOOLS = re.compile(r"(?<![LA])\bGPL|(?<!Lesser )(?<!Affero )General Public", re.IGNORECASE)
#: Read by a person once. Everything else wants to be read before it gets in.
KNOWN = re.compile(
    r"0BSD|Apache([- ](Software )?(License )?2(\.0)?| Software License)|BSD([- ][23][- ]Clause)?( License)?"
    r"|BlueOak-1\.0\.0|CC0-1\.0|CNRI-Python|ISC( License \(ISCL\))?|LGPL-3\.0-only|LLVM-exception"
    r"|MIT(-0|-CMU)?( License)?|MPL-2\.0|Mozilla Public License 2\.0 \(MPL 2\.0\)"
    r"|OFL-1\.1|PSF(L|-2\.0)|Python Software Foundation License"
    r"|Unlicense|Zlib|Dual License",
    re.IGNORECASE,
)
#: Stated where no program looks, and read there by a person.
READ = {"combine-errors": "MIT"}  # in its Readme.md
TOOLS_LOCK = "requirements-dev.txt"
NONE_STATED = "not stated"


def stated(package: Package, root: Path = ROOT) -> str:
    """The licence in the package's own words; empty where it is not installed here or says nothing."""
    said = _of_npm(package, root) if package.source == "npm" else _of_python(package.name)
    return said or READ.get(package.name, "")


def _of_python(name: str) -> str:
    try:
        told = cast("Message", metadata.metadata(name))
    except metadata.PackageNotFoundError:
        return ""
    field = (told.get("License") or "").strip()
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License")]
    return told.get("License-Expression") or (field if _is_short(field) else "") or " AND ".join(classified)


def _is_short(field: str) -> bool:
    """Some put the whole text there."""
    return bool(field) and len(field) < 40 and "\n" not in field


def _of_npm(package: Package, root: Path) -> str:
    entries = json.loads((root / NPM_LOCK).read_text(encoding="utf-8"))["packages"]
    return next(
        (
            str(entry.get("license", ""))
            for place, entry in entries.items()
            if place.endswith(f"node_modules/{package.name}")
        ),
        "",
    )


def why_not(licence: str, *, ships: bool) -> str:
    """What speaks against a package under these terms; empty where nothing does."""
    if not licence:
        return "states no licence, or is not installed: run `make test` or `make lint` once, or read its files"
    if REFUSED.search(licence):
        return f"is under {licence}, which we do not build on"
    if ONLY_FOR_TOOLS.search(licence):
        return f"is under {licence}: a tool may be, what ships may not" if ships else ""
    rest = re.sub(r"\b(?:AND|OR|WITH)\b|[()\s]", "", KNOWN.sub("", licence))
    if rest:
        return f"is under {licence}, which nobody has read yet: read it, then add it to KNOWN"
    return ""


def problems(root: Path = ROOT) -> list[str]:
    shipped = of_product(root)
    tools = python_packages((root / TOOLS_LOCK).read_text(encoding="utf-8"))
    names = {package.name for package in shipped}
    found = [(package, why_not(stated(package, root), ships=True)) for package in shipped]
    found += [(p, why_not(stated(p, root), ships=False)) for p in tools if normal(p.name) not in names]
    return [f"{package.name} {package.version} {reason}" for package, reason in found if reason]


def table(packages: list[Package], root: Path = ROOT) -> str:
    """One line each: source, name, version, licence."""
    rows = [(p.source, p.name, p.version, stated(p, root) or NONE_STATED) for p in packages]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]) for row in rows
    )


def main() -> int:
    found = problems()
    print("\n".join(found) if found else table(of_product(ROOT)))
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
