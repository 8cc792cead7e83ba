"""Official style in plain text: one paragraph a line, 第一条　 at the head of an article."""

from lawbook.sources.files import SourceFile
from lawbook.sources.lines import parse_lines
from lawbook.sources.records import LawRecord, Line


def read_plain(source: SourceFile) -> LawRecord:
    """Read a .txt; raises InputError."""
    lines = [Line(row, text) for row, text in enumerate(source.text().splitlines(), 1)]
    return parse_lines(lines, file=source.name, source_sha256=source.sha256)
