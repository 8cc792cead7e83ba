"""Official-style .docx: every paragraph is one line, whatever its style."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from lawbook.sources.files import MOST_BYTES, SourceFile, refuse
from lawbook.sources.lines import parse_lines
from lawbook.sources.records import LawRecord, Line
from trust.errors import InputError, InputProblem, gettext_noop


def read_docx(source: SourceFile) -> LawRecord:
    """Read a .docx; rows count paragraphs. Raises InputError."""
    return parse_lines(_read(source), file=source.name, source_sha256=source.sha256)


def _read(source: SourceFile) -> list[Line]:
    import docx  # noqa: PLC0415 - lxml takes a while to load, and only this reader needs it

    try:
        with zipfile.ZipFile(io.BytesIO(source.data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > 5 * MOST_BYTES:
                raise refuse(source.name, "size", "", gettext_noop("a document that unpacks to at most 100 MiB"))
        document = docx.Document(io.BytesIO(source.data))
        if document.tables:
            raise InputError([InputProblem(source.name, 0, "table", "", gettext_noop("paragraphs only, no table"))])
        return list(_lines(document))
    except InputError:
        raise
    except Exception as error:  # python-docx passes on what zlib, lxml and its own parts stumble over
        raise refuse(source.name, "file", "", gettext_noop("a Word document (.docx)")) from error


def _lines(document: Any) -> Iterator[Line]:
    for row, paragraph in enumerate(document.paragraphs, 1):
        bold_head = bool(paragraph.runs) and bool(paragraph.runs[0].bold)
        for piece in paragraph.text.split("\n"):
            if piece.strip():
                yield Line(
                    row, piece, heading=False, spaced=bold_head and paragraph.runs[0].text.strip().endswith("条")
                )
