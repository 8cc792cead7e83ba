"""Bytes of a source: read once, hashed, decoded, with a sentence for a person where that fails."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from trust.errors import InputError, InputProblem, gettext_noop

MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True)
class SourceFile:
    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def text(self) -> str:
        """UTF-8 with or without a mark, else GB 18030, as Chinese offices save."""
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return self.data.decode(encoding)
            except UnicodeDecodeError:
                continue
        raise refuse(self.name, "encoding", "", gettext_noop("text in UTF-8 or GB 18030"))


def refuse(name: str, where: str, found: str, expected: str) -> InputError:
    """An InputError about a whole file."""
    return InputError([InputProblem(name, 0, where, found, expected)])


def open_source(path: Path) -> SourceFile:
    """Read `path`; InputError where it is missing, empty or far too large for a statute."""
    if not path.is_file():
        raise refuse(path.name, "file", str(path), gettext_noop("a file that exists"))
    size = path.stat().st_size
    if not 0 < size <= MOST_BYTES:
        raise refuse(path.name, "size", f"{size} B", gettext_noop("a file with text, of at most 20 MiB"))
    return SourceFile(path.name, path.read_bytes())
