"""What we stand on: few direct dependencies, each accounted for; locks with hashes and without addresses."""

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any

from scripts.house.tree import Problem, Tree

MOST_DIRECT = 24
DEPENDENCIES = "docs/dependencies.md"
ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host|^\s*-[if]\s", re.MULTILINE)
NAME = re.compile(r"[A-Za-z0-9._-]+")


def python_locks_carry_hashes_and_no_address(tree: Tree) -> Iterator[Problem]:
    for lock in tree.files:
        if not re.fullmatch(r"requirements[\w-]*\.txt", lock):
            continue
        wanting: tuple[int, str] | None = None
        for number, line in tree.lines(lock):
            if ADDRESS.search(line):
                yield Problem(lock, number, "an address has no place in a lock file; compile it with `make lock`")
            if line[:1].isalnum():
                if wanting:
                    yield Problem(lock, wanting[0], f"{wanting[1]} has no hash; compile the file with `make lock`")
                wanting = (number, line.split()[0])
            elif line.strip().startswith("--hash="):
                wanting = None
        if wanting:
            yield Problem(lock, wanting[0], f"{wanting[1]} has no hash; compile the file with `make lock`")


def npm_lock_carries_hashes_and_no_address(tree: Tree) -> Iterator[Problem]:
    lock = "package-lock.json"
    if not tree.has(lock):
        return
    for number, line in tree.lines(lock):
        if '"resolved"' in line or ("://" in line and '"url"' not in line):
            yield Problem(lock, number, "a download address; keep .npmrc as it is and run `make lock`")
    packages: dict[str, dict[str, Any]] = json.loads(tree.text(lock)).get("packages", {})
    for name, entry in packages.items():
        if name and not entry.get("integrity"):
            yield Problem(lock, 0, f"{name} has no integrity hash; run `make lock`")


def direct_dependencies(tree: Tree) -> tuple[list[str], list[str]]:
    """Names of what the product needs to run, and of extras and tools."""
    project = tomllib.loads(tree.text("pyproject.toml"))["project"]
    package = json.loads(tree.text("package.json")) if tree.has("package.json") else {}

    def name(requirement: str) -> str:
        match = NAME.match(requirement)
        return match.group() if match else requirement

    needed = [name(entry) for entry in project["dependencies"]] + list(package.get("dependencies", {}))
    extras = [name(entry) for group in project.get("optional-dependencies", {}).values() for entry in group]
    return needed, extras + list(package.get("devDependencies", {}))


def dependencies_are_few(tree: Tree) -> Iterator[Problem]:
    needed, _ = direct_dependencies(tree)
    if len(needed) > MOST_DIRECT:
        yield Problem("pyproject.toml", 0, f"{len(needed)} direct dependencies, over {MOST_DIRECT}; leave one first")


def dependencies_are_accounted_for(tree: Tree) -> Iterator[Problem]:
    needed, extras = direct_dependencies(tree)
    told = tree.text(DEPENDENCIES) if tree.has(DEPENDENCIES) else ""
    rows = set(re.findall(r"^\| `([^`]+)`", told, re.MULTILINE))
    for name in [*needed, *extras]:
        if name not in rows:
            yield Problem(DEPENDENCIES, 0, f"{name} has no row; say why it is needed and what leaving it would take")
    locked = tree.text("requirements-law.txt") if tree.has("requirements-law.txt") else ""
    data = re.findall(r"^([\w-]+)==", locked, re.MULTILINE)
    for name in sorted(rows - {*needed, *extras, *data, "uv"}):
        yield Problem(DEPENDENCIES, 0, f"{name} is no longer a direct dependency; remove its row")
