"""Bring every app's translation file up to date with the code: new strings empty, unused ones gone, none guessed.

`make messages`. What is left to translate is then listed by `make lint`.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.compile_messages import po_files
from scripts.house.translations import HEADER, extracted
from scripts.house.tree import Tree
from scripts.steps import ROOT


def merge(held: Path, fresh: Path, others: Sequence[Path]) -> None:
    """Rewrite `held` with the strings of `fresh`, translated as it has them, or else as one of `others` does.

    A string that moved to another app keeps its Chinese that way. No source locations, so diffs stay small.
    """
    if not held.exists():
        held.parent.mkdir(parents=True, exist_ok=True)
        held.write_text(HEADER, encoding="utf-8")
    compendia = [f"--compendium={other}" for other in others]
    merged = subprocess.run(
        ["msgmerge", "--quiet", "--no-fuzzy-matching", "--no-location", "--no-wrap", *compendia, held, fresh],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    body = subprocess.run(
        ["msgattrib", "--no-obsolete", "--no-wrap", "--no-location", "-"],
        input=merged,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    _, _, strings = body.partition("\n\n")
    held.write_text(HEADER + "\n" + strings if strings else HEADER, encoding="utf-8")


def main() -> int:
    with extracted(Tree(ROOT)) as copy:
        before: list[Path] = []  # all as they were, for a string may move to a file that comes earlier
        for held in po_files(ROOT):
            kept = copy / f"before-{len(before)}.txt"
            shutil.copyfile(held, kept)
            before.append(kept)
        for fresh in sorted(copy.glob("**/*.po")):
            name = fresh.relative_to(copy)
            merge(ROOT / name, fresh, before)
            print(f"updated {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
