"""Every check that needs no running site, one line each; what failed is shown in full at the end of its line.

`python -m scripts.lint [NAME …]` runs all checks, or those whose names begin as given.
"""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from scripts.steps import ROOT, VENV, VENV_PYTHON, say

TEMPLATES = ["campaigns", "geo", "media", "site"]
ROOTS = {"PYTHONPATH": f"{ROOT / 'site'}{os.pathsep}{ROOT}"}
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.settings.test"}
SPLIT = "split the migration, so that old and new code both run on its schema"
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "PUFA_SECRET_KEY": secrets.token_urlsafe(60),
    "PUFA_ALLOWED_HOSTS": "pufa.example.gov.cn",
    "PUFA_PUBLIC_URL": "https://pufa.example.gov.cn",
}


@dataclass(frozen=True)
class Check:
    name: str
    argv: Sequence[str]
    remedy: str
    env: dict[str, str] = field(default_factory=dict)


def tool(name: str) -> str:
    return str(VENV / "bin" / name)


def python(*arguments: str) -> list[str]:
    return [str(VENV_PYTHON), *arguments]


def checks() -> list[Check]:
    manage = python("manage.py")
    return [
        Check("ruff", [tool("ruff"), "check", "."], "`.venv/bin/ruff check --fix .` mends what is safe to mend"),
        Check("format", [tool("ruff"), "format", "--check", "."], "`.venv/bin/ruff format .`"),
        Check("types", [tool("mypy")], "mend the types where it says"),
        Check(
            "layers", [tool("lint-imports")], "import from a floor below, or by protocol (docs/architecture.md)", ROOTS
        ),
        Check("templates", [tool("djlint"), *TEMPLATES, "--lint", "--quiet"], "mend the template where it says"),
        Check("house", python("-m", "scripts.check_house"), "do what each line says"),
        Check("statute-text", python("scripts/check_statute_text.py"), "take the statute's words out; import them"),
        Check("licences", python("-m", "scripts.supply.licences"), "leave the package, or read its licence"),
        Check("system", [*manage, "check", "--fail-level", "WARNING"], "mend the settings or model", TEST_SETTINGS),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], "`makemigrations`", TEST_SETTINGS),
        Check("migration-safety", python("-m", "scripts.lint_migrations"), SPLIT, TEST_SETTINGS),
        Check("deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], "mend the settings", PRODUCTION),
    ]


def run(check: Check) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        check.argv,
        cwd=ROOT,
        env={**os.environ, **check.env},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    good = done.returncode == 0
    say(f"{'ok  ' if good else 'FAIL'} {check.name:<17}{time.monotonic() - began:5.1f} s")
    if not good:
        say(f"{done.stdout.rstrip()}\n→ {check.remedy}\n")
    return good


def main(names: Sequence[str]) -> int:
    chosen = [check for check in checks() if not names or check.name.startswith(tuple(names))]
    failed = [check.name for check in chosen if not run(check)]
    if failed:
        say(f"{len(failed)} of {len(chosen)} checks failed: {', '.join(failed)}")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
