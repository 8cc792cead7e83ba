"""Compile every translation file that is newer than its compiled form, which the repository does not keep."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

from scripts.steps import ROOT

PLACES = ("*/locale/*/LC_MESSAGES/*.po", "site/*/locale/*/LC_MESSAGES/*.po")


def po_files(root: Path) -> list[Path]:
    """The project's translation files, whatever app they belong to."""
    return sorted(path for place in PLACES for path in root.glob(place))


def compile_file(po: Path) -> bool:
    """Compile one file; false where its compiled form is already newer. Fuzzy entries are left out."""
    mo = po.with_suffix(".mo")
    if mo.exists() and mo.stat().st_mtime_ns > po.stat().st_mtime_ns:
        return False
    with po.open("rb") as source:
        catalog = read_po(source, locale=po.parent.parent.name, abort_invalid=True)
    part = mo.with_suffix(".mo.tmp")
    with part.open("wb") as target:
        write_mo(target, catalog)
    part.replace(mo)
    return True


def main() -> int:
    failed = False
    for po in po_files(ROOT):
        try:
            if compile_file(po):
                print(f"compiled {po.relative_to(ROOT)}")
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            print(f"{po.relative_to(ROOT)}: {error}")
            failed = True
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
