"""Write the bill of materials and the list of licences (`make sbom`): `python -m scripts.sbom [FOLDER]`; var/sbom."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from scripts.steps import DATA_DIR, ROOT, Stop, say
from scripts.supply import licences, sbom
from scripts.supply.packages import of_product
from scripts.supply.release import release_of


def main(arguments: Sequence[str]) -> int:
    folder = Path(arguments[0]) if arguments else DATA_DIR / "sbom"
    if found := licences.problems():
        say("\n".join(found))
        return 1
    try:
        release = release_of(ROOT)
    except Stop as stop:
        say(str(stop))
        return 1
    document = sbom.bill(ROOT, version=release.name, made_at=release.made_at)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sbom.cdx.json").write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (folder / "LICENCES.txt").write_text(licences.table(of_product(ROOT)) + "\n", encoding="utf-8")
    say(f"{len(document['components'])} components: {folder / 'sbom.cdx.json'}, {folder / 'LICENCES.txt'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
