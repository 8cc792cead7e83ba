"""The text of uploaded documents: Word, spreadsheets, PDF and plain text, read within limits."""

import hashlib
import io
import zipfile
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from editorial.findings import Text
from editorial.models import FileText

MOST_BYTES = 30 * 1024**2
MOST_UNPACKED = 200 * 1024**2
MOST_PAGES = 500
MOST_ROWS = 50_000
MOST_CHARACTERS = 2_000_000


class Unreadable(ValueError):
    """The words of a file cannot be had: a scan, a password, damage, or too much of it."""


def texts_in(data: bytes, name: str) -> list[Text]:
    """The texts of a file by place (page, sheet and row, paragraph). Raises Unreadable.

    Formats that carry no text of this kind (archives, presentations, OpenDocument) are Unreadable: a person looks.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable(_("it is larger than %(limit)d MB") % {"limit": MOST_BYTES // 1024**2})
    ending = name.lower().rpartition(".")[2]
    reader = {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf, "txt": _plain, "csv": _plain}.get(ending)
    if reader is None:
        raise Unreadable(_("files of the kind .%(kind)s are not read") % {"kind": ending})
    try:
        found = [text for text in reader(data) if text.words.strip()]
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(_("it is damaged or protected (%(kind)s)") % {"kind": type(error).__name__}) from error
    if sum(len(text.words) for text in found) > MOST_CHARACTERS:
        raise Unreadable(_("it holds more than %(limit)d characters") % {"limit": MOST_CHARACTERS})
    return found


def _unpacked(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_UNPACKED:
            raise Unreadable(_("it unpacks to more than %(limit)d MB") % {"limit": MOST_UNPACKED // 1024**2})


def _docx(data: bytes) -> Iterator[Text]:
    """Every paragraph of every part: body, tables, headers, footers, notes, text boxes and comments."""
    import docx  # noqa: PLC0415 - lxml takes a while to load

    _unpacked(data)
    package = docx.Document(io.BytesIO(data)).part.package
    for part in package.iter_parts():
        name = str(part.partname)
        if not name.startswith("/word/") or not name.endswith(".xml"):
            continue
        for number, words in enumerate(_paragraphs(part.blob), start=1):
            yield Text(_("paragraph %(number)d") % {"number": number}, words)


def _paragraphs(xml: bytes) -> Iterator[str]:
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    word = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    for paragraph in parse_xml(xml).iter(f"{word}p"):  # its parser resolves no entities
        # Numbers are often split over runs: they are joined before anything is looked for.
        yield "".join(node.text or "" for node in paragraph.iter(f"{word}t", f"{word}delText"))


def _xlsx(data: bytes) -> Iterator[Text]:
    import openpyxl  # noqa: PLC0415 - as above

    _unpacked(data)
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    rows = 0
    for sheet in book.worksheets:
        for number, row in enumerate(sheet.iter_rows(values_only=True), start=1):
            rows += 1
            if rows > MOST_ROWS:
                raise Unreadable(_("it has more than %(limit)d rows") % {"limit": MOST_ROWS})
            words = "\n".join(_cell(value) for value in row if value is not None)
            yield Text(_("sheet %(sheet)s, row %(number)d") % {"sheet": sheet.title, "number": number}, words)


def _cell(value: Any) -> str:
    # A number of 18 digits that was typed as a number comes as a float: its digits count, not its decimals.
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _pdf(data: bytes) -> Iterator[Text]:
    import pypdf  # noqa: PLC0415 - as above

    reader = pypdf.PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable(_("it is protected by a password"))
    if len(reader.pages) > MOST_PAGES:
        raise Unreadable(_("it has more than %(limit)d pages") % {"limit": MOST_PAGES})
    pages = [page.extract_text() or "" for page in reader.pages]
    if pages and not any(page.strip() for page in pages):
        raise Unreadable(_("it holds pictures of pages and no text"))
    for number, words in enumerate(pages, start=1):
        yield Text(_("page %(number)d") % {"number": number}, words)


def _plain(data: bytes) -> Iterator[Text]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            words = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(words.splitlines(), start=1):
            yield Text(_("line %(number)d") % {"number": number}, line)
        return
    raise Unreadable(_("its characters cannot be read"))


def kept_texts(document: Any) -> list[Text]:
    """The texts of a document of the library; read once for the same bytes. Raises Unreadable."""
    with document.open_file() as file:
        data = file.read()
    sha256 = hashlib.sha256(data).hexdigest()
    kept = FileText.objects.filter(sha256=sha256).first()
    if kept is None:
        kept = FileText(sha256=sha256, texts=[])
        try:
            kept.texts = [[text.where, text.words] for text in texts_in(data, document.filename)]
        except Unreadable as problem:
            kept.problem = str(problem)[:200]
        FileText.objects.get_or_create(sha256=sha256, defaults={"texts": kept.texts, "problem": kept.problem})
    if kept.problem:
        raise Unreadable(kept.problem)
    return [Text(where, words) for where, words in kept.texts]
