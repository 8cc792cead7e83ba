"""Which reader a file goes to."""

from pathlib import Path

from lawbook.sources.docx import read_docx
from lawbook.sources.files import open_source, refuse
from lawbook.sources.markdown import read_markdown
from lawbook.sources.plain import read_plain
from lawbook.sources.records import LawRecord
from trust.errors import gettext_noop

READERS = {".md": read_markdown, ".markdown": read_markdown, ".txt": read_plain, ".docx": read_docx}


def read_source(path: Path) -> LawRecord:
    """Read a statute by its file's ending. Raises InputError, also where no reader knows the ending."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise refuse(path.name, "file", path.suffix, gettext_noop("a .md, .docx or .txt file"))
    return reader(open_source(path))
