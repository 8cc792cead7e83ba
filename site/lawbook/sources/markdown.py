"""Statutes in Markdown: headings, bold article numbers, front matter, comments, contents as a list of links."""

import html
import re
from collections.abc import Iterator

from lawbook.sources.files import SourceFile
from lawbook.sources.lines import parse_lines
from lawbook.sources.records import LawRecord, Line
from trust.errors import InputError, InputProblem, gettext_noop

_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_BOLD_NUMBER = re.compile(r"\*\*\s*(第[^*]{1,20}[条章节编])\s*\*\*(.*)", re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BULLET = re.compile(r"[-*+]\s+(.*)")
_HEADING_WORDS = re.compile(r"第[^\s]{1,8}(?:编|章|节)")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"^>|^\|.*\||^```|^~~~|!\[|<[a-zA-Z/][^>]*>")


def read_markdown(source: SourceFile) -> LawRecord:
    """Read a .md; raises InputError."""
    problems: list[InputProblem] = []
    lines = list(_lines(source, problems))
    if problems:
        raise InputError(problems)
    return parse_lines(lines, file=source.name, source_sha256=source.sha256)


def _lines(source: SourceFile, problems: list[InputProblem]) -> Iterator[Line]:
    for row, raw in _body(source.text()):
        for piece in _BREAK.split(html.unescape(raw)):
            text = piece.strip()
            line = _line(row, text)
            if _MARKUP.search(text) or (line and _BULLET.fullmatch(line.text)):
                expected = gettext_noop("only the text of the law: no quotation, list, table, picture or code")
                problems.append(InputProblem(source.name, row, "text", text[:60], expected))
            elif line:
                yield line


def _line(row: int, text: str) -> Line | None:
    heading = _HEADING.fullmatch(text)
    if heading:
        text = heading[2]
    elif bullet := _BULLET.fullmatch(text):
        # Contents are often a list of links; any other bullet is a remark, left for the parser to refuse.
        inner = _LINK.sub(r"\1", bullet[1]).strip()
        text = inner if _HEADING_WORDS.match(inner) or inner.startswith(("（", "(")) else text
    number = _BOLD_NUMBER.fullmatch(text)
    if number:
        return Line(row, f"{number[1]} {number[2]}", heading=bool(heading), spaced=True)
    text = text.replace("**", "").replace("__", "")
    return Line(row, text, heading=bool(heading)) if text.strip() else None


def _body(text: str) -> Iterator[tuple[int, str]]:
    """Numbered lines without front matter and comments."""
    lines = text.splitlines()
    start = 0
    if lines and lines[0].strip() == "---":
        for index, line in enumerate(lines[1:], 1):
            if line.strip() in ("---", "..."):
                start = index + 1
                break
    in_comment = False
    for row, line in enumerate(lines[start:], start + 1):
        kept = ""
        rest = line
        while rest:
            mark = "-->" if in_comment else "<!--"
            before, found, rest = rest.partition(mark)
            if not in_comment:
                kept += before
            if found:
                in_comment = not in_comment
        yield row, kept
