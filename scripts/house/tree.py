"""What a house check reads and what it says: the project's files, and problems with a place and a remedy."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

NOT_OURS = frozenset({".git", ".venv", "node_modules", "var", "__pycache__"})
TEXT = frozenset(
    {".css", ".csv", ".html", ".js", ".json", ".md", ".po", ".py", ".sh", ".svg", ".toml", ".txt", ".xml", ".yml"}
)
NAMED = frozenset({"Makefile", "run", "NOTICE", "LICENSE", ".editorconfig", ".gitignore", ".npmrc"})
APPS = ("campaigns", "media", "geo", "site")


@dataclass(frozen=True)
class Problem:
    """Something to mend: `line` counts from 1; 0 speaks of the whole file."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class Tree:
    """The files of a work tree, without what set-up or a run makes; paths are relative to `root`, with `/`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def files(self) -> list[str]:
        found = []
        for folder, folders, names in os.walk(self.root):
            folders[:] = sorted(name for name in folders if name not in NOT_OURS and not name.endswith("_cache"))
            here = Path(folder).relative_to(self.root)
            found += [(here / name).as_posix() for name in sorted(names)]
        return found

    def text_files(self) -> list[str]:
        return [name for name in self.files if Path(name).suffix in TEXT or Path(name).name in NAMED]

    def of(self, *suffixes: str, under: tuple[str, ...] = ()) -> list[str]:
        """Files with one of the suffixes; `under` narrows to top folders."""
        return [
            name for name in self.files if name.endswith(suffixes) and (not under or name.split("/", 1)[0] in under)
        ]

    def has(self, name: str) -> bool:
        return (self.root / name).is_file()

    def text(self, name: str) -> str:
        return (self.root / name).read_text(encoding="utf-8")

    def lines(self, name: str) -> Iterator[tuple[int, str]]:
        """Numbered lines; a file that is not UTF-8 text has none."""
        try:
            yield from enumerate(self.text(name).splitlines(), 1)
        except UnicodeDecodeError:
            return
