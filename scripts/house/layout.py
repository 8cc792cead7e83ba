"""Where things stand: `site/` is no package, a module is one idea, and no file knows the machine it was written on."""

import re
from collections.abc import Iterator

from scripts.house.tree import Problem, Tree

LONGEST_MODULE = 450
MACHINE_PATH = re.compile(r"""(?<![\w.})/\]*-])/(?:work|root|Users|home/[a-z][\w-]*)/[\w.-]+""")
REAL_DATA = re.compile(r"\.\./shared\b|\bshared/data\b")
CI = ".ci/run"
SWITCH_READ = re.compile(
    r"""(?:env\.(?:text|flag|number|names|path|choice)\(\s*|environ(?:\.get\(|\[)\s*)["'](PUFA_[A-Z0-9_]+|PORT|CHROMIUM)["']"""
)
OPERATIONS = "docs/operations.md"


def site_is_a_source_root(tree: Tree) -> Iterator[Problem]:
    if tree.has("site/__init__.py"):
        yield Problem("site/__init__.py", 0, "delete it: `site` is a source root; the standard library owns the name")


def modules_are_short(tree: Tree) -> Iterator[Problem]:
    for name in tree.of(".py", ".js"):
        if "/migrations/" in name:
            continue
        count = sum(1 for _ in tree.lines(name))
        if count > LONGEST_MODULE:
            yield Problem(name, count, f"{count} lines; over {LONGEST_MODULE} look for the second idea and move it out")


def no_machine_paths(tree: Tree) -> Iterator[Problem]:
    for name in tree.text_files():
        for number, line in tree.lines(name):
            for match in MACHINE_PATH.finditer(line):
                yield Problem(name, number, f"{match.group()} is a path of one machine; make it relative or a setting")


def only_ci_names_the_real_data(tree: Tree) -> Iterator[Problem]:
    for name in tree.text_files():
        if name in {CI, "scripts/house/layout.py"}:
            continue
        for number, line in tree.lines(name):
            if REAL_DATA.search(line):
                yield Problem(name, number, f"only {CI} says where the real data are; use PUFA_REAL_DATA")


def every_switch_is_documented(tree: Tree) -> Iterator[Problem]:
    documented = tree.text(OPERATIONS) if tree.has(OPERATIONS) else ""
    for name in tree.of(".py"):
        for number, line in tree.lines(name):
            for match in SWITCH_READ.finditer(line):
                if f"`{match.group(1)}`" not in documented:
                    yield Problem(name, number, f"{match.group(1)} has no row in {OPERATIONS}; add it")
