"""Hold the rules of the house that no other tool holds: `python -m scripts.check_house`. Each is one function.

A check takes a `Tree` and yields `Problem`s; tests/house breaks every rule once to see it caught.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.house import handbook, layout, locks, pages, translations
from scripts.house.tree import Problem, Tree
from scripts.steps import ROOT

CHECKS: list[Callable[[Tree], Iterator[Problem]]] = [
    layout.site_is_a_source_root,
    layout.modules_are_short,
    layout.no_machine_paths,
    layout.only_ci_names_the_real_data,
    layout.every_switch_is_documented,
    locks.python_locks_carry_hashes_and_no_address,
    locks.npm_lock_carries_hashes_and_no_address,
    locks.dependencies_are_few,
    locks.dependencies_are_accounted_for,
    pages.no_foreign_hosts,
    pages.no_inline_code,
    handbook.pictures_and_texts_agree,
    translations.files_are_complete,
    translations.borrowed_files_are_sound,
    translations.one_wording_for_all_apps,
]


def problems(root: Path) -> list[Problem]:
    tree = Tree(root)
    return [problem for check in CHECKS for problem in check(tree)]


def main() -> int:
    found = problems(ROOT)
    for problem in found:
        print(problem)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
