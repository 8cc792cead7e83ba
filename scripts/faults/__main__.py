"""Run the faults, or some: `python -m scripts.faults [--only NAME …] [--list]`. Each part is a process of its own.

Every part is a module here whose first line of documentation says what it does, and which prints a Markdown table; its
exit code is the number of rows that ended badly.
"""

from __future__ import annotations

import argparse
import ast
import os
import subprocess
import sys
import time
from pathlib import Path

from scripts.steps import ROOT, machine, say

#: In this order; another module beside these is another part.
FIRST = ("kills", "disk", "locked", "storage", "clock", "releases", "films", "scans")
NOT_PARTS = {"__init__", "__main__", "deeds", "people", "rows", "stand"}


def parts() -> dict[str, str]:
    """Name and first line of documentation of every part."""
    found = {}
    for path in Path(__file__).parent.glob("*.py"):
        if path.stem not in NOT_PARTS:
            told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            found[path.stem] = told.splitlines()[0]
    return dict(
        sorted(found.items(), key=lambda part: (FIRST.index(part[0]) if part[0] in FIRST else len(FIRST), part))
    )


def main() -> int:
    known = parts()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=known, metavar="NAME", default=[], help=f"of {', '.join(known)}")
    parser.add_argument("--list", action="store_true", help="say what there is and end")
    options, more = parser.parse_known_args()  # a part alone takes options of its own
    if options.list:
        say("\n".join(f"{name:<10} {told}" for name, told in known.items()))
        return 0
    if more and len(options.only) != 1:
        parser.error(f"{' '.join(more)}: options of a part go with --only and one name")
    wanted = [name for name in known if name in options.only or not options.only]
    say(f"{time.strftime('%Y-%m-%d %H:%M')}, {machine()}, load {os.getloadavg()[0]:.0f}")
    bad = 0
    for name in wanted:
        say(f"\n## {name}\n\n{known[name]}\n")
        sys.stdout.flush()
        done = subprocess.run([sys.executable, "-m", f"scripts.faults.{name}", *more], cwd=ROOT, check=False)
        bad += abs(done.returncode)  # negative where a signal ended it
    say(f"\n{bad} bad" if bad else "\nNothing confirmed was lost, and everything recovered by itself.")
    return min(bad, 100)


if __name__ == "__main__":
    sys.exit(main())
