"""A page of HTML from simplified into traditional script, changing nothing but the words that people read.

Converted: text, <title>, the attributes title, alt, aria-label and placeholder, the content of a <meta> that carries
words, the strings of JSON-LD, and the `lang` of <html>. Everything else comes out as the very characters that went in:
other attributes, values of fields, textareas, scripts, styles, comments, addresses. An element that names its own
language, `translate="no"` or the class `notranslate` is left alone with all that it holds; so is an <option> without a
value, as its text is what the form sends.
"""

import html
import json
import re
from dataclasses import dataclass, field

from zh.scripts import to_traditional
from zh.spacing import HANZI

# The tokenizer of the HTML standard (§13.2.5), as far as finding the ends of tags needs it. Possessive throughout: a
# damaged page costs no more than a whole one.
_ATTRIBUTES = r"""(?:[\s/]++|[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>][^\s>]*+)?+)?+)*+"""
_START = re.compile(rf"<([a-zA-Z][^\s/>]*+)({_ATTRIBUTES})>")
_END = re.compile(rf"</([a-zA-Z][^\s/>]*+){_ATTRIBUTES}>")
_ATTRIBUTE = re.compile(r"""([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>][^\s>]*+))?+)?+""")
_COMMENT = re.compile(r"<!--(?:-?>|.*?--!?>)", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
_BOGUS = re.compile(r"<(?:[!?]|/[^a-zA-Z])[^>]*>|</>")
_HAS_HANZI = re.compile(rf"[{HANZI}]")
_XML_TAG = re.compile(
    r"""(<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<[^<>"']*+(?:"[^"]*+"[^<>"']*+|'[^']*+'[^<>"']*+)*+>)""", re.DOTALL
)
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{4,5})|([0-9]{5,6}));")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*:)?')
_CHINESE = re.compile(r"zh(?:-(?:hans|cn|sg|my)\b.*)?", re.IGNORECASE)

_READ_ATTRIBUTES = frozenset({"title", "alt", "aria-label", "placeholder"})
# fmt: off
_VOID = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
})
# fmt: on
# Holds characters, not markup, up to its own end tag.
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
# A word runs on across these: <mark>头</mark>发 is hair.
_INSIDE_WORDS = frozenset({"mark", "em", "strong", "b", "i", "u"})
_FOREIGN = frozenset({"svg", "math"})
_ENDS_BEFORE = {
    "li": {"li"},
    "dt": {"dt", "dd"},
    "dd": {"dt", "dd"},
    "option": {"option"},
    "optgroup": {"option", "optgroup"},
    "tr": {"tr", "td", "th"},
    "td": {"td", "th"},
    "th": {"td", "th"},
}
# fmt: off
_ENDS_P = frozenset({
    "address", "article", "aside", "blockquote", "details", "div", "dl", "fieldset", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
})
# fmt: on
_BREAK = "\x1e"


def html_to_traditional(page: str) -> str:
    """`page` with its words in traditional script; as it is where there is nothing to convert."""
    if page.isascii():
        return page
    reader = _Reader(page)
    reader.read()
    return reader.written()


def xml_to_traditional(document: str) -> str:
    """An XML document (a feed) with the text of its elements in traditional script; tags and their attributes stay."""
    parts = _XML_TAG.split(document)  # text, tag, text, tag, … text
    parts[::2] = [to_traditional(part) if _HAS_HANZI.search(part) else part for part in parts[::2]]
    return "".join(parts)


@dataclass
class _Element:
    name: str
    left_alone: bool


@dataclass
class _Reader:
    """Finds the words of a page; `written` puts them back converted, all in one go, so that context is kept."""

    page: str
    at: int = 0
    words: list[tuple[int, int, str]] = field(default_factory=list)  # start and end in the page, text to convert
    joined: list[bool] = field(default_factory=list)  # whether words run on from the words before
    exact: list[tuple[int, int, str]] = field(default_factory=list)  # start, end, and what to write there
    open: list[_Element] = field(default_factory=list)
    runs_on: bool = False
    foreign: int = 0

    @property
    def left_alone(self) -> bool:
        return bool(self.open) and self.open[-1].left_alone

    def read(self) -> None:
        page = self.page
        while (tag := page.find("<", self.at)) >= 0:
            self.text(self.at, tag)
            self.at = tag
            following = page[tag + 1 : tag + 2]
            if following.isascii() and following.isalpha():
                found = _START.match(page, tag)
                self.start_tag(found)
            elif following == "/" and (found := _END.match(page, tag)):
                self.at = found.end()
                self.close(found[1].lower())
            elif following in {"!", "?", "/"}:
                self.markup_without_words(tag)
            else:  # a bare less-than sign
                self.at = tag + 1
            if self.at < 0:  # a tag without an end: nothing of it is shown
                return
        self.text(self.at, len(page))

    def markup_without_words(self, tag: int) -> None:
        self.runs_on = False
        if self.page.startswith("<!--", tag):
            pattern = _COMMENT
        elif self.foreign and self.page.startswith("<![CDATA[", tag):
            pattern = _CDATA
        else:
            pattern = _BOGUS
        found = pattern.match(self.page, tag)
        self.at = found.end() if found else -1

    def start_tag(self, found: re.Match[str] | None) -> None:
        if found is None:
            self.at = -1
            return
        name = found[1].lower()
        self.at = found.end()
        if name not in _INSIDE_WORDS:
            self.runs_on = False
        self.end_what_this_ends(name)
        attributes = _attributes(found)
        alone = self.left_alone or self.asks_to_be_left_alone(name, attributes)
        if not alone:
            self.attributes(name, attributes)
        if name in _RAW and not self.foreign:
            self.raw(name, attributes, alone=alone)
        elif name == "plaintext":
            self.at = -1
        elif name not in _VOID and not (self.foreign and found[0].endswith("/>")):
            self.open.append(_Element(name, alone))
            self.foreign += name in _FOREIGN

    def asks_to_be_left_alone(self, name: str, attributes: "_Attributes") -> bool:
        language = attributes.get("lang")
        if language is not None:
            if name == "html" and _CHINESE.fullmatch(language[2]):
                self.exact.append((language[0], language[1], "zh-Hant"))
            elif language[2].lower() != "zh":
                return True
        if attributes.value("translate").lower() == "no" or "notranslate" in attributes.value("class").split():
            return True
        return name == "option" and "value" not in attributes

    def attributes(self, name: str, attributes: "_Attributes") -> None:
        for key, (start, end, value) in attributes.items():
            words = key in _READ_ATTRIBUTES
            if name == "meta" and key == "content":
                words = ("name" in attributes or "property" in attributes) and not _is_address(value)
            if words and start < end:
                self.add(start, end)
                self.runs_on = False

    def raw(self, name: str, attributes: "_Attributes", *, alone: bool) -> None:
        found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(self.page, self.at)
        end = found.start() if found else len(self.page)
        if name == "title" and not alone:
            self.text(self.at, end)
        elif name == "script" and attributes.value("type").lower() == "application/ld+json" and not alone:
            self.json(self.at, end)
        self.at = end
        if found and (tag := _END.match(self.page, end)):
            self.at = tag.end()
        self.runs_on = False

    def json(self, start: int, end: int) -> None:
        for found in _STRING.finditer(self.page, start, end):
            value = found[1]
            if found[2]:  # a key
                continue
            if value.lower() in {"zh-hans", "zh-cn"}:
                self.exact.append((found.start(1), found.end(1), "zh-Hant"))
            elif "\\u" in value:
                self.escaped_string(found)
            elif not _is_address(value):
                self.add(found.start(1), found.end(1))
                self.runs_on = False

    def escaped_string(self, found: re.Match[str]) -> None:
        try:
            value = json.loads(f'"{found[1]}"')
        except ValueError:
            return
        if _is_address(value) or not _HAS_HANZI.search(value):
            return
        packed = json.dumps(to_traditional(value), ensure_ascii=not _HAS_HANZI.search(found[1]))[1:-1]
        for char in "<>&\u2028\u2029":
            packed = packed.replace(char, f"\\u{ord(char):04x}")
        self.exact.append((found.start(1), found.end(1), packed))

    def text(self, start: int, end: int) -> None:
        if start >= end:
            return
        if self.left_alone:
            self.runs_on = False
        else:
            self.add(start, end)

    def add(self, start: int, end: int) -> None:
        words = self.page[start:end]
        if "&#" in words:
            words = _REFERENCE.sub(_hanzi_or_reference, words)
        if words.isascii() or not _HAS_HANZI.search(words):
            self.runs_on = False
            return
        self.joined.append(self.runs_on)
        self.words.append((start, end, words))
        self.runs_on = True

    def end_what_this_ends(self, name: str) -> None:
        ends = _ENDS_BEFORE.get(name, ())
        while self.open and self.open[-1].name in ends:
            self.open.pop()
        if name in _ENDS_P and self.open and self.open[-1].name == "p":
            self.open.pop()

    def close(self, name: str) -> None:
        if name not in _INSIDE_WORDS:
            self.runs_on = False
        for depth in range(len(self.open) - 1, -1, -1):
            if self.open[depth].name == name:
                self.foreign -= sum(element.name in _FOREIGN for element in self.open[depth:])
                del self.open[depth:]
                return

    def written(self) -> str:
        together: list[str] = []
        for (_, _, words), joined in zip(self.words, self.joined, strict=True):
            together += [words] if joined else [_BREAK, words]
        converted = to_traditional("".join(together))
        changes = list(self.exact)
        place = 0
        for (start, end, words), joined in zip(self.words, self.joined, strict=True):
            place += 0 if joined else 1
            changes.append((start, end, converted[place : place + len(words)]))
            place += len(words)
        out: list[str] = []
        last = 0
        for start, end, words in sorted(changes):
            out += [self.page[last:start], words]
            last = end
        return "".join([*out, self.page[last:]])


class _Attributes(dict[str, tuple[int, int, str]]):
    """Name to start and end of the value in the page, and the value as it is meant. The first of two alike counts."""

    def value(self, name: str) -> str:
        return self[name][2] if name in self else ""


def _attributes(tag: re.Match[str]) -> _Attributes:
    attributes = _Attributes()
    for found in _ATTRIBUTE.finditer(tag.string, *tag.span(2)):
        group = next((number for number in (2, 3, 4) if found[number] is not None), 0)
        start, end = found.span(group) if group else (found.end(), found.end())
        value = tag.string[start:end]
        attributes.setdefault(found[1].lower(), (start, end, html.unescape(value) if "&" in value else value))
    return attributes


def _hanzi_or_reference(found: re.Match[str]) -> str:
    char = chr(int(found[1], 16) if found[1] else int(found[2]))
    return char if _HAS_HANZI.match(char) else found[0]


def _is_address(value: str) -> bool:
    return value.lstrip().startswith(("http:", "https:", "/", "#", "mailto:", "tel:"))
