"""Links around the citations in a piece of safe HTML, such as rich text or a rendered StreamField.

Only text changes; what tags, attributes and comments say comes out as it went in. A citation is read in the words of
its whole block, so that 《<b>甲法</b>》第二条 is never taken for 第二条 of another law. One that runs
across a tag stays as it is.
"""

import html
from dataclasses import dataclass
from html.parser import HTMLParser

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from lawbook.glossary import Section
from lawbook.links import Linker, Span

# fmt: off
# Words run on through these; any other tag ends the block.
_INLINE = frozenset({
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q", "s",
    "samp", "small", "span", "strong", "sub", "sup", "time", "u", "var",
})
# Nothing in these is a link of ours: there is one already, or what they hold is not for reading.
_CLOSED = frozenset({
    "a", "button", "code", "iframe", "kbd", "label", "math", "nav", "noscript", "object", "option", "pre", "samp",
    "script", "select", "style", "summary", "svg", "template", "textarea", "title",
})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
# fmt: on


@dataclass
class _Piece:
    """A tag, or words: `raw` as they came. Words have their meaning in `text`, and whether a link may stand there."""

    raw: str
    text: str = ""
    linkable: bool = False


class _Splitter(HTMLParser):
    """Cuts HTML into blocks of pieces without changing a character."""

    def __init__(self, closed: frozenset[str]) -> None:
        super().__init__(convert_charrefs=False)
        self.closed = closed
        self.inside: list[str] = []  # open elements in which nothing is linked
        self.blocks: list[list[_Piece]] = [[]]

    def add(self, raw: str, tag: str) -> None:
        if tag in _INLINE:
            self.blocks[-1].append(_Piece(raw))
        else:
            self.blocks += [[_Piece(raw)], []]

    def words(self, raw: str) -> None:
        block = self.blocks[-1]
        linkable = not self.inside
        if block and block[-1].text and block[-1].linkable == linkable:
            block[-1].raw += raw
            block[-1].text = html.unescape(block[-1].raw)
        else:
            block.append(_Piece(raw, html.unescape(raw), linkable))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.add(self.get_starttag_text() or "", tag)
        if tag in self.closed:
            self.inside.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        self.add(self.get_starttag_text() or "", tag)

    def handle_endtag(self, tag: str) -> None:
        self.add(f"</{tag}>", tag)
        if tag in self.inside:
            del self.inside[len(self.inside) - 1 - self.inside[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self.words(data)

    def handle_entityref(self, name: str) -> None:
        self.words(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.words(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.blocks[-1].append(_Piece(f"<!--{data}-->"))

    def handle_decl(self, decl: str) -> None:
        self.blocks[-1].append(_Piece(f"<!{decl}>"))

    def handle_pi(self, data: str) -> None:
        self.blocks[-1].append(_Piece(f"<?{data}>"))

    def unknown_decl(self, data: str) -> None:
        self.blocks[-1].append(_Piece(f"<![{data}]>"))


def link_citations_html(
    markup: str, linker: Linker, *, headings: bool = False, terms: Section | None = None
) -> SafeString:
    """`markup`, which must be safe, with links around the citations in its text; `terms` marks those of the glossary.

    Nothing inside links, navigation, buttons, code, forms or SVG changes, nor in headings unless `headings`.
    """
    if terms is None and (not linker.known or ("条" not in markup and "條" not in markup)):
        return mark_safe(markup)  # noqa: S308 - safe as it came
    splitter = _Splitter(_CLOSED if headings else _CLOSED | _HEADINGS)
    splitter.feed(markup)
    splitter.close()
    parts = [part for block in splitter.blocks for part in _block(block, linker, terms)]
    return mark_safe("".join(parts))  # noqa: S308 - safe as it came; what was put in is escaped


def _block(pieces: list[_Piece], linker: Linker, terms: Section | None) -> list[str]:
    spans = linker.spans("".join(piece.text for piece in pieces))
    out: list[str] = []
    at = 0
    for piece in pieces:
        end = at + len(piece.text)
        inside = [span for span in spans if at <= span.start and span.end <= end] if piece.linkable else []
        marked = inside or (terms is not None and piece.linkable and terms.finds(piece.text))
        out.append(_linked(piece, at, inside, terms) if marked else piece.raw)
        at = end
    return out


def _linked(piece: _Piece, at: int, spans: list[Span], terms: Section | None) -> str:
    def words(start: int, end: int) -> str:
        return terms.words(piece.text, start, end) if terms else escape(piece.text[start:end])

    parts: list[str] = []
    done = 0
    for span in spans:
        start, end = span.start - at, span.end - at
        link = format_html('<a href="{}">{}</a>', span.url, piece.text[start:end])
        parts += [words(done, start), link]
        done = end
    return "".join([*parts, words(done, len(piece.text))])
