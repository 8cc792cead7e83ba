"""Ask a database of known holes about every locked package: `make audit`. Where none can be reached, it says so.

Python's packages by pip-audit (from the path, else through `uvx`), those of the browser by `npm audit`. Exit 1 where a
hole is known; 0 where none is, or where nobody could be asked, which is then the last word on the screen.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from scripts.steps import ROOT, say
from scripts.supply.packages import PYTHON_LOCKS

LIMIT_S = 300


@dataclass
class Answer:
    """`holes` are lines for a person; `skipped` is why nobody could be asked, empty where somebody was."""

    holes: list[str] = field(default_factory=list)
    skipped: str = ""


def python_packages() -> Answer:
    program = ["pip-audit"] if shutil.which("pip-audit") else ["uvx", "pip-audit"] if shutil.which("uvx") else []
    if not program:
        return Answer(skipped="neither pip-audit nor uvx is installed")
    program += [word for lock in PYTHON_LOCKS for word in ("-r", lock)]
    return _asked([*program, "--disable-pip", "--no-deps", "--progress-spinner=off", "--format=json"], _of_python)


def _of_python(told: Any) -> list[str]:
    found = []
    for package in told["dependencies"]:
        for hole in package.get("vulns", []):
            mended = ", ".join(hole["fix_versions"]) or "no release"
            found.append(f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}")
    return found


def browser_packages() -> Answer:
    if not shutil.which("npm"):
        return Answer(skipped="npm is not installed")
    return _asked(["npm", "audit", "--omit=dev", "--json"], _of_npm)


def _of_npm(told: Any) -> list[str]:
    return [f"{name} {hole['range']}: {hole['severity']}" for name, hole in told["vulnerabilities"].items()]


def _asked(command: Sequence[str], read: Callable[[Any], list[str]]) -> Answer:
    """Both programs fail for holes and for a network that is not there alike: only a whole answer counts."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_S, check=False)
        return Answer(holes=read(json.loads(done.stdout)))
    except subprocess.TimeoutExpired:
        return Answer(skipped=f"no answer within {LIMIT_S} s")
    except (ValueError, KeyError, TypeError):
        said = (done.stderr.strip() or done.stdout.strip() or "no answer").splitlines()
        words = [line for line in said if "log of this run" not in line] or said
        return Answer(skipped=f"no database was reached ({words[-1][:200]})")


def main() -> int:
    answers = {"Python packages": python_packages(), "Browser packages": browser_packages()}
    for name, answer in answers.items():
        for hole in answer.holes:
            say(f"{name}: {hole}")
        if not answer.holes and not answer.skipped:
            say(f"{name}: no known hole")
    for name, answer in answers.items():
        if answer.skipped:
            say(f"{name}: NOT AUDITED, {answer.skipped}")
    return int(any(answer.holes for answer in answers.values()))


if __name__ == "__main__":
    sys.exit(main())
